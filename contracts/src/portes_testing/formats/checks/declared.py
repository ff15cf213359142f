"""Checks of what the operator declares: the decimal sign, the unit of weights, and what a price of zero means."""

from collections.abc import Iterator
from typing import Any, Final

from portes.errors import Problems
from portes.tables import NO_LIMIT, NoRow, RateTable, ReadOptions, Row
from portes.tables.index.compiler import compile_rows
from portes.tables.reading.decimals import decimal_sign
from portes_testing.formats.case import Sample
from portes_testing.formats.cells import Spot, numbers_of
from portes_testing.formats.checks.rows import row_breaches
from portes_testing.formats.grids import grid_of, texts_of
from portes_testing.formats.reading import FormatUnderTest, Reading, options
from portes_testing.formats.text_grid import TextGrid
from portes_testing.harness.errors import require, require_none

_OTHER: Final = {".": ",", ",": "."}
_SWAPPED: Final = str.maketrans(".,", ",.")


def the_decimal_sign_is_honoured(under_test: FormatUnderTest) -> None:
    """A declared decimal sign reads a file of that sign, and a file of the other one is told to be another."""
    for sample, grid in texts_of(under_test.case):
        signs = set(_signs(grid, sample, under_test).values())
        if len(signs) != 1:
            continue
        (own,) = signs
        right = _read(under_test, sample, decimal=own)
        same = not right.problems and right.rows == under_test.sound(sample).rows
        require(same, f"{sample} is written with {own!r}, and declared so it is another table: {right.words}")
        wrong = _read(under_test, sample, decimal=_OTHER[own])
        if "decimal" in under_test.case.settled:
            _unchanged(wrong, under_test.sound(sample), sample, "decimal")
        else:
            require(wrong.problems, f"{sample} is written with {own!r}, declared the other way, and no problem is told")


def a_column_has_one_decimal_sign(under_test: FormatUnderTest) -> None:
    """A number in another style than its column's is a problem: whoever guesses by the cell reads 1.234 as 1,234."""
    for sample, grid in texts_of(under_test.case):
        declared, signs = options(sample, decimal=None), _signs(grid, sample, under_test)
        require_none(
            (
                f"{spot}: {grid.filled[spot]!r} as {other!r}"
                for spot in _seconds(signs)
                for other in [str(grid.filled[spot]).translate(_SWAPPED)]
                if not under_test.read(grid.with_cells({spot: other}), declared, f"{sample}, {spot}: {other}").problems
            ),
            f"{sample}: the sign of one number is another than its column's, and no problem is told",
        )


def _signs(grid: TextGrid, sample: Sample, under_test: FormatUnderTest) -> dict[Spot, str]:
    """The cells that tell a decimal sign, and which."""
    currency = options(sample).currency
    found = ((spot, decimal_sign(value, currency)) for spot, value in numbers_of(grid, under_test.case).items())
    return {spot: sign for spot, sign in found if sign}


def _seconds(signs: dict[Spot, str]) -> Iterator[Spot]:
    """The second cell of each column with one sign: the first has settled it by then."""
    columns: dict[int, list[Spot]] = {}
    for spot in signs:
        columns.setdefault(spot.column, []).append(spot)
    yield from (spots[1] for spots in columns.values() if len(spots) > 1 and len({signs[each] for each in spots}) == 1)


def the_weight_unit_is_honoured(under_test: FormatUnderTest) -> None:
    """The same file declared in the other unit has weights a thousand times as large or small, or a problem."""
    for sample in under_test.case.samples:
        sound, own = under_test.sound(sample), options(sample).weight_unit
        other = _read(under_test, sample, weight_unit="kg" if own == "g" else "g")
        if "weight_unit" in under_test.case.settled:
            _unchanged(other, sound, sample, "weight_unit")
            continue
        up, down = (1000, 1) if own == "g" else (1, 1000)
        pairs = zip(other.rows, sound.rows, strict=False)
        scaled = len(other.rows) == len(sound.rows) and all(_weight(a) * down == _weight(b) * up for a, b in pairs)
        require(other.problems or scaled, f"{sample}: weight_unit is {own} or not, and weights are not a thousandfold")


