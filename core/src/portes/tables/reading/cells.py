"""Single cells of a table, as people and spreadsheets write them, read exactly."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from portes.contract.money import exponent, without_symbol
from portes.contract.numbers import AmbiguousNumberError, parse_number
from portes.contract.postal import postal_form, read_range_end
from portes.contract.rounding import rounded
from portes.tables.protocol import MICROS, NO_LIMIT, ON_REQUEST, ReadOptions
from portes.tables.reading.decimals import decimal_signs
from portes.tables.reading.phrases import days_of, range_of, truth_of
from portes.tables.reading.words import is_on_request


@dataclass(frozen=True, slots=True)
class PercentCell:
    """A number that a spreadsheet shows as a percentage: 0.003 for 0.3 %."""

    value: float

    def __str__(self) -> str:
        return f"{_exact(self.value) * 100:f}%"


@dataclass(frozen=True, slots=True)
class UnseenCell:
    """A number among percentages, of a kind of workbook that does not tell how it is shown."""

    value: float

    def __str__(self) -> str:
        return f"{_exact(self.value):f}"


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell that is neither a value nor blank, such as `#REF!`: a problem in every column that is read."""

    text: str
    cause: str
    fix: str

    def __str__(self) -> str:
        return self.text or "="


ERROR: Final = ("is an error of the spreadsheet", "mend its formula, or write the value")
"""Cause and fix of a cell whose formula came to nothing."""

Cell = str | int | float | timedelta | PercentCell | UnseenCell | OddCell
"""A cell of a text file is text; a spreadsheet also has numbers and spans of time."""

Line = tuple[int, Sequence[Cell]]
"""A line's number, from 1, and its cells."""

MILLION: Final = Decimal(1_000_000)

_NOISY_DIGITS: Final = (16, 17)
"""With so many digits floats are written out, when nobody rounds them first."""
_LONGEST: Final = 999
_LONGEST_TEXT: Final = 500
_LARGEST_PRICE: Final = 4_000_000_000
_PRICE_DECIMALS: Final = 6
"""Of a minor unit: what is kept of a price."""
_LARGEST_MONEY: Final = _LARGEST_PRICE * MICROS
_LARGEST_PERCENT: Final = 1000 * 10**6
_LARGEST: Final = 2**62
_SPAN: Final = re.compile(r"(?:(\d{1,3})\.)?(\d{1,4}):(\d{2}):(\d{2})", re.ASCII)

ColumnCells = Callable[[], Iterable[Cell]]
"""All cells of a column below its header, in every sheet; they can be gone through again."""


