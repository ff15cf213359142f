"""Spans of weights and of postal codes in which nothing of two tables begins or ends; it looks at no table."""

from typing import Final, NamedTuple

from portes.tables.protocol import NO_LIMIT

NONE: Final = -1
"""The rung, or the range, of a table that has none there."""
ENDLESS: Final = NO_LIMIT // 1000
"""The upper border of a bracket without one, in whole units."""
FAR: Final = 100_000
"""How far above its lower border a bracket without an end is looked at: 100 kg."""


class Piece(NamedTuple):
    """A span of weights in which no bracket of the two tables begins or ends."""

    before: int
    """The rung of the earlier table, or `NONE`."""
    after: int
    low: int
    high: int
    before_beyond: bool = False
    """Whether it is above the earlier table's highest bracket, which may have a price for more."""
    after_beyond: bool = False


class Segment(NamedTuple):
    """Postal codes that lie in one range, at most, of each table, and in one region."""

    first: int
    last: int
    before: int
    """The place of the range in the earlier table; `NONE` for none."""
    after: int
    region: str
