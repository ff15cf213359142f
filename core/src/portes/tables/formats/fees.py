"""Fees by place, as carriers' workbooks have them: one value for each place, or a column for each weight.

Columns and layouts as seen in the surcharge workbook of one carrier, 2025: `Cep Inicial` and `Cep Final` inclusive, or
a town without them; `Até 60kgs` and `Acima 60kgs` each one fee whatever it weighs; two tables below each other; codes
without their zero; a fee for pickup (`COLETA`) beside that for delivery. A file is of one fee, and its rows state no
days: it belongs to a fee, never to a carrier's prices.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from portes.errors import Problems
from portes.tables.formats.wide_prices import WidePrices
from portes.tables.places.row_places import RowPlaces
from portes.tables.protocol import NO_LIMIT, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, WideLine, has_brackets, read_lines, read_wide_lines
from portes.tables.reading.headings import heading_of
from portes.tables.reading.sheets import Sheet, open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

_CODES: Final = (
    Column("Cep Inicial", Cells.postal_code, blank="", also=SYNONYMS["postal_from"]),
    Column("Cep Final", Cells.postal_code, blank="", also=SYNONYMS["postal_to"]),
)
_TOWN: Final = (
    Column("Estado", Cells.text, blank="", also=SYNONYMS["state"]),
    Column("Cidade", Cells.text, blank="", also=SYNONYMS["town"]),
)
_NAMES: Final = (
    Column("TARIFA", Cells.text, blank="", also=("nome da tarifa",)),
    Column("CODIGO DA TARIFA", Cells.note, blank=""),
)
"""What the carrier calls the fee."""
COLUMNS: Final = (*_CODES, *_TOWN, *_NAMES)
VALUE: Final = Column("Valor", Cells.base_price, number=True, also=("valor coleta e entrega",))
"""The fee, in a table with one value for each place."""
_NONE: Final = Column("", Cells.text, blank="")


class Fees:
    """The format `fees`; weights of its header are in kg where they state no unit."""

    version: ClassVar[int] = 1
    of_fees: ClassVar[bool] = True
    """Its rows state no days, so no carrier can sell by them: they belong to a component of a tariff."""
    marks: ClassVar[tuple[str, ...]] = (
        "Filial", "Cep Inicial", "Cep Final", "TARIFA", "CODIGO DA TARIFA", "STATUS", "Bairro", "Cidade", "Estado",
        "UF", "UNIDADE", "Polo", "Cód. IBGE", "Valor", "Valor - Coleta e Entrega",
    )  # fmt: skip
    """Words of its header, by which a file is known for one of this format."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, one for each fee and postal range; those that name no place are counted in a note."""
        sheets = open_sheets(source, options, problems)
        wide = [sheet for sheet in sheets if has_brackets(sheet, COLUMNS, options)]
        flat = [sheet for sheet in sheets if sheet not in wide]
        places = RowPlaces(sheets, options, problems, (_NONE, _TOWN[0], _NONE, _TOWN[1]))
        placeless = picked_up = 0
        for line, brackets in (*_wide(wide, options, problems), *_flat(flat, options, problems)):
            first, last, state, town, name, _ = line.values
            if _is_pickup(name):
                picked_up += 1
                continue
            if not (first or last or town):
                placeless += 1
                continue
            for begin, end in places.ranges(line.sheet, line.line, first, last, ("", state, "", town)):
                for low, high, price in brackets:
                    yield Row(line.line, "", begin, end, low, high, price, high, Terms(0, 0), line.sheet)
        _tell(placeless, "neither postal codes nor a town", problems)
        _tell(picked_up, "a pickup (COLETA), and goods are delivered", problems)


def _is_pickup(name: str) -> bool:
    """Whether a fee is by its name for fetching goods at the place, and not for bringing them."""
    words = heading_of(name).words
    return "coleta" in words and "entrega" not in words


def _tell(count: int, named: str, problems: Problems) -> None:
    if count:
        rows = "1 row names" if count == 1 else f"{count} rows name"
        problems.note(f"{rows} {named}: in no price")


_Brackets = Sequence[tuple[int, int, int]]


def _wide(sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> Iterator[tuple[WideLine, _Brackets]]:
    """The lines of tables with a column for each weight, and the fees of each."""
    if sheets:
        prices = WidePrices("flat", problems)
        for line in read_wide_lines(sheets, COLUMNS, options, problems, is_decoration):
            yield line, [(low, high, price) for low, high, price, _ in prices.brackets(line)]


def _flat(sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> Iterator[tuple[WideLine, _Brackets]]:
    """The lines of tables with one value for each place."""
    if sheets:
        values: Values
        for sheet, line, values in read_lines(sheets, (*COLUMNS, VALUE), options, problems, is_decoration):
            yield WideLine(sheet, line, values[:-1], (), ()), [(0, NO_LIMIT, values[-1])]