class CellError(ValueError):
    """A cell that cannot be read: why, and what to write instead."""

    def __init__(self, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.fix = fix


class Cells:
    """The readers of the cells of one column, under the options of its file. Each raises `CellError`."""

    def __init__(
        self,
        options: ReadOptions,
        column: ColumnCells,
        others: Callable[[], Iterable[ColumnCells]] = tuple,
        unit: str = "",
    ) -> None:
        self.options = options
        self.unit = unit
        """What the column's header states, for a volume; weights are in the unit of the options."""
        self._column = column
        self._others = others

    @cached_property
    def decimal(self) -> str | None:
        """The decimal sign: declared, of the column's first number that tells, or of all that tell in the others."""
        currency = self.options.currency
        own: str | None = self.options.decimal or next(decimal_signs(self._column(), currency), None)
        if own is not None:
            return own
        told = {next(decimal_signs(other(), currency), None) for other in self._others()} - {None}
        return told.pop() if len(told) == 1 else None

    @cached_property
    def _agreed(self) -> str | None:
        """The decimal sign of all numbers of the column that tell one; None when they differ or none tells."""
        told = set(decimal_signs(self._column(), self.options.currency))
        return told.pop() if len(told) == 1 else None

    @cached_property
    def has_percents(self) -> bool:
        """Whether any cell of the column says that it is a percentage."""
        return any(
            isinstance(cell, PercentCell) or (isinstance(cell, str) and cell.rstrip().endswith("%"))
            for cell in self._column()
        )

    def text(self, cell: Cell, most: int = _LONGEST_TEXT) -> str:
        """A word or a sentence of at most so many characters, as it stands."""
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        text = str(cell).strip()
        if len(text) > most:
            raise CellError(f"has {len(text)} characters", f"write at most {most}")
        return text

    def note(self, cell: Cell) -> str:
        """Words that mean nothing to a price; even an error may stand there."""
        return str(cell).strip()

    def postal_code(self, cell: Cell) -> str:
        """A postal code of the table's country, in canonical text."""
        try:
            return read_range_end(cell if isinstance(cell, str) else self.text(cell), self.options.country)
        except ValueError as error:
            raise CellError(str(error), f"write {postal_form(self.options.country).words}") from None

    def weight(self, cell: Cell) -> int:
        """A weight in the table's unit, as milligrams."""
        unit = self.options.weight_unit
        scale = MILLION if unit == "kg" else Decimal(1000)
        return self._scaled(cell, scale, f"write a weight in {unit}, zero or more", most=NO_LIMIT)

    def price(self, cell: Cell) -> int:
        """An amount of money, in millionths of a minor unit."""
        scale = MILLION.scaleb(exponent(self.options.currency))
        return self._scaled(cell, scale, self._price_fix, most=_LARGEST_MONEY)

    def base_price(self, cell: Cell) -> int:
        """A price in millionths of a minor unit, or `ON_REQUEST` for words that say so."""
        if isinstance(cell, str) and is_on_request(cell):
            return ON_REQUEST
        return self.price(cell)

    def amount(self, cell: Cell) -> int:
        """An amount in whole minor units, read by itself: the column decides only what could mean two things."""
        places, currency = exponent(self.options.currency), self.options.currency
        decimals = f"at most {places} decimals" if places else "no decimals"
        fix = f"write an amount of {currency} with {decimals}, such as {Decimal(1290).scaleb(-places)}"
        return self._whole(self._number(cell, fix, alone=True), Decimal(10) ** places, fix)

    @cached_property
    def _price_fix(self) -> str:
        places, currency = exponent(self.options.currency), self.options.currency
        most, example = places + _PRICE_DECIMALS, Decimal(1290).scaleb(-places)
        return f"write an amount of {currency} with at most {most} decimals, such as {example}"

    def per_kg(self, cell: Cell) -> int:
        """Money per kg, as millionths of a minor unit."""
        scale = MILLION.scaleb(exponent(self.options.currency))
        fix = f"write an amount of {self.options.currency} for each kg, such as 0.865"
        return self._scaled(cell, scale, fix, most=_LARGEST_MONEY)

    def per_unit(self, cell: Cell) -> int:
        """Money per unit of the table's weights, as millionths of a minor unit per kg."""
        units = 1 if self.options.weight_unit == "kg" else 1000
        scale = MILLION.scaleb(exponent(self.options.currency)) * units
        fix = f"write an amount of {self.options.currency} for each {self.options.weight_unit}"
        return self._scaled(cell, scale, fix, most=_LARGEST_MONEY)

    def value_border(self, cell: Cell) -> int:
        """A border between brackets of declared value, in thousandths of a minor unit."""
        scale = Decimal(1000).scaleb(exponent(self.options.currency))
        return self._scaled(cell, scale, f"write an amount of {self.options.currency}, zero or more", most=NO_LIMIT)

    def unit_border(self, cell: Cell) -> int:
        """A border between brackets of units, in thousandths of one."""
        return self._scaled(cell, Decimal(1000), "write a number of units, zero or more", most=NO_LIMIT)

    def volume_border(self, cell: Cell) -> int:
        """A border between brackets of volume, written in cm³, in thousandths of one."""
        return self._scaled(cell, Decimal(1000), "write a volume in cm³, zero or more", most=NO_LIMIT)

    def percent(self, cell: Cell) -> int:
        """A percentage, as millionths of a percent: 10, `10%` and 0.1 shown as 10 % all mean 10 %."""
        fix = "write a percentage such as 0.30%"
        if isinstance(cell, PercentCell):
            return self._scaled(cell.value, MILLION * 100, fix, most=_LARGEST_PERCENT)
        if isinstance(cell, str) and cell.rstrip().endswith("%"):
            return self._scaled(cell.rstrip().removesuffix("%"), MILLION, fix, most=_LARGEST_PERCENT)
        unseen = isinstance(cell, UnseenCell)
        bare = cell.value if isinstance(cell, UnseenCell) else cell
        percent = self._scaled(bare, MILLION, fix, most=_LARGEST_PERCENT)
        if 0 < percent <= MILLION and (unseen or self.has_percents):
            one, other = (f"{Decimal(percent).scaleb(power).normalize():f}%" for power in (-6, -4))
            cause = f"may mean {one} or, as a fraction, {other}"
            raise CellError(cause, f"write {one} or {other} with its sign" + (", or save it as XLSX" if unseen else ""))
        return percent

    def volume(self, cell: Cell) -> int:
        """A volume in cm³, or in m³ where the header says so, as mm³."""
        return self._volume(cell, self.unit or "cm3")

    def cubic_metres(self, cell: Cell) -> int:
        """A volume in m³, or in cm³ where the header says so, as mm³."""
        return self._volume(cell, self.unit or "m3")

    def _volume(self, cell: Cell, unit: str) -> int:
        fix = f"write the largest volume in {unit}, or leave the cell blank for no limit"
        volume = self._scaled(cell, Decimal(10) ** (9 if unit == "m3" else 3), fix)
        if volume == 0:
            raise CellError("lets no parcel through", fix)
        return volume

    def days(self, cell: Cell) -> int:
        """A number of business days: `3`, `3 dias úteis`."""
        shortest, longest = self.day_span(cell)
        if shortest != longest:
            raise CellError("is a span of days", "write one number of days here")
        return longest

    def day_span(self, cell: Cell) -> tuple[int, int]:
        """The least and the most business days: `3`, `3 a 5 dias`, `2-4`, `5 d.u.`."""
        span = days_of(cell) if isinstance(cell, str) else None
        if span is None:
            days = self._days(self._number(cell, "write a whole number of business days, or a span such as 3 a 5"))
            return days, days
        if span[0] > span[1]:
            raise CellError("runs backwards", "write the smaller number of days first")
        return span

    def yes(self, cell: Cell) -> bool:
        """A yes or a no: `S`, `não`, `sí`, `TRUE`."""
        truth = truth_of(self.text(cell))
        if truth is None:
            raise CellError("is neither yes nor no", "write sim or não, sí or no, yes or no")
        return truth

    def postal_range(self, cell: Cell) -> tuple[str, str]:
        """The first and the last code of a range in one cell: `01000-000 a 05999-999`, `28001..28080`, `28*`."""
        ends = range_of(self.text(cell), self.options.country)
        if ends is None:
            words = postal_form(self.options.country).words
            raise CellError("is no postal range", f"write the first code, a, and the last one; each {words}")
        return ends

    def span(self, cell: Cell) -> int:
        """A span of time as `DD.HH:MM:SS` or in days, a part of a day counted as a whole one."""
        fix = "write DD.HH:MM:SS such as 04.12:00:00, or a number of days"
        if isinstance(cell, timedelta):
            return self._days(Decimal(cell // timedelta(microseconds=1)) / 86_400_000_000, round_up=True)
        match = _SPAN.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match is None:
            return self._days(self._number(cell, fix), round_up=True)
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return self._days(days + Decimal(hours * 3600 + minutes * 60 + seconds) / 86_400, round_up=True)

    @staticmethod
    def _days(amount: Decimal, *, round_up: bool = False) -> int:
        whole = rounded(amount, "up")
        if (whole != amount and not round_up) or not 0 <= whole <= _LONGEST:
            raise CellError(f"is no number of days from 0 to {_LONGEST}", "write a whole number of days")
        return whole

    def _scaled(self, cell: Cell, scale: Decimal, fix: str, most: int = _LARGEST) -> int:
        return self._whole(self._number(cell, fix), scale, fix, most)

    @staticmethod
    def _whole(number: Decimal, scale: Decimal, fix: str, most: int = _LARGEST) -> int:
        amount = number * scale
        whole = int(amount)
        if amount < 0:
            raise CellError("is less than zero", fix)
        if whole > most:
            raise CellError("is too large to be meant", fix)
        if whole != amount:
            raise CellError("has more decimals than can be kept", fix)
        return whole

    def _number(self, cell: Cell, fix: str, *, alone: bool = False) -> Decimal:
        if isinstance(cell, int | float):
            return _exact(cell)
        if not isinstance(cell, str):
            raise CellError("is a span of time, not a number", fix)
        bare = without_symbol(cell, self.options.currency).strip()
        try:
            return _quiet(self._read(bare, alone=alone))
        except AmbiguousNumberError as doubt:
            raise CellError(str(doubt), self._readings(doubt)) from None
        except ValueError as error:
            raise CellError(str(error), fix) from None

    def _read(self, bare: str, *, alone: bool) -> Decimal:
        if "." not in bare and "," not in bare:
            return parse_number(bare)
        try:
            return parse_number(bare, decimal=self.options.decimal if alone else self.decimal)
        except AmbiguousNumberError:
            if not alone or self._agreed is None:
                raise
            return parse_number(bare, decimal=self._agreed)

    def _readings(self, doubt: AmbiguousNumberError) -> str:
        """Both ways to read a number, each as the operator would declare it."""
        readings = (doubt.thousands, doubt.decimals)
        clear = f"write {' or '.join(readings)}"
        comma, dot = readings if doubt.separator == "." else reversed(readings)
        told = [f"{words} reads {number}" for words, number in zip(self.options.declared, (comma, dot), strict=False)]
        return f"{clear}, or declare the decimal sign: {', '.join(told)}" if told else clear


def _exact(number: float) -> Decimal:
    """A spreadsheet's number: it keeps 15 digits, and the rest of a float is noise of formulas."""
    return Decimal(f"{number:.15g}")


def _quiet(number: Decimal) -> Decimal:
    """The number without the noise of a float that was written out: `18.700000000000003` is 18.7, as in a workbook."""
    digits = len(number.as_tuple().digits)
    noisy = digits in _NOISY_DIGITS and Decimal(f"{float(number):.{digits}g}") == number
    return _exact(float(number)) if noisy else number


Reader = Callable[[Cells, Any], Any]
"""A method of `Cells`: what a column is read with."""
