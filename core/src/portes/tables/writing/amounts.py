"""Whole numbers of tables as decimal numbers in text, exactly; or rounded up where the operator asks for it."""

from typing import Final

from portes.contract.money import exponent
from portes.errors import Problems
from portes.tables.protocol import MICROS
from portes.tables.writing.protocol import WriteOptions

_REMEMBERED: Final = 1 << 16
_GROUP: Final = 3
"""So many decimals could be a group of thousands."""
_MICRO_PLACES: Final = 6


class DecimalTexts(dict[int, str]):
    """Numbers in text, each written once: 1290000000 with 8 places and at least 2 decimals is `12.90`."""

    def __init__(self, places: int, least: int = 0, sign: str = ".") -> None:
        super().__init__()
        self._whole = 10**places
        self._places, self._least, self._sign = places, least, sign

    def __missing__(self, number: int) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        whole, rest = divmod(number, self._whole)
        decimals = f"{rest:0{self._places}d}".rstrip("0") if rest else ""
        decimals = decimals.ljust(self._least, "0")
        if len(decimals) == _GROUP:
            decimals += "0"
        text = self[number] = f"{whole}{self._sign}{decimals}" if decimals else f"{whole}"
        return text


class MoneyTexts(DecimalTexts):
    """Amounts in millionths of a minor unit as a column has them: `12.90`; `coarse` where it keeps whole ones only.

    A finer amount is a problem, or the next whole one where the operator asks for that, which a note tells.
    """

    def __init__(self, column: str, options: WriteOptions, problems: Problems, sign: str, *, coarse: bool) -> None:
        places = exponent(options.currency)
        super().__init__(places + _MICRO_PLACES, places, sign)
        self._column, self._options, self._problems, self._coarse = column, options, problems, coarse
        self._minor, self._plain = 10**places, 0 < places < _GROUP

    def __missing__(self, number: int) -> str:
        whole, over = divmod(number, MICROS)
        if not over and self._plain and len(self) < _REMEMBERED:
            units, rest = divmod(whole, self._minor)  # most prices are whole cents, and no two of them the same
            text = self[number] = f"{units}{self._sign}{rest:0{self._least}d}"
            return text
        if not over or not self._coarse:
            return super().__missing__(number)
        if self._options.rounding == "up":
            self._problems.note(f"{self._column}: finer amounts than {self._options.currency} has are rounded up")
        else:
            fix = 'round it before, or let it be rounded up with rounding = "up" (--rounding up)'
            cause = f"has more decimals than {self._options.currency}, and the column keeps no more"
            self._problems.add(self._column, super().__missing__(number), cause, fix)
        text = self[number] = super().__missing__(number - over + MICROS)
        return text


def percent_texts(sign: str) -> DecimalTexts:
    """Percentages in millionths of a percent as texts: `0.3`."""
    return DecimalTexts(_MICRO_PLACES, 0, sign)
