"""Offers held back: what a channel does when a delivery type that might serve all lines could not be found out."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final, Literal

from pydantic import Field

from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply, ChannelSettings
from portes.contract import DeliveryType, Quote, Verdict

Withhold = Literal["never", "normal", "any"]

WITHHOLD: Final = (
    "Whether an answer is 503 although something can be offered, because another delivery type failed that might serve"
    " all lines too and is missing from the answer: `normal` where that is normal delivery, `any` for every type that"
    " can be told, `never` to tell what there is."
)


class WithholdingSettings(ChannelSettings):
    """Settings of a channel that may hold offers back."""

    withhold: Withhold = Field("never", description=WITHHOLD)

    def withheld(self, quote: Quote, told: Collection[DeliveryType]) -> tuple[DeliveryType, ...]:
        """The delivery types for whose sake a served quote is held back; `told` are those that the channel can tell."""
        if quote.verdict is not Verdict.SERVED or self.withhold == "never":
            return ()
        wanted = told if self.withhold == "any" else {DeliveryType.NORMAL}
        return tuple(delivery for delivery in quote.uncertain if delivery in wanted and delivery in told)


def withheld_reply(
    quote: Quote, missing: tuple[DeliveryType, ...], members: Mapping[str, Any] | None = None
) -> ChannelReply:
    """The 503 in place of offers; `members` are those of its problem body."""
    reply = problem(503, "Service Unavailable", withheld_words(quote, missing), members=members)
    return replace(reply, withheld=missing)


def withheld_words(quote: Quote, missing: tuple[DeliveryType, ...]) -> str:
    """Why offers are held back, in a sentence."""
    words = " and ".join(delivery.value.replace("_", " ") for delivery in missing)
    return f"Whether and for how much {words} delivery could not be found out (quote {quote.id})."
