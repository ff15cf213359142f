"""What travels between a marketplace of SkyHub's shape and a seller, and the rules for it.

Source: SkyHub's page of the freight service, in Portuguese and English; Novo Mundo's variant by implementations.
"""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentCode, WireModel
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY
from portes.contract.money import JsonAmount

FIELDS: Final = {
    "destination": "destinationZip",
    "lines": "volumes",
    "lines.*": "volumes.*",
    "lines.*.sku": "volumes.*.sku",
    "lines.*.quantity": "volumes.*.quantity",
    "lines.*.weight": "volumes.*.weight",
    "lines.*.size.length": "volumes.*.length",
    "lines.*.size.width": "volumes.*.width",
    "lines.*.size.height": "volumes.*.height",
    "lines.*.declared_value": "volumes.*.price",
}
"""What the page calls the fields of a question to us."""

_Measure = Annotated[float, Field(ge=0, le=HEAVIEST_UNIT)] | None
"""The most that any unit of measure may come to; how much less is meant depends on the unit that is set."""
_Days = Annotated[int, Field(ge=0)]
_Name = Annotated[str, Field(min_length=1)]


class SkyhubItem(WireModel):
    """One SKU of the cart; measures are of one unit."""

    sku: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    price: JsonAmount | None = None
    """Reais."""
    height: _Measure = None
    length: _Measure = None
    width: _Measure = None
    weight: _Measure = None
    """Kilograms."""


class SkyhubRequest(WireModel):
    """A question, as documented; fields that no price depends on are not read."""

    destination_zip: Annotated[SentCode, Field(alias="destinationZip")]
    """The CEP as a whole number, which has lost a leading zero; other marketplaces send it as text."""
    volumes: Annotated[list[SkyhubItem], Field(min_length=1, max_length=MOST_LINES)]


class SkyhubTime(ReplyModel):
    """Business days until delivery, by what they are needed for."""

    total: _Days
    transit: _Days
    expedition: _Days

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.total != self.transit + self.expedition:
            msg = f"the total {self.total} is not transit {self.transit} and expedition {self.expedition}"
            raise ValueError(msg)
        return self


class SkyhubOption(ReplyModel):
    """The one way of delivery that the marketplace looks at."""

    shipping_cost: Annotated[JsonNumber, Field(alias="shippingCost", ge=0)]
    """Reais, for the whole cart."""
    delivery_time: Annotated[SkyhubTime | _Days, Field(alias="deliveryTime")]
    """In parts, or the total alone for marketplaces that read it so."""
    shipping_method_id: Annotated[_Name, Field(alias="shippingMethodId")]
    shipping_method_name: Annotated[_Name, Field(alias="shippingMethodName")]
    shipping_method_display_name: Annotated[_Name, Field(alias="shippingMethodDisplayName")]
    shipping_estimate_id: Annotated[_Name | None, Field(alias="shippingEstimateId")] = None
    sku: _Name | None = None

    @property
    def days(self) -> int:
        """Business days at most, in either form."""
        return self.delivery_time if isinstance(self.delivery_time, int) else self.delivery_time.total


class SkyhubReply(ReplyModel):
    """An answer with status 200; of more than one way, only the first counts."""

    shipping_quotes: Annotated[list[SkyhubOption], Field(alias="shippingQuotes", min_length=1)]


class SkyhubNotServed(ReplyModel):
    """The answer with status 404."""

    message: _Name


NOT_SERVED: Final = {"message": "Região de entrega não atendida"}
"""What the page prints where the region is not served."""

EXAMPLE_VOLUME: Final = {"sku": "sku-1234-01", "quantity": 2, "price": 15.2, "weight": 0.5}
"""A volume as the page has it, with a SKU that the demo store knows."""
EXAMPLE_MILLIMETRES: Final = {"height": 100, "length": 250, "width": 100}
"""Its sides."""
