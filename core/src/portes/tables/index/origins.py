"""Ranges of origins, cut into segments that do not overlap."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

ANYWHERE: Final = -1
"""The number of an origin that is unknown or in another country; only a row that prices from anywhere holds it."""


class RowScope(NamedTuple):
    """What rows must share for their postal ranges to stand side by side."""

    service: int
    rank: int
    origin_first: int
    """Number of the first postal code it prices from; `ANYWHERE` where the rows name none."""
    origin_last: int


class OriginSpan(NamedTuple):
    """Origins that the same rows of a service price from, and where those stand in the index."""

    origin_first: int
    origin_last: int
    first: int
    """The first range."""
    post: int
    """The first signpost."""


def origin_segments(scopes: Collection[RowScope]) -> Iterator[tuple[int, int, Sequence[RowScope]]]:
    """First and last origin of each segment, and the scopes that price from there."""
    waiting = sorted(scopes, key=lambda one: -one.origin_first)
    borders = sorted({one.origin_first for one in scopes} | {one.origin_last + 1 for one in scopes})
    here: list[RowScope] = []
    for first, after in pairwise(borders):
        here = [one for one in here if one.origin_last >= first]
        while waiting and waiting[-1].origin_first == first:
            here.append(waiting.pop())
        if here:
            yield first, after - 1, tuple(here)
