"""What travels between BigCommerce and a shipping provider, and the rules for it.

Source: the platform's page Shipping Providers and its published schema of the same name.
"""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import Field, RootModel

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, SentCode, WireModel
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY
from portes.contract.money import JsonAmount

FIELDS: Final = {
    "destination": "base_options.destination.zip",
    "lines": "base_options.items",
    "lines.*": "base_options.items.*",
    "lines.*.sku": "base_options.items.*.sku",
    "lines.*.quantity": "base_options.items.*.quantity",
    "lines.*.weight": "base_options.items.*.weight",
    "lines.*.size.length": "base_options.items.*.length",
    "lines.*.size.width": "base_options.items.*.width",
    "lines.*.size.height": "base_options.items.*.height",
    "lines.*.declared_value": "base_options.items.*.declared_value",
}
"""What the page calls the fields of a question to us."""

GRAMS: Final = {"oz": Decimal("28.349523125"), "lb": Decimal("453.59237"), "g": Decimal(1), "kg": Decimal(1000)}
"""Grams of one unit of weight; the schema names the first and the third."""
MILLIMETRES: Final = {"in": Decimal("25.4"), "cm": Decimal(10)}
"""Millimetres of one unit of length."""

WHOLE_CODE: Final = {"GB": 5, "CA": 6}
"""Signs without spaces that a whole postal code has at least, where digital wallets send its first ones alone."""

FIXES: Final = {
    "destination": "write the address as the page has it, with country_iso2 and zip",
    "items": f"list the items, at least one and at most {MOST_LINES}",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "value": "write a number from 0 in the unit beside it",
    "amount": "write an amount in units of the currency, such as 10 or 10.50",
    "currency": "write the three letters of ISO 4217",
}

LONGEST_CODE: Final = 50
"""Characters of a code or an id, ours as well as theirs."""
LONGEST_TITLE: Final = 100
"""Characters of a name that shoppers read."""
LONGEST_MESSAGE: Final = 500
"""Characters of a message."""
MOST_TRANSIT: Final = 90
"""Units of the longest transit time that can be told; the shortest is 1."""

_Value = Annotated[Decimal, Field(ge=0, le=HEAVIEST_UNIT)]
_Code = Annotated[str, Field(min_length=1, max_length=LONGEST_CODE)]
_Title = Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
_Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class BigcommerceWeight(WireModel):
    """A value object for a weight."""

    units: Literal["oz", "lb", "g", "kg"]
    value: _Value


class BigcommerceSide(WireModel):
    """A value object for a length."""

    units: Literal["in", "cm"]
    value: _Value


class BigcommerceMoney(WireModel):
    """A value object for money; the page prints the amount as text, its schema says number."""

    currency: _Currency
    amount: JsonAmount


class BigcommerceAddress(WireModel):
    """Where the goods go; of what the platform sends, what a price depends on."""

    zip: SentCode
    country_iso2: Annotated[str, Field(min_length=2, max_length=2)]


class BigcommerceItem(WireModel):
    """One item of the cart."""

    sku: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    variant_id: Any = None
    product_id: Any = None
    quantity: Annotated[int, Field(ge=1, le=MOST_QUANTITY)]
    weight: BigcommerceWeight | None = None
    length: BigcommerceSide | None = None
    width: BigcommerceSide | None = None
    height: BigcommerceSide | None = None
    declared_value: BigcommerceMoney | None = None


class BigcommerceOptions(WireModel):
    """What every question has."""

    destination: BigcommerceAddress
    items: Annotated[list[BigcommerceItem], Field(min_length=1, max_length=MOST_LINES)]
    store_id: Any = None


class BigcommerceRequest(WireModel):
    """A question for rates; of `connection_options` the key alone is looked at."""

    base_options: BigcommerceOptions


class BigcommerceCheck(WireModel):
    """A question whether what the shop entered is right."""

    connection_options: dict[str, Any]


class BigcommerceQuestion(RootModel[BigcommerceRequest | BigcommerceCheck]):
    """At `/rate` a question for rates, at `/check_connection_options` one whether what the shop entered is right."""


class BigcommerceMessage(ReplyModel):
    """A sentence for the shop."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_MESSAGE)]
    type: Literal["INFO", "WARNING", "ERROR"]


class BigcommerceCost(ReplyModel):
    """A value object for money."""

    currency: _Currency
    amount: Annotated[JsonNumber, Field(ge=0)]


class BigcommerceTransit(ReplyModel):
    """How long it takes, as a value object."""

    units: Literal["BUSINESS_DAYS", "DAYS", "HOURS"]
    duration: Annotated[int, Field(ge=1, le=MOST_TRANSIT)]


class BigcommerceQuote(ReplyModel):
    """One rate of a carrier."""

    code: _Code
    display_name: _Title
    cost: BigcommerceCost
    rate_id: _Code | None = None
    transit_time: BigcommerceTransit | None = None
    dispatch_date: str | None = None
    """A date by the schema, a moment by the page's own sample; not sent."""


class BigcommerceCarrier(ReplyModel):
    """Who carries, by code and name."""

    code: _Code
    display_name: _Title


class BigcommerceQuotes(ReplyModel):
    """The rates of one carrier."""

    carrier_info: BigcommerceCarrier
    quotes: list[BigcommerceQuote]


class BigcommerceReply(ReplyModel):
    """An answer; without `carrier_quotes` none is available, and a message of type ERROR is a failure."""

    quote_id: _Code
    messages: list[BigcommerceMessage]
    carrier_quotes: list[BigcommerceQuotes]
    ttl: Annotated[int, Field(ge=0)] | None = None
    """Seconds."""


class BigcommerceChecked(ReplyModel):
    """Whether what the shop entered is right."""

    valid: bool
    messages: list[BigcommerceMessage]


class BigcommerceAnswer(RootModel[BigcommerceReply | BigcommerceChecked]):
    """At `/rate` rates, at `/check_connection_options` whether what the shop entered is right."""


EXAMPLE: Final[dict[str, Any]] = {
    "base_options": {
        "destination": {
            "street_1": "",
            "street_2": "",
            "zip": "94103",
            "city": "",
            "state_iso2": "CA",
            "country_iso2": "US",
            "address_type": "residential",
        },
        "items": [
            {
                "sku": "sku-1234-01",
                "variant_id": "1",
                "product_id": "1",
                "name": "Shirt",
                "length": {"units": "cm", "value": 25},
                "width": {"units": "cm", "value": 10},
                "height": {"units": "cm", "value": 10},
                "weight": {"units": "oz", "value": 16},
                "declared_value": {"currency": "USD", "amount": "10"},
                "quantity": 1,
                "attributes": [],
            }
        ],
        "store_id": "ru7t7fv9",
        "request_context": {"reference_values": [{"name": "cart_id", "value": "8"}]},
    },
    "connection_options": {},
    "zone_options": {"show_transit_time": True},
    "rate_options": [],
}
"""The question that the page prints, with a SKU and a parcel of some size; place, currency and key are a store's."""
