"""What travels between Yampi and a shop's own freight service, and the rules for it.

Source: the platform's page "API de Frete" for the question, in both of its versions; services that shops run for the
answer, of which the page has no more than the list.
"""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentCode, SentId, WireModel
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LARGEST_ID, MOST_DAYS, MOST_LINES, MOST_QUANTITY

FIELDS: Final = {
    "destination": "zipcode",
    "lines": "skus",
    "lines.*": "skus.*",
    "lines.*.sku": "skus.*.sku",
    "lines.*.quantity": "skus.*.quantity",
    "lines.*.weight": "skus.*.weight",
    "lines.*.size.length": "skus.*.length",
    "lines.*.size.width": "skus.*.width",
    "lines.*.size.height": "skus.*.height",
    "lines.*.declared_value": "skus.*.price",
    "lines.*.handling_days": "skus.*.availability_days",
}
"""What the page calls the fields of a question to us."""

FIXES: Final = {
    "zipcode": "write the eight digits of the CEP as text",
    "skus": f"list the items, at least one and at most {MOST_LINES}",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "price": "write reais with a decimal point: the line's price beside unit_price, else that of one unit",
    "unit_price": "write the price of one unit in reais with a decimal point",
    "weight": "write the kilograms of one unit, from 0",
    **dict.fromkeys(("length", "width", "height"), "write the side of one unit as a number from 0"),
    "availability_days": f"write whole days from 0 to {MOST_DAYS}",
}

Side = Literal["length", "width", "height"]
MILLIMETRES: Final = {"mm": 1, "cm": 10, "m": 1000}
"""Of one unit of length, by the setting `size_unit`."""

_Price = Annotated[Decimal, Field(ge=0, le=DEAREST_UNIT)]
_Measure = Annotated[float, Field(ge=0, le=HEAVIEST_UNIT)]


class YampiPlatform(WireModel):
    """The shop system behind the checkout."""

    external_id: SentId | None = None
    """A number in the older version of the page, a text in the current one."""


class YampiItem(WireModel):
    """One line of the cart; measures are of one unit, and 0 where the shop has none."""

    id: SentId | None = None
    """The platform's own number of the SKU."""
    sku: SentId | None = None
    price: _Price | None = None
    """Of the line where `unit_price` stands beside it, as in the current version; of one unit otherwise."""
    unit_price: _Price | None = None
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    length: _Measure | None = None
    width: _Measure | None = None
    height: _Measure | None = None
    weight: _Measure | None = None
    """Kilograms."""
    availability_days: Annotated[int, Field(ge=0, le=MOST_DAYS)] | None = None
    platform: YampiPlatform | None = None


class YampiRequest(WireModel):
    """A question; who the customer is is not read."""

    zipcode: SentCode
    skus: Annotated[list[YampiItem], Field(min_length=1, max_length=MOST_LINES)]


class YampiQuote(ReplyModel):
    """One way of delivery that the shopper may choose."""

    name: Annotated[str, Field(min_length=1)]
    """What the shopper reads."""
    service: Annotated[str, Field(min_length=1)]
    """Stays the same as long as carrier and service do."""
    price: Annotated[JsonNumber, Field(ge=0)]
    """Reais, for the whole cart."""
    days: Annotated[int, Field(ge=0)]
    quote_id: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    free_shipment: bool


class YampiReply(ReplyModel):
    """An answer with status 200; an empty list says that nothing can be offered."""

    quotes: list[YampiQuote]

    @model_validator(mode="after")
    def _tells_quotes_apart(self) -> Self:
        numbers = [quote.quote_id for quote in self.quotes]
        if len(set(numbers)) < len(numbers):
            msg = "two quotes have the same quote_id"
            raise ValueError(msg)
        return self


EXAMPLE: Final[dict[str, Any]] = {
    "zipcode": "14940472",
    "amount": 120.0,
    "cart": {"promocode": None},
    "skus": [
        {
            "id": 1231233,
            "product_id": 12313,
            "sku": "sku-1234-01",
            "price": 120.0,
            "unit_price": 60.0,
            "quantity": 2,
            "length": 25,
            "width": 10,
            "height": 10,
            "weight": 0.5,
            "availability_days": 1,
            "platform": {"name": "shopify", "external_id": "1231231231313"},
        }
    ],
}
"""The question that the page prints, with a SKU, its price and its measures, and without the customer."""
