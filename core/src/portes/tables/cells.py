"""Single cells of a table, as people and spreadsheets write them, read exactly."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from portes.contract.money import exponent, without_symbol
from portes.contract.numbers import parse_number
from portes.contract.postal import postal_form, read_range_end
from portes.contract.rounding import rounded
from portes.tables.protocol import NO_LIMIT, ReadOptions

Cell = str | int | float | timedelta
"""A cell of a text file is text; a spreadsheet also has numbers and spans of time."""

MILLION: Final = Decimal(1_000_000)

_LONGEST: Final = 999
_LARGEST_PRICE: Final = 4_000_000_000
_LARGEST: Final = 2**62
_SPAN: Final = re.compile(r"(?:(\d{1,3})\.)?(\d{1,4}):(\d{2}):(\d{2})", re.ASCII)
_EVIDENCE: Final = re.compile(
    r"\d*(?:\.\d{3})+(?P<comma>,)\d+"  # 1.234,56
    r"|\d*(?:,\d{3})+(?P<dot>\.)\d+"  # 1,234.56
    r"|\d+(?:\.\d{3}){2,}(?P<dots>)"  # 1.234.567
    r"|\d+(?:,\d{3}){2,}(?P<commas>)"  # 1,234,567
    r"|(?![1-9]\d{0,2}[.,]\d{3}$)\d*(?P<lone>[.,])\d+",  # 8,49 and 1001.001 and 0.703, but not 1.234
    re.ASCII,
)


class CellError(ValueError):
    """A cell that cannot be read: why, and what to write instead."""

    def __init__(self, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.fix = fix


def decimal_sign(cell: Cell, currency: str) -> str | None:
    """The decimal sign that a number written as text gives away: `,` for `8,49`; None when it may mean either."""
    if not isinstance(cell, str):
        return None
    match = _EVIDENCE.fullmatch(_bare(cell, currency))
    if match is None:
        return None
    if match["dots"] is not None:
        return ","
    if match["commas"] is not None:
        return "."
    return match["comma"] or match["dot"] or match["lone"]


def _bare(text: str, currency: str) -> str:
    return without_symbol(text.strip().removesuffix("%"), currency).strip().removeprefix("-")


@dataclass(frozen=True, slots=True)
class Cells:
    """The readers of cells, under the options of one file. Each raises `CellError`."""

    options: ReadOptions
    decimal: str | None
    """The file's decimal sign; None when no number in it gave one away."""

    def text(self, cell: Cell) -> str:
        """A word, as it stands."""
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
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
        """An amount of money in whole minor units."""
        scale = Decimal(10) ** exponent(self.options.currency)
        fix = f"write an amount of {self.options.currency} in whole minor units, such as 12.90"
        return self._scaled(cell, scale, fix, most=_LARGEST_PRICE)

    def per_kg(self, cell: Cell) -> int:
        """Money per kg, as millionths of a minor unit."""
        scale = MILLION.scaleb(exponent(self.options.currency))
        return self._scaled(cell, scale, f"write an amount of {self.options.currency} for each kg, such as 0.865")

    def per_unit(self, cell: Cell) -> int:
        """Money per unit of the table's weights, as millionths of a minor unit per kg."""
        units = 1 if self.options.weight_unit == "kg" else 1000
        scale = MILLION.scaleb(exponent(self.options.currency)) * units
        return self._scaled(
            cell, scale, f"write an amount of {self.options.currency} for each {self.options.weight_unit}"
        )

    def percent(self, cell: Cell) -> int:
        """A percentage, as millionths of a percent: 10 and `10%` both mean 10 %."""
        if isinstance(cell, str):
            cell = cell.strip().removesuffix("%")
        return self._scaled(cell, MILLION, "write a percentage such as 0.30, which means 0.30 %")

    def volume_cm3(self, cell: Cell) -> int:
        """A volume in cm³, as mm³."""
        fix = "write the largest volume in cm³, such as 1000000000 for no limit"
        volume = self._scaled(cell, Decimal(1000), fix)
        if volume == 0:
            raise CellError("lets no parcel through", fix)
        return volume

    def days(self, cell: Cell) -> int:
        """A number of days."""
        return self._days(self._number(cell, "write a whole number of days"))

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
        amount = self._number(cell, fix) * scale
        whole = int(amount)
        if amount < 0:
            raise CellError("is less than zero", fix)
        if whole > most:
            raise CellError("is too large to be meant", fix)
        if whole != amount:
            raise CellError("has more decimals than can be kept", fix)
        return whole

    def _number(self, cell: Cell, fix: str) -> Decimal:
        if isinstance(cell, int | float):
            return Decimal(f"{cell:.15g}")  # spreadsheets keep 15 digits: the rest of a float is noise of formulas
        if isinstance(cell, timedelta):
            raise CellError("is a span of time, not a number", fix)
        bare = without_symbol(cell, self.options.currency).strip()
        decimal = self.decimal or decimal_sign(bare, self.options.currency)
        if decimal is None and ("." in bare or "," in bare):
            raise CellError("may mean thousands or decimals", "declare the file's decimal sign: decimal = ','")
        try:
            return parse_number(bare, decimal=decimal or ".")
        except ValueError as error:
            raise CellError(str(error), fix) from None


Reader = Callable[[Cells, Any], Any]
"""A method of `Cells`: what a column is read with."""
