"""The rows of a tariff: our own columns, or the sheet that an account manager of Correos sends; it judges no price.

Such a sheet has a product, a zone, the weight up to which a row prices, and the price. What it does not say (edition,
validity, origin, mode) is declared in the settings. Its layout is as one shop showed it; synonyms are those that
people use.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from portes.contract.numbers import AmbiguousNumberError
from portes.errors import Problems
from portes.tables import MICROS, NO_LIMIT
from portes.tables.reading.brackets import bracket_of
from portes.tables.reading.cells import Cell, CellError, Cells
from portes.tables.reading.columns import Column, headers_of, place, read_lines
from portes.tables.reading.headings import plain_letters
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration
from portes_correos_es.brackets import Bracket
from portes_correos_es.lanes import ANY, origin_fix
from portes_correos_es.naming import NamingFault, ZoneNames, name_offer
from portes_correos_es.net_prices import GROSS_HEADINGS, NET_HEADINGS, check_net
from portes_correos_es.settings import TariffDefaults
from portes_correos_es.sources import OPTIONS, Source, day
from portes_correos_es.tariff import Offer, Validity

_FRACTION: Final = (" o fraccion", " ou fracao", " or fraction")
_KG_MORE: Final = '"kg adicional" for a price of each started kg above the last bracket'


class Border(NamedTuple):
    """What a cell says of the weights that a row prices, in milligrams."""

    over: int | None = None
    """None where it does not say where they begin."""
    up_to: int | None = None
    """None where it says no end."""
    per_kg: bool = False
    """Whether the price is for each started kilogram above the last bracket."""


def _border(cells: Cells, cell: Cell) -> Border:
    """A weight, `Hasta 5 kg`, `1-5`, or words for each kilogram above the last bracket: `kg adicional o fracción`."""
    words = " ".join(plain_letters(str(cell)).lower().split())
    for fraction in _FRACTION:
        words = words.replace(fraction, "")
    try:
        found = bracket_of(words, "kg", "," if cells.decimal == "," else "." if cells.decimal else None)
    except AmbiguousNumberError as doubt:
        raise CellError(str(doubt), f"write {doubt.thousands} or {doubt.decimals}") from None
    if found is None:
        return Border(None, cells.weight(cell))
    if found.per_kg:
        return Border(found.weight_from, None, per_kg=True)
    if found.weight_to == NO_LIMIT:
        cause = "may be one price for whatever is heavier, or a price for each kg above"
        raise CellError(cause, f"write {_KG_MORE}")
    return Border(found.weight_from, found.weight_to)


def _net(cells: Cells, cell: Cell) -> int:
    net, rest = divmod(cells.price(cell), MICROS)
    if rest:
        raise CellError("has more decimals than can be kept", "write whole cents, such as 12.90")
    if not net:
        raise CellError("charges nothing", "write the net price, or take the row out if it is not offered")
    return net


_STATED_ELSEWHERE: Final = {
    "version": 'version = "2026" }, a name for this edition',
    "valid_from": "valid_from = 2026-01-01 }, the first day of dispatch that it prices",
    "origin": 'origin = "peninsula" }, where parcels leave from; "any" where that does not matter',
}
"""What a sheet as it is sent does not say, and the settings have to."""
_UNTIL_IT_IS_SAID: Final = {"version": "", "valid_from": date.min, "origin": ANY}
"""What stands for that while the rest of the file is looked at; a tariff without it is never used."""

COLUMNS: Final = (
    Column("version", Cells.text, also=("versión", "edición", "edition")),
    Column("valid_from", day, also=("válido desde", "vigente desde", "vigencia desde", "fecha desde", "valid since")),
    Column("valid_to", day, blank=date.max, also=("válido hasta", "vigente hasta", "fecha hasta", "valid until")),
    Column("origin", Cells.text, blank=ANY, also=("origen", "origem")),
    Column("product", Cells.text, also=("producto", "produto", "servicio", "serviço", "service")),
    Column("mode", Cells.text, blank="", also=("modalidad", "modalidade", "modo", "entrega", "delivery mode")),
    Column("zone", Cells.text, also=("zona", "zona tarifaria", "zona destino", "zona de destino")),
    Column("over_kg", Cells.weight, number=True, also=("desde", "más de", "over", *SYNONYMS["weight_from"])),
    Column(
        "up_to_kg",
        _border,
        blank=Border(),
        number=True,
        also=("hasta", "até", "up to", "kg", "peso", "tramo", "tramo de peso", "weight", *SYNONYMS["weight_to"]),
        measured="weight",
    ),
    Column("net_eur", _net, number=True, also=(*NET_HEADINGS, *GROSS_HEADINGS), measured="money"),
    Column("note", Cells.note, blank="", also=("nota", "notas", "observaciones")),
)
"""Every column of a tariff; docs/correos-es.md says what each means."""


class TariffPlace(NamedTuple):
    """What one ladder prices."""

    offer: Offer
    zone: str
    validity: Validity


class TariffRow(NamedTuple):
    """A bracket of one ladder."""

    place: TariffPlace
    bracket: Bracket


class _Line(NamedTuple):
    """A row whose bracket may begin where the one before it ends."""

    place: TariffPlace
    sheet: str
    line: int
    border: Border
    net: int


class TariffReader:
    """Reads the lines of one tariff; problems are collected."""

    def __init__(self, zones: AbstractSet[str], defaults: TariffDefaults, problems: Problems) -> None:
        self._zones = ZoneNames(zones)
        self._defaults = defaults
        self._problems = problems
        self._headings: dict[str, str] = {}

    def rows(self, source: Source) -> Iterator[TariffRow]:
        """Every row that can be read, each bracket with both its ends."""
        sheets = source.sheets(self._problems)
        headers = [header for header in headers_of(sheets, COLUMNS, OPTIONS) if _is_tariff(header)]
        self._headings = {part.column.name: part.name for *_, parts in headers for part in parts}
        named = [{part.column.name for part in parts} for *_, parts in headers]
        check_net(sheets, {sheet: line for sheet, line, _ in headers}, self._problems)
        stated = set.intersection(*named) if named else {column.name for column in COLUMNS}
        columns, sent = self._columns(stated), "over_kg" not in stated
        lines = read_lines(sheets, columns, OPTIONS, self._problems, is_decoration if sent else None)
        return self._closed([row for sheet, line, values in lines for row in self._line(sheet, line, values)])

    def heading(self, column: str) -> str:
        """How the file calls a column; where brackets have one border only, that is meant."""
        return self._headings.get(column) or self._headings.get("up_to_kg" if column == "over_kg" else "", column)

    def _columns(self, stated: AbstractSet[str]) -> Sequence[Column]:
        """The columns, with what is declared in place of a blank; what a sheet needs and nobody says is told."""
        declared = self._defaults.columns
        sent = "over_kg" not in stated
        columns: list[Column] = []
        for column in COLUMNS:
            if column.name in declared:
                columns.append(replace(column, blank=declared[column.name]))
            elif sent and column.name in _STATED_ELSEWHERE and column.name not in stated:
                fix = f"write tariff_defaults = {{ {_STATED_ELSEWHERE[column.name]}"
                cause = "is stated neither in the file nor in the settings"
                self._problems.add(f"tariff_defaults.{column.name}", None, cause, fix)
                columns.append(replace(column, blank=_UNTIL_IT_IS_SAID[column.name]))
            else:
                columns.append(replace(column, blank=None) if sent and column.name == "over_kg" else column)
        return columns

    def _line(self, sheet: str, line: int, values: Sequence[Any]) -> Iterator[_Line]:
        """A row once for each of its modes; none, and a problem, where it cannot be understood."""
        version, first, last, origin, product, modes, zone, over, border, net, _ = values
        if first and last < first:
            self._tell(sheet, line, "valid_to", str(last), "is before valid_from", "write the last day that it holds")
        if origin and (fix := origin_fix(origin)):
            self._tell(sheet, line, "origin", origin, "is no place", fix)
        named = name_offer(product, modes, self._defaults.mode)
        if isinstance(named, NamingFault):
            self._tell(sheet, line, *named)
            return
        whole = self._joined(sheet, line, over, border)
        validity = Validity(version, first, last)
        if whole is None:
            return
        for mode in named[1]:
            where = TariffPlace(Offer(named[0], mode, origin), self._zones.zone(zone), validity)
            yield _Line(where, sheet, line, whole, net)

    def _joined(self, sheet: str, line: int, over: int | None, border: Border) -> Border | None:
        """What both columns of weights say together; None, and a problem, where they do not fit."""
        if over is not None and border.over not in (None, over):
            self._tell(sheet, line, "over_kg", None, "is not where the other weight begins", "correct one of them")
            return None
        begins = border.over if over is None else over
        if border == Border() and begins is None:
            self._tell(sheet, line, "up_to_kg", None, "says no weight", f"write up to which it prices; or {_KG_MORE}")
            return None
        return border._replace(over=begins, per_kg=border.up_to is None)

    def _closed(self, lines: Iterable[_Line]) -> Iterator[TariffRow]:
        """The rows with both ends: one that says no beginning begins where the lighter one of its place ends."""
        places: dict[TariffPlace, list[_Line]] = defaultdict(list)
        for row in lines:
            places[row.place].append(row)
        for where, rows in places.items():
            below, lighter = 0, ""
            for row in sorted(rows, key=lambda row: (row.border.per_kg, row.border.up_to or 0)):
                begins, up_to, _ = row.border
                bracket = Bracket(row.line, below if begins is None else begins, up_to, row.net, row.sheet)
                if begins is None and lighter and up_to == below:
                    cause = f"is a weight that {lighter} prices too"
                    self._tell(row.sheet, row.line, "up_to_kg", None, cause, "keep one of the rows")
                    continue
                yield TariffRow(where, bracket)
                below, lighter = up_to or below, bracket.row

    def _tell(self, sheet: str, line: int, column: str, value: str | None, cause: str, fix: str) -> None:
        self._problems.add(place(sheet, self.heading(column)), value, cause, fix, line)


def _is_tariff(header: tuple[str, int, Sequence[Any]]) -> bool:
    """Whether a line is the header of a tariff rather than of a cover: one of the four columns may be misnamed."""
    return len({"product", "zone", "up_to_kg", "net_eur"} & {part.column.name for part in header[2]}) >= 3


__all__ = ["COLUMNS", "Border", "TariffPlace", "TariffReader", "TariffRow"]
