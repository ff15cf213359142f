"""A Spanish shop's minimal table: `postal;country;weight_from;weight_to;price`, a province or a code in each row.

Columns as seen in one public importer, whose repository the index does not name: all of this is doubtful. `postal` is
the first two digits of a code, which are its province, or a whole code of five. A bracket holds its upper border, as
`0-1`, `1-5` touch; the unit of the weights is declared. The file has no days, and no rule says which of a province
and a code in it goes first: that is for `overlap` to say.
"""

from collections.abc import Iterable
from typing import ClassVar, Final

from portes.contract.postal import postal_form
from portes.errors import Problems
from portes.tables.formats.shop_days import DAY_COLUMNS, terms_of_days
from portes.tables.places.shop_places import CountryRows
from portes.tables.protocol import NO_LIMIT, ReadOptions, Row
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.phrases import range_of
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import is_decoration

COLUMNS: Final = (
    Column("postal", Cells.text),
    Column("country", Cells.text, blank="", named=True),
    Column("weight_from", Cells.weight, number=True),
    Column("weight_to", Cells.weight, blank=NO_LIMIT, number=True, named=True),
    Column("price", Cells.base_price, number=True),
    *DAY_COLUMNS,
)
"""The five columns of the file; days are ours, for it has none."""


class Spanish:
    """The format `spanish`; `options.defaults` give the days that it lacks."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = ("postal", "country", "weight_from", "weight_to", "price")

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows of the table's country; those of others are left out and told."""
        sheets, countries = open_sheets(source, options, problems), CountryRows(options, problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            postal, country, low, high, price, days_min, days_max = values
            if not countries.keep(country, place(sheet, "country"), line):
                continue
            ends = range_of(postal, options.country)
            if ends is None:
                fix = f"write the two digits of a province, or {postal_form(options.country).words}"
                problems.add(place(sheet, "postal"), postal, f"is no postal code of {options.country}", fix, line)
            else:
                yield Row(line, "", *ends, low, high, price, high, terms_of_days(days_min, days_max), sheet)
