"""How far a table reaches: for each service the price and the coverage of each state, weight by weight.

Brazil is looked at in each of its towns, Spain at ten codes of each province; of other countries no list is here.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from portes.contract.postal import postal_form
from portes.contract.states import state_name, state_noun, states
from portes.tables.audit.code_spans import joined_spans, missing_codes
from portes.tables.audit.findings import CountedNumber, FindingCollector
from portes.tables.audit.kinds import Severity
from portes.tables.audit.lanes import AuditLanes
from portes.tables.audit.range_checks import together
from portes.tables.index.origins import ANYWHERE
from portes.tables.index.overlaps import clusters, segments
from portes.tables.places.listed import listed_places
from portes.tables.protocol import NO_LIMIT, Micros, Milligrams

MOST_SERIES: Final = 40
"""Services and origins whose coverage is looked at."""
_MOST_PROBES: Final = 8
_USUAL: Final[tuple[Milligrams, ...]] = tuple(
    grams * 1000 for grams in (300, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 50_000, 100_000)
)
"""Weights that shops send."""
_FEW: Final = 20
"""Percent of a state's towns, or of a province's codes, up to which those that are missing look like a mistake."""
_CLOSE: Final = 1
"""Percent of a state's codes, up to which those without a row look like a border that is wrong."""
_OLD: Final = {"BR": ((78_900_000, 78_999_999),)}
"""Codes that no address has any more, as places/SOURCES.md says: a table without them lacks nothing."""
_NAMED: Final = 3
"""Towns that words name as examples."""


Answers: TypeAlias = tuple[int | None, ...]
"""For each measure a price or its mark; None where nothing is said."""


class CoveredState(NamedTuple):
    """What a series says of one state."""

    state: str
    name: str
    codes: int
    """Postal codes of the state's public ranges."""
    missing: int
    """Codes that no row is about."""
    places: int
    """Places that are looked at: towns, or sample codes."""
    served: tuple[int, ...]
    """For each weight, the places that have a price."""
    prices: tuple[Micros | None, ...]
    """For each weight, the median price of those places; None where none has one."""
    refused: int
    """Places that the table says are not served, or are priced by hand."""


@dataclass(frozen=True, slots=True)
class CoverageSeries:
    """The coverage of one service, from one range of origins."""

    service: str
    origin: str
    """The first and the last code that it prices from; empty for anywhere."""
    states: tuple[CoveredState, ...]


@dataclass(frozen=True, slots=True)
class AuditCoverage:
    """The coverage of a table."""

    measures: tuple[int, ...]
    """Weights that were asked for, or other measures of the table's axis, in thousandths of its unit."""
    words: tuple[str, ...]
    """The same in words."""
    by_town: bool
    """Whether the places are towns."""
    series: tuple[CoverageSeries, ...]
    left_out: int
    """Services and origins that were not looked at, as there are too many."""


class _Town(NamedTuple):
    state: str
    name: str
    capital: bool
    spans: tuple[tuple[int, int], ...]


