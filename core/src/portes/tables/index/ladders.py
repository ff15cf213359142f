"""Weight brackets of one postal range, closed and checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from portes.tables.protocol import Milligrams


class Bracket(NamedTuple):
    """A bracket as the table prints it."""

    weight_from: Milligrams
    weight_to: Milligrams
    extra_from: Milligrams


@dataclass(frozen=True, slots=True)
class Ladder:
    """Brackets that touch, lowest first; many postal ranges stand on the same one.

    A shipment of w whole grams belongs to the first rung whose limit is at least w, if w is above the floor.
    """

    floor: int
    """Grams at which the lowest bracket has not yet begun; -1 when it begins at nothing."""
    limits: tuple[int, ...]
    """Upper borders in grams, inclusive."""
    extra_from: tuple[Milligrams, ...]
    """Per rung, from where the extra per kg counts."""


class BracketFault(NamedTuple):
    """Two neighbouring brackets that do not touch: positions, lower first, and what is between them."""

    lower: int
    upper: int
    cause: str
    hole: bool
    """Whether weights between them have no price, rather than two."""


def build_ladder(brackets: Sequence[Bracket], step: int) -> tuple[Ladder, tuple[BracketFault, ...]]:
    """The ladder of some brackets, its printed gaps closed, and the faults between those that do not touch.

    `brackets` come with their upper borders rising. Two that are at most `step` grams apart are meant to
    touch: `0-10, 10.01-20` in kg means (0, 10] and (10, 20]. The lowest one holds its own lower border.
    """
    lowest = brackets[0].weight_from // 1000
    ladder = Ladder(
        floor=-1 if lowest <= step else lowest - 1,
        limits=tuple(bracket.weight_to // 1000 for bracket in brackets),
        extra_from=tuple(bracket.extra_from for bracket in brackets),
    )
    faults = (_fault(at, lower, upper, step) for at, (lower, upper) in enumerate(pairwise(brackets)))
    return ladder, tuple(fault for fault in faults if fault)


def _fault(at: int, lower: Bracket, upper: Bracket, step: int) -> BracketFault | None:
    gap = upper.weight_from // 1000 - lower.weight_to // 1000
    if upper[:2] == lower[:2]:
        return BracketFault(at, at + 1, "repeats the postal range and weight bracket", hole=False)
    if gap > step:
        return BracketFault(at, at + 1, f"leaves {gap} g without a price above the bracket", hole=True)
    if gap < -step or upper.weight_to // 1000 == lower.weight_to // 1000:
        return BracketFault(at, at + 1, "overlaps the weight bracket", hole=False)
    return None
