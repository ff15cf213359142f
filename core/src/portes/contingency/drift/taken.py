"""How many answers a marketplace could not use, so that it sold by its own table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from portes.receipts.offers import OfferedQuote

_OF_CALLERS: Final = frozenset({"unauthorized", "bad_request"})
"""Causes that no table helps against: nobody was about to sell."""
_DAY: Final = 86_400


@dataclass
class TakenCounts:
    """Counts of one channel's answers."""

    answers: int = 0
    taken: int = 0
    """Those that came late, or with a status that sends the marketplace to its own table."""


@dataclass
class TakenTally:
    """Counts of answers by channel, out of receipts: what was turned away at the door has none."""

    limits: Mapping[str, float]
    """Seconds after which the marketplace discards an answer, by channel."""
    counts: dict[str, TakenCounts] = field(default_factory=dict)
    unreplied: int = 0
    """Quotes for a channel without a reply: the caller hung up, or somebody asked by hand."""

    def add(self, quote: OfferedQuote) -> None:
        """Count a quote, if it was for one of the channels."""
        limit = self.limits.get(quote.channel)
        if limit is None:
            return
        if quote.status is None:
            self.unreplied += 1
            return
        counts = self.counts.setdefault(quote.channel, TakenCounts())
        counts.answers += 1
        counts.taken += quote.status >= 300 or quote.seconds > limit


def taken_of_service(channels: Iterable[Mapping[str, Any]], store: str, days: int) -> dict[str, TakenCounts]:
    """The counts out of a running service's history, the JSON of its page `/slo`: the window next to so many days."""
    found: dict[str, TakenCounts] = {}
    for channel in channels:
        if channel["store"] == store:
            window = _window(channel["windows"], days * _DAY)
            lost = sum(count for cause, count in window["discarded"].items() if cause not in _OF_CALLERS)
            callers = sum(window["discarded"].values()) - lost
            found[channel["channel"]] = TakenCounts(window["answers"] - callers, lost)
    return found


def _window(windows: Iterable[Mapping[str, Any]], seconds: int) -> Mapping[str, Any]:
    """The shortest window whose history covers so many seconds, else the one that covers the most."""
    by_length = sorted(windows, key=lambda window: window["seconds"])
    return next((window for window in by_length if window["seconds"] >= seconds), by_length[-1])
