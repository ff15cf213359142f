"""A table with everything in one row: postal codes of both ends, weights, price, percentages, tax, least and fixed fee.

Columns and rules as one public importer has them, whose source was seen: headers match without accents, case and
spaces; a row with a blank `Valor`, or with `Atende` = no, is not served and is skipped; ICMS is below 100 %; above
the last bracket there is a price only where `KgAdicional` gives one. Weights are in kg, which the samples show and
no text says. That importer takes `1.234` for 1234 in columns of money; here it is a problem that names both readings.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.protocol import Fee, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

_TAX: Final = "ICMS"
_WHOLE: Final = 100 * 10**6
"""A hundred percent, in millionths of a percent."""
_BELOW: Final = "write a percentage below 100"
_NAMED: Final = 10
"""How many skipped lines a note names."""
COLUMNS: Final = (
    Column("CepInicial", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("CepFinal", Cells.postal_code, also=SYNONYMS["postal_to"]),
    Column("PesoInicial", Cells.weight, number=True, also=SYNONYMS["weight_from"]),
    Column("PesoFinal", Cells.weight, number=True, also=SYNONYMS["weight_to"]),
    Column("Valor", Cells.base_price, blank=None, number=True, named=True, also=SYNONYMS["price"]),
    Column("Atende", Cells.yes, blank=True),
    Column("CepOrigemInicial", Cells.postal_code, blank=""),
    Column("CepOrigemFinal", Cells.postal_code, blank=""),
    Column(_TAX, Cells.percent, blank=-1, number=True, also=SYNONYMS["tax"]),
    Column("Prazo Mínimo", Cells.days, blank=None, also=SYNONYMS["days_min"]),
    Column("Prazo Máximo", Cells.day_span, also=SYNONYMS["days_max"]),
    Column("AdValorem", Cells.percent, blank=0, number=True, also=SYNONYMS["ad_valorem"]),
    Column("KgAdicional", Cells.per_kg, blank=0, number=True, also=SYNONYMS["excess_weight"]),
    Column("Frete Mínimo", Cells.price, blank=0, number=True, also=SYNONYMS["minimum"]),
    Column("Taxa Fixa por Envio", Cells.price, blank=0, number=True, also=("Taxa Fixa",)),
)


class Full:
    """The format `full`. It names no service."""

    version: ClassVar[int] = 1
    weight_unit: ClassVar = "kg"
    marks: ClassVar = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows that are served; what is skipped is told in a note with its lines."""
        sheets = open_sheets(source, options, problems)
        skipped: list[str] = []
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            first, last, low, high, price, served, origin_from, origin_to, tax = values[:9]
            if price is None or not served:
                skipped.append(place(sheet, str(line)))
            elif tax >= _WHOLE:
                problems.add(place(sheet, _TAX), f"{tax // 10**6}%", "leaves nothing of the freight", _BELOW, line)
            else:
                terms = _terms(tax, *values[9:])
                origins = origin_from, origin_to
                yield Row(line, "", first, last, low, high, price, high, terms, sheet, "weight", 0, *origins)
        problems.left_out += len(skipped)
        if skipped:
            more = f" and {len(skipped) - _NAMED} more" if len(skipped) > _NAMED else ""
            lines = ", ".join(skipped[:_NAMED])
            problems.note(f"without Valor, or with Atende = no, and so not served: lines {lines}{more}")


@lru_cache(maxsize=4096)
def _terms(
    tax: int,
    days_min: int | None,
    days_max: tuple[int, int],
    percent: int,
    per_kg: int,
    minimum: int,
    fixed: int,
) -> Terms:
    shortest, longest = days_max
    fees: tuple[Fee, ...] = (Fee("ad_valorem", percent=percent),) if percent else ()
    fees += (Fee("dispatch", fixed),) if fixed else ()
    days = shortest if days_min is None else days_min
    return Terms(days, longest, per_kg, minimum=minimum, fees=fees, tax=tax)
