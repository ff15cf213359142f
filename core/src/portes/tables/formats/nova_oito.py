"""The shop platform Nova Oito's freight table: ten columns of a CSV file, weights in grams.

Columns, unit and separators (comma or semicolon) as the platform's help page lists them. How the four columns of
additions work together stands nowhere: what can be meant in one way is read and told in a note, the rest is a problem.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, Final

from portes.contract.money import exponent
from portes.errors import Problems
from portes.tables.protocol import Fee, Micros, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import is_decoration

_PER_WEIGHT: Final = "PrecoAdicionalPesoProduto"
_LEAST: Final = "ValorAdicionalMinimo"
COLUMNS: Final = (
    Column("CepInicial", Cells.postal_code),
    Column("CepFinal", Cells.postal_code),
    Column("PesoInicial", Cells.weight, number=True),
    Column("PesoFinal", Cells.weight, number=True),
    Column("ValorFrete", Cells.base_price, number=True),
    Column("PrazoEntrega", Cells.day_span),
    Column("PercentualAdicionalValorProduto", Cells.percent, blank=0, number=True),
    Column("PercentualAdicionalValorFrete", Cells.percent, blank=0, number=True),
    Column(_PER_WEIGHT, Cells.price, blank=0, number=True),
    Column(_LEAST, Cells.price, blank=0, number=True),
)


class NovaOito:
    """The format `nova-oito`. The platform names no service."""

    version: ClassVar[int] = 1
    weight_unit: ClassVar = "g"
    marks: ClassVar = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; an addition that could mean several things is a problem."""
        sheets = open_sheets(source, options, problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            first, last, low, high, price, days, of_value, of_freight, per_weight, least = values
            if per_weight:
                cause = "is charged for each kg or each g, from some weight on, and the platform does not say which"
                fix = "ask what it was meant to be, and write such rows in the format plain, with price_per_extra_kg"
                problems.add(place(sheet, _PER_WEIGHT), _written(per_weight, options.currency), cause, fix, line)
            elif least and of_value and of_freight:
                cause = "is the least of two percentages, and the platform does not say of which"
                fix = "keep one of the percentages in the row"
                problems.add(place(sheet, _LEAST), _written(least, options.currency), cause, fix, line)
            else:
                if least:
                    problems.note(f"{_LEAST} is taken for the least that the percentage of its row comes to")
                yield Row(
                    line, "", first, last, low, high, price, low, _terms(days, of_value, of_freight, least), sheet
                )


@lru_cache(maxsize=4096)
def _terms(days: tuple[int, int], of_value: int, of_freight: int, least: int) -> Terms:
    fees: tuple[Fee, ...] = ()
    if of_value or (least and not of_freight):
        fees = (Fee("ad_valorem", percent=of_value, least=least),)
    if of_freight:
        fees += (Fee("extra", percent=of_freight, least=0 if fees else least),)
    return Terms(*days, fees=fees)


def _written(amount: Micros, currency: str) -> str:
    return f"{Decimal(amount).scaleb(-6 - exponent(currency)).normalize():f}"
