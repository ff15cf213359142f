"""What an operator decides about Nuvemshop, with the doubts of its pages beside each choice."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from portes.channels.cart import CartSettings
from portes.channels.credentials import CallerCredential, HeaderName
from portes.channels.reading import OneOrMore
from portes.channels.signatures import SignedSettings
from portes.contract import DeliveryType
from portes.contract.durations import Duration

_Code = Annotated[str, Field(min_length=1, max_length=80)]


class OptionCodes(BaseModel):
    """The codes of the carrier's options by delivery type, letter by letter as they were made on the platform."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    normal: _Code | None = Field(None, description="Of normal delivery; what has none is not told.")
    express: _Code | None = Field(None, description="Of express delivery.")
    super_express: _Code | None = Field(None, description="Of super express delivery.")

    def of(self, delivery: DeliveryType) -> str | None:
        """The code of a delivery type; None where it has none."""
        code: str | None = getattr(self, delivery.value)
        return code

    def listed(self) -> tuple[str, ...]:
        """Every code there is."""
        return tuple([code for code in (self.normal, self.express, self.super_express) if code is not None])


class NuvemshopSettings(SignedSettings, CartSettings):
    """The settings of the channel, `[channels.nuvemshop]`."""

    auth: OneOrMore[CallerCredential] = Field(
        description="How the platform proves itself: a table of kind `url_token`, `header` or `basic`, or a list of"
        " such tables. Its pages say nothing of credentials in calls for rates: an address with a token is the way.",
    )
    signature_header: HeaderName | None = Field(
        default="x-linkedstore-hmac-sha256",
        description="The header with the signature, in hexadecimal. It is documented for webhooks alone, so a call for"
        " rates may lack it; one that has it is refused where it is wrong.",
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
    store_id: str | None = Field(
        default=None,
        description="The number of the store on the platform, as text; a call for another one is refused with 401.",
    )
    codes: OptionCodes = Field(
        default=OptionCodes(normal="normal", express="express", super_express="super_express"),
        description="The code of the carrier's option that is delivered to the door, by delivery type. A rate whose"
        " code has no option is hidden without a word; capitals and accents count.",
    )
    pickup_codes: OptionCodes = Field(
        default=OptionCodes(normal="pickup", express="pickup_express", super_express="pickup_super_express"),
        description="The same for what shoppers fetch at a pick-up point.",
    )
    unread_hours: Literal["leave_out", "empty"] = Field(
        default="leave_out",
        description="What becomes of a pick-up point whose opening hours the carrier does not tell, or not in a form"
        " that is understood. The platform demands them by day and hour: the point is left out, or it is told with an"
        " `empty` list, of which the page does not say whether it is taken.",
    )
    mixed_cart: Literal["paid_items", "as_printed", "full"] = Field(
        default="paid_items",
        description="What a shopper pays where some items have free shipping and others do not: the part of the price"
        " that the other items bear, `paid_items`; what is left after that part is taken off, `as_printed` in the"
        " guide's formula, which contradicts its own text; or the `full` price.",
    )
    item_price: Literal["unit", "line"] = Field(
        default="unit",
        description="Whether `price` of an item is that of one unit, or of the whole line. The page prints a quantity"
        " of one only.",
    )
    sku: Literal["sku", "id", "product_id"] = Field(
        default="sku",
        description="Which field of an item is the SKU that the catalogue knows. A `sku` of null, which the platform"
        " sends for a product without one, counts as the variant's `id`.",
    )
    dates: bool = Field(
        default=True,
        description="Whether the dates of the promise are told: the day at noon UTC, which is the same day in every"
        " country of the platform.",
    )
    accepts_cod: bool = Field(
        default=False,
        description="Whether shoppers may pay at the door. The platform takes it for granted where it is not told.",
    )
    id_required: bool = Field(default=False, description="Whether shoppers must give an identification number.")
    phone_required: bool = Field(default=False, description="Whether shoppers must give a telephone number.")

    @model_validator(mode="after")
    def _codes_are_distinct(self) -> Self:
        every = [*self.codes.listed(), *self.pickup_codes.listed()]
        twice = sorted({code for code in every if every.count(code) > 1})
        if twice:
            msg = f"codes and pickup_codes name {', '.join(twice)} twice; each option of the platform has its own code"
            raise ValueError(msg)
        return self
