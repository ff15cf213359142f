"""Tariffs by zone, as road carriers' proposals in Brazil print them, and the list of places that belongs to one.

A tariff has a row for a zone (`sigla`) or for a state and a part of it (`UF`, `Região`), and a column for each weight
bracket; `exc./kg` counts above the last one. Layout and rules as seen in a real proposal of 2025; the columns of the
list and the fees beside the prices as seen in one engine for such tariffs. Doubtful: whether a toll for each 100 kg is
for each begun, as transport documents have it, or by the exact part (`toll_per`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Final, NamedTuple

from portes.contract.states import PlaceError, Ranges, find_state
from portes.errors import Problems
from portes.tables.formats.row_fees import COLUMNS as FEES
from portes.tables.formats.row_fees import RowFees
from portes.tables.formats.wide_prices import WidePrices
from portes.tables.places.lookup import OWN_LIST, ranges_named
from portes.tables.places.place_list import PlaceList, ZonePlace, joined, wrong_column
from portes.tables.protocol import Fee, Micros, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, WideLine, has_brackets, headers_of, place, read_wide_lines
from portes.tables.reading.sheets import Sheet, open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

_ZONE: Final = Column("sigla", Cells.text, blank="", also=("zona", "zone"))
_STATE: Final = Column("UF", Cells.text, blank="", also=SYNONYMS["state"])
_REGION: Final = Column("Região", Cells.text, blank="", also=("region",))
_TOWN: Final = Column("Cidade", Cells.text, blank="", also=SYNONYMS["town"])
_DAYS: Final = Column("Prazo", Cells.day_span, blank=None, also=SYNONYMS["days_max"])
_ADD_DAYS: Final = "add a column Prazo to the tariff or to the list of places"

PLACE_COLUMNS: Final = (_ZONE, _STATE, _REGION, _TOWN)
COLUMNS: Final = (*PLACE_COLUMNS, _DAYS, *FEES)
"""Those of the tariff beside its brackets."""
LIST_COLUMNS: Final = (
    *PLACE_COLUMNS,
    Column("CEP inicial", Cells.postal_code, blank="", also=SYNONYMS["postal_from"]),
    Column("CEP final", Cells.postal_code, blank="", also=SYNONYMS["postal_to"]),
)
LIST_EXTRAS: Final = (
    _DAYS,
    Column("TDA", Cells.price, blank=0, number=True, also=("tda rs", *SYNONYMS["hard_access"])),
)
"""What the list of places says of a place beside its codes: days, and a fee for hard access."""


class _Reached(NamedTuple):
    """Postal codes of a row with the same days and the same fee."""

    ranges: Ranges
    days: tuple[int, int] | None
    hard_access: Micros


class Proposal:
    """The format `proposal`; weights of its header are in kg where they state no unit."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = (
        "sigla", "UF", "Região", "exc./kg", "F. valor", "kg_excedente", "gris_adv_pct_nf", "trt_pct_sobre_frete",
        "pedagio_rs_por_100kg", "taxa_despacho_rs", "prazo",
    )  # fmt: skip
    """Words of its header, by which a file is known for one of this format."""
    beside_marks: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "places": (
            "sigla",
            "UF",
            "Região",
            "Cidade",
            "CEP inicial",
            "CEP final",
            "Prazo",
            "prazo_dias_uteis",
            "TDA",
            "tda_rs",
        )
    }

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, one for each price and postal range of its place."""
        tariff, lists = _apart(open_sheets(source, options, problems), options)
        places = _ZonePlaces(lists, options, problems)
        prices, stated = WidePrices(options.above, problems), RowFees(options, problems)
        width = len(PLACE_COLUMNS)
        for line in read_wide_lines(tariff, COLUMNS, options, problems, is_decoration):
            names, days, values = line.values[:width], line.values[width], line.values[width + 1 :]
            fees, tax = stated.of(line.sheet, line.line, values)
            brackets = prices.brackets(line)
            for reached in places.reached(line, names, days):
                own = (*fees, Fee("hard_access", reached.hard_access)) if reached.hard_access else fees
                for low, high, price, per_kg in brackets:
                    terms = Terms(*(reached.days or (0, 0)), per_kg, fees=own, tax=tax)
                    for first, last in reached.ranges:
                        yield Row(line.line, "", first, last, low, high, price, high, terms, line.sheet)
        places.tell_dayless()
        places.tell_unused()


class _ZonePlaces:
    """The places of a tariff's rows, by the list of places and, for parts of a state, by our own lists."""

    def __init__(self, sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> None:
        self._country = options.country
        self._problems = problems
        self._list = _read_list(sheets, options, problems)
        self._priced: list[str] = []
        self._dayless: list[tuple[str, int]] = []
        self._timed = False

    def reached(self, line: WideLine, names: Values, days: tuple[int, int] | None) -> Iterator[_Reached]:
        """The codes of a row, parted by days and fee; none, and a problem, where no place or no days are stated."""
        try:
            found = list(self._named(*names))
        except PlaceError as error:
            at = wrong_column(error, PLACE_COLUMNS, names)
            self._problems.add(place(line.sheet, at), error.words or None, str(error), error.fix, line.line)
            return
        for one in found:
            if one.days is None and days is None:
                self._dayless.append((line.sheet, line.line))
                return
            self._timed = True
            yield one._replace(days=one.days or days)

    def tell_dayless(self) -> None:
        """Report the rows without days: each one, or all of them at once where no row has any."""
        fix = (
            f'{_ADD_DAYS}, or declare those of all rows: defaults = {{ {_DAYS.name} = "5" }} (--default {_DAYS.name}=5)'
        )
        for sheet, line in self._dayless if self._timed else self._dayless[:1]:
            if self._timed:
                self._problems.add(place(sheet, _DAYS.name), None, "states no days", fix, line)
            else:
                self._problems.add(place(sheet, "header"), None, "no row states days", fix)

    def tell_unused(self) -> None:
        """Note the zones of the list that no row prices."""
        unused = self._list.unused(self._priced) if self._list and self._priced else ()
        if unused:
            self._problems.note(f"zones of the list of places without a price: {', '.join(unused)}")

    def _named(self, zone: str, state: str, region: str, town: str) -> Iterator[_Reached]:
        if zone:
            self._priced.append(zone)
            yield from self._of_places(self._of_zone(zone, state))
        elif not state:
            fix = "write a sigla, or the UF" if not (town or region) else "write the UF beside it"
            raise PlaceError(town or region, "names no place" if fix.startswith("write a") else "has no UF", fix)
        elif self._list and not town and self._list.has_region(state, region):
            yield from self._of_places(self._list.of_region(state, region))
        elif self._list and town and self._list.has_town(state, town):
            yield _Reached(self._list.ranges_of_town(state, town), None, 0)
        else:
            yield _Reached(self._by_name(state, region, town), None, 0)

    def _of_zone(self, zone: str, state: str) -> Sequence[ZonePlace]:
        """The places of a zone, in a state where the row names one too."""
        if self._list is None:
            raise PlaceError(zone, "is a zone, and the table has no list of places", OWN_LIST)
        places = self._list.of_zone(zone)
        code = find_state(self._country, state).code if state else ""
        found = [one for one in places if not code or one.state in ("", code)]
        if not found:
            raise PlaceError(zone, f"has no place in {code} in the list of places", "correct the UF or the list")
        return found

    def _by_name(self, state: str, region: str, town: str) -> Ranges:
        try:
            return ranges_named(self._country, state, region, town)
        except PlaceError:
            if self._list and region and not town:
                self._list.of_region(state, region)  # says that the list lacks it
            raise

    def _of_places(self, places: Sequence[ZonePlace]) -> Iterator[_Reached]:
        spans: dict[Values, list[tuple[str, str]]] = {}
        for one in places:
            spans.setdefault(one.values, []).extend(one.ranges)
        for (days, hard_access), ranges in spans.items():
            yield _Reached(joined(self._country, ranges), days, hard_access)


def _read_list(sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> PlaceList | None:
    """The list of places: the file beside the tariff, whose problems come under its own name, or sheets of it."""
    source = options.beside.get("places")
    if source is None:
        return PlaceList.read(sheets, options, problems, LIST_COLUMNS, LIST_EXTRAS) if sheets else None
    own = Problems("places")
    listed = PlaceList.read(open_sheets(source, options, own), options, own, LIST_COLUMNS, LIST_EXTRAS)
    problems.absorb(own)
    return listed


def _apart(sheets: Sequence[Sheet], options: ReadOptions) -> tuple[Sequence[Sheet], Sequence[Sheet]]:
    """The sheets of the tariff, and those that are its list of places: without a bracket, with columns of the list."""
    if "places" in options.beside:
        return sheets, ()
    lists = [
        sheet
        for sheet in sheets
        if not has_brackets(sheet, COLUMNS, options)
        and any(len(parts) > 1 for *_, parts in headers_of([sheet], LIST_COLUMNS, options))
    ]
    if len(lists) == len(sheets):
        return sheets, ()
    return [sheet for sheet in sheets if sheet not in lists], lists
