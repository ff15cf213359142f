"""The weight brackets of one product, mode and zone in one edition of a tariff; it knows no file and no calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from portes.contract.rounding import quotient

_KG: Final = 1_000_000  # milligrams
EPSILON: Final = 10_000
"""Milligrams between two brackets that are printed apart and meant to touch: `0-1, 1.01-5` in kg."""


class Bracket(NamedTuple):
    """One row, its borders in milligrams: above `over`, up to and including `up_to`."""

    line: int
    over: int
    up_to: int | None
    """None: the price is for each started kilogram above `over`."""
    net: int
    """The net price, in minor units."""
    sheet: str = ""
    """The sheet of a workbook; empty for a text file."""

    @property
    def row(self) -> str:
        """Where it stands, in words: `line 7`, `Zonas line 7`."""
        return f"{self.sheet} line {self.line}".lstrip()


class Fault(NamedTuple):
    """Something that is wrong between rows, and where."""

    line: int
    column: str
    cause: str
    fix: str
    doubt: bool
    """Whether prices can be told all the same: a hole has none, and a lower price may be meant."""
    sheet: str = ""


class Price(NamedTuple):
    """What a weight costs, in minor units."""

    base: int
    extra: int
    """For the started kilograms above the last bracket."""
    row: str
    """The row of the base."""


class Gap(NamedTuple):
    """A weight that lies in a hole between brackets."""

    over: int
    up_to: int


class Beyond(NamedTuple):
    """A weight above the last bracket, where nothing is offered."""

    limit: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Brackets by rising weight, and the price of each started kilogram above them, if there is one."""

    brackets: tuple[Bracket, ...]
    per_kg: Bracket | None

    @property
    def end(self) -> int | None:
        """The heaviest weight with a price, in milligrams; None when there is no end."""
        return None if self.per_kg else _limit(self.brackets[-1])

    def price(self, grams: int) -> Price | Gap | Beyond:
        """What so many grams cost: a bracket holds its upper border."""
        weight, floor = grams * 1000, 0
        for bracket in self.brackets:
            if weight <= _limit(bracket):
                hole = bracket.over - floor > EPSILON and weight <= bracket.over
                return Gap(floor, bracket.over) if hole else Price(bracket.net, 0, bracket.row)
            floor = _limit(bracket)
        if self.per_kg is None:
            return Beyond(floor)
        started = quotient(weight - floor, _KG, "up")
        return Price(self.brackets[-1].net, started * self.per_kg.net, self.brackets[-1].row)


def _limit(bracket: Bracket) -> int:
    return bracket.up_to or 0


def build_ladder(rows: Sequence[Bracket]) -> tuple[Ladder | None, list[Fault]]:
    """Put rows in order and name what is wrong between them; no ladder when they cannot be priced from."""
    bounded = sorted((row for row in rows if row.up_to is not None), key=lambda row: (row.over, _limit(row)))
    endless = [row for row in rows if row.up_to is None]
    faults = [*_borders(bounded), *_top(bounded, endless)]
    if not bounded or any(not fault.doubt for fault in faults):
        return None, faults
    return Ladder(tuple(bounded), endless[0] if endless else None), faults


def _borders(rows: Sequence[Bracket]) -> Iterator[Fault]:
    for row in rows:
        if row.over >= _limit(row):
            yield _fault(row, "up_to_kg", "is not above over_kg", "write the upper border of the bracket")
    if rows and rows[0].over > EPSILON:
        yield _hole(rows[0], 0, rows[0].over)
    for lower, upper in pairwise(rows):
        if upper.over < _limit(lower) - EPSILON or _limit(upper) == _limit(lower):
            cause = f"overlaps the bracket of {lower.row}"
            yield _fault(upper, "over_kg", cause, f"let it begin at {kilograms(_limit(lower))}")
        elif upper.over > _limit(lower) + EPSILON:
            yield _hole(upper, _limit(lower), upper.over)
        if upper.net < lower.net:
            cause = f"is less than the lighter bracket of {lower.row}"
            yield _fault(upper, "net_eur", cause, "correct it, if it is not meant", doubt=True)


def _top(bounded: Sequence[Bracket], endless: Sequence[Bracket]) -> Iterator[Fault]:
    for twin in endless[1:]:
        cause = f"is a second price per kilogram beside {endless[0].row}"
        yield _fault(twin, "up_to_kg", cause, "keep one of them, or write the upper border")
    if not endless:
        return
    over = endless[0].over
    top = _limit(bounded[-1]) if bounded else 0
    if abs(over - top) > EPSILON or not bounded:
        cause = f"counts from {kilograms(over)}, the last bracket ends at {kilograms(top)}"
        yield _fault(endless[0], "over_kg", cause, "let both be the same")


def _fault(row: Bracket, column: str, cause: str, fix: str, *, doubt: bool = False) -> Fault:
    return Fault(row.line, column, cause, fix, doubt, row.sheet)


def _hole(row: Bracket, over: int, up_to: int) -> Fault:
    cause = f"leaves weights from {kilograms(over)} to {kilograms(up_to)} without a price"
    return _fault(row, "over_kg", cause, "add the bracket between, or let this one begin there", doubt=True)


def kilograms(milligrams: int) -> str:
    """Milligrams as people write them: `1.5 kg`."""
    whole, rest = divmod(milligrams, _KG)
    fraction = f".{rest:06}".rstrip("0").rstrip(".")
    return f"{whole}{fraction} kg"


__all__ = ["EPSILON", "Beyond", "Bracket", "Fault", "Gap", "Ladder", "Price", "build_ladder", "kilograms"]