def _current(country: str, ranges: Sequence[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
    """Ranges as numbers, without those that no address has any more."""
    spans = [(int(first), int(last)) for first, last in ranges]
    old = _OLD.get(country, ())
    return tuple(span for span in spans if not any(low <= span[0] and span[1] <= high for low, high in old))


@cache
def _towns(country: str) -> tuple[_Town, ...]:
    """The towns and capitals of a country that are listed."""
    return tuple(
        _Town(place.state, place.names[0], place.part == "capital", _current(country, place.ranges))
        for state in states(country)
        for place in listed_places(country, state.code)
        if place.part != "metropolitan" and (country == "BR" or place.part == "capital")
    )


@cache
def _points(country: str) -> tuple[tuple[int, str], ...]:
    """Postal codes to ask about, in order, and the state of each."""
    if country == "BR":
        return tuple(sorted((town.spans[0][0], town.state) for town in _towns(country)))
    size = postal_form(country).size
    tenth = size // 1000
    return tuple(
        (int(first) + step * tenth + (step == 0), state.code)
        for state in states(country)
        for first, _ in state.ranges
        for step in range(10)
    )


class CoverageChecks:
    """Works the coverage of a table out, and finds what is missing."""

    def __init__(self, lanes: AuditLanes, found: FindingCollector) -> None:
        self._lanes = lanes
        self._rows = lanes.rows
        self._found = found
        self._country = lanes.rows.options.country
        self._measures = self._probes()
        self._answers: dict[tuple[int, ...], Answers] = {}
        """By the contents of lanes that hold a code, what they say of it."""
        self._lacking: dict[str, dict[tuple[str, str], int]] = {}
        """By finding, each place that any series lacks, and the codes that it lacks at most."""

    def run(self) -> AuditCoverage:
        """The coverage; what is missing is told of."""
        of_fees = self._rows.options.of_fees  # fees are charged in some places and not in others
        every = together(self._rows.scopes) if states(self._country) and not of_fees else []
        series = tuple(map(self._series, every[:MOST_SERIES]))
        self._say_damage(several=len(every) > 1)
        measure = self._rows.gathered.measure
        words = tuple(map(measure, self._measures))
        return AuditCoverage(self._measures, words, self._country == "BR", series, max(0, len(every) - MOST_SERIES))

    def _say_damage(self, *, several: bool) -> None:
        """Fill in how much is missing: a place that several series lack is one place."""
        country = sum(
            last - first + 1 for state in states(self._country) for first, last in _current(self._country, state.ranges)
        )
        for code, lacking in self._lacking.items():
            codes = sum(lacking.values())
            self._found.say(
                code,
                places=CountedNumber(len(lacking)),
                codes=CountedNumber(codes),
                noun=state_noun(self._country),
                share=codes * 100 // country or "less than 1",
                all_towns=CountedNumber(len(_towns(self._country))),
                where=" in one service or origin at least" if several else "",
            )

    def _lack(self, code: str, state: str, name: str, codes: int) -> None:
        lacking = self._lacking.setdefault(code, {})
        lacking[state, name] = max(codes, lacking.get((state, name), 0))

    def _probes(self) -> tuple[int, ...]:
        """Measures to ask for: usual weights within the table's brackets, or upper borders that it has."""
        borders = sorted({one.high for shape in self._lanes.shapes for one in shape if one.high < NO_LIMIT})
        open_top = any(self._lanes.top(lane) >= NO_LIMIT for lane in self._lanes.contents)
        top = NO_LIMIT if open_top else max(borders, default=0)
        if self._rows.gathered.axis == "weight":
            probes = [weight for weight in _USUAL if weight <= top and (not borders or weight >= borders[0] // 10)]
            if len(probes) >= 3:
                return tuple(probes[:_MOST_PROBES])
        if len(borders) > _MOST_PROBES:
            borders = [borders[at * (len(borders) - 1) // (_MOST_PROBES - 1)] for at in range(_MOST_PROBES)]
        return tuple(borders) or (1_000_000,)

    def _series(self, scopes: Sequence[int]) -> CoverageSeries:
        rows = self._rows
        scope = rows.scopes[scopes[0]]
        origin = ""
        if scope.origin_first != ANYWHERE:
            origin = f"{rows.form.text(scope.origin_first)}-{rows.form.text(scope.origin_last)}"
        service = rows.services[scope.service]
        pieces = [*self._pieces(scopes)]
        spans = joined_spans((start, end) for start, end, _ in pieces)
        asked = self._asked(pieces)
        covered = tuple(
            self._state(state.code, state.names[0], state.ranges, spans, asked) for state in states(self._country)
        )
        label = " from ".join(filter(None, (service, origin)))
        self._tell(f"{label}: " if label else "", covered, spans)
        return CoverageSeries(service, origin, covered)

    def _pieces(self, scopes: Sequence[int]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """First and last code of what is priced alike, and the contents of its lanes, the best first."""
        held = [self._lanes.held(lane) for scope in scopes for lane in self._lanes.of_scope[scope]]
        held.sort(key=lambda one: (one.start, one.end))
        content = self._lanes.content_of
        for run in clusters(held):
            if len(run) == 1:
                yield run[0].start, run[0].end, (content[run[0].group],)
                continue
            for start, end, inside in segments(run):
                yield start, end, tuple(content[one.group] for one in inside[:_MOST_PROBES])

    def _asked(self, pieces: Sequence[tuple[int, int, tuple[int, ...]]]) -> dict[str, list[Answers]]:
        """By state, for each place looked at, what the table says for each measure."""
        asked: dict[str, list[Answers]] = {}
        starts = [piece[0] for piece in pieces]
        for code, state in _points(self._country):
            at = bisect_right(starts, code) - 1
            held = pieces[at][2] if at >= 0 and pieces[at][1] >= code else ()
            if held not in self._answers:
                self._answers[held] = tuple(self._answer(held, measure) for measure in self._measures)
            asked.setdefault(state, []).append(self._answers[held])
        return asked

    def _answer(self, contents: Sequence[int], measure: int) -> int | None:
        """What counts of what the lanes say, the best first: the first price, or the dearest where that is declared."""
        said = (self._lanes.price_at(content, measure) for content in contents)
        known = (price for price in said if price is not None)
        if self._rows.options.overlap == "dearest":
            return max(known, default=None)
        return next(known, None)

    def _state(
        self,
        code: str,
        name: str,
        ranges: Sequence[tuple[str, str]],
        spans: Sequence[tuple[int, int]],
        asked: dict[str, list[Answers]],
    ) -> CoveredState:
        own = _current(self._country, ranges)
        codes = sum(last - first + 1 for first, last in own)
        missing = sum(missing_codes(first, last, spans)[0] for first, last in own)
        answers = asked.get(code, [])
        served, prices = [], []
        for number in range(len(self._measures)):
            told = sorted(price for answer in answers if (price := answer[number]) is not None and price >= 0)
            served.append(len(told))
            prices.append(told[len(told) // 2] if told else None)
        refused = sum(1 for answer in answers if any(price is not None and price < 0 for price in answer))
        return CoveredState(code, name, codes, missing, len(answers), tuple(served), tuple(prices), refused)

    def _tell(self, label: str, covered: Sequence[CoveredState], spans: Sequence[tuple[int, int]]) -> None:
        gone = {one.state for one in covered if one.missing == one.codes}
        for one in covered:
            if one.state in gone and len(gone) < len(covered):
                name = one.name if state_name(self._country, one.state) == one.name else f"{one.name} ({one.state})"
                words = {"service": label, "state": name}
                self._lack("state-uncovered", one.state, "", one.codes)
                self._found.add("state-uncovered", None, words, size=one.codes)
        names = {one.state: one for one in covered if one.state not in gone and one.missing}
        if self._country == "BR":
            self._tell_towns(label, names, spans)
        else:
            self._tell_provinces(label, names, spans)

    def _tell_towns(self, label: str, partly: dict[str, CoveredState], spans: Sequence[tuple[int, int]]) -> None:
        """Tell of towns without a row, and of towns of which only a part has one, in states that have some."""
        without: dict[str, list[_Town]] = {}
        for town in _towns(self._country):
            if town.state not in partly:
                continue
            codes = sum(last - first + 1 for first, last in town.spans)
            gaps = [missing_codes(first, last, spans) for first, last in town.spans]
            missing = sum(gap for gap, _ in gaps)
            if missing == codes and not town.capital:
                without.setdefault(town.state, []).append(town)
            elif missing:
                first = next(begin for gap, begin in gaps if gap)
                close = partly[town.state].missing * 100 <= partly[town.state].codes * _CLOSE
                self._tell_town(label, town, codes, missing, first, "warning" if close else "advice")
        for state, towns in without.items():
            places = partly[state].places
            severity: Severity = "warning" if len(towns) * 100 <= places * _FEW else "advice"
            words = {
                "service": label,
                "state": state,
                "missing": f"{len(towns):,}",
                "all": f"{places:,}",
                "towns": ", ".join(town.name for town in towns[:_NAMED]),
            }
            for town in towns:
                self._lack("town-uncovered", state, town.name, 0)
            self._found.add("town-uncovered", None, words, severity=severity, size=len(towns))

    def _tell_town(
        self, label: str, town: _Town, codes: int, missing: int, first: int, severity: Severity = "warning"
    ) -> None:
        words = {
            "service": label,
            "town": town.name,
            "state": state_name(self._country, town.state),
            "missing": f"{missing:,}",
            "all": f"{codes:,}",
        }
        words["first"] = self._rows.form.text(first)
        code = "capital-uncovered" if missing == codes else "town-partly"
        self._lack(code, town.state, town.name, missing)
        self._found.add(code, None, words, size=missing, severity="warning" if missing == codes else severity)

    def _tell_provinces(self, label: str, partly: dict[str, CoveredState], spans: Sequence[tuple[int, int]]) -> None:
        """Tell of provinces of which a few codes have no row, and of capitals without any."""
        for town in _towns(self._country):
            codes = sum(last - first + 1 for first, last in town.spans)
            gaps = [missing_codes(first, last, spans) for first, last in town.spans]
            if town.state in partly and sum(gap for gap, _ in gaps) == codes:
                self._tell_town(label, town, codes, codes, town.spans[0][0])
        ranges = {state.code: state.ranges for state in states(self._country)}
        for one in partly.values():
            if one.missing * 100 > one.codes * _FEW:
                continue
            gaps = [missing_codes(first, last, spans) for first, last in _current(self._country, ranges[one.state])]
            begin = next(begin for gap, begin in gaps if gap)
            words = {"service": label, "state": one.name, "missing": f"{one.missing:,}", "all": f"{one.codes:,}"}
            words["first"] = self._rows.form.text(begin)
            self._lack("codes-uncovered", one.state, "", one.missing)
            self._found.add("codes-uncovered", None, words, size=one.missing)
