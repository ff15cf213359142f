"""The workbook of the freight platform Intelipost, of which the sections and their words are public, the layout is not.

The platform's help pages (stored copies, their beginnings) name the sections, the fields of the generalities, what the
coverage holds and both ways to price; not one heading, sheet or key by which rows belong to places. So sections are
known by these names and headings by the common words; any other is a problem until a mapping names it. Rows and
coverage are joined by the names and codes that both state. Weights of a header are in kg where it states no unit.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final, NamedTuple

from portes.contract.states import PlaceError, Ranges
from portes.errors import Problems
from portes.tables.formats.intelipost.generalities import read_generalities, tell_terms
from portes.tables.formats.intelipost.headings import DeclaredHeadings, declared_headings
from portes.tables.formats.intelipost.modes import FREIGHT_FIELDS, TariffLine, read_tariff_lines
from portes.tables.formats.intelipost.sections import TITLES, Sections, SectionTitle, find_sections
from portes.tables.places.place_list import PlaceList, joined, span_of, wrong_column
from portes.tables.places.shop_places import common_ranges
from portes.tables.protocol import ReadOptions, Row, StatedTerms, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, place
from portes.tables.reading.sheets import Sheet, open_sheets
from portes.tables.reading.vocabulary import SYNONYMS

PLACE_COLUMNS: Final = (
    Column("zona", Cells.text, blank="", also=("sigla", "zone")),
    Column("UF", Cells.text, blank="", also=SYNONYMS["state"]),
    Column("Região", Cells.text, blank="", also=("region",)),
    Column("Cidade", Cells.text, blank="", also=SYNONYMS["town"]),
    Column("CEP inicial", Cells.postal_code, blank="", also=SYNONYMS["postal_from"]),
    Column("CEP final", Cells.postal_code, blank="", also=SYNONYMS["postal_to"]),
)
"""Of the coverage and of the tariff: what both state joins them."""
_PLACE_FIELDS: Final = dict(
    zip(
        (one.name for one in PLACE_COLUMNS),
        ("zone", "state", "region", "town", "postal_from", "postal_to"),
        strict=True,
    )
)
_DAYS: Final = (
    Column("Prazo", Cells.day_span, also=(*SYNONYMS["days_max"], "prazos")),
    Column("Prazo mínimo", Cells.days, blank=None, also=SYNONYMS["days_min"]),
)
_DAY_FIELDS: Final = {"Prazo": "days_max", "Prazo mínimo": "days_min"}
_NEEDED: Final = (SectionTitle.COVERAGE, SectionTitle.TARIFF)


class _ReachedRanges(NamedTuple):
    """Postal codes of a row with the same days."""

    ranges: Ranges
    days: tuple[int, int]


class Intelipost:
    """The format `intelipost`; what nobody documents in it is named by a mapping."""

    version: ClassVar[int] = 1
    titles: ClassVar[tuple[str, ...]] = TITLES
    """By which a file is known for one of this format; no heading of it is documented."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, one for each price and postal range that its place has in the coverage."""
        headings, sections = _opened(source, options, problems)
        _check_sections(sections, problems)
        tell_terms(read_generalities(sections[SectionTitle.GENERAL], headings.ignored, options, problems), problems)
        coverage = _Coverage(sections[SectionTitle.COVERAGE], headings, options, problems)
        columns = headings.known(PLACE_COLUMNS, _PLACE_FIELDS)
        for line in read_tariff_lines(sections[SectionTitle.TARIFF], columns, headings, options, problems):
            for reached in coverage.reached(line):
                shortest, longest = reached.days
                for low, high, price, per_kg in line.brackets:
                    terms = Terms(shortest, longest, per_kg, fees=line.fees, tax=line.tax)
                    for first, last in reached.ranges:
                        yield Row(line.line, "", first, last, low, high, price, high, terms, line.sheet)
        coverage.tell_unused()

    def stated_terms(self, source: bytes, options: ReadOptions) -> StatedTerms:
        """What its generalities say, of a file that was read without problems."""
        problems = Problems()
        headings, sections = _opened(source, options, problems)
        return read_generalities(sections[SectionTitle.GENERAL], headings.ignored, options, problems)


