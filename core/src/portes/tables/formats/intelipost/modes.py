"""The section of prices in its two modes: brackets of weight, or the largest of three; a file has one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from portes.errors import Problems
from portes.tables.formats.intelipost.headings import DeclaredHeadings
from portes.tables.formats.row_fees import COLUMNS as FEES
from portes.tables.formats.row_fees import RowFees
from portes.tables.formats.wide_prices import WidePrices
from portes.tables.protocol import NO_LIMIT, Fee, Micros, Milligrams, ReadOptions
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, has_brackets, headers_of, place, read_lines, read_wide_lines
from portes.tables.reading.headings import key_of
from portes.tables.reading.sheets import Sheet
from portes.tables.reading.vocabulary import SYNONYMS

_SHARES: Final = frozenset(map(key_of, ("% nf", "% sobre nf", "% nota fiscal")))
"""Names of the common words for ad valorem that this platform has for the third of what it compares."""
_COMPARED: Final = (
    Column("Frete mínimo", Cells.price, blank=0, number=True, also=SYNONYMS["minimum"]),
    Column("Valor por quilo", Cells.per_kg, blank=0, number=True, also=("valor por kg", "valor kg", "preço por kg")),
    Column("% sobre a nota fiscal", Cells.percent, blank=0, number=True, also=("% nf", "% sobre nf", "% nota fiscal")),
)
"""Frete Comparação: the largest of the three is the freight."""
_LADDER: Final = (
    Column("peso_inicial_g", Cells.weight, blank=None, number=True, also=("peso inicial", *SYNONYMS["weight_from"])),
    Column("peso_final_g", Cells.weight, blank=None, number=True, also=("peso final", *SYNONYMS["weight_to"])),
    Column("Frete Peso", Cells.base_price, blank=None, number=True, also=SYNONYMS["price"]),
    Column("Excedente", Cells.per_kg, blank=0, number=True, also=SYNONYMS["excess_weight"]),
)
"""Frete Peso: a bracket of weight in a row, where no heading states one."""
_FIELDS: Final = {
    "Frete mínimo": "minimum",
    "peso_inicial_g": "weight_from",
    "peso_final_g": "weight_to",
    "Frete Peso": "price",
    "Excedente": "excess_weight",
    "ICMS": "tax",
}
FREIGHT_FIELDS: Final = tuple(_FIELDS.values())
"""What a mapping may say that a heading of the prices is."""
_OWN_FEES: Final = tuple(
    replace(column, also=tuple(name for name in column.also if key_of(name) not in _SHARES)) for column in FEES
)

Brackets = Sequence[tuple[Milligrams, Milligrams, Micros, Micros]]
"""Lower border, upper border, price, and the price of each kg above the last."""


class TariffLine(NamedTuple):
    """A row of prices."""

    sheet: str
    line: int
    places: Values
    """The names and codes of its place."""
    brackets: Brackets
    fees: tuple[Fee, ...]
    tax: int


def read_tariff_lines(
    sheets: Sequence[Sheet],
    places: Sequence[Column],
    headings: DeclaredHeadings,
    options: ReadOptions,
    problems: Problems,
) -> Iterator[TariffLine]:
    """Every row of prices; rows of the second mode in a file become problems, and so do rows of none."""
    modes = _Modes(problems)
    fees = RowFees(options, problems)
    compared, ladder = headings.known(_COMPARED, _FIELDS), headings.known(_LADDER, _FIELDS)
    common = (*places, *compared, *headings.known(_OWN_FEES, _FIELDS))
    width = len(places)
    wide = [
        sheet for sheet in sheets if has_brackets(sheet, common, options) and not _in_rows(sheet, ladder[:2], options)
    ]
    prices = WidePrices(options.above, problems)
    for line in read_wide_lines(wide, common, options, problems, headings.ignores) if wide else ():
        where, three, rest = line.values[:width], line.values[width : width + 3], line.values[width + 3 :]
        priced = any(amount is not None for _, amount in line.prices)
        if modes.take(line.sheet, line.line, three, line.names[0] if priced else "", rest):
            brackets = prices.brackets(line) if priced else _WHOLE
            yield TariffLine(
                line.sheet, line.line, where, *_charged(brackets, three, fees, line.sheet, line.line, rest)
            )
    flat = [sheet for sheet in sheets if sheet not in wide]
    values: Values
    for sheet, number, values in (
        read_lines(flat, (*common, *ladder), options, problems, headings.ignores) if flat else ()
    ):
        where, three = values[:width], values[width : width + 3]
        rest, (low, high, price, per_kg) = values[width + 3 : -4], values[-4:]
        priced = price is not None or high is not None
        if modes.take(sheet, number, three, "Frete Peso" if priced else "", rest):
            brackets = ((low or 0, NO_LIMIT if high is None else high, price or 0, per_kg),) if priced else _WHOLE
            yield TariffLine(sheet, number, where, *_charged(brackets, three, fees, sheet, number, rest))


def _in_rows(sheet: Sheet, borders: Sequence[Column], options: ReadOptions) -> bool:
    """Whether the brackets of a sheet stand in its rows: an excess alone is in the header of both layouts."""
    return any(parts for *_, parts in headers_of([sheet], borders, options))


_WHOLE: Final[Brackets] = ((0, NO_LIMIT, 0, 0),)


def _charged(
    brackets: Brackets, three: Values, fees: RowFees, sheet: str, line: int, rest: Values
) -> tuple[Brackets, tuple[Fee, ...], int]:
    """The brackets, fees and tax of a row; what is compared is its base price."""
    stated, tax = fees.of(sheet, line, rest)
    least, per_kg, share = three
    freight = (Fee("base", per_kg, "kg", share, least, larger=True),) if any(three) else ()
    return brackets, (*freight, *stated), tax


class _Modes:
    """Which of the two modes a file is in, as its first row shows."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._first = ""

    def take(self, sheet: str, line: int, three: Values, bracket: str, rest: Values) -> bool:
        """Whether a row has prices in one mode, that of the rows before it; `bracket` names a price by weight."""
        named = [column.name for column, amount in zip(_COMPARED, three, strict=True) if amount]
        ad_valorem = bool(rest[2] or rest[3])
        mode = "Frete Comparação" if named else "Frete Peso" if bracket else ""
        if not mode:
            fix = "fill in prices by weight, or what is to be compared"
            self._problems.add(place(sheet, "row"), None, "has no price", fix, line)
        elif named and (bracket or ad_valorem or self._first not in ("", mode)):
            other = bracket or ("Frete valor" if ad_valorem else "Frete Peso in rows above")
            self._refuse(sheet, line, f"{named[0]} is of Frete Comparação, {other} of Frete Peso")
        elif self._first not in ("", mode):
            self._refuse(sheet, line, f"{bracket} is of Frete Peso, and rows above are of Frete Comparação")
        else:
            self._first = mode
            return True
        return False

    def _refuse(self, sheet: str, line: int, cause: str) -> None:
        fix = "the platform allows one of both in a file: make two files, or clear what does not count"
        self._problems.add(place(sheet, "row"), None, cause, fix, line)
