"""What an operator decides about Via, with the doubts of its contract beside each choice."""

from typing import Annotated, Literal

from pydantic import Field

from portes.channels.base import CallerSettings
from portes.channels.credentials import Secret
from portes.channels.query import QuerySettings
from portes.contract.durations import Duration


class ViaSettings(QuerySettings, CallerSettings):
    """The settings of the channel, `[channels.via]`."""

    limit: Duration = Field(
        default=0.8,
        gt=0,
        description="After how long an answer is of no use. The platform demands less than 800 ms on average; when its"
        " client gives up is not public.",
    )
    line_price: Literal["line", "unit"] = Field(
        default="line",
        description="Whether `freightAmount` is for all units of a SKU (`line`) or for one (`unit`, rounded up to the"
        " cent). That is not public; `line` is the natural reading, since the quantity stands beside it.",
    )
    freight_type: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        default="NORMAL",
        description="The `freightType` of every answer. No other text than `NORMAL` is public.",
    )
    additional_info: Literal["carriers", "services", "none"] = Field(
        default="carriers",
        description="What `freightAdditionalInfo` tells, which the platform puts into the order: the `carriers` by"
        " name, the `services` as `correios:03298`, or `none`, so that it is left out.",
    )
    seller_token: Secret | None = Field(
        default=None,
        description="The seller's own token in the marketplace, which an answer with freights repeats as"
        " `sellerMpToken`. Whoever may ask gets to see it, so ask over TLS alone; no log and no receipt holds it."
        " Without it the field is left out.",
    )
