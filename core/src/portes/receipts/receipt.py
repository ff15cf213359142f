"""What is kept of one quote."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from portes.contract import Answer, Quote, QuoteRequest, Shipment
from portes.contract.base import Day, Natural, Noun, Text, TimeOfDay

Seconds = Annotated[float, Field(ge=0)]


class ReceiptAnswer(Noun):
    """What came of one question, as `portes.engine.answered.Answered` has it."""

    carrier: Text
    """Its key in the settings."""
    shipment: Natural
    """Position in the receipt's shipments."""
    raw: Answer
    """As the carrier said it, or the failure that stands for it."""
    covered: Answer | None = None
    """What was decided on, when memory or a fallback covered failures; None when that was the raw answer."""
    seconds: Seconds
    """How long its call took; 0 out of memory."""
    ready: Day | None = None
    """When it was ready for a carrier that fetches at certain times; None for one that gets it on that very day."""
    collection: TimeOfDay | None = None
    """When such a carrier fetches it on the shipment's dispatch date, by the origin's clock."""
    chain: tuple["ReceiptAnswer", ...] = ()
    """The alternatives that were asked because it failed, in order: its fallback."""

    @property
    def final(self) -> Answer:
        """The answer that was decided on."""
        return self.covered or self.raw


class Reply(Noun):
    """The reply that the marketplace got."""

    status: Natural
    """The HTTP status."""
    body: str
    seconds: Seconds
    """From the call to the reply."""


class Receipt(Noun):
    """One quote and all it was made of. It holds no secret: no credentials, headers or raw answers go into it."""

    store: Text
    moment: AwareDatetime
    """When it was asked."""
    request: QuoteRequest
    shipments: tuple[Shipment, ...]
    """What was planned: origins, hand-over days and parcels."""
    answers: tuple[ReceiptAnswer, ...]
    """What came of the plan's questions, in their order."""
    quote: Quote
    """The decision, under our own id."""
    seconds: Seconds
    """From the question to the decision."""
    reply: Reply | None = None
    """None when the quote was not for a channel, or its reply failed."""
    versions: dict[str, str]
    """Which settings, rules, tariffs and plugins were at work: a fingerprint or version by part."""
