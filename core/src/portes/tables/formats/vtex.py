"""VTEX's freight template: twelve columns, as CSV or workbook.

Columns and rules as VTEX's help center describes them (freight template, seen in 2026): both postal codes
and both weights inclusive, `PriceByExtraWeight` counted from `WeightStart`, `MinimumValueInsurance` instead
of the percentage when it is more. Sellers' files lack `PolygonName` and give `TimeCost` in plain days.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import ClassVar, Final

from portes.contract.countries import country_named, letters_of_country
from portes.errors import Problems
from portes.tables.bulk.form import ColumnForm
from portes.tables.formats.vtex_writing import write_vtex
from portes.tables.protocol import Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import Sheet, open_sheets
from portes.tables.reading.vocabulary import is_decoration
from portes.tables.writing.protocol import WriteOptions, WrittenFile

COLUMNS: Final = (
    Column("ZipCodeStart", Cells.postal_code, blank=""),
    Column("ZipCodeEnd", Cells.postal_code, blank=""),
    Column("PolygonName", Cells.text, blank=""),
    Column("Country", Cells.text, blank=""),
    Column("WeightStart", Cells.weight, number=True),
    Column("WeightEnd", Cells.weight, number=True),
    Column("AbsoluteMoneyCost", Cells.base_price, number=True),
    Column("TimeCost", Cells.span),
    Column("PriceByExtraWeight", Cells.per_unit, blank=0, number=True),
    Column("PricePercent", Cells.percent, blank=0, number=True),
    Column("MinimumValueInsurance", Cells.price, blank=0, number=True),
    Column("MaxVolume", Cells.volume, blank=0, number=True),
)

_FIELDS: Final = {
    "postal_from": ("ZipCodeStart",),
    "postal_to": ("ZipCodeEnd",),
    "weight_from": ("WeightStart",),
    "weight_to": ("WeightEnd",),
    "price": ("AbsoluteMoneyCost",),
    "extra_from": ("WeightStart",),
    "days_min": ("TimeCost",),
    "days_max": ("TimeCost",),
    "extra_per_kg": ("PriceByExtraWeight",),
    "max_volume": ("MaxVolume",),
    "percent": ("PricePercent",),
    "least": ("MinimumValueInsurance",),
}
"""What columns the fields of rows and terms come from."""


class Vtex:
    """The format `vtex`, VTEX's template, under the weight unit that the shop's catalogue uses."""

    version: ClassVar[int] = 4
    comment: ClassVar[str] = ""
    marks: ClassVar[tuple[str, ...]] = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows that have postal codes of the table's country; the format names no service."""
        sheets = open_sheets(source, options, problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            postal_from, postal_to, polygon, country, weight_from, weight_to, price = values[:7]
            if polygon and not (postal_from or postal_to):
                _leave_out(polygon, sheet, line, options, problems)
            elif polygon or not (postal_from and postal_to):
                where, fix = place(sheet, "ZipCodeStart"), "give both postal codes and no polygon"
                problems.add(where, polygon or None, "a row needs a first and a last postal code", fix, line)
            elif country and country_named(country) != options.country:
                fix = f"take the row out, or declare the table's country if it is not {options.country}"
                problems.add(place(sheet, "Country"), country, f"is not {options.country}", fix, line)
            else:
                terms = _terms(*values[7:])
                yield Row(line, "", postal_from, postal_to, weight_from, weight_to, price, weight_from, terms, sheet)

    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        """XLS workbooks within the portal's limits; the template names no service, so each has its own."""
        return write_vtex(rows, options, problems)

    def column_form(self, sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> ColumnForm:  # noqa: ARG002 — the same for every sheet
        """How the columns make rows, where no row is left out."""
        countries = {"", *letters_of_country(options.country)}
        only = {"PolygonName": ("",), "Country": countries}
        return ColumnForm(COLUMNS, _FIELDS, only=only, ignores=is_decoration)


def _leave_out(polygon: str, sheet: str, line: int, options: ReadOptions, problems: Problems) -> None:
    if options.polygons == "skip":
        problems.left_out += 1
        return
    fix = 'give the row postal codes, or set polygons = "skip" (--polygons skip) to quote without it'
    problems.add(place(sheet, "PolygonName"), polygon, "a drawn area cannot be priced from a postal code", fix, line)


@lru_cache(maxsize=4096)
def _terms(days: int, extra_per_kg: int, percent: int, least: int, max_volume: int) -> Terms:
    fees = (Fee("ad_valorem", percent=percent, least=least),) if percent or least else ()
    return Terms(days, days, extra_per_kg, max_volume=max_volume, fees=fees)
