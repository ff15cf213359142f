"""What travels between a VTEX marketplace and an external seller, and the rules for it.

Source: the platform's OpenAPI schema of the external seller's fulfilment, and its guide of the seller's connector.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from portes.channels.reading import ReplyModel, WireModel
from portes.contract.bounds import LARGEST_ID, LONGEST_NAME, MOST_LINES

TAIL: Final = "/api/pvt/orderForms/simulation"
"""What the marketplace adds to the base address, and the `/api` that the base must hold."""

FIELDS: Final = {
    "destination": "postalCode",
    "lines": "items",
    "lines.*": "items.*",
    "lines.*.sku": "items.*.id",
    "lines.*.quantity": "items.*.quantity",
}
"""What the page calls the fields of a question to us."""

FIXES: Final = {
    "items": f"list the items, at least one and at most {MOST_LINES}",
    "id": f"write the seller's id of the SKU, a text of 1 to {LONGEST_NAME} characters",
    "quantity": "write a whole number from 1",
    "seller": "write the seller's id as text, as it is registered",
    "postalCode": "write the postal code as text, or null where no address is known",
    "country": "write the three letters of ISO 3166-1, such as BRA, or null",
}

_CAMEL: Final = ConfigDict(alias_generator=to_camel, populate_by_name=True)
_Text = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
_Natural = Annotated[int, Field(ge=0)]
_Count = Annotated[int, Field(ge=1)]
_Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class VtexItem(WireModel):
    """One item of the cart; neither weight, size nor price is sent."""

    id: _Text
    """The SKU as the seller calls it."""
    quantity: Annotated[int, Field(ge=1, le=LARGEST_ID)]
    seller: Annotated[str, Field(max_length=LONGEST_NAME)]
    """The seller's id at the marketplace, which is echoed."""


class VtexRequest(WireModel):
    """A simulation: with an address of the checkout, without one of the storefront and of indexing."""

    model_config = ConfigDict(**WireModel.model_config, **_CAMEL)

    items: Annotated[list[VtexItem], Field(min_length=1, max_length=MOST_LINES)]
    postal_code: Annotated[str, Field(max_length=20)] | None = None
    """With hyphen; missing or null where there is no address, although the schema calls it required."""
    country: Annotated[str, Field(max_length=3)] | None = None
    """Three letters of ISO 3166-1; missing or null like the postal code."""
    geo_coordinates: Any = None
    """A place in a marketplace that takes no postal codes; texts in one page, numbers in another."""


class VtexGoods(ReplyModel):
    """One item that can be bought; its price is of one unit."""

    model_config = ConfigDict(**ReplyModel.model_config, **_CAMEL)

    id: str
    request_index: _Natural
    """Its position in the question."""
    quantity: _Count
    """What was asked for, or the most that there is. Never 0: the marketplace takes that for any number of units."""
    seller: str
    price: _Count
    """Hundredths of the currency."""
    list_price: _Count
    price_valid_until: None = None
    measurement_unit: Literal["un"] = "un"
    unit_multiplier: Literal[1] = 1
    merchant_name: str | None = None
    offerings: list[Any] = Field(default_factory=list)
    price_tags: list[Any] = Field(default_factory=list)


class VtexDelivery(ReplyModel):
    """One way in which an item can be delivered, an SLA."""

    model_config = ConfigDict(**ReplyModel.model_config, **_CAMEL)

    id: _Text
    name: _Text
    """Matched between the items of a cart."""
    delivery_channel: Literal["delivery"] = "delivery"
    """Never `pickup-in-point`: the page demands more parts of its address than any carrier tells."""
    price: _Natural
    """Hundredths of the currency for all units of the item."""
    shipping_estimate: Annotated[str, Field(pattern=r"^[0-9]+bd$")]
    available_delivery_windows: list[Any] = Field(default_factory=list)
    pickup_store_info: None = None


class VtexWay(ReplyModel):
    """What there is of an item for one way of handing it over."""

    model_config = ConfigDict(**ReplyModel.model_config, **_CAMEL)

    id: Literal["delivery"] = "delivery"
    stock_balance: _Count


class VtexStock(ReplyModel):
    """Stock and freight of one item."""

    model_config = ConfigDict(**ReplyModel.model_config, **_CAMEL)

    item_index: _Natural
    """Its position in the question, as `requestIndex`."""
    quantity: _Count
    stock_balance: _Count
    ships_to: list[_Country]
    slas: list[VtexDelivery]
    """Empty where nobody delivers it there, and where no address was told."""
    delivery_channels: list[VtexWay]


class VtexReply(ReplyModel):
    """An answer with status 200; both lists are empty where nothing can be bought."""

    model_config = ConfigDict(**ReplyModel.model_config, **_CAMEL)

    country: _Country
    postal_code: str | None
    items: list[VtexGoods]
    logistics_info: list[VtexStock]
    allow_multiple_deliveries: Literal[True] = True
    """Items are answered each for itself, so that they may be delivered apart."""

    def to_json(self) -> bytes:
        """The bytes that are sent; what is null stands in them, since the schema demands it."""
        return to_json(self, by_alias=True)


EXAMPLE: Final[dict[str, Any]] = {
    "items": [{"id": "sku-1234-01", "quantity": 1, "seller": "1"}],
    "postalCode": "22270-030",
    "country": "BRA",
}
"""The question of a checkout that the page prints, with a SKU; a place of the store is put in its place."""
