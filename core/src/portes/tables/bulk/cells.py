"""Columns of cells as columns of numbers: ordinary cells all at once, each other one by the reader of its column."""

import re
from collections import Counter
from collections.abc import Sequence
from math import gcd
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np

from portes.contract.postal import PostalForm, RestoredCode, postal_form, postal_keys
from portes.tables.bulk.form import BulkError
from portes.tables.bulk.spans import WORD, CellSpans, Numbers, Truths
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
_LARGEST: Final = 2**62
_HYPHEN, _PERCENT = b"-%"
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,]([0-9]{1,6}))?")
_SAMPLE: Final = 64
"""Cells of a piece in which the shapes of numbers are looked for."""
_AFTER_HYPHEN: Final = 3
"""Digits of a postal code."""


class NumberColumn(NamedTuple):
    """Numbers of one column."""

    numbers: Numbers
    blank: Truths | None
    """Which cells have no number; None where all have one."""


class CodeColumn(NamedTuple):
    """Postal codes of one column."""

    numbers: Numbers
    """By which they sort."""
    restored: Truths
    """Whether a lost zero was put back."""
    lengths: Numbers
    """Characters of each."""


class ColumnReader:
    """Reads the cells of one column, piece by piece; each method raises `CellError` for a cell that cannot be read.

    A table with percent signs in one piece of a column and none in another is read line by line. Thread-safe.
    """

    def __init__(self, part: Part, cells: Cells) -> None:
        self.column = part.column
        self._cells = cells
        self._cache = ColumnCache(part, cells)
        self._shown: bool | None = None
        self._taken: tuple[int, int] | None = None
        """The least and the most of the numbers that the column is known to take."""
        self._lock = Lock()

    def words(self, spans: CellSpans) -> tuple[list[str], Numbers | None]:
        """The words of a column that differ, and per cell which one it is; None where all are the same."""
        return self._each_once(spans)

    def numbers(self, spans: CellSpans) -> NumberColumn:
        """The numbers of a column."""
        if self.column.read not in _NUMBERS:
            raise BulkError
        shown = self.column.percent and self._sees_percents(spans)
        if spans.same():
            value = self._read(spans.at([0]).texts()[0])
            blank = np.ones(len(spans), np.bool_) if value is None else None
            return NumberColumn(np.broadcast_to(np.int64(value or 0), len(spans)), blank)
        numbers, ordinary = self._ordinary(spans, shown=shown)
        if ordinary.all():
            self._see_taken(spans, numbers)
            return NumberColumn(numbers, None)
        among = np.flatnonzero(ordinary)
        if len(among):
            self._see_taken(spans.at(among), numbers[among])
        odd = np.flatnonzero(~ordinary)
        values, like = self._each_once(spans.at(odd))
        numbers[odd] = _spread([0 if value is None else value for value in values], like, len(odd))
        if None not in values:
            return NumberColumn(numbers, None)
        blank = np.zeros(len(numbers), np.bool_)
        blank[odd] = _spread([value is None for value in values], like, len(odd))
        return NumberColumn(numbers, blank)

    def codes(self, spans: CellSpans, *, last: bool) -> CodeColumn:
        """The postal codes of a column, as the first or the last ones of ranges. Raises `BulkError` for a blank."""
        country = self._cells.options.country
        form, number = postal_form(country), postal_keys(country)[last]
        numbers, ordinary, restored = _ordinary_codes(form, spans)
        lengths = np.full(len(spans), form.width)
        if not ordinary.all():
            odd = np.flatnonzero(~ordinary)
            codes, like = self._each_once(spans.at(odd))
            if not all(codes):
                raise BulkError
            numbers[odd] = _spread([number(code) for code in codes], like, len(odd))
            restored[odd] = _spread([isinstance(code, RestoredCode) for code in codes], like, len(odd))
            lengths[odd] = _spread([len(code) for code in codes], like, len(odd))
        return CodeColumn(numbers, restored, lengths)

    def _each_once(self, spans: CellSpans) -> tuple[list[Any], Numbers | None]:
        """What the cells that differ are read as, and per cell which one it is; None where all are the same."""
        firsts, like = spans.different()
        return [self._read(text) for text in spans.at(firsts).texts()], like

    def _read(self, cell: str) -> Any:  # noqa: ANN401 — each column has its own kind of value
        value = self._cache[cell]
        if not isinstance(value, tuple):
            return value
        first, last = value
        if first != last:
            raise BulkError  # a span of days
        return first

    def _sees_percents(self, spans: CellSpans) -> bool:
        """Whether cells have percent signs, since those without one may then be fractions."""
        shown = spans.text.percents and spans.any_ends_in(_PERCENT)
        with self._lock:
            if self._shown is None:
                self._shown = self._cells.has_percents = shown
        if shown != self._shown:
            raise BulkError
        return shown

    def _see_taken(self, spans: CellSpans, numbers: Numbers) -> None:
        """See that the column takes the least and the most of some numbers. Raises `BulkError` where it does not."""
        for at in (int(numbers.argmin()), int(numbers.argmax())):
            number = int(numbers[at])
            least, most = self._taken or (number + 1, number - 1)
            if not least <= number <= most:
                if self._read(spans.at([at]).texts()[0]) != number:
                    raise BulkError
                with self._lock:
                    least, most = self._taken or (number, number)
                    self._taken = min(least, number), max(most, number)

    def _ordinary(self, spans: CellSpans, *, shown: bool) -> tuple[Numbers, Truths]:
        """What ordinary numbers come to, and which cells are such: digits with a decimal sign or without."""
        percents = spans.signs(0) == _PERCENT if shown else None
        bare = spans if percents is None else CellSpans(spans.text, spans.begins, spans.ends - percents)
        unit = self._read("2%" if shown else "2") // 2
        numbers, ordinary = bare.begins, np.zeros(len(bare), np.bool_)
        left: Numbers | slice = slice(None)
        for decimals in _decimals_of(bare):
            found, fits = self._shaped(bare.at(left), decimals, unit)
            if fits.all() and isinstance(left, slice):
                numbers, ordinary = found, fits
                break
            numbers = numbers.copy() if isinstance(left, slice) else numbers
            numbers[left], ordinary[left] = found, fits
            left = np.flatnonzero(~ordinary)
            if not len(left):
                break
        if percents is not None:
            ordinary &= percents
        return numbers, ordinary

    def _shaped(self, spans: CellSpans, decimals: int, unit: int) -> tuple[Numbers, Truths]:
        """What cells with so many digits after their decimal sign come to, each in a unit, and which cells are such."""
        if decimals:
            sign = self._cells.decimal
            if sign is None:
                return spans.begins, np.zeros(len(spans), np.bool_)
            numbers, fits = spans.digits(sign, decimals)
        else:
            numbers, fits = spans.digits()
        common = gcd(unit, 10**decimals)
        factor, divisor = unit // common, 10**decimals // common
        if factor > _LARGEST // 10**WORD:
            fits &= numbers <= _LARGEST // factor
        if divisor > 1:
            whole = numbers // divisor
            fits &= whole * divisor == numbers
            numbers = whole
        numbers *= factor
        return numbers, fits


