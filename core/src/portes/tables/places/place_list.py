"""A list of places that a carrier gives beside its tariff: which postal codes each of its zones is made of."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from portes.contract.names import folded, without_accents
from portes.contract.postal import RestoredCode, postal_keys
from portes.contract.states import PlaceError, Ranges, find_state
from portes.contract.suggestions import nearest
from portes.errors import Problems
from portes.tables.places.lookup import part_of, ranges_named
from portes.tables.places.naming import one_town
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, place, read_lines
from portes.tables.reading.sheets import Sheet
from portes.tables.reading.vocabulary import SYNONYMS, field_of, is_decoration

COLUMNS: Final = (
    Column("zone", Cells.text, blank="", also=("zona", "sigla", "praça")),
    Column("state", Cells.text, blank="", also=SYNONYMS["state"]),
    Column("region", Cells.text, blank="", also=("região",)),
    Column("town", Cells.text, blank="", also=SYNONYMS["town"]),
    Column("postal_from", Cells.postal_code, blank="", also=SYNONYMS["postal_from"]),
    Column("postal_to", Cells.postal_code, blank="", also=SYNONYMS["postal_to"]),
)
"""The columns of a list: a zone's word, and a place by its postal codes or by name."""
_DAYS: Final = frozenset({"days_min", "days_max"})


class ZonePlace(NamedTuple):
    """One line of a list: a place of a zone, its postal codes, and what else the line says of it."""

    sheet: str
    line: int
    zone: str
    state: str
    """The code of its state, where the line names one."""
    region: str
    """The part of the state that the carrier counts it to, in the carrier's word."""
    town: str
    ranges: Ranges
    values: Values
    """What stands in the format's own columns, such as days or a fee, in their order."""


@dataclass(frozen=True, slots=True)
class PlaceList:
    """All lines of a list, found by their zone or by their town; words differ neither by case nor by accents."""

    country: str
    places: tuple[ZonePlace, ...]
    _zones: Mapping[str, Sequence[ZonePlace]]
    _regions: Mapping[tuple[str, str], Sequence[ZonePlace]]
    _towns: Mapping[tuple[str, str], Sequence[ZonePlace]]

    @classmethod
    def read(
        cls,
        sheets: Sequence[Sheet],
        options: ReadOptions,
        problems: Problems,
        columns: Sequence[Column] = COLUMNS,
        extra: Sequence[Column] = (),
        ignores: Callable[[str], bool] | None = None,
    ) -> Self:
        """The list in a file's sheets; a line that names no place, or an unknown one, becomes a problem.

        Where the format takes no days from a list, a column of days is not used, and a note says so.

        `columns` are the six of `COLUMNS` in their order, under the names that the file has for them; `extra` are
        columns of the format's own, whose values each line keeps; `ignores` tells a column that is not read.
        """
        before = problems.count
        lines = read_lines(sheets, [*columns, *extra], options, problems, ignores or _is_unused)
        found = tuple(_read(lines, options, problems, columns))
        if not found and problems.count == before:
            problems.add("rows", None, "there is no place in the list", "add rows under the header")
        zones: dict[str, list[ZonePlace]] = defaultdict(list)
        regions: dict[tuple[str, str], list[ZonePlace]] = defaultdict(list)
        towns: dict[tuple[str, str], list[ZonePlace]] = defaultdict(list)
        for each in found:
            zones[folded(each.zone)].append(each)
            regions[each.state, _region_key(each.region)].append(each)
            towns[each.state, folded(each.town)].append(each)
        return cls(options.country, found, zones, regions, towns)

    def of_zone(self, zone: str) -> Sequence[ZonePlace]:
        """The places of a zone. Raises `PlaceError` for a zone that the list does not have."""
        found = self._zones.get(folded(zone)) if zone else None
        if found:
            return found
        near = nearest(without_accents(zone), [each.zone for each in self.places if each.zone])
        fix = f"did you mean {near[0]}?" if near else "add its places to the list, or correct the name"
        raise PlaceError(zone, "is a zone without any place in the list of places", fix)

    def ranges(self, zone: str) -> Ranges:
        """The postal codes of a zone, in order and joined. Raises `PlaceError` as `of_zone` does."""
        return joined(self.country, [span for each in self.of_zone(zone) for span in each.ranges])

    def named(self, zone: str, state: str, region: str, town: str) -> Sequence[ZonePlace]:
        """The places that have every one of these names that is not blank. Raises `PlaceError` for an unknown state."""
        code = find_state(self.country, state).code if state else ""
        wanted = folded(zone), code, _region_key(region) if region else "", folded(town)
        return [
            one for one in self.places if all(want in ("", own) for want, own in zip(wanted, _keys(one), strict=True))
        ]

    def has_region(self, state: str, region: str) -> bool:
        """Whether the list says which places of a state belong to a region, in the carrier's word for it."""
        return bool(region) and (find_state(self.country, state).code, _region_key(region)) in self._regions

    def of_region(self, state: str, region: str) -> Sequence[ZonePlace]:
        """The places of a region of a state. Raises `PlaceError` for one that the list does not have."""
        key = (find_state(self.country, state).code, _region_key(region))
        if not (region and key in self._regions):
            raise PlaceError(
                region, f"is a region of {key[0]} without any place in the list of places", "add its places to it"
            )
        return self._regions[key]

    def ranges_of_region(self, state: str, region: str) -> Ranges:
        """The postal codes of a region of a state, in order and joined. Raises `PlaceError` as `of_region` does."""
        return joined(self.country, [span for each in self.of_region(state, region) for span in each.ranges])

    def has_town(self, state: str, town: str) -> bool:
        """Whether the list has a town by exactly this name."""
        return bool(town) and (find_state(self.country, state).code, folded(town)) in self._towns

    def ranges_of_town(self, state: str, town: str) -> Ranges:
        """The postal codes that the list has for a town. Raises `PlaceError` where it has none."""
        code = find_state(self.country, state).code
        titles = {name: lines[0].town for (of, name), lines in self._towns.items() if of == code and name}
        name = one_town(town, titles, f"is no town of {code} in the list of places", "add it to the list")
        return joined(self.country, [span for each in self._towns[code, name] for span in each.ranges])

    def unused(self, zones: Sequence[str]) -> tuple[str, ...]:
        """The zones of the list that are not among those of a tariff, in the list's order: nothing prices them."""
        priced = {folded(zone) for zone in zones}
        return tuple(lines[0].zone for name, lines in self._zones.items() if name and name not in priced)


