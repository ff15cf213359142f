"""What travels between Omnik and a seller, and the rules for it.

Source: Omnik's page of freight for sellers, and SkyHub's page on how its answers become Omnik's.
"""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from portes.channels.reading import ReplyModel, SentCode, WireModel
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY
from portes.contract.money import JsonAmount

FIELDS: Final = {
    "destination": "destinationZipCode",
    "lines": "products",
    "lines.*": "products.*",
    "lines.*.sku": "products.*.skuId",
    "lines.*.quantity": "products.*.quantity",
    "lines.*.weight": "products.*.weight",
    "lines.*.size.length": "products.*.length",
    "lines.*.size.width": "products.*.width",
    "lines.*.size.height": "products.*.height",
    "lines.*.declared_value": "products.*.cost",
}
"""What the page calls the fields of a question to us."""

NO_OPTIONS: Final = "NO_DELIVERY_OPTIONS"
NO_OPTIONS_TEXT: Final = "Nenhuma opção de frete disponível para o CEP informado."

_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
_Measure = Annotated[float, Field(ge=0, le=HEAVIEST_UNIT)] | None
"""The most that any unit of measure may come to; how much less is meant depends on the unit that is set."""
_Natural = Annotated[int, Field(ge=0)]


class OmnikProduct(WireModel):
    """One SKU of the cart; measures are of one unit."""

    sku_id: Annotated[_Name, Field(alias="skuId")]
    seller_tenant: Annotated[_Name, Field(alias="sellerTenant")]
    """Whose product it is, among all sellers of the hub."""
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    weight: _Measure = None
    width: _Measure = None
    height: _Measure = None
    length: _Measure = None
    cost: JsonAmount | None = None


class OmnikRequest(WireModel):
    """A question, as documented; its origin is not read, since the store knows where its goods are."""

    destination_zip_code: Annotated[SentCode, Field(alias="destinationZipCode")]
    """The CEP as text; as a whole number, as answers have it, it has lost a leading zero."""
    products: Annotated[list[OmnikProduct], Field(min_length=1, max_length=MOST_LINES)]


class OmnikNote(ReplyModel):
    """A message of an answer."""

    type: Literal["INFO"]
    key: _Name
    text: _Name
    seller_tenant: Annotated[_Name, Field(alias="sellerTenant")]


class OmnikOption(ReplyModel):
    """One way to have the whole cart delivered."""

    delivery_method_id: Annotated[_Name, Field(alias="deliveryMethodId")]
    delivery_method_name: Annotated[_Name, Field(alias="deliveryMethodName")]
    delivery_time: Annotated[_Natural, Field(alias="deliveryTime")]
    """Transit and expedition together."""
    delivery_time_type: Annotated[Literal["bd"], Field(alias="deliveryTimeType")]
    """Business days."""
    final_shipping_cost: Annotated[_Natural, Field(alias="finalShippingCost")]
    """In the unit that the settings name."""


class OmnikEcho(ReplyModel):
    """A product of the question, as the answer repeats it."""

    sku_id: Annotated[_Name, Field(alias="skuId")]
    seller_tenant: Annotated[_Name, Field(alias="sellerTenant")]


class OmnikAnswer(ReplyModel):
    """What an answer says, beside its messages."""

    seller_tenant: Annotated[_Name, Field(alias="sellerTenant")]
    destination_zip_code: Annotated[_Natural, Field(alias="destinationZipCode")]
    """The CEP as a whole number."""
    platform: _Name
    quotation_id: Annotated[_Name, Field(alias="quotationId")]
    delivery_options: Annotated[list[OmnikOption], Field(alias="deliveryOptions")]
    products: list[OmnikEcho]


class OmnikReply(ReplyModel):
    """An answer; without options it says so in a message as well."""

    status_http: Annotated[Literal[200], Field(alias="statusHttp")]
    status: Literal["ok"]
    messages: list[OmnikNote]
    content: OmnikAnswer

    @model_validator(mode="after")
    def _says_whether_it_has_options(self) -> Self:
        says_none = any(message.key == NO_OPTIONS for message in self.messages)
        if says_none == bool(self.content.delivery_options):
            words = "says that there are no options, and has some" if says_none else f"has no options, nor {NO_OPTIONS}"
            raise ValueError(words)
        return self


EXAMPLE_PRODUCT: Final = {
    "skuId": "sku-1234-01",
    "category": "Casa",
    "quantity": 1,
    "cost": 99.9,
}
"""A product as documented, with a SKU that the demo store knows; seller, weight and sides are put beside it."""
EXAMPLE_GRAMS: Final = 500
EXAMPLE_MILLIMETRES: Final = {"width": 100, "height": 100, "length": 250}
