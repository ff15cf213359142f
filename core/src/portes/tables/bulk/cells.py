"""Columns of text as columns of numbers: ordinary cells all at once, each other one by the reader of its column."""

from collections.abc import Callable
from math import gcd
from threading import Lock
from typing import Any, Final, NamedTuple

import polars as pl

from portes.contract.postal import PostalForm, RestoredCode, postal_form, postal_keys
from portes.tables.bulk.form import BulkError
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import ColumnCache
from portes.tables.reading.headers import Part

_NUMBERS: Final = frozenset(
    {
        Cells.base_price,
        Cells.day_span,
        Cells.days,
        Cells.per_kg,
        Cells.per_unit,
        Cells.percent,
        Cells.price,
        Cells.span,
        Cells.unit_border,
        Cells.value_border,
        Cells.volume,
        Cells.volume_border,
        Cells.weight,
    }
)
"""Readers that take every number between the least and the greatest that they take, and multiply it by their unit."""
_MILLION: Final = 10**6
_LARGEST: Final = 2**62
_SAMPLE: Final = 4096
LONGEST: Final = 1_000
"""Characters of a cell; csv.reader has a limit of its own on longer ones."""


class CodeColumn(NamedTuple):
    """Postal codes of one column."""

    numbers: pl.Series
    """By which they sort; null for a blank."""
    restored: pl.Series
    """Whether a lost zero was put back."""
    lengths: pl.Series
    """Characters of each."""


class ColumnReader:
    """Reads the cells of one column, piece by piece; each method raises `CellError` for a cell that cannot be read.

    A table with percent signs in one piece of a column and none in another is read line by line. Thread-safe.
    """

    def __init__(self, part: Part, cells: Cells, few: int) -> None:
        self.column = part.column
        self._cells = cells
        self._few = few
        self._cache = ColumnCache(part, cells)
        self._shown: bool | None = None
        self._lock = Lock()

    def words(self, text: pl.Series) -> pl.Series:
        """The words of a column."""
        return _each_once(text, self._read, pl.String)

    def numbers(self, text: pl.Series) -> pl.Series:
        """The numbers of a column; null where a blank has no number."""
        if self.column.read not in _NUMBERS:
            raise BulkError
        if self.column.percent:
            self._see_percents(text)
        sample = text.gather_every(max(1, len(text) // _SAMPLE))
        if sample.n_unique() <= self._few:
            return _each_once(text, self._read, pl.Int64)
        signed = any(some.str.contains("[.,]").any() for some in (sample, text))
        numbers = self._ordinary(text, self._cells.decimal if signed else None)
        for at in (numbers.arg_min(), numbers.arg_max()):  # whether the column takes so little, and so much
            if at is not None and self._read(text[at]) != numbers[at]:
                raise BulkError
        odd = numbers.is_null()
        if odd.any():
            numbers = numbers.zip_with(~odd, _spread(_each_once(text.filter(odd), self._read, pl.Int64), odd))
        return numbers

    def codes(self, text: pl.Series, *, last: bool) -> CodeColumn:
        """The postal codes of a column, as the first or the last ones of ranges."""
        country = self._cells.options.country
        form, number = postal_form(country), postal_keys(country)[last]
        numbers, restored = _ordinary_codes(form, text)
        lengths = pl.repeat(form.width, len(text), dtype=pl.UInt32, eager=True)
        odd = numbers.is_null()
        if odd.any():
            others = text.filter(odd)

            def spread(value: Callable[[str], object], dtype: Any) -> pl.Series:  # noqa: ANN401 — a type of Polars
                return _spread(_each_once(others, lambda cell: value(self._read(cell)), dtype), odd)

            numbers = numbers.zip_with(~odd, spread(lambda code: number(code) if code else None, pl.Int64))
            restored = restored.zip_with(~odd, spread(lambda code: isinstance(code, RestoredCode), pl.Boolean))
            lengths = lengths.zip_with(~odd, spread(len, pl.UInt32))
        return CodeColumn(numbers, restored, lengths)

    def _read(self, cell: str) -> Any:  # noqa: ANN401 — each column has its own kind of value
        if len(cell) > LONGEST:
            raise BulkError
        value = self._cache[cell]
        if not isinstance(value, tuple):
            return value
        first, last = value
        if first != last:
            raise BulkError  # a span of days
        return first

    def _see_percents(self, text: pl.Series) -> None:
        """Note whether cells have percent signs, since those without one may then be fractions."""
        shown = bool(text.str.contains("%", literal=True).any())
        with self._lock:
            if self._shown is None:
                self._shown = self._cells.has_percents = shown
        if shown != self._shown:
            raise BulkError

    def _ordinary(self, text: pl.Series, sign: str | None) -> pl.Series:
        """What ordinary numbers come to under a decimal sign; null for every other cell."""
        shown = "%" if self._shown else ""
        fraction = rf"(?:[{sign}][0-9]{{1,6}})?" if sign else ""
        ordinary = text.str.contains(rf"^[0-9]{{1,9}}{fraction}{shown}$")
        bare = text.str.strip_suffix("%") if shown else text
        bare = bare.str.replace(",", ".", literal=True) if sign == "," else bare
        millionths = bare.cast(pl.Decimal(18, 6), strict=False).to_physical().cast(pl.Int64)
        unit = self._read(f"2{shown}") // 2
        factor, divisor = unit // gcd(unit, _MILLION), _MILLION // gcd(unit, _MILLION)
        kept = ordinary & (millionths <= _LARGEST // factor)
        if divisor > 1:
            kept &= millionths % divisor == 0
            millionths //= divisor
        found: pl.Series = millionths * factor
        return found.set(~kept, None)


def _each_once(text: pl.Series, read: Callable[[str], Any], dtype: Any) -> pl.Series:  # noqa: ANN401 — a type of Polars
    """What each cell is read as; each different one is read once."""
    different = text.unique(maintain_order=True)
    values = pl.Series([read(cell) for cell in different], dtype=dtype)
    return values.gather(text.cast(pl.Enum(different)).to_physical())


def _spread(values: pl.Series, places: pl.Series) -> pl.Series:
    """The values at the places that are true, and null at the others."""
    at = places.cum_sum().cast(pl.Int64) - 1
    return values.gather(at.zip_with(places, pl.repeat(None, len(at), dtype=pl.Int64, eager=True)))


def _ordinary_codes(form: PostalForm, text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The numbers of ordinary codes, null for every other cell; and which of them had lost their zero."""
    none = pl.repeat(None, len(text), dtype=pl.Int64, eager=True)
    if not form.fixed:
        return none, pl.repeat(value=False, n=len(text), dtype=pl.Boolean, eager=True)
    whole = text.str.contains(f"^[0-9]{{{form.width}}}$")
    if whole.all():
        return text.cast(pl.Int64), ~whole
    whole = text.str.contains(f"^(?:{form.written.pattern})$")
    restored = ("0" + text).str.contains(f"^(?:{form.written.pattern})$")
    digits = text.str.replace_all(r"[\s.-]", "").cast(pl.Int64, strict=False)
    return digits.zip_with(whole | restored, none), restored