def _keys(one: ZonePlace) -> tuple[str, str, str, str]:
    """What a place is found by: its zone, state, region and town."""
    return folded(one.zone), one.state, _region_key(one.region) if one.region else "", folded(one.town)


def joined(country: str, ranges: Sequence[tuple[str, str]]) -> Ranges:
    """The same postal codes in order, with ranges that touch or overlap as one."""
    low, high = postal_keys(country)
    spans: list[tuple[str, str]] = []
    for first, last in sorted(ranges, key=lambda ends: low(ends[0])):
        if spans and low(first) <= high(spans[-1][1]) + 1:
            spans[-1] = spans[-1][0], max(spans[-1][1], last, key=high)
        else:
            spans.append((first, last))
    return tuple(spans)


def _read(
    lines: Iterable[tuple[str, int, Values]], options: ReadOptions, problems: Problems, columns: Sequence[Column]
) -> Iterator[ZonePlace]:
    six = len(columns)
    for sheet, line, values in lines:
        zone, _, region, town, *_ = values[:six]
        try:
            state, ranges = _understood(values[:six], options.country)
        except PlaceError as error:
            at = wrong_column(error, columns, values)
            problems.add(place(sheet, at), error.words or None, str(error), error.fix, line)
        else:
            yield ZonePlace(sheet, line, zone, state, region, town, ranges, values[six:])


def _is_unused(heading: str) -> bool:
    """Whether no place depends on a column of a list: decoration, or days, which are the table's to state."""
    return is_decoration(heading) or field_of(heading) in _DAYS


def wrong_column(error: PlaceError, columns: Sequence[Column], values: Values) -> str:
    """The column that holds the words of an error: `row` where there are none, `postal range` where two hold them."""
    held = (one.name for one, value in zip(columns, values, strict=False) if value == error.words)
    return next(held, "postal range") if error.words else "row"


def _understood(values: Values, country: str) -> tuple[str, Ranges]:
    """The state's code and the ranges of a line's place. Raises `PlaceError`."""
    _, state, region, town, first, last = values
    code = find_state(country, state).code if state else ""
    if first or last:
        return code, (span_of(country, first, last),)
    return code, _named(country, code, region, town)


def _named(country: str, state: str, region: str, town: str) -> Ranges:
    """The ranges of a line without postal codes; a region beside a town is what the carrier counts it to."""
    if not state:
        raise PlaceError(town or region, "names no place", "write postal codes, or a state with a town or a part of it")
    return ranges_named(country, state, "" if town else region, town)


def _region_key(words: str) -> str:
    """What a region is found by: the part of the state where the word is one of ours, else the word, folded."""
    try:
        return part_of(words)
    except PlaceError:
        return folded(words)


def span_of(country: str, first: str, last: str) -> tuple[str, str]:
    """Both ends of a range. Raises `PlaceError` for one that is blank, runs backwards, or lost a zero at one end."""
    low, high = postal_keys(country)
    words = f"{first}-{last}"
    if not (first and last):
        raise PlaceError(words, "has one end only", "write both, the same code twice if need be")
    if isinstance(first, RestoredCode) != isinstance(last, RestoredCode):
        raise PlaceError(words, "lost a digit at one end", "write both ends with all their digits")
    if low(first) > high(last):
        raise PlaceError(words, "runs backwards", "swap or correct the two values")
    return str(first), str(last)
