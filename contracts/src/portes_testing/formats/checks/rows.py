"""Checks of rows by themselves: whole numbers, sane days, postal codes of the country, the same each time."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from portes.contract.postal import postal_form, postal_keys
from portes.tables import MICROS, NO_LIMIT, ON_REQUEST, REFUSED, Row
from portes_testing.formats.case import Sample
from portes_testing.formats.cells import Spot
from portes_testing.formats.grids import grid_of
from portes_testing.formats.reading import FormatUnderTest, options
from portes_testing.harness.errors import require, require_none

_MOST: Final = {"price": 4_000_000_000 * MICROS, "days_min": 999, "days_max": 999}
"""What nobody means more than, by field."""
_LARGEST: Final = 2**62
"""More than a packed table keeps of anything."""
_SAYING: Final = {"price": {REFUSED, ON_REQUEST}}
"""Negative numbers that say something, by field; elsewhere only a field's own default does."""
_ELSEWHERE: Final = {"ES": "BR"}
"""A country whose postal codes have another form; Spain for all but itself."""


def the_same_bytes_give_the_same_rows(under_test: FormatUnderTest) -> None:
    """A table is read again after each restart, and in each process; a price may not hang on which time it was."""
    for sample in under_test.case.samples:
        source, one = sample.path.read_bytes(), under_test.plugin()
        first = under_test.sound(sample)
        again = [under_test.read(source, options(sample), f"{sample}, once more", one) for _ in range(2)]
        for reading in again:
            require(reading.rows == first.rows, f"{sample} gives other rows when it is read again")


def rows_are_sane(under_test: FormatUnderTest) -> None:
    """Rows are whole numbers in their units; ranges, brackets and days run forwards."""
    for sample in under_test.case.samples:
        rows = under_test.sound(sample).rows
        require_none(row_breaches(rows, options(sample).country), f"{sample} gives rows that nobody can count with")
        require_none(_backwards(rows, options(sample).country), f"{sample} is sound, and rows run backwards")


def row_breaches(rows: Iterable[Row], country: str) -> Iterator[str]:
    """What is wrong with rows, whatever file they come from: types, signs, sizes and the form of postal codes."""
    for row in rows:
        yield from (f"line {row.line}: {breach}" for breach in _typed(row))
        yield from (f"line {row.line}: {breach}" for breach in _foreign(row, country))


def _foreign(row: Row, country: str) -> Iterator[str]:
    """Postal codes that are none of the country, or not as `Place` writes them."""
    form = postal_form(country)
    for name in (each for each in Row._fields if each.startswith(("postal", "origin"))):
        code = str(getattr(row, name))
        known = form.code.fullmatch(code) if form.fixed else form.begins(code)
        if not known and (code or name.startswith("postal")):
            yield f"{name} is {code!r}; in {country} it is {form.words}"


def _typed(noun: Any) -> Iterator[str]:  # noqa: ANN401 — a row, or what it is made of
    for name, kind in get_type_hints(type(noun)).items():
        yield from _fits(getattr(noun, name), kind, name, _SAYING.get(name, {noun._field_defaults.get(name)}))


def _fits(value: Any, kind: Any, name: str, saying: Collection[Any]) -> Iterator[str]:  # noqa: ANN401 — any field
    if get_origin(kind) is tuple:
        yield from (breach for each in value for breach in _fits(each, get_args(kind)[0], name, ()))
    elif get_origin(kind) is Literal:
        if value not in get_args(kind):
            yield f"{name} is {value!r}, none of {', '.join(get_args(kind))}"
    elif kind is int:
        yield from _whole(value, name, saying)
    elif not isinstance(value, kind):
        yield f"{name} is {value!r}, of the type {type(value).__name__}"
    elif kind is not str:
        yield from _typed(value)


def _whole(value: Any, name: str, saying: Collection[Any]) -> Iterator[str]:  # noqa: ANN401 — what should be a whole number
    if type(value) is not int:
        yield f"{name} is {value!r}, of the type {type(value).__name__}; it must be a whole number"
    elif value < 0 and value not in saying:
        yield f"{name} is {value}, less than nothing"
    elif value > _MOST.get(name, _LARGEST):
        yield f"{name} is {value}, more than anybody means"


def _backwards(rows: Iterable[Row], country: str) -> Iterator[str]:
    low, high = postal_keys(country)
    for row in rows:
        if low(row.postal_from) > high(row.postal_to):
            yield f"line {row.line}: postal codes from {row.postal_from} to {row.postal_to}"
        if not row.weight_from < row.weight_to <= NO_LIMIT:
            yield f"line {row.line}: a bracket from {row.weight_from} to {row.weight_to}"
        if row.terms.days_min > row.terms.days_max:
            yield f"line {row.line}: days from {row.terms.days_min} to {row.terms.days_max}"


def codes_are_of_the_declared_country(under_test: FormatUnderTest) -> None:
    """A table of one country that is declared to be another's gives no code of either where there is none."""
    for sample in under_test.case.samples:
        other = _ELSEWHERE.get(options(sample).country, "ES")
        reading = under_test.read(
            sample.path.read_bytes(), options(sample, country=other), f"{sample}, declared to be of {other}"
        )
        require_none(row_breaches(reading.rows, other), f"{sample} is declared to be of {other}, and codes are not")


def a_lost_zero_is_put_back_or_told(under_test: FormatUnderTest) -> None:
    """A spreadsheet drops the zero that a postal code begins with, and the row is then somewhere else."""
    for sample in under_test.case.samples:
        sound, declared = under_test.sound(sample), options(sample)
        cells = _with_a_leading_zero(sample, under_test)
        if not cells:
            continue
        source = grid_of(sample, under_test.case).with_cells({spot: code[1:] for spot, code in cells.items()})
        reading = under_test.read(source, declared, f"{sample} without the zeros that postal codes begin with")
        require_none(row_breaches(reading.rows, declared.country), "a code that lost its zero is taken as it is")
        kept = reading.problems or reading.unplaced == sound.unplaced
        require(kept, f"{sample} without the zeros that postal codes begin with means something else in silence")


def _with_a_leading_zero(sample: Sample, under_test: FormatUnderTest) -> dict[Spot, str]:
    """The cells with a postal code of fixed length that begins with a zero."""
    form = postal_form(options(sample).country)
    texts = {spot: str(value).strip() for spot, value in grid_of(sample, under_test.case).filled.items()}
    return {
        spot: text
        for spot, text in texts.items()
        if form.fixed and text.startswith("0") and form.written.fullmatch(text)
    }


__all__ = [
    "a_lost_zero_is_put_back_or_told",
    "codes_are_of_the_declared_country",
    "row_breaches",
    "rows_are_sane",
    "the_same_bytes_give_the_same_rows",
]