def _opened(source: bytes, options: ReadOptions, problems: Problems) -> tuple[DeclaredHeadings, Sections]:
    headings = declared_headings(options, (*_PLACE_FIELDS.values(), *_DAY_FIELDS.values(), *FREIGHT_FIELDS), problems)
    return headings, find_sections(open_sheets(source, options, problems), headings.ignored, problems)


def _check_sections(sections: Sections, problems: Problems) -> None:
    """Report sections that are missing, and those with content that nobody documents."""
    for section in _NEEDED:
        if not sections[section]:
            fix = f"name its sheet {section}, or write {section} alone in a line above it"
            problems.add("sheet", section, "no such section is in the file", fix)
    if not sections[SectionTitle.GENERAL]:
        problems.note(f"there is no section {SectionTitle.GENERAL}: the file does not say what tax and cubage hold")
    for section, cause, fix in (
        (
            SectionTitle.CENTRES,
            "may hold several origins and methods, and how rows belong to them is not documented",
            "make a file for each origin and method",
        ),
        (
            SectionTitle.FEES,
            "has fees, and how the platform lays them out is not documented",
            "write them as components of the carrier's tariff, by place with a file of their own",
        ),
    ):
        for sheet in sections[section]:
            line = next((number for number, cells in sheet.lines() if _has_digit(cells)), 0)
            if line:
                fixed = f'{fix}, and "{section}" = "ignore" in the mapping'
                problems.add(place(sheet.name, "section"), section, cause, fixed, line)
            else:
                problems.note(f"section {section} has no number and is not used")


def _has_digit(cells: Iterable[object]) -> bool:
    return any(sign.isdigit() for cell in cells for sign in str(cell))


class _Coverage:
    """The places of the coverage, and those of a row among them."""

    def __init__(
        self, sheets: Sequence[Sheet], headings: DeclaredHeadings, options: ReadOptions, problems: Problems
    ) -> None:
        self._country = options.country
        self._problems = problems
        columns = headings.known(PLACE_COLUMNS, _PLACE_FIELDS)
        days = headings.known(_DAYS, _DAY_FIELDS)
        self._list = PlaceList.read(sheets, options, problems, columns, days, headings.ignores)
        self._used: set[tuple[str, int]] = set()

    def reached(self, line: TariffLine) -> Iterator[_ReachedRanges]:
        """The codes of a row, parted by days; none, and a problem, where the coverage has no such place."""
        if not self._list.places:
            return  # which is told
        try:
            found = list(self._places(line.places))
        except PlaceError as error:
            at = wrong_column(error, PLACE_COLUMNS, line.places)
            self._problems.add(place(line.sheet, at), error.words or None, str(error), error.fix, line.line)
            return
        spans: dict[tuple[int, int], list[tuple[str, str]]] = {}
        for days, ranges in found:
            spans.setdefault(days, []).extend(ranges)
        for days, codes in spans.items():
            yield _ReachedRanges(joined(self._country, codes), days)

    def tell_unused(self) -> None:
        """Note how many places of the coverage no row prices."""
        unused = [one for one in self._list.places if (one.sheet, one.line) not in self._used]
        if unused and self._used:
            first = unused[0]
            self._problems.note(
                place(first.sheet, f"{len(unused)} places have no price, the first in line {first.line}")
            )

    def _places(self, places: Values) -> Iterator[tuple[tuple[int, int], Ranges]]:
        *names, first, last = places
        if not any(places):
            raise PlaceError(
                "", "names no place", "write UF and Região, a zone, or postal codes, as the coverage has them"
            )
        span = (span_of(self._country, first, last),) if first or last else ()
        found = False
        for one in self._list.named(*names):
            codes = common_ranges(self._country, one.ranges, span) if span else one.ranges
            if codes:
                found = True
                self._used.add((one.sheet, one.line))
                (shortest, longest), least = one.values
                yield (shortest if least is None else least, longest), codes
        if not found:
            words = next(name for name in (*reversed(names), first) if name)
            raise PlaceError(
                words, "is no place of the coverage", f"add it to {SectionTitle.COVERAGE}, or correct the name"
            )
