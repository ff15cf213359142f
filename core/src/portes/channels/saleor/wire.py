"""What travels between Saleor and an app that lists shipping methods, and the rules for it.

Sources: the platform's page Shipping events, its reference of the API, and, for the lines of the payload without a
subscription, which the page prints empty, and for what becomes of an answer, its public source.
"""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, RootModel

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyList, ReplyModel, SentCode, WireModel
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY
from portes.contract.money import JsonAmount

EVENT: Final = "shipping_list_methods_for_checkout"

FIELDS: Final = {
    "destination": "checkout.shippingAddress.postalCode",
    "currency": "checkout.channel.currencyCode",
    "lines": "checkout.lines",
    "lines.*": "checkout.lines.*",
    "lines.*.sku": "checkout.lines.*.variant.sku",
    "lines.*.quantity": "checkout.lines.*.quantity",
    "lines.*.weight": "checkout.lines.*.variant.weight",
    "lines.*.declared_value": "checkout.lines.*.undiscountedUnitPrice",
}
"""What the subscription calls the fields of a question to us."""

GRAMS: Final = {
    "G": Decimal(1),
    "KG": Decimal(1000),
    "TONNE": Decimal(1_000_000),
    "OZ": Decimal("28.349523125"),
    "LB": Decimal("453.59237"),
}
"""Grams of one unit of weight of the API."""

_ADDRESS_FIX: Final = "ask once the shopper has told an address; there is no price for nowhere"

FIXES: Final = {
    "shippingAddress": _ADDRESS_FIX,
    "shipping_address": _ADDRESS_FIX,
    "lines": f"list the lines, at least one and at most {MOST_LINES}",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "value": "write the weight in its unit",
    "amount": "write the price of one unit in units of the currency",
    "base_price": "write the price of one unit in units of the currency",
    "checkout": "subscribe to the checkout, as the documents of this channel have it",
}

LONGEST_ID: Final = 100
LONGEST_TITLE: Final = 100
LONGEST_DESCRIPTION: Final = 255

_Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_Country = Annotated[str, Field(min_length=2, max_length=2)]
_Sku = Annotated[str, Field(max_length=LONGEST_NAME)]
_Quantity = Annotated[int, Field(ge=1, le=MOST_QUANTITY)]


def _known_unit(unit: str) -> str:
    if unit.upper() not in GRAMS:
        msg = f"is no unit of weight; write {', '.join(GRAMS)}"
        raise ValueError(msg)
    return unit.upper()


class SaleorCountry(WireModel):
    """The country of an address."""

    code: _Country


class SaleorAddress(WireModel):
    """Where the goods go."""

    postal_code: Annotated[SentCode, Field(alias="postalCode")]
    country: SaleorCountry


class SaleorWeight(WireModel):
    """A weight with its unit."""

    unit: Annotated[str, AfterValidator(_known_unit)]
    value: Annotated[Decimal, Field(ge=0, le=HEAVIEST_UNIT)]


class SaleorProduct(WireModel):
    """What a line sells; sizes are not known to the platform."""

    id: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    sku: _Sku | None = None
    weight: SaleorWeight | None = None


class SaleorMoney(WireModel):
    """An amount with its currency."""

    amount: JsonAmount
    currency: _Currency


class SaleorLine(WireModel):
    """One line of a checkout."""

    quantity: _Quantity
    requires_shipping: Annotated[bool, Field(alias="requiresShipping")] = True
    variant: SaleorProduct
    undiscounted_unit_price: Annotated[SaleorMoney | None, Field(alias="undiscountedUnitPrice")] = None


class SaleorStorefront(WireModel):
    """Where the shop sells."""

    currency_code: Annotated[str, Field(alias="currencyCode", pattern=r"^[A-Z]{3}$")]


class SaleorCart(WireModel):
    """A checkout, as the subscription in this channel's documents asks for it."""

    channel: SaleorStorefront
    shipping_address: Annotated[SaleorAddress, Field(alias="shippingAddress")]
    lines: Annotated[list[SaleorLine], Field(min_length=1, max_length=MOST_LINES)]


class SaleorRequest(WireModel):
    """A question by a webhook with a subscription."""

    checkout: SaleorCart


class SaleorPlainAddress(WireModel):
    """Where the goods go."""

    postal_code: SentCode
    country: _Country


class SaleorPlainLine(WireModel):
    """One line, neither weight nor size in it."""

    sku: _Sku | None = None
    variant_id: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    quantity: _Quantity
    base_price: JsonAmount | None = None


class SaleorPlainCart(WireModel):
    """A checkout, as a webhook without a subscription brings it."""

    currency: _Currency
    shipping_address: SaleorPlainAddress
    lines: Annotated[list[SaleorPlainLine], Field(min_length=1, max_length=MOST_LINES)]


class SaleorPlainRequest(RootModel[Annotated[list[SaleorPlainCart], Field(min_length=1, max_length=1)]]):
    """A question by a webhook without a subscription: an array with one checkout."""


class SaleorQuestion(RootModel[SaleorRequest | SaleorPlainRequest]):
    """A question in either form."""


class SaleorOption(ReplyModel):
    """One shipping method that the shopper may choose."""

    id: Annotated[str, Field(pattern=r"^[^:]+$", max_length=LONGEST_ID)]
    """Without a colon: the platform makes `app:APP:ID` of it, and parts that at its colons again."""
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
    amount: Annotated[JsonNumber, Field(ge=0)]
    currency: _Currency
    minimum_delivery_days: Annotated[int, Field(ge=0)] | None = None
    maximum_delivery_days: Annotated[int, Field(ge=0)] | None = None
    description: Annotated[str, Field(max_length=LONGEST_DESCRIPTION)] | None = None


class SaleorReply(ReplyList[SaleorOption]):
    """An answer with status 200: a bare array; an empty one lists no method."""


class SaleorListed(WireModel):
    """One entry of an answer as the platform takes it, number or text; one that it does not take it drops alone."""

    id: str | int
    name: Annotated[str, Field(max_length=LONGEST_TITLE)]
    amount: Annotated[Decimal, Field(ge=0)]
    currency: str
    maximum_delivery_days: Annotated[int, Field(ge=0)] | None = None
    minimum_delivery_days: Annotated[int, Field(ge=0)] | None = None
    description: Annotated[str, Field(max_length=LONGEST_DESCRIPTION)] | None = None
    metadata: dict[str, str] | None = None


EXAMPLE: Final[dict[str, Any]] = {
    "lines": [
        {
            "quantity": 1,
            "requiresShipping": True,
            "variant": {
                "id": "UHJvZHVjdFZhcmlhbnQ6Mzgx",
                "sku": "sku-1234-01",
                "weight": {"unit": "KG", "value": 0.5},
            },
        }
    ]
}
"""The checkout of a question, with the fields of the subscription; place, currency and price are those of a store."""
