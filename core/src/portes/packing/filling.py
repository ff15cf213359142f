"""Chooses how a box is filled, and bounds what a packing may cost in steps."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from portes.packing.kinds import UnitKind
from portes.packing.shelves import shelve
from portes.packing.spaces import MOST_TRIED, Hold, Placing, fill

MOST_KINDS: Final = 200
"""Kinds up to which each space of a box is offered the best of them; more are put into rows, one look each."""
MOST_STEPS: Final = 150
"""Blocks to be placed, over all tries of a shipment: a step takes some 50 µs, and a question has 20 ms."""


MOST_OVERDRAWN: Final = MOST_STEPS // 3
"""Steps beyond the last one that a try may take to its end: among 200 units one alone would take as many again."""


class Steps:
    """The steps that are left to try for something better; the first try is made whatever it takes."""

    def __init__(self, most: int = MOST_STEPS) -> None:
        self._left = most

    @property
    def any(self) -> bool:
        """Whether one try more may be made."""
        return self._left > 0

    @property
    def overdrawn(self) -> bool:
        """Whether a try that was begun with steps to spare takes so many more that it is to be given up."""
        return self._left < -MOST_OVERDRAWN

    def spend(self, blocks: int) -> None:
        """Count a try that placed so many blocks."""
        self._left -= blocks + 1


def put(hold: Hold, kinds: Sequence[UnitKind], order: Sequence[int], left: Sequence[int]) -> list[Placing]:
    """Fill one box with units that are left, by spaces or, where the kinds are too many, by rows."""
    if len(order) <= MOST_KINDS:
        return fill(hold, kinds, order, left)
    return shelve(hold, kinds, _enough(hold, kinds, order, left), left)


def _enough(hold: Hold, kinds: Sequence[UnitKind], order: Sequence[int], left: Sequence[int]) -> Sequence[int]:
    """The first kinds in their order that have twice the volume of a box: more are not looked at for it."""
    length, width, height = hold.inside
    room = 2 * length * width * height
    for place, number in enumerate(order):
        room -= kinds[number].volume * left[number]
        if room < 0:
            return order[: place + MOST_KINDS]
    return order


ORDERS: Final = 3
"""The orders of kinds that have a reason; others are shuffled ones of these."""
TACTICS: Final = 30
"""The ways to fill a box: each order twice, for low and for snug blocks. More than these find one box in a thousand."""


def held(hold: Hold, tactic: int) -> Hold:
    """The box as it is filled in one of the ways; once orders are shuffled ones, they alone say what comes first."""
    return hold._replace(snug=tactic % 2 == 1, tried=1 if tactic >= 2 * ORDERS else MOST_TRIED)


def ordered(kinds: Sequence[UnitKind], volume: int, grams: int, which: int = 0) -> list[int]:
    """The numbers of the kinds in one of the orders, of which the first does best most often.

    By the larger share of a box of so many mm³ and grams that a unit takes up; by the shortest side; by the longest.
    Later ones are the same three, shuffled a little: always alike for the same number.
    """
    keys: Sequence[Callable[[UnitKind], int]] = (
        lambda kind: max(kind.solid * grams, kind.weight * volume),
        lambda kind: kind.least_side,
        lambda kind: max(kind.lies[0].size),
    )
    key = keys[which % ORDERS]
    weights = _shuffled(len(kinds), which) if which >= ORDERS else [1] * len(kinds)
    return sorted(range(len(kinds)), key=lambda number: (-key(kinds[number]) * weights[number], number))


def _shuffled(count: int, seed: int) -> list[int]:
    """Numbers from 60 to 140, in an order that only the seed decides."""
    chance = Random(seed)  # noqa: S311 — no secret, and the same on any machine
    return [chance.randint(60, 140) for _ in range(count)]


def placed_volume(placed: Sequence[Placing], kinds: Sequence[UnitKind]) -> int:
    """Cubic millimetres of the goods that were placed, those that nest with what each takes up among its like."""
    return sum(kinds[placing.kind].volume * placing.units for placing in placed)
