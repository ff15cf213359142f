"""Which lanes from an origin have a price and a time on a day, of those that the zone map leads to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import Final, NamedTuple

from portes.contract import Origin
from portes.errors import Problem, SettingsError
from portes.toolbox import Tools
from portes_correos_es.opening import Opened
from portes_correos_es.services import Line, barred_lane
from portes_correos_es.settings import CorreosSettings
from portes_correos_es.territories import EVERYWHERE, NATIONAL, Area, Territory, territory
from portes_correos_es.times import find_span

_ELSEWHERE: Final = Territory("", Area.ABROAD)
"""Any country but those that Correos calls national."""

Named = dict[str, None]
"""Words without doubles, in the order in which they came up."""
_Price = Callable[[str], tuple[bool, str]]
"""Of a zone: whether it has a price, and what it lacks."""


class Departure(NamedTuple):
    """A place that parcels leave from, and how people are told of it."""

    name: str
    """`origin 1 (28013)`."""
    territory: Territory

    @property
    def carried_from(self) -> bool:
        """Whether Correos takes parcels there at all."""
        return self.territory.country in NATIONAL


class Lack(NamedTuple):
    """Why a service has no price in a zone that the map leads to."""

    service: str
    """Product and mode: `paq_estandar home`."""
    zone: str
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was found from one origin; areas are those of the zone map."""

    reached: Named = field(default_factory=dict)
    """Zones that the map leads to."""
    served: Named = field(default_factory=dict)
    """Those in which a service has a price."""
    lacks: dict[Lack, Named] = field(default_factory=dict)
    """What has no price, and the areas that it would carry to."""
    unknown: Named = field(default_factory=dict)
    """Areas whose zone the map does not know."""
    timeless: dict[str, Named] = field(default_factory=dict)
    """Products with a zone and no time, and the areas."""

    @property
    def priced(self) -> list[str]:
        """Zones in which every service that goes there has all its prices."""
        lacking = {lack.zone for lack in self.lacks}
        return sorted(zone for zone in self.reached if zone not in lacking)


def departures(origins: Sequence[Origin]) -> list[Departure]:
    """The store's origins; every territory where a store told none."""
    told = [Departure(f"origin {each.id} ({each.place.postal_code})", territory(each.place)) for each in origins]
    return told or [Departure(str(each), each) for each in EVERYWHERE]


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Looks over the lanes of one carrier's services."""

    files: Opened
    lines: Sequence[Line]
    citypaq_canarias: bool

    def coverage(self, origin: Territory, day: date) -> Coverage:
        """Every lane from an origin that no published rule keeps a service off."""
        found = Coverage()
        for line in self.lines:
            price = cache(partial(self._price, line, origin, day))  # many destinations lie in few zones
            for destination in (*EVERYWHERE, _ELSEWHERE):
                if barred_lane(line, origin, destination, citypaq_canarias=self.citypaq_canarias) is None:
                    self._look(found, line, origin, destination, price)
        return found

    def _look(self, found: Coverage, line: Line, origin: Territory, destination: Territory, price: _Price) -> None:
        zone, area = self.files.zones.find(origin, destination), str(destination.area)
        if zone is None or not zone.name:
            found.unknown[area] = None
            return
        found.reached[zone.name] = None
        served, why = price(zone.name)
        if served:
            found.served[zone.name] = None
        if why:
            found.lacks.setdefault(Lack(f"{line.product.key} {line.mode}", zone.name, why), {})[area] = None
        if find_span(self.files.times, line.product.key, origin, destination) is None:
            found.timeless.setdefault(line.product.name, {})[area] = None

    def _price(self, line: Line, origin: Territory, day: date, zone: str) -> tuple[bool, str]:
        """Whether a service has a price in a zone, and what it lacks there; empty when nothing."""
        asked, tariff = (line.product.key, line.mode, origin, zone, day), self.files.tariff
        absence = tariff.absence(*asked)
        return not absence, absence or tariff.shortfall(*asked, line.max_weight)

    def unpriced(self, starts: Iterable[Departure], day: date) -> Iterator[Problem]:
        """Each zone that is reached from one of these places and is not priced on a day, as a problem of the tariff."""
        found: dict[Lack, tuple[Named, Named]] = {}
        for start in starts:
            for lack, areas in self.coverage(start.territory, day).lacks.items():
                names, reached = found.setdefault(lack, ({}, {}))
                names[start.name] = None
                reached.update(areas)
        for lack, (names, reached) in found.items():
            lane = f"from {listed(names)} to {listed(reached)}"
            cause = f"is reached {lane}, and {lack.service} is not wholly priced there on {day}: {lack.why}"
            yield Problem("zone", lack.zone, cause, "add its rows, or correct the zone map", self.files.tariff.name)


def check_tariff(surveyor: Surveyor, settings: CorreosSettings, tools: Tools) -> None:
    """Log what is odd about the tariff and which zones have no price today; a sample is never whole, nor strict.

    Raises `SettingsError` naming each with `strict_tariff`.
    """
    tariff = surveyor.files.tariff
    for note in tariff.notes:
        tools.log_once(f"{tariff.name}: {note}")
    problems = [*tariff.doubts]
    if not tariff.dateless:
        problems += surveyor.unpriced(departures(tools.store.origins), tools.today())
        if problems and settings.strict_tariff:
            raise SettingsError(problems)
    for problem in problems:
        tools.log.warning("odd in the tariff", doubt=str(problem))


def listed(words: Iterable[str], most: int = 5) -> str:
    """Some words in a row; those after the first few are counted."""
    every = [*words]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


__all__ = ["Coverage", "Departure", "Lack", "Surveyor", "check_tariff", "departures", "listed"]