def _decimals_of(spans: CellSpans) -> Sequence[int]:
    """How many digits stand after the decimal sign in a sample of cells that are numbers, most frequent first."""
    sample = spans.at(slice(None, None, max(1, len(spans) // _SAMPLE)))
    found = Counter(len(match[1] or "") for match in map(_NUMBER.fullmatch, sample.texts()) if match)
    return [decimals for decimals, _ in found.most_common()]


def _spread(values: list[Any], like: Numbers | None, count: int) -> Any:  # noqa: ANN401 — each column has its own kind
    """The value of each cell, from those that differ."""
    return np.full(count, values[0]) if like is None else np.array(values)[like]


def _ordinary_codes(form: PostalForm, spans: CellSpans) -> tuple[Numbers, Truths, Truths]:
    """The numbers of ordinary codes, which cells are such, and which of them had lost their zero."""
    restored = np.zeros(len(spans), np.bool_)
    if not form.fixed or form.width > WORD:
        return np.zeros(len(spans), np.int64), restored.copy(), restored
    numbers, digits = spans.digits()
    ordinary = digits & (spans.lengths == form.width)
    if ordinary.all():
        return numbers, ordinary, restored
    restored = digits & (spans.lengths == form.width - 1)
    ordinary |= restored
    left = np.flatnonzero(~ordinary & (spans.lengths > _AFTER_HYPHEN + 1))
    lengths = spans.lengths[left]
    for length in np.unique(lengths).tolist():
        written = f"{0:0{length - _AFTER_HYPHEN - 1}}-{0:0{_AFTER_HYPHEN}}"
        short = bool(form.written.fullmatch(f"0{written}"))
        if not (short or form.written.fullmatch(written)):
            continue
        found = left[lengths == length]
        cells = spans.at(found)
        before, fits = CellSpans(spans.text, cells.begins, cells.ends - (_AFTER_HYPHEN + 1)).digits()
        after, fit = CellSpans(spans.text, cells.ends - _AFTER_HYPHEN, cells.ends).digits()
        fits &= fit & (cells.signs(_AFTER_HYPHEN) == _HYPHEN)
        numbers[found], ordinary[found] = before * 10**_AFTER_HYPHEN + after, fits
        restored[found] = fits & short
    return numbers, ordinary, restored
