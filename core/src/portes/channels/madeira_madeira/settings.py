"""What an operator decides about MadeiraMadeira, with the doubts of its documentation beside each choice."""

from typing import Literal

from pydantic import Field

from portes.channels.base import CallerSettings
from portes.channels.cart import CartSettings
from portes.contract.durations import Duration


class MadeiraMadeiraSettings(CallerSettings, CartSettings):
    """The settings of the channel, `[channels.madeira-madeira]`."""

    limit: Duration = Field(
        default=1.5,
        gt=0,
        description="After how long the marketplace discards an answer: its documentation says 1500 ms.",
    )
    show: Literal["all", "cheapest", "fastest"] = Field(
        default="all",
        description="Which ways of delivery are answered: `all`, cheaper ones first, or one alone. Which of several the"
        " marketplace shows is not public.",
    )
