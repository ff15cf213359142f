"""Brackets of one postal range, closed and checked."""

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
    """Brackets of one range, lowest first; many postal ranges stand on the same one.

    What measures w whole units of the table's axis (grams, say) belongs to the first rung whose limit is at least
    w, if w is above that rung's floor; else it is in a hole.
    """

    floors: tuple[int, ...]
    """Per rung, up to where its bracket has not yet begun; -1 when it begins at nothing."""
    limits: tuple[int, ...]
    """Upper borders, inclusive."""
    extra_from: tuple[Milligrams, ...]
    """Per rung, from where the extra per kg counts."""


class BracketFault(NamedTuple):
    """Two neighbouring brackets that do not touch: positions, lower first, and what is between them."""

    lower: int
    upper: int
    cause: str
    hole: int
    """Whole units between them that have no price; 0 where they have two."""


def build_ladder(brackets: Sequence[Bracket], step: int) -> tuple[Ladder, tuple[BracketFault, ...]]:
    """The ladder of some brackets, its printed gaps closed, and the faults between those that do not touch.

    `brackets` come with their upper borders rising. Two that are at most `step` units apart are meant to
    touch: `0-10, 10.01-20` in kg means (0, 10] and (10, 20]. The lowest one holds its own lower border, and so
    does one above a hole.
    """
    limits = tuple(bracket.weight_to // 1000 for bracket in brackets)
    ladder = Ladder(
        floors=tuple(
            _floor(bracket.weight_from // 1000, before, step)
            for bracket, before in zip(brackets, (None, *limits), strict=False)
        ),
        limits=limits,
        extra_from=tuple(bracket.extra_from for bracket in brackets),
    )
    faults = (_fault(at, lower, upper, step) for at, (lower, upper) in enumerate(pairwise(brackets)))
    return ladder, tuple(fault for fault in faults if fault)


def _floor(begin: int, before: int | None, step: int) -> int:
    below = 0 if before is None else before
    if begin - below > step:
        return begin - 1
    return -1 if before is None else before


def _fault(at: int, lower: Bracket, upper: Bracket, step: int) -> BracketFault | None:
    gap = upper.weight_from // 1000 - lower.weight_to // 1000
    if upper[:2] == lower[:2]:
        return BracketFault(at, at + 1, "repeats the postal range and bracket", hole=0)
    if gap > step:
        return BracketFault(at, at + 1, "leaves {} without a price above the bracket", hole=gap)
    if gap < -step or upper.weight_to // 1000 == lower.weight_to // 1000:
        return BracketFault(at, at + 1, "overlaps the bracket", hole=0)
    return None
