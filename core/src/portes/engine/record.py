"""What the engine hands to whoever keeps a record of each quote: the nouns themselves; it knows no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from portes.contract import Answer, Quote, QuoteRequest, Shipment


class Heard(NamedTuple):
    """What one carrier said of one shipment."""

    carrier: str
    """Its key in the settings."""
    shipment: Shipment
    came: Answer
    """As the carrier said it, or the failure that stands for it; out of memory when memory was as good as asking."""
    decided: Answer | None
    """What was decided on: the same, or its failures covered. None for a fallback, whose rates went into another's."""
    seconds: float
    """How long its call took; 0 out of memory."""


@dataclass(frozen=True, slots=True)
class Record:
    """One quote and all it was made of."""

    request: QuoteRequest
    moment: datetime
    """When it was asked, aware, in the store's time zone."""
    heard: Sequence[Heard]
    """In the order of the plan's questions, each fallback before the carrier it stood in for."""
    quote: Quote
    seconds: float
    """From the question to the decision."""


class Recorder(Protocol):
    """Whoever keeps records. Called between the decision and the marketplace."""

    def quoted(self, record: Record) -> None:
        """Take a record over within microseconds; never wait, never raise."""
        ...
