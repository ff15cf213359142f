"""What travels between MadeiraMadeira and a seller, and the rules for it.

Source: the marketplace's API documentation, callbacks of the type FRETE.
"""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentCode, WireModel
from portes.contract.bounds import LONGEST_NAME, MOST_LINES, MOST_QUANTITY

FIELDS: Final = {
    "destination": "destinationZip",
    "lines": "volumes",
    "lines.*": "volumes.*",
    "lines.*.sku": "volumes.*.sku",
    "lines.*.quantity": "volumes.*.quantity",
}
"""What the documentation calls the fields of a question to us."""

FIXES: Final = {
    "destinationZip": 'write the CEP as text of 8 digits, such as "80320120"',
    "volumes": f"list the volumes, at least one and at most {MOST_LINES}",
    "sku": "write the SKU as text",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
}

_Days = Annotated[int, Field(ge=0)]
_Name = Annotated[str, Field(min_length=1)]


class MadeiraItem(WireModel):
    """One SKU of the cart; neither weight nor size nor value is sent."""

    sku: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]


class MadeiraRequest(WireModel):
    """A question, as documented."""

    destination_zip: Annotated[SentCode, Field(alias="destinationZip")]
    """The CEP as text; the older shape of the platform had it as a whole number, which loses a zero."""
    volumes: Annotated[list[MadeiraItem], Field(min_length=1, max_length=MOST_LINES)]


class MadeiraTime(ReplyModel):
    """Business days until delivery, by what they are needed for."""

    expedition: _Days
    transit: _Days
    total: _Days

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.total != self.expedition + self.transit:
            msg = f"the total {self.total} is not expedition {self.expedition} and transit {self.transit}"
            raise ValueError(msg)
        return self


class MadeiraOption(ReplyModel):
    """One way to have the whole cart delivered."""

    shipping_cost: Annotated[JsonNumber, Field(alias="shippingCost", ge=0)]
    """Reais."""
    delivery_time: Annotated[MadeiraTime, Field(alias="deliveryTime")]
    shipping_estimated_id: Annotated[_Name, Field(alias="shippingEstimatedId")]
    """Spelt so in the documentation."""
    shipping_method_id: Annotated[_Name, Field(alias="shippingMethodId")]
    shipping_method_name: Annotated[_Name, Field(alias="shippingMethodName")]
    shipping_method_display_name: Annotated[_Name, Field(alias="shippingMethodDisplayName")]


class MadeiraReply(ReplyModel):
    """An answer with status 200."""

    shipping_quotes: Annotated[list[MadeiraOption], Field(alias="shippingQuotes", min_length=1)]


class MadeiraNotServed(ReplyModel):
    """The body with status 404; that status alone says it, and no body is documented."""

    message: _Name


NOT_SERVED: Final = {"message": "Região de entrega não atendida"}

EXAMPLE_VOLUMES: Final = ({"sku": "sku-1234-01", "quantity": 1},)
"""The volumes of a question as documented, with a SKU that the demo store knows."""
