"""How a channel's answers did over windows of time, from counts that only grow; it knows no metric and no HTTP.

The history is in memory: one look a minute for a day, one an hour for a month. It starts anew with the process.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

WINDOWS: Final = {"5m": 300, "1h": 3600, "6h": 21_600, "24h": 86_400, "30d": 2_592_000}
"""Seconds by name."""

_DAY_OF_MINUTES: Final = 1442
_MONTH_OF_HOURS: Final = 722

ChannelKey = tuple[str, str]
"""A store's name, and the channel's key in its settings."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a channel answered since the counts began."""

    answers: int = 0
    discarded: Mapping[str, int] = field(default_factory=dict)
    """By cause; see `portes.web.monitoring.budget`."""
    faults: Mapping[str, int] = field(default_factory=dict)
    """Answers of these that a carrier's failure is to blame for, by `carrier kind`."""
    within: Sequence[int] = ()
    """How many answers took at most each of `bounds`, the last of which is infinite."""

    def since(self, earlier: "Counts") -> "Counts":
        """What came after an earlier look."""
        past = earlier.within or [0] * len(self.within)
        return Counts(
            self.answers - earlier.answers,
            _since(self.discarded, earlier.discarded),
            _since(self.faults, earlier.faults),
            [now - then for now, then in zip(self.within, past, strict=False)],
        )


class Look(NamedTuple):
    """The counts of every channel at a moment."""

    at: float
    """On a monotonic clock."""
    counts: Mapping[ChannelKey, Counts]


class Past:
    """Earlier looks, thinned out with age."""

    def __init__(self) -> None:
        self._minutes: deque[Look] = deque(maxlen=_DAY_OF_MINUTES)
        self._hours: deque[Look] = deque(maxlen=_MONTH_OF_HOURS)

    def keep(self, look: Look) -> None:
        """Remember a look; what did not change since the last is kept once."""
        last = self._minutes[-1].counts if self._minutes else {}
        kept = Look(look.at, {key: _same(last.get(key), counts) for key, counts in look.counts.items()})
        self._minutes.append(kept)
        if not self._hours or kept.at - self._hours[-1].at >= 3600:
            self._hours.append(kept)

    def before(self, seconds: float, now: float) -> Look:
        """The newest look that is at least so old, else the oldest there is."""
        for looks in (self._minutes, self._hours):
            found = bisect_right(looks, now - seconds, key=lambda look: look.at)
            if found:
                return looks[found - 1]
        return self._hours[0] if self._hours else Look(now, {})


@dataclass(frozen=True, slots=True)
class Target:
    """What a channel is to reach."""

    availability: float
    """Share of answers that are of use and in time."""
    limit: float
    """Seconds after which the marketplace discards an answer."""


@dataclass(frozen=True, slots=True)
class Window:
    """How a channel did over a window; shares are None when nobody asked."""

    name: str
    seconds: float
    """How much of the window the history covers."""
    answers: int
    discarded: Mapping[str, int]
    faults: Mapping[str, int]
    availability: float | None
    """Share of answers that were of use and in time."""
    in_time: float | None
    """Of the answers that would have been of use, the share that came in time."""
    p99: float | None
    """Seconds that 99 of 100 answers took at most, as far as the buckets tell; None also beyond the last of them."""
    burn: float | None
    """How fast the error budget is used up: 1 uses it up exactly."""


def windows(past: Past, now: Look, key: ChannelKey, target: Target, bounds: Sequence[float]) -> list[Window]:
    """How a channel did over every window up to now; `bounds` are those of `Counts.within`."""
    return [_window(name, past.before(seconds, now.at), now, key, target, bounds) for name, seconds in WINDOWS.items()]


def _window(name: str, then: Look, now: Look, key: ChannelKey, target: Target, bounds: Sequence[float]) -> Window:
    counts = now.counts.get(key, Counts()).since(then.counts.get(key, Counts()))
    useful = counts.answers - sum(counts.discarded.values())
    availability = _share(useful, counts.answers)
    return Window(
        name=name,
        seconds=now.at - then.at,
        answers=counts.answers,
        discarded=counts.discarded,
        faults=counts.faults,
        availability=availability,
        in_time=_share(useful, useful + counts.discarded.get("late", 0)),
        p99=quantile(0.99, bounds, counts.within),
        burn=None if availability is None else (1 - availability) / (1 - target.availability),
    )


def quantile(share: float, bounds: Sequence[float], within: Sequence[int]) -> float | None:
    """The time that this share of answers took at most, evenly spread within its bucket.

    None when there were no answers, or when it lies beyond the last finite bound.
    """
    rank = share * within[-1] if within else 0.0
    below, start = 0, 0.0
    for bound, count in zip(bounds[:-1], within, strict=False):
        if rank and count >= rank:
            return start + (bound - start) * (rank - below) / (count - below)
        below, start = count, bound
    return None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _since(now: Mapping[str, int], then: Mapping[str, int]) -> dict[str, int]:
    grown = {name: count - then.get(name, 0) for name, count in now.items()}
    return {name: count for name, count in grown.items() if count}


def _same(last: Counts | None, now: Counts) -> Counts:
    return last if last == now else now


def met(found: Iterable[Window], target: Target) -> bool:
    """Whether every window in which somebody asked kept the target."""
    return all(window.availability is None or window.availability >= target.availability for window in found)
