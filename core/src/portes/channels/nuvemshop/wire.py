"""What travels between Nuvemshop and a shipping carrier, and the rules for it.

Source: the platform's page of the resource Shipping Carrier and its integration guide for shipping applications.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentCode, WireModel
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, LONGEST_SIDE, MOST_LINES, MOST_QUANTITY
from portes.contract.money import JsonAmount

FIELDS: Final = {
    "destination": "destination.postal_code",
    "currency": "currency",
    "lines": "items",
    "lines.*": "items.*",
    "lines.*.sku": "items.*.sku",
    "lines.*.quantity": "items.*.quantity",
    "lines.*.weight": "items.*.grams",
    "lines.*.size": "items.*.dimensions",
    "lines.*.size.length": "items.*.dimensions.depth",
    "lines.*.size.width": "items.*.dimensions.width",
    "lines.*.size.height": "items.*.dimensions.height",
    "lines.*.declared_value": "items.*.price",
}
"""What the page calls the fields of a question to us."""

_SIDE = f"write centimetres of one unit, at most {LONGEST_SIDE // 10}"

FIXES: Final = {
    "destination": "write the address as the page has it, with country and postal_code",
    "items": f"list the items, at least one and at most {MOST_LINES}",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "grams": f"write the grams of one unit, at most {HEAVIEST_UNIT}",
    "width": _SIDE,
    "height": _SIDE,
    "depth": _SIDE,
    "price": "write the price in units of the currency, such as 20.00",
    "free_shipping": "write true or false",
    "currency": "write the three letters of ISO 4217",
}

MOST_PICKUPS: Final = 10
"""Pick-up rates that the platform takes for one option."""

_DAY: Final = len("2016-07-14")

_Side = Annotated[Decimal, Field(ge=0, le=LONGEST_SIDE // 10)]


def _on_a_day(moment: str) -> str:
    date.fromisoformat(moment[:_DAY])  # 30 February is of the form, and no day
    return moment


_Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$"), AfterValidator(_on_a_day)]
_OfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3])[0-5]\d$")]


class NuvemshopDestination(WireModel):
    """Where the goods go; product page and cart fill only these two fields."""

    country: Annotated[str, Field(min_length=2, max_length=2)]
    postal_code: SentCode


class NuvemshopDimensions(WireModel):
    """The sides of one unit in centimetres; a product without them has null or 0."""

    width: _Side | None = None
    height: _Side | None = None
    depth: _Side | None = None


class NuvemshopItem(WireModel):
    """One item of the cart."""

    id: Any = None
    """Of the variant; the guide's own sample leaves it out."""
    product_id: Any = None
    sku: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    """Null for a product without one."""
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    free_shipping: bool = False
    grams: Annotated[Decimal, Field(ge=0, le=HEAVIEST_UNIT)] | None = None
    """Of one unit; null or 0 for a product without a weight."""
    price: JsonAmount | None = None
    dimensions: NuvemshopDimensions | None = None


class NuvemshopRequest(WireModel):
    """A question, as documented; fields that no price depends on are not read."""

    store_id: Any = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    destination: NuvemshopDestination
    items: Annotated[list[NuvemshopItem], Field(min_length=1, max_length=MOST_LINES)]


class NuvemshopAddress(ReplyModel):
    """Where a pick-up point is; what no carrier tells apart is left out, for which the page prints null."""

    address: Annotated[str, Field(min_length=1)]
    """Street and number in one line."""
    city: Annotated[str, Field(min_length=1)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    zipcode: Annotated[str, Field(min_length=1)]
    number: str | None = None
    floor: str | None = None
    locality: str | None = None
    province: str | None = None
    phone: str | None = None
    latitude: str | None = None
    longitude: str | None = None


class NuvemshopOpening(ReplyModel):
    """A span of a day of the week on which a pick-up point is open."""

    day: Annotated[int, Field(ge=0, le=6)]
    """0 is Sunday, 6 is Saturday."""
    start: _OfDay
    """`HHMM`."""
    end: _OfDay
    """`HHMM`."""


class NuvemshopRate(ReplyModel):
    """One rate that the shopper may choose."""

    name: Annotated[str, Field(min_length=1)]
    code: Annotated[str, Field(min_length=1)]
    """Of one of the carrier's options."""
    price: Annotated[JsonNumber, Field(ge=0)]
    """What the shopper pays, in units of the currency."""
    price_merchant: Annotated[JsonNumber, Field(ge=0)] | None = None
    """What the shop pays; as much where it is left out."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    type: Literal["ship", "pickup"]
    min_delivery_date: _Moment | None = None
    max_delivery_date: _Moment | None = None
    accepts_cod: bool | None = None
    id_required: bool | None = None
    phone_required: bool | None = None
    reference: str | None = None
    """Comes back with the order."""
    address: NuvemshopAddress | None = None
    """Of a pick-up point, where it is demanded."""
    hours: list[NuvemshopOpening] | None = None
    """Of a pick-up point, where they are demanded."""
    availability: bool | None = None
    """Of a pick-up point: whether all items are there."""

    @property
    def latest(self) -> date | None:
        """The last day of its promise as it is written, whatever becomes of the offset; None where none is told."""
        return None if self.max_delivery_date is None else date.fromisoformat(self.max_delivery_date[:_DAY])

    @model_validator(mode="after")
    def _says_where_and_when(self) -> Self:
        if self.type == "pickup" and (self.address is None or self.hours is None):
            msg = "a rate of type pickup has an address and hours"
            raise ValueError(msg)
        return self


class NuvemshopReply(ReplyModel):
    """An answer with status 200; an empty list says that the carrier cannot deliver there."""

    rates: list[NuvemshopRate]


EXAMPLE: Final = {
    "store_id": 123456,
    "currency": "ARS",
    "language": "es",
    "destination": {"name": None, "address": None, "country": "AR", "postal_code": "1602", "phone": None},
    "items": [
        {
            "id": 1,
            "product_id": 1,
            "name": "My product",
            "sku": "sku-1234-01",
            "quantity": 1,
            "free_shipping": False,
            "grams": 1000,
            "price": 20.00,
            "dimensions": {"width": 12.0, "height": 10.0, "depth": 10.0},
        }
    ],
}
"""The question that the page prints, as a product page asks it, with a SKU and without its free shipping."""