def _weight(row: Row) -> int:
    return row.weight_to if row.weight_to < NO_LIMIT and row.axis == "weight" else 0


def zero_prices_are_honoured(under_test: FormatUnderTest) -> None:
    """A row that charges nothing is a problem, free or no service there, as the operator says."""
    if "zero_price" in under_test.case.settled:
        for sample in under_test.case.samples:
            for meant in ("free", "refuse"):
                _unchanged(_read(under_test, sample, zero_price=meant), under_test.sound(sample), sample, "zero_price")
        return
    freed = [(sample, found) for sample in under_test.case.samples if (found := _freed(under_test, sample))]
    require(
        freed,
        'with zero_price = "free", no number of any sample can be 0 so that a row charges nothing; '
        "give one row nothing but a price, or say under `settled` why zero_price means nothing",
    )
    for sample, (source, row) in freed:
        _means_what_is_declared(under_test, sample, source, row)


def _freed(under_test: FormatUnderTest, sample: Sample) -> tuple[bytes, Row] | None:
    """The sample with a price of zero, and a row that then charges nothing; None when there is none."""
    grid, sound = grid_of(sample, under_test.case), set(under_test.sound(sample).rows)
    for spot, value in numbers_of(grid, under_test.case).items():
        source = grid.with_cells({spot: "0" if isinstance(value, str) else 0})
        reading = under_test.read(source, options(sample, zero_price="free"), f"{sample} with 0 at {spot}")
        table = None if reading.problems else _compiled(reading, options(sample, zero_price="free"))
        for row in reading.rows if table else ():
            if row not in sound and any(each.price and each == row._replace(price=each.price) for each in sound):
                asked = _compiled(reading, options(sample, zero_price="report"))
                if asked is None:  # it is told, so the row charges nothing beside its price
                    return source, row
    return None


def _means_what_is_declared(under_test: FormatUnderTest, sample: Sample, source: bytes, row: Row) -> None:
    what = f"{sample} with a price of 0 in line {row.line}"
    for meant in ("report", "free", "refuse"):
        declared = options(sample, zero_price=meant)
        reading = under_test.read(source, declared, what)
        table = None if reading.problems else _compiled(reading, declared)
        if meant == "report":
            require(table is None, f'{what}: zero_price = "report", and no problem is told')
            continue
        require(table is not None, f'{what}: zero_price = "{meant}", and it is told as a problem: {reading.words}')
        found = (
            table.find(row.service, row.postal_from, row.weight_to // 1000, row.origin_from) if table else NoRow.RANGE
        )
        free = not isinstance(found, NoRow)
        require(free == (meant == "free"), f'{what}: zero_price = "{meant}", and the answer is {found}')


def _compiled(reading: Reading, declared: ReadOptions) -> RateTable | None:
    """The table that the rows of a reading make; None when they make none."""
    require_none(row_breaches(reading.rows, declared.country), "rows that nobody can count with make no table")
    compiled = compile_rows(reading.rows, declared, Problems())
    return RateTable("", declared, compiled) if compiled else None


def _read(under_test: FormatUnderTest, sample: Sample, **declared: Any) -> Reading:  # noqa: ANN401 — ReadOptions' own
    words = ", ".join(f"{name} = {value}" for name, value in declared.items())
    return under_test.read(sample.path.read_bytes(), options(sample, **declared), f"{sample} with {words}")


def _unchanged(reading: Reading, sound: Reading, sample: Sample, option: str) -> None:
    kept = reading.problems or reading.rows == sound.rows
    require(kept, f"{sample}: the case says that the format settles {option}, and it changes rows in silence")


__all__ = [
    "a_column_has_one_decimal_sign",
    "the_decimal_sign_is_honoured",
    "the_weight_unit_is_honoured",
    "zero_prices_are_honoured",
]
