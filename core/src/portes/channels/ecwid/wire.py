"""What travels between Ecwid and an app that adds shipping methods, and the rules for it.

Source: the platform's page Add Shipping Method. A newer one may exist and is not public in what we have.
"""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentCode, WireModel
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY
from portes.contract.money import JsonAmount

FIELDS: Final = {
    "destination": "cart.shippingAddress.postalCode",
    "currency": "cart.currency",
    "lines": "cart.items",
    "lines.*": "cart.items.*",
    "lines.*.sku": "cart.items.*.sku",
    "lines.*.quantity": "cart.items.*.amount",
    "lines.*.weight": "cart.items.*.weight",
    "lines.*.declared_value": "cart.items.*.price",
}
"""What the page calls the fields of a question to us."""

GRAMS: Final = {
    "carat": Decimal("0.2"),
    "gram": Decimal(1),
    "ounce": Decimal("28.35"),
    "lbs": Decimal("453.6"),
    "kg": Decimal(1000),
}
"""Grams of one unit of weight, as the page has them."""

FIXES: Final = {
    "shippingAddress": "write the address as the page has it, with countryCode and postalCode",
    "items": f"list the items, at least one and at most {MOST_LINES}",
    "amount": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "weight": "write the weight of the product in weightUnit",
    "price": "write the price in units of the currency, such as 5.08",
    "currency": "write the three letters of ISO 4217",
}


def _known_unit(code: str) -> str:
    if code.lower() not in GRAMS:
        msg = f"is no unit of weight; write {', '.join(GRAMS)}"
        raise ValueError(msg)
    return code.lower()


class EcwidAddress(WireModel):
    """Where the goods go; of what the platform sends, what a price depends on."""

    countryCode: Annotated[str, Field(min_length=2, max_length=2)]  # noqa: N815 -- the platform's own name
    postalCode: SentCode  # noqa: N815 -- the platform's own name


class EcwidItem(WireModel):
    """One item of the cart; sizes are not sent."""

    sku: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    """That of the combination where the chosen options make one."""
    productId: Any = None  # noqa: N815 -- the platform's own name
    amount: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    """How many were ordered."""
    weight: Annotated[Decimal, Field(ge=0, le=HEAVIEST_UNIT)] | None = None
    """In the cart's unit of weight; 0 for a product without one."""
    price: JsonAmount | None = None


class EcwidCart(WireModel):
    """The cart as it is at the checkout."""

    items: Annotated[list[EcwidItem], Field(min_length=1, max_length=MOST_LINES)]
    shippingAddress: EcwidAddress  # noqa: N815 -- the platform's own name
    weightUnit: Annotated[str, AfterValidator(_known_unit)]  # noqa: N815 -- the platform's own name
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class EcwidRequest(WireModel):
    """A question, as documented; the app's storage beside it is looked at for the key alone."""

    storeId: Any = None  # noqa: N815 -- the platform's own name
    cart: EcwidCart


class EcwidOption(ReplyModel):
    """One shipping method that the shopper may choose; all three fields are compulsory."""

    title: Annotated[str, Field(min_length=1)]
    rate: Annotated[JsonNumber, Field(ge=0)]
    """In units of the cart's currency."""
    transitDays: Annotated[str, Field(pattern=r"^(\d+(-\d+)?)?$")]  # noqa: N815 -- the platform's own name
    """`4-9`, `5`, or empty."""


class EcwidReply(ReplyModel):
    """An answer with status 200; an empty list adds no shipping method."""

    shippingOptions: list[EcwidOption]  # noqa: N815 -- the platform's own name


EXAMPLE: Final[dict[str, Any]] = {
    "storeId": 35002,
    "merchantAppSettings": {"public": "{}"},
    "cart": {
        "subtotal": 7.08,
        "items": [
            {
                "weight": 1.2,
                "price": 2,
                "amount": 1,
                "productId": 65955001,
                "name": "Apple",
                "sku": "sku-1234-01",
                "selectedOptions": None,
            }
        ],
        "weight": 1.2,
        "weightUnit": "lbs",
    },
}
"""The question that the page prints, its first item with a SKU; address, currency and key are those of a store."""
