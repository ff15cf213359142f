"""What an operator decides about Ecwid, with the doubts of its page beside each choice."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portes.channels.cart import CartSettings
from portes.channels.credentials import CallerCredential, Key
from portes.channels.reading import OneOrMore
from portes.contract.durations import Duration


class EcwidSettings(CartSettings):
    """The settings of the channel, `[channels.ecwid]`."""

    app_key_name: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        default="portes_key",
        description="The name under which the app's storage keeps `app_key`. Never `public`, which every visitor of the"
        " shop can read.",
    )
    app_key: OneOrMore[Key] | None = Field(
        default=None,
        description="A random text of at least 16 characters that you put into the app's storage yourself. The platform"
        " sends all of that storage beside each question, as `merchantAppSettings`, and signs nothing. Or a list while"
        " one replaces another.",
    )
    auth: OneOrMore[CallerCredential] | None = Field(
        default=None,
        description="What a call must show besides, or in place of `app_key`: a table of kind `url_token`, `header` or"
        " `basic`, or a list of such tables, any of which opens. Without it and `app_key` the store does not start.",
    )
    store_id: str | None = Field(
        default=None,
        description="The number of the store on the platform, as text; a call for another one is refused with 401.",
    )
    limit: Duration = Field(
        default=10.0, gt=0, description="After how long the platform discards an answer: 10 s by its page."
    )
    reserve: Duration = Field(
        default=1.0,
        ge=0,
        description="The part of `limit` kept for the way between the platform and here, and for our own work.",
    )
    item_weight: Literal["unit", "line"] = Field(
        default="unit",
        description="Whether `weight` of an item is that of one unit, or of all that were ordered. The page calls it"
        " the product's weight, and prints amounts of one only.",
    )
    item_price: Literal["unit", "line"] = Field(
        default="unit",
        description="The same for `price`, which the page calls that of the ordered item.",
    )
    sku: Literal["sku", "productId"] = Field(
        default="sku",
        description="Which field of an item is the SKU that the catalogue knows; an empty `sku` counts as `productId`.",
    )
    transit_days: bool = Field(
        default=True,
        description="Whether days are told. The page does not say of which kind they are; business days are told.",
    )

    @model_validator(mode="after")
    def _knows_its_caller(self) -> Self:
        if self.app_key is None and self.auth is None:
            msg = (
                "neither app_key nor auth is set, so anybody could ask; set app_key, or auth to an address with a token"
            )
            raise ValueError(msg)
        if self.app_key_name == "public":
            msg = "app_key_name is public, which every visitor of the shop can read; write another name"
            raise ValueError(msg)
        return self
