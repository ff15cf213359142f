"""What an operator decides about Yampi, with the doubts of its page beside each choice."""

from typing import Literal

from pydantic import Field

from portes.channels.cart import CartSettings
from portes.channels.credentials import HeaderName
from portes.channels.signatures import SignedSettings
from portes.contract.durations import Duration


class YampiSettings(SignedSettings, CartSettings):
    """The settings of the channel, `[channels.yampi]`."""

    signature_header: HeaderName | None = Field(
        default="X-Yampi-Hmac-SHA256",
        description="The header with the signature. The platform writes of it for its webhooks; shops receive it on"
        " questions for freight as well.",
    )
    limit: Duration = Field(
        default=3.0,
        gt=0,
        description="After how long the platform discards an answer. That is not written; shoppers wait meanwhile.",
    )
    reserve: Duration = Field(
        default=0.5,
        ge=0,
        description="The part of `limit` kept for the way between the platform and here, and for our own work.",
    )
    sku: Literal["sku", "id", "external_id"] = Field(
        default="sku",
        description="Which field of an item is the SKU that the catalogue knows: `sku`, the platform's own `id`, or"
        " `platform.external_id`, that of the shop system behind it. An empty one counts as `id`.",
    )
    size_unit: Literal["cm", "mm", "m"] = Field(
        default="cm",
        description="The unit of `length`, `width` and `height`. The page does not say; its weights are in kilograms.",
    )
    availability: Literal["add", "leave_out"] = Field(
        default="add",
        description="Whether `availability_days` of the slowest item are handling days before the goods leave, and so"
        " part of `days`. `leave_out` if the platform adds them itself, which is not written.",
    )
