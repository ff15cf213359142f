"""What travels between Shopify and a carrier service, and the rules for it.

Source: the platform's page of the resource CarrierService. Recharge's custom shipping rates have the same bodies.
"""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from portes.channels.reading import ReplyModel, WireModel
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY

FIELDS: Final = {
    "destination": "rate.destination.postal_code",
    "currency": "rate.currency",
    "lines": "rate.items",
    "lines.*": "rate.items.*",
    "lines.*.sku": "rate.items.*.sku",
    "lines.*.quantity": "rate.items.*.quantity",
    "lines.*.weight": "rate.items.*.grams",
    "lines.*.declared_value": "rate.items.*.price",
}
"""What the page calls the fields of a question to us."""

FIXES: Final = {
    "destination": "write the address as the page has it, with country and postal_code",
    "items": f"list the items, at least one and at most {MOST_LINES}",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "grams": f"write the grams of one unit as a whole number, at most {HEAVIEST_UNIT}",
    "price": "write the price of one unit in hundredths of the currency",
    "currency": "write the three letters of ISO 4217",
}

HUNDREDTHS: Final = 100
"""Sub-units of one unit of any currency, also of those without cents: 500 JPY are told as 50000."""

_Text = Annotated[str, Field(max_length=LONGEST_NAME)]


def _in_hundredths(price: object) -> object:
    try:
        return Decimal(price) * HUNDREDTHS if isinstance(price, str) and "." in price else price
    except ArithmeticError:
        return price  # no number, which is told as such


class ShopifyAddress(WireModel):
    """Where the goods go; of what the platform sends, what a price depends on."""

    country: Annotated[str, Field(min_length=2, max_length=3)]
    """Two letters of ISO 3166-1; Recharge prints three."""
    postal_code: Annotated[str, Field(max_length=20)]


class ShopifyItem(WireModel):
    """One item of the cart; neither sizes nor stock are sent."""

    sku: _Text | None = None
    """Empty for a product without one."""
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    grams: Annotated[int, Field(ge=0, le=HEAVIEST_UNIT)] = 0
    """Of one unit; 0 for a product without a weight."""
    price: Annotated[Decimal, BeforeValidator(_in_hundredths), Field(ge=0, le=DEAREST_UNIT)] | None = None
    """Of one unit, in hundredths of the currency; a text with a point is in whole units, as calls once had it."""
    requires_shipping: bool = True
    """False for what is not sent at all, such as a voucher."""
    variant_id: Any = None
    product_id: Any = None


class ShopifyQuestion(WireModel):
    """The question in the envelope."""

    destination: ShopifyAddress
    items: Annotated[list[ShopifyItem], Field(min_length=1, max_length=MOST_LINES)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class ShopifyRequest(WireModel):
    """A question, as documented; fields that no price depends on are not read."""

    rate: ShopifyQuestion


class ShopifyRate(ReplyModel):
    """One rate that the shopper may choose."""

    service_name: Annotated[str, Field(min_length=1)]
    """What the shopper reads."""
    service_code: Annotated[str, Field(min_length=1)]
    """Stays the same as long as the service does: the platform tells rates apart by it."""
    total_price: Annotated[str, Field(pattern=r"^[0-9]+$")]
    """Hundredths of the currency."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    description: str
    """Demanded by the page; its own sample leaves it out."""
    min_delivery_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$")] | None = None
    max_delivery_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$")] | None = None


class ShopifyReply(ReplyModel):
    """An answer with status 200; an empty list says that the goods cannot be shipped there."""

    rates: list[ShopifyRate]


EXAMPLE: Final = {
    "rate": {
        "origin": {"country": "CA", "postal_code": "K2P1L4", "province": "ON", "city": "Ottawa"},
        "destination": {"country": "CA", "postal_code": "K1M1M4", "province": "ON", "city": "Ottawa"},
        "items": [
            {
                "name": "Short Sleeve T-Shirt",
                "sku": "sku-1234-01",
                "quantity": 1,
                "grams": 1000,
                "price": 1999,
                "requires_shipping": True,
                "taxable": True,
                "product_id": 48447225880,
                "variant_id": 258644705304,
            }
        ],
        "currency": "USD",
        "locale": "en",
    }
}
"""The question that the page prints, with a SKU; the address and currency of a store are put in its place."""
