"""What an operator decides about BigCommerce, with the doubts of its pages beside each choice."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from portes.channels.cart import CartSettings
from portes.channels.credentials import CallerCredential, Key
from portes.channels.reading import OneOrMore
from portes.contract.durations import Duration


class BigcommerceSettings(CartSettings):
    """The settings of the channel, `[channels.bigcommerce]`."""

    connection_key_name: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        default="key",
        description="The code of the connection option, as the carrier was registered with, in which the shop enters"
        " `connection_key`.",
    )
    connection_key: OneOrMore[Key] | None = Field(
        default=None,
        description="A random text of at least 16 characters that the shop enters when it connects the carrier. The"
        " platform sends it beside each question, among `connection_options`. Or a list while one replaces another.",
    )
    auth: OneOrMore[CallerCredential] | None = Field(
        default=None,
        description="What a call must show besides, or in place of `connection_key`: a table of kind `url_token`,"
        " `header` or `basic`, or a list of such tables, any of which opens. The platform leaves it to the carrier how"
        " calls are authenticated. Without it and `connection_key` the store does not start.",
    )
    store_id: str | None = Field(
        default=None,
        description="The hash of the store on the platform; a call for another one is refused with 401.",
    )
    limit: Duration = Field(
        default=5.0,
        gt=0,
        description="After how long the platform discards an answer. That is not written anywhere; 5 s is a guess.",
    )
    reserve: Duration = Field(
        default=0.5,
        ge=0,
        description="The part of `limit` kept for the way between the platform and here, and for our own work.",
    )
    item_weight: Literal["unit", "line"] = Field(
        default="unit",
        description="Whether `weight` of an item is that of one unit, or of the whole line. The page prints a quantity"
        " of one only. Sizes are always taken for those of one unit.",
    )
    item_value: Literal["unit", "line"] = Field(default="unit", description="The same for `declared_value`.")
    sku: Literal["sku", "variant_id", "product_id"] = Field(
        default="sku",
        description="Which field of an item is the SKU that the catalogue knows; an empty `sku` counts as"
        " `variant_id`.",
    )
    transit_times: bool = Field(
        default=True, description="Whether the business days of the promise are told, where they are 90 at most."
    )
    ttl: Duration | None = Field(
        default=None,
        ge=0,
        description="How long the platform may keep an answer, told in whole seconds; it keeps answers as it likes"
        " where this is left out. The field is not in every copy of its schema.",
    )

    @model_validator(mode="after")
    def _knows_its_caller(self) -> Self:
        if self.connection_key is None and self.auth is None:
            msg = (
                "neither connection_key nor auth is set, so anybody could ask; set connection_key,"
                " or auth to an address with a token"
            )
            raise ValueError(msg)
        return self
