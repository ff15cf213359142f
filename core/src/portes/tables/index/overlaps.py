"""Postal ranges that overlap, cut into segments that do not, and which ranges price each."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple, TypeAlias


class HeldRange(NamedTuple):
    """A postal range with its rank and how narrow it is; the better of two sorts first."""

    below: int
    """The rank, negated."""
    width: int
    """How many postal codes it holds, less one."""
    origin_width: int
    """How many codes it prices from, less one; of equally narrow ranges, the one from fewer origins is narrower."""
    group: int
    """The rows that stand on it."""
    start: int
    end: int


Layers: TypeAlias = tuple[tuple[int, ...], ...]
"""Groups of rows that may price a code: one tuple for each rank, the highest rank first."""


def clusters(ranges: Iterable[HeldRange]) -> Iterator[list[HeldRange]]:
    """Runs of ranges that overlap, each run apart from the next; the ranges come in the order of their codes."""
    run: list[HeldRange] = []
    reach = -1
    for one in ranges:
        if run and one.start > reach:
            yield run
            run = []
        reach = max(reach, one.end) if run else one.end
        run.append(one)
    if run:
        yield run


def overlaps_in_rank(run: Sequence[HeldRange]) -> Iterator[tuple[HeldRange, HeldRange]]:
    """Each range of a run that overlaps an earlier one of its rank, and the one of those that reaches farthest."""
    farthest: dict[int, HeldRange] = {}
    for one in run:
        other = farthest.get(one.below)
        if other and one.start <= other.end:
            yield one, other
        if other is None or one.end > other.end:
            farthest[one.below] = one


def segments(run: Sequence[HeldRange]) -> Iterator[tuple[int, int, Sequence[HeldRange]]]:
    """First and last code of each segment, and all ranges that hold it, best first; the next segment changes them."""
    ends = sorted(run, key=lambda one: one.end)
    borders = sorted({one.start for one in run} | {one.end + 1 for one in run})
    held: list[HeldRange] = []
    begun = ended = 0
    for start, after in pairwise(borders):
        while ended < len(ends) and ends[ended].end < start:
            del held[bisect_left(held, ends[ended])]
            ended += 1
        while begun < len(run) and run[begun].start == start:
            insort(held, run[begun])
            begun += 1
        if held:
            yield start, after - 1, held


def narrowest(held: Sequence[HeldRange]) -> tuple[Layers, Iterator[tuple[HeldRange, HeldRange]]]:
    """The narrowest range of each rank, and those pairs of which neither is narrower than the other."""
    best: list[HeldRange] = []
    twins: list[tuple[HeldRange, HeldRange]] = []
    at = 0
    while at < len(held):
        one = held[at]
        best.append(one)
        if at + 1 < len(held) and held[at + 1][:3] == one[:3]:
            twins.append((held[at + 1], one))
        at = bisect_left(held, (one.below + 1,), at)
    return tuple((one.group,) for one in best), iter(twins)


def all_held(held: Sequence[HeldRange]) -> Layers:
    """All the ranges, rank by rank."""
    return tuple(tuple(one.group for one in layer) for _, layer in groupby(held, lambda one: one.below))
