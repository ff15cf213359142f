"""Postal ranges in the order that they are searched in, and the groups of rows behind each.

Most tables have ranges that lie side by side: each is one group's. Where some overlap, segments are written in their
place, and a chain of groups behind each.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import accumulate, chain, repeat
from operator import lt
from typing import Final, Literal, NamedTuple, TypeAlias

from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.index.origins import ANYWHERE, OriginSpan, RowScope, origin_segments
from portes.tables.index.overlaps import (
    HeldRange,
    Layers,
    all_held,
    clusters,
    narrowest,
    overlaps_in_rank,
    segments,
)

Numbers: TypeAlias = "array[int] | memoryview"
"""Whole numbers of one size: our own, or a view of a mapped file."""

_CROWD: Final = 4
"""Ranges between two signposts, on average."""
_NARROW: Final = 2**32
"""Postal codes with fewer numbers than this take 4 bytes each."""
_DEEPEST: Final = 100
"""So many ranges of one rank may hold a code: a quote looks at all of them."""
_MOST: Final = 20_000_000
"""Segments of a table; ranges of a sound one make a few times as many at most."""
_MEND: Final = "split the ranges so that a postal code lies in one only"


class WrittenRanges(NamedTuple):
    """Where services begin, and the arrays of ranges and chains, as in `Compiled`."""

    services: dict[str, tuple[int, int]]
    origins: dict[str, list[OriginSpan]]
    shift: int
    arrays: Mapping[str, Numbers]


class RangeWriter:
    """Takes groups in the order of their scopes and codes, and writes the ranges of every service and origin."""

    def __init__(self, gathered: GatheredRows, row_of: Callable[[int], int]) -> None:
        self._rows = gathered
        self._row_of = row_of
        """A row of a group, to tell of it."""
        self.code: Literal["I", "Q"] = "I" if gathered.form.size < _NARROW else "Q"
        """The type of postal codes in arrays."""
        code = self.code
        self._group_starts, self._group_ends = array(code), array(code)
        self._groups_of: dict[int, range] = {}
        """Per scope, its groups."""
        self.starts, self._ends, self._group_of = array(code), array(code), array("I")
        self._straight = True
        """Whether each range so far is that of the group with its number."""
        self._chains: dict[Layers, int] = {}
        self._spans: dict[tuple[RowScope, ...], tuple[int, int]] = {}
        """First range, and the one after the last, of scopes that price together."""
        self._origins: dict[str, list[tuple[int, int, tuple[int, int]]]] = {}

    def add_group(self, scope: int, start: int, end: int) -> None:
        """Take the next group."""
        number = len(self._group_starts)
        self._groups_of[scope] = range(self._groups_of.get(scope, range(number, number)).start, number + 1)
        self._group_starts.append(start)
        self._group_ends.append(end)

    def add_groups(self, groups_of: Mapping[int, range], starts: "array[int]", ends: "array[int]") -> None:
        """Take all groups at once: per scope its groups, and per group its first and last code."""
        self._groups_of = {scope: groups for scope, groups in groups_of.items() if groups}
        self._group_starts, self._group_ends = starts, ends

    def write(self) -> None:
        """Write the ranges; tell of those that overlap and may not."""
        scopes: dict[int, list[RowScope]] = {}
        for scope, number in self._rows.scopes.items():
            if number in self._groups_of:
                scopes.setdefault(scope.service, []).append(scope)
        for service, number in self._rows.services.items():
            self._origins[service] = [
                (first, last, self._span(here)) for first, last, here in origin_segments(scopes.get(number, []))
            ]

    def finished(self) -> WrittenRanges:
        """What was written, with signposts."""
        size = self._rows.form.size
        shift = (size * len(self._spans) * _CROWD // len(self.starts)).bit_length()
        posts = ((size - 1) >> shift) + 2
        numbers = {span: at * posts for at, span in enumerate(self._spans.values())}
        placed = {
            service: [OriginSpan(first, last, span[0], numbers[span]) for first, last, span in spans]
            for service, spans in self._origins.items()
        }
        straight = self._straight and len(self._group_of) == len(self._group_starts)
        links = [(group, layer) for layers in self._chains for layer, held in enumerate(layers) for group in held]
        ends = accumulate((sum(map(len, layers)) for layers in self._chains), initial=0)
        arrays = {
            "starts": self.starts,
            "ends": self._ends,
            "group_of": array("I") if straight else self._group_of,
            "chains": array("I", ends),
            "links": array("I", (group for group, _ in links)),
            "layers": array("I", (layer for _, layer in links)),
            "signposts": array("I", chain.from_iterable(self.signposts(span, shift, posts) for span in numbers)),
        }
        anywhere = {name for name, spans in placed.items() if len(spans) == 1 and spans[0].origin_first == ANYWHERE}
        services = {name: (placed[name][0].first, placed[name][0].post) for name in placed if name in anywhere}
        return WrittenRanges(
            services, {name: spans for name, spans in placed.items() if name not in anywhere}, shift, arrays
        )

    def apart(self, starts: "array[int]", ends: "array[int]") -> bool:
        """Whether each range ends before the next one starts."""
        return all(map(lt, ends, starts[1:]))

    def counted(self, numbers: range) -> "array[int]":
        """Numbers that follow each other, one after the other."""
        return array("I", numbers)

    def signposts(self, span: tuple[int, int], shift: int, count: int) -> Iterable[int]:
        """For each signpost of a span, the first range that starts there or later."""
        posts = range(0, count << shift, 1 << shift)
        return map(bisect_left, repeat(self.starts), posts, *map(repeat, span))

    def _span(self, scopes: Sequence[RowScope]) -> tuple[int, int]:
        """Where the ranges of scopes that price together stand; written when they are first asked for."""
        key = tuple(scopes)
        if key not in self._spans:
            first = len(self.starts)
            runs = (
                []
                if self._append_apart(key)
                else clusters(merge(*map(self._held, scopes), key=lambda one: (one.start, one.end)))
            )
            for run in runs:
                self._write_run(run)
                if len(self.starts) > _MOST:
                    self._report(run[-1], f"is cut into more than {_MOST} segments with the ranges beside it", _MEND)
                    break
            self._spans[key] = first, len(self.starts)
        return self._spans[key]

    def _append_apart(self, scopes: Sequence[RowScope]) -> bool:
        """Whether the ranges are those of one scope and none overlaps the next; then they are written as they stand."""
        if len(scopes) > 1:
            return False
        groups = self._groups_of[self._rows.scopes[scopes[0]]]
        starts, ends = (each[groups.start : groups.stop] for each in (self._group_starts, self._group_ends))
        if not self.apart(starts, ends):
            return False
        self.starts.extend(starts)
        self._ends.extend(ends)
        self._straight &= groups.start == len(self._group_of)
        self._group_of.extend(self.counted(groups))
        return True

    def _held(self, scope: RowScope) -> Iterator[HeldRange]:
        origin_width = scope.origin_last - scope.origin_first
        for group in self._groups_of[self._rows.scopes[scope]]:
            start, end = self._group_starts[group], self._group_ends[group]
            yield HeldRange(-scope.rank, end - start, origin_width, group, start, end)

    def _write_run(self, run: list[HeldRange]) -> None:
        if len(run) == 1:
            self._append(run[0].start, run[0].end, run[0].group)
            return
        if self._rows.options.overlap == "reject_table" and self._told(run):
            return
        for start, end, held in segments(run):
            layers = self._layers(held)
            link = layers[0][0]
            if len(layers) > 1 or len(layers[0]) > 1:
                link = len(self._group_starts) + self._chains.setdefault(layers, len(self._chains))
            if start > run[0].start and self._group_of[-1] == link:  # a run has no gaps
                self._ends[-1] = end
            else:
                self._append(start, end, link)

    def _append(self, start: int, end: int, link: int) -> None:
        self._straight &= link == len(self._group_of)
        self.starts.append(start)
        self._ends.append(end)
        self._group_of.append(link)

    def _layers(self, held: Sequence[HeldRange]) -> Layers:
        if self._rows.options.overlap == "dearest":
            layers = all_held(held)
            if max(map(len, layers)) > _DEEPEST:
                self._report(held[-1], f"is one of more than {_DEEPEST} ranges that hold the same code", _MEND)
            return layers
        layers, twins = narrowest(held)
        for one, other in twins:
            cause = f"is as narrow as the postal range {self._told_range(other)}, and codes lie in both"
            self._report(one, cause, 'make one of them narrower, or set overlap = "dearest" for the table (--overlap)')
        return layers

    def _told(self, run: list[HeldRange]) -> bool:
        """Whether ranges of one rank overlap, which is told."""
        told = False
        for one, other in overlaps_in_rank(run):
            told = True
            fix = f'{_MEND}, or set overlap = "narrowest" or overlap = "dearest" for the table (--overlap)'
            self._report(one, f"overlaps the postal range {self._told_range(other)}", fix)
        return told

    def _told_range(self, one: HeldRange) -> str:
        row = self._row_of(one.group)
        return f"{self._rows.codes(row)} of {self._rows.line(row)}"

    def _report(self, one: HeldRange, cause: str, fix: str) -> None:
        row = self._row_of(one.group)
        self._rows.report(row, "postal range", self._rows.codes(row), cause, fix)
