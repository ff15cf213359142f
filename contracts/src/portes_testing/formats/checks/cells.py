"""Checks of single cells: each number of a sample is replaced in turn, and the rows are compared."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import Final, NamedTuple

from portes.tables import Row
from portes_testing.formats.case import FormatCase, Sample
from portes_testing.formats.cells import Spot, Value, headers_of, numbers_of
from portes_testing.formats.checks.rows import row_breaches
from portes_testing.formats.grids import grid_of
from portes_testing.formats.reading import FormatUnderTest, Reading, options
from portes_testing.harness.errors import require_none

_RUBBISH: Final = ("#REF!", "x", "7?")
"""An error of the spreadsheet, a word, and a number that somebody was not sure of."""
_HUGE: Final = (10**15, 10**40)


class _Replaced(NamedTuple):
    """A sample with one cell replaced, and what came of it."""

    sample: Sample
    spot: Spot
    value: Value
    rubbish: str
    sound: Reading
    reading: Reading
    in_header: bool

    def __str__(self) -> str:
        return f"{self.sample}, {self.spot}: {self.value!r} replaced by {self.rubbish!r}"

    @property
    def invented(self) -> Sequence[Row]:
        """Rows that the sample does not give as it is; once a problem is told, only those of the cell's own line.

        A table with a problem is not sold by; a bracket that begins where a lost one ended does no harm there.
        """
        known, told = set(self.sound.rows), bool(self.reading.problems)
        return [row for row in self.reading.rows if row not in known and (row.line == self.spot.line or not told)]

    @property
    def lost(self) -> int:
        """How many rows of the sample do not come any more."""
        return len(set(self.sound.rows) - set(self.reading.rows))


@cache
def _replaced(case: FormatCase) -> Sequence[_Replaced]:
    """Each number of each sample replaced by rubbish; read once for the checks that look at it."""
    return tuple(_each_replaced(FormatUnderTest(case)))


def _each_replaced(under_test: FormatUnderTest) -> Iterator[_Replaced]:
    for sample in under_test.case.samples:
        grid, sound = grid_of(sample, under_test.case), under_test.sound(sample)
        headers = headers_of(grid)
        for spot, value in numbers_of(grid, under_test.case).items():
            for rubbish in _RUBBISH:
                what = f"{sample} with {rubbish!r} at {spot}"
                reading = under_test.read(grid.with_cells({spot: rubbish}), options(sample), what)
                yield _Replaced(sample, spot, value, rubbish, sound, reading, spot in headers)


def what_cannot_be_read_is_never_taken_for_a_value(under_test: FormatUnderTest) -> None:
    """No row comes of a cell that is no number any more: it would be priced, placed or timed by nothing."""
    breaches = (
        f"{each}: line {row.line} is {_differing(row, each.sound)}"
        for each in _replaced(under_test.case)
        for row in each.invented
    )
    require_none(breaches, "cells that cannot be read are taken for something")


def what_cannot_be_read_is_told(under_test: FormatUnderTest) -> None:
    """A problem is told for each cell that cannot be read; one that nothing depends on is declared a decoration."""
    silent = (each for each in _replaced(under_test.case) if not each.reading.problems and not each.invented)
    breaches = (
        f"{each}: {f'{each.lost} rows are gone' if each.lost else 'the rows are the same; declare a decoration'}"
        for each in silent
    )
    require_none(breaches, "cells cannot be read, and no problem is told")


def a_problem_names_its_place(under_test: FormatUnderTest) -> None:
    """The problem of a cell names line, column and value, why it cannot be read and what to write instead."""
    require_none(_misplaced(under_test.case), "an operator cannot find or mend these")


def _misplaced(case: FormatCase) -> Iterator[str]:
    for each in _replaced(case):
        for problem in each.reading.problems:
            if not (problem.where and problem.cause and problem.fix):
                yield f"{each}: {problem} (where, cause and fix are wanted)"
        placed = any(problem.line == each.spot.line and problem.value for problem in each.reading.problems)
        if each.reading.problems and not placed and not each.in_header:
            yield f"{each}: no problem has the line {each.spot.line} and a value: {each.reading.words}"


def strange_numbers_are_told_or_make_sense(under_test: FormatUnderTest) -> None:
    """A number that is less than nothing, or larger than anything, raises nothing, and no row has it."""
    for sample in under_test.case.samples:
        grid, country = grid_of(sample, under_test.case), options(sample).country
        for spot, value in numbers_of(grid, under_test.case).items():
            for strange in _strange(value):
                what = f"{sample} with {str(strange)[:20]} at {spot}"
                reading = under_test.read(grid.with_cells({spot: strange}), options(sample), what)
                require_none(row_breaches(reading.rows, country), what)


def _strange(value: Value) -> Iterator[Value]:
    """The number made negative where it is not nothing, and huge ones."""
    if isinstance(value, str):
        yield from (f"-{value.strip().removeprefix('-')}", *map(str, _HUGE))
    elif isinstance(value, int | float | timedelta):
        yield from (-value, float(_HUGE[-1]))


def _differing(row: Row, sound: Reading) -> str:
    """What a row has that the sample's rows of its line do not have."""
    like = next((each for each in sound.rows if (each.sheet, each.line) == (row.sheet, row.line)), None)
    if like is None:
        return "a row where there was none"
    pairs = zip(Row._fields, row, like, strict=True)
    return ", ".join(f"{name} {value!r}, was {before!r}" for name, value, before in pairs if value != before)


__all__ = [
    "a_problem_names_its_place",
    "strange_numbers_are_told_or_make_sense",
    "what_cannot_be_read_is_never_taken_for_a_value",
    "what_cannot_be_read_is_told",
]
