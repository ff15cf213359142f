"""What travels between Mercado Livre and a seller, and the rules for it.

Source: the marketplace's page "Frete Dinâmico" of ME1, which only certified integrators are called by.
"""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentId, WireModel
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_NAME, LONGEST_SIDE, MOST_QUANTITY
from portes.contract.money import JsonAmount

FIELDS: Final = {
    "destination": "destination.value",
    "lines": "items",
    "lines.*": "items.*",
    "lines.*.sku": "items.*.SKU",
    "lines.*.quantity": "items.*.quantity",
    "lines.*.consolidated": "items.*.quantity",
    "lines.*.weight": "items.*.dimensions.weight",
    "lines.*.size": "items.*.dimensions",
    "lines.*.size.length": "items.*.dimensions.length",
    "lines.*.size.width": "items.*.dimensions.width",
    "lines.*.size.height": "items.*.dimensions.height",
    "lines.*.declared_value": "items.*.price",
}
"""What the page calls the fields of a question to us."""

MILLIMETRES: Final = 10
"""Of the centimetre that sides are sent in."""
CENTAVOS: Final = 100
"""Of the real that amounts are sent in."""

_SIDE_FIX: Final = f"write the cm of all units together as a number, at most {LONGEST_SIDE // MILLIMETRES}"
FIXES: Final = {
    "seller_id": "write the seller's number",
    "items": "send the one item of the call",
    "id": "write the item's id, such as MLB1223500643",
    "SKU": "write the seller's own SKU as text; the key is upper-case",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "price": "write the price of all units together in reais, such as 69.90",
    "declared_value": "write the value of all units together in reais, such as 69.90",
    "dimensions": "write height, width and length in cm, and weight in g",
    "weight": f"write the g of all units together as a number, at most {HEAVIEST_UNIT}",
    "height": _SIDE_FIX,
    "width": _SIDE_FIX,
    "length": _SIDE_FIX,
    "destination": 'write a type and a value, such as {"type": "zipcode", "value": "88063038"}',
    "value": 'write the CEP as text of 8 digits, such as "88063038"',
}

INTERNAL: Final = -1
"""Something failed: the marketplace sells by its contingency sheet."""
OUT_OF_STOCK: Final = 1
INVALID_DESTINATION: Final = 2
NOT_COVERED: Final = 3
"""The only code that goes with the status 400; every other one goes with 500."""
PRODUCT_NOT_FOUND: Final = 4

_Text = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
_Amount = Annotated[JsonAmount, Field(le=DEAREST_UNIT // CENTAVOS)]
_Side = Annotated[float, Field(ge=0, le=LONGEST_SIDE // MILLIMETRES)]


class MercadoLivrePiece(WireModel):
    """Size and weight of all units together: the marketplace has consolidated them."""

    height: _Side
    """Centimetres."""
    width: _Side
    """Centimetres."""
    length: _Side
    """Centimetres."""
    weight: Annotated[float, Field(ge=0, le=HEAVIEST_UNIT)]
    """Grams."""


class MercadoLivreItem(WireModel):
    """The item of a call."""

    id: _Text
    """The marketplace's own id of the item."""
    variation_id: SentId = 0
    """0 for an item without variations."""
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    SKU: _Text
    """The seller's own SKU."""
    price: _Amount | None = None
    """Of all units together, in reais."""
    store_id: SentId | None = None
    dimensions: MercadoLivrePiece


class MercadoLivrePlace(WireModel):
    """Where the goods go."""

    type: Annotated[str, Field(max_length=LONGEST_NAME)]
    """`zipcode` in Brazil; `city` where the marketplace names a region and a commune."""
    value: Annotated[str, Field(max_length=LONGEST_NAME)]


class MercadoLivreRequest(WireModel):
    """A question, as documented; fields that no price depends on are not read."""

    seller_id: SentId
    declared_value: _Amount | None = None
    """Of all units together, in reais."""
    items: Annotated[list[MercadoLivreItem], Field(min_length=1, max_length=1)]
    destination: MercadoLivrePlace


class MercadoLivreDimensions(ReplyModel):
    """Size in centimetres and weight in grams, as they were asked."""

    height: int | float
    width: int | float
    length: int | float
    weight: int | float


class MercadoLivrePacked(ReplyModel):
    """The item of a package, as it was asked."""

    id: str
    variation_id: int | str
    quantity: int
    dimensions: MercadoLivreDimensions


class MercadoLivreQuotation(ReplyModel):
    """One price and time that the buyer may choose."""

    price: Annotated[JsonNumber, Field(ge=0)]
    """Reais; 0 is free."""
    handling_time: Annotated[int, Field(ge=0)]
    """Business days until the carrier has it."""
    shipping_time: Annotated[int, Field(ge=0)]
    """Business days with the carrier."""
    promise: Annotated[int, Field(ge=0)]
    """Both together."""
    service: Annotated[int, Field(ge=0, le=99)]
    """A number of two digits, which the order has; one digit is filled with a zero by the marketplace."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.promise != self.handling_time + self.shipping_time:
            msg = "promise is not handling_time and shipping_time together"
            raise ValueError(msg)
        return self


class MercadoLivrePackage(ReplyModel):
    """What leaves together, and what it costs."""

    dimensions: MercadoLivreDimensions
    items: Annotated[list[MercadoLivrePacked], Field(min_length=1)]
    quotations: Annotated[list[MercadoLivreQuotation], Field(min_length=1)]


class MercadoLivreReply(ReplyModel):
    """An answer with status 200."""

    destinations: Annotated[list[str], Field(min_length=1)]
    """The destinations that it is valid for: the one that was asked."""
    packages: Annotated[list[MercadoLivrePackage], Field(min_length=1)]


class MercadoLivreProblem(ReplyModel):
    """What is said in place of an answer."""

    message: str
    error_code: Literal[-1, 1, 2, 3, 4]


EXAMPLE: Final[dict[str, Any]] = {
    "seller_id": 337352780,
    "buyer_id": 3123212,
    "declared_value": 69.9,
    "items": [
        {
            "id": "MLB1223500643",
            "variation_id": 0,
            "category_id": "ABC1234",
            "price": 69.9,
            "quantity": 1,
            "SKU": "sku-1234-01",
            "store_id": 231,
            "dimensions": {"height": 10, "width": 10, "length": 31, "weight": 500},
        }
    ],
    "destination": {"type": "zipcode", "value": "88063038"},
    "origin": {"type": "zipcode", "value": "88063038"},
}
"""The question that the page prints, with a SKU of the demo."""
