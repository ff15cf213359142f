"""The shop platform TopLojas's own freight table: ten columns of a CSV file, weights in kg.

Columns and units as the platform's help page lists them, which prints the last two as "Kg Excelente" once. The page
says that the insurance is a percentage added to the freight, not what it is a percentage of: the declared value is
taken, which a note tells. Kilograms above the border count exactly; whether the platform counts started ones is not
said.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.protocol import Fee, Milligrams, ReadOptions, Row, Terms
from portes.tables.questions import weight_words
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import is_decoration

_EXTRA_FROM: Final = "Kg Excedente-Peso De"
_INSURED: Final = (
    "Seguro is taken for a percentage of the declared value; should it be one of the freight, write a component "
    'name = "ad_valorem" with of = "freight" in settings.tariff.components'
)
COLUMNS: Final = (
    Column("Nome", Cells.note, blank=""),
    Column("FaixaCepDe", Cells.postal_code),
    Column("FaixaCepAte", Cells.postal_code),
    Column("PesoDe", Cells.weight, number=True),
    Column("PesoAte", Cells.weight, number=True),
    Column("Valor", Cells.base_price, number=True),
    Column("PrazoEntrega", Cells.day_span),
    Column("Seguro", Cells.percent, blank=0, number=True),
    Column(_EXTRA_FROM, Cells.weight, blank=None, number=True, also=("Kg Excelente-Peso De",)),
    Column("Kg Excedente-Valor por Kg", Cells.per_kg, blank=0, number=True, also=("Kg Excelente-Valor por Kg",)),
)


class TopLojas:
    """The format `toplojas`. `Nome` names a region for people, and no service."""

    version: ClassVar[int] = 1
    weight_unit: ClassVar = "kg"
    marks: ClassVar = tuple(column.name for column in COLUMNS)

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; a price for excess weight counts from the weight that its row names, in the bracket or above it."""
        sheets = open_sheets(source, options, problems)
        borders = _ExcessBorders(problems)
        for sheet, line, values in read_lines(sheets, COLUMNS, options, problems, is_decoration):
            _, first, last, low, high, price, days, insurance, extra_from, per_kg = values
            if per_kg and extra_from is None:
                cause = "is blank, and the row has a price for excess weight"
                fix = "write from which weight on the kg are charged"
                problems.add(place(sheet, _EXTRA_FROM), None, cause, fix, line)
                continue
            if insurance:
                problems.note(_INSURED)
            over = extra_from if per_kg else high
            borders.saw(sheet, line, (first, last), high, over)
            terms = _terms(days, per_kg if over <= high else 0, insurance)
            yield Row(line, "", first, last, low, high, price, min(over, high), terms, sheet)
        borders.tell()


class _ExcessBorders:
    """Weights from which excess is charged, and whether a bracket of their range reaches so far."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._highest: dict[tuple[str, str], Milligrams] = {}
        self._begins: dict[tuple[str, str], tuple[Milligrams, str, int]] = {}

    def saw(self, sheet: str, line: int, codes: tuple[str, str], high: Milligrams, over: Milligrams) -> None:
        """Take a row's bracket and the weight from which its excess counts."""
        self._highest[codes] = max(high, self._highest.get(codes, 0))
        if over > high:
            self._begins[codes] = min((over, sheet, line), self._begins.get(codes, (over, sheet, line)))

    def tell(self) -> None:
        """Report every weight that no bracket of its range reaches: what lies between has no price."""
        for codes, (over, sheet, line) in self._begins.items():
            highest = self._highest[codes]
            if over > highest:
                cause = (
                    f"is above the highest bracket of {'-'.join(codes)}, which ends at {weight_words(highest, 'kg')}"
                )
                fix = "let the highest bracket end where excess weight begins"
                self._problems.add(place(sheet, _EXTRA_FROM), weight_words(over, "kg"), cause, fix, line)


@lru_cache(maxsize=4096)
def _terms(days: tuple[int, int], per_kg: int, insurance: int) -> Terms:
    fees = (Fee("ad_valorem", percent=insurance),) if insurance else ()
    return Terms(*days, per_kg, fees=fees)
