"""Postal codes that were asked, and the public range in which they stand in a line."""

from bisect import insort
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from portes.contingency.sampling.protocol import LaneAnswer, Outcome
from portes.contingency.sampling.ranges import PublicRange

if TYPE_CHECKING:
    from portes.contingency.sampling.zones import Zone

_STEPS: Final = (1000, 100, 10, 1)
"""Borders between districts are looked for at round codes first."""


class Spot:
    """One postal code that was asked, at one or more brackets."""

    __slots__ = ("code", "known", "line", "neighbours", "tries", "zones")

    def __init__(self, code: int, line: "RangeLine") -> None:
        self.code = code
        self.line = line
        self.neighbours: tuple[Spot, ...] = line.around(code)
        """The spots of its range next to it when it was first asked: none for the first of a range."""
        self.known: dict[str, dict[int, Outcome]] = {}
        """What was answered, by service and bracket."""
        self.tries: Counter[int] = Counter()
        """How often it was asked, by bracket."""
        self.zones: dict[str, Zone] = {}
        """The zone that it was put into, by service."""

    def hear(self, bracket: int, answer: LaneAnswer | None) -> None:
        """Keep what was answered, or that nothing was."""
        self.tries[bracket] += 1
        for service, outcome in (answer or {}).items():
            self.known.setdefault(service, {})[bracket] = outcome


class RangeLine:
    """The spots of one public range, in the order of their codes."""

    def __init__(self, place: PublicRange, most_tries: int) -> None:
        self.place = place
        self._most_tries = most_tries
        self.spots: list[Spot] = []
        """Those of which at least one answer is known."""
        self.failed: Counter[tuple[int, int]] = Counter()
        """How often nothing could be found out, by code and bracket, about a code of which nothing was known."""
        self._silent: set[int] = set()
        self.probes = 0
        """How many points were asked to verify it."""

    def around(self, code: int) -> tuple[Spot, ...]:
        """The last spot before a code and the first one behind it, as far as there are any."""
        before = [spot for spot in self.spots if spot.code < code][-1:]
        behind = [spot for spot in self.spots if spot.code > code][:1]
        return (*before, *behind)

    def silent(self, code: int) -> bool:
        """Whether a code was asked so often that it is asked no more."""
        return code in self._silent

    def keep(self, spot: Spot, bracket: int) -> None:
        """Put a spot in its place, or count that it could not be found out; one that stands there stays."""
        if not spot.known:
            self.failed[spot.code, bracket] += 1
            if self.failed[spot.code, bracket] >= self._most_tries:
                self._silent.add(spot.code)
        elif spot not in self.spots:
            insort(self.spots, spot, key=lambda each: each.code)

    def widest_gap(self) -> tuple[int, int]:
        """First and last code of the longest stretch without a spot; the last is before the first where none is."""
        codes = [self.place.first - 1, *(spot.code for spot in self.spots), self.place.last + 1]
        before, behind = max(pairwise(codes), key=lambda pair: pair[1] - pair[0])
        return before + 1, behind - 1


def codes_at_border(left: int, right: int) -> list[int]:
    """The one or two codes between two unlike ones that tell soonest where the border between them is."""
    for step in _STEPS:
        low, high = left // step + 1, right // step
        if low < high:
            return [(low + high) // 2 * step]
        if low == high and (codes := [code for code in (low * step - 1, low * step) if left < code < right]):
            return codes
    return []
