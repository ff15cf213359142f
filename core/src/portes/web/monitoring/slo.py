"""How a channel's answers did over windows of time, from counts that only grow.

The history is in memory: one snapshot a minute for a day, one an hour for a month. It starts anew with the process.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

WINDOWS: Final = {"5m": 300, "1h": 3600, "6h": 21_600, "24h": 86_400, "30d": 2_592_000}
"""The seconds of each window, by its name."""

_DAY_OF_MINUTES: Final = 1442
_MONTH_OF_HOURS: Final = 722

ChannelKey = tuple[str, str]
"""A store's name, and the channel's key in its settings."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a channel answered since the counts began."""

    answers: int = 0
    discarded: Mapping[str, int] = field(default_factory=dict)
    """Answers of these that were of no use, by cause; see `portes.web.monitoring.budget`."""
    faults: Mapping[str, int] = field(default_factory=dict)
    """Answers of these that a carrier's failure is to blame for, by `carrier kind`."""
    cumulative: Sequence[int] = ()
    """How many answers took at most each of the buckets' bounds, the last of which is infinite."""

    def since(self, earlier: "Counts") -> "Counts":
        """The counts of what came after an earlier snapshot."""
        past = earlier.cumulative or [0] * len(self.cumulative)
        return Counts(
            self.answers - earlier.answers,
            _since(self.discarded, earlier.discarded),
            _since(self.faults, earlier.faults),
            [now - then for now, then in zip(self.cumulative, past, strict=False)],
        )


class Snapshot(NamedTuple):
    """The counts of every channel at a moment."""

    at: float
    """On a monotonic clock."""
    counts: Mapping[ChannelKey, Counts]


class History:
    """Earlier snapshots, thinned out with age."""

    def __init__(self) -> None:
        self._minutes: deque[Snapshot] = deque(maxlen=_DAY_OF_MINUTES)
        self._hours: deque[Snapshot] = deque(maxlen=_MONTH_OF_HOURS)

    def keep(self, snapshot: Snapshot) -> None:
        """Remember a snapshot; what did not change since the last is kept once."""
        last = self._minutes[-1].counts if self._minutes else {}
        kept = Snapshot(
            snapshot.at,
            {key: last[key] if last.get(key) == counts else counts for key, counts in snapshot.counts.items()},
        )
        self._minutes.append(kept)
        if not self._hours or kept.at - self._hours[-1].at >= 3600:
            self._hours.append(kept)

    def before(self, seconds: float, now: float) -> Snapshot:
        """The newest snapshot that is at least so old, else the oldest there is."""
        for snapshots in (self._minutes, self._hours):
            found = bisect_right(snapshots, now - seconds, key=lambda snapshot: snapshot.at)
            if found:
                return snapshots[found - 1]
        return self._hours[0] if self._hours else Snapshot(now, {})


@dataclass(frozen=True, slots=True)
class Target:
    """The service level that a channel is to reach."""

    availability: float
    """Share of answers that are of use and in time."""
    limit: float
    """Seconds after which the marketplace discards an answer."""


@dataclass(frozen=True, slots=True)
class Window:
    """A channel's figures over a window; shares are None when nobody asked."""

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


def measure_windows(
    history: History, now: Snapshot, key: ChannelKey, target: Target, bounds: Sequence[float]
) -> list[Window]:
    """A channel's figures over every window up to now; `bounds` are those of `Counts.cumulative`."""
    return [
        _window(name, history.before(seconds, now.at), now, key, target, bounds) for name, seconds in WINDOWS.items()
    ]


def _window(
    name: str, then: Snapshot, now: Snapshot, key: ChannelKey, target: Target, bounds: Sequence[float]
) -> Window:
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
        p99=quantile(0.99, bounds, counts.cumulative),
        burn=None if availability is None else (1 - availability) / (1 - target.availability),
    )


def quantile(share: float, bounds: Sequence[float], cumulative: Sequence[int]) -> float | None:
    """The time that this share of answers took at most, evenly spread within its bucket.

    None when there were no answers, or when it lies beyond the last finite bound.
    """
    rank = share * cumulative[-1] if cumulative else 0.0
    below, start = 0, 0.0
    for bound, count in zip(bounds[:-1], cumulative, strict=False):
        if rank and count >= rank:
            within = (bound - start) * (rank - below) / (count - below)
            return min(bound, start + within)  # the sum of two floats may be a hair more than the bound
        below, start = count, bound
    return None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _since(now: Mapping[str, int], then: Mapping[str, int]) -> dict[str, int]:
    grown = {name: count - then.get(name, 0) for name, count in now.items()}
    return {name: count for name, count in grown.items() if count}


def is_met(found: Iterable[Window], target: Target) -> bool:
    """True when every window in which anything was asked kept the target."""
    return all(window.availability is None or window.availability >= target.availability for window in found)
