"""Rows in blocks: all brackets of one postal range, as they come, checked to lie side by side."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple

from portes.contract.postal import postal_keys
from portes.errors import Problems
from portes.tables.protocol import Axis, Micros, Milligrams, Row, Terms

_UNIT: Final = 1000
"""Thousandths in a whole gram, minor unit, unit or cm³: what borders are looked up by."""
_IN_ORDER: Final = "give the rows as RateTable.rows() does: by service, origin, postal code and bracket, none twice"


class WrittenBracket(NamedTuple):
    """One bracket of a block, whose lower border touches the one below or stands alone."""

    low: Milligrams
    """Where it begins: the border of the bracket below, 0, or what it holds itself above a hole."""
    high: Milligrams
    """Its upper border, inclusive; `NO_LIMIT` without one."""
    price: Micros
    """Base price; or `REFUSED` or `ON_REQUEST`."""
    extra_from: Milligrams
    terms: Terms
    joined: bool
    """Whether `low` belongs to the bracket below, or is nothing; a bracket above a hole holds its own."""
    top: bool
    """Whether no bracket of the range is above it."""


class Block(NamedTuple):
    """The brackets of one service, origin and postal range, lowest first: no file tears them apart."""

    service: str
    origin_from: str
    """Blank: from anywhere."""
    origin_to: str
    postal_from: str
    postal_to: str
    axis: Axis
    brackets: tuple[WrittenBracket, ...]

    @property
    def codes(self) -> str:
        """The postal range, for a message."""
        return f"{self.postal_from}-{self.postal_to}"


def blocks_of(
    rows: Iterable[Row], country: str, step: int, problems: Problems, without: Callable[[Row], bool] | None = None
) -> Iterator[Block]:
    """The blocks of some rows, in their order; rows that overlap or come in another order are a problem.

    Rows for which `without` is true are left out, and leave a hole.

    The format's reader closes gaps between brackets of up to `step` whole units of the axis, so a hole of that size
    is a problem too.
    """
    order = _Order(country)
    axis: Axis | None = None
    for key, group in groupby(rows, _key):
        block = Block(*key, _brackets([*group], without))
        axis = axis or block.axis
        fault = order.fault(block) or _bracket_fault(block, step)
        if block.axis != axis:
            fault = f"its brackets are of {block.axis}, those before it of {axis}"
        if fault and block.brackets:
            problems.add("postal range", block.codes, fault, _IN_ORDER)
        else:
            yield block


def _key(row: Row) -> tuple[str, str, str, str, str, Axis]:
    return row.service, row.origin_from, row.origin_to, row.postal_from, row.postal_to, row.axis


def _brackets(rows: list[Row], without: Callable[[Row], bool] | None) -> tuple[WrittenBracket, ...]:
    """The brackets of a range; borders up to one unit apart touch, as they do to the readers."""
    found: list[WrittenBracket] = []
    below = 0
    after_hole = False
    for at, row in enumerate(rows):
        low, joined = row.weight_from, abs(row.weight_from // _UNIT - below // _UNIT) <= 1
        high = row.weight_to // _UNIT * _UNIT
        if joined:
            low = below + _UNIT * after_hole
        if without and without(row):
            after_hole = True
        else:
            top = at + 1 == len(rows)
            found.append(
                WrittenBracket(low, high, row.price, row.extra_from, row.terms, joined and not after_hole, top)
            )
            after_hole = False
        below = high
    return tuple(found)


def _bracket_fault(block: Block, step: int) -> str:
    """What is wrong with the brackets of a block, in words; empty when nothing is."""
    below = 0
    for one in block.brackets:
        if one.low < below:
            return f"its {block.axis} brackets overlap, or fall from one row to the next"
        if one.high <= one.low:
            return f"a {block.axis} bracket holds nothing, or above a hole a single number, which rows cannot say"
        if not one.joined and one.low - below <= step * _UNIT:
            return f"has a hole of {(one.low - below) // _UNIT} below a bracket, which the format takes for none"
        below = one.high
    return ""


class _Order:
    """What was seen of the blocks so far, to tell one that is out of order."""

    def __init__(self, country: str) -> None:
        self._low, self._high = postal_keys(country)
        self._services: set[str] = set()
        self._service: str | None = None
        self._origin: tuple[str, str] | None = None
        self._origin_end = self._end = -1

    def fault(self, block: Block) -> str:
        """Why a block cannot follow those before it; empty when it can."""
        if block.service != self._service:
            if block.service in self._services:
                return f"the service {block.service!r} comes again after another one"
            self._services.add(block.service)
            self._service, self._origin = block.service, None
        origin = block.origin_from, block.origin_to
        if origin != self._origin:
            if fault := self._origin_fault(block):
                return fault
            self._origin, self._end = origin, -1
        start, end = self._low(block.postal_from), self._high(block.postal_to)
        if start > end:
            return "the postal range runs backwards"
        if start <= self._end:
            return "overlaps a postal range before it, or comes after a later one"
        self._end = end
        return ""

    def _origin_fault(self, block: Block) -> str:
        first = self._origin is None
        if not block.origin_from:
            self._origin_end = self._high(block.postal_to)
            return "" if first else "is from anywhere, and ranges before it from some origins"
        if not first and self._origin == ("", ""):
            return "is from some origins, and ranges before it from anywhere"
        start = self._low(block.origin_from)
        if not first and start <= self._origin_end:
            return "its origin overlaps the one before it, or comes after a later one"
        self._origin_end = self._high(block.origin_to)
        return ""
