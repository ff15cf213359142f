"""The files a carrier of Correos lives by, opened once at its birth: tariff, zone map, times; it knows no shipment."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from portes.errors import Problem, Problems, SettingsError
from portes.toolbox import Tools
from portes_correos_es.lanes import Lanes
from portes_correos_es.settings import CorreosSettings
from portes_correos_es.sources import Source, own_file, packaged
from portes_correos_es.tariff import Tariff
from portes_correos_es.tariff_file import read_tariff
from portes_correos_es.times import Times, read_times
from portes_correos_es.zones import Zone, read_zones

_REMEMBERED: Final = 16
"""Files whose content is remembered as it was read: a process opens them again for each store and at each change."""
SAMPLES: Final = {"canarias-2023": "sample-canarias-2023.csv"}

T = TypeVar("T")


@dataclass(frozen=True)
class Opened:
    """All files of a carrier, read and checked."""

    tariff: Tariff
    zones: Lanes[Zone]
    times: tuple[Times, ...]
    """The shop's own first."""
    fingerprint: str
    """Changes with any byte of any of them."""


def open_files(settings: CorreosSettings, tools: Tools) -> Opened:
    """Open and check them all. Raises `SettingsError` with every problem."""
    opening = _Opening(settings, tools)
    zone_map, own_times = opening.source("zones", settings.zones), opening.source("times", settings.times)
    zones = opening.attempt(lambda: _checked_zones(zone_map or packaged("zones.csv")))
    own = opening.attempt(lambda: _checked_times(own_times, published=False)) if own_times else None
    tariff = opening.attempt(lambda: opening.tariff(zones))
    if opening.problems or zones is None or tariff is None:
        raise SettingsError(opening.problems)
    published = _checked_times(packaged("times.csv"), published=True)
    fingerprints = [tariff.fingerprint, *(each.fingerprint for each in (zone_map, own_times) if each)]
    return Opened(tariff, zones, (own, published) if own else (published,), "+".join(fingerprints))


@lru_cache(_REMEMBERED)
def _checked_zones(source: Source) -> Lanes[Zone]:
    problems = Problems(source.name)
    zones = read_zones(source, problems)
    problems.check()
    return zones


@lru_cache(_REMEMBERED)
def _checked_times(source: Source, *, published: bool) -> Times:
    problems = Problems(source.name)
    times = read_times(source, problems, published=published)
    problems.check()
    return times


_remembered_tariff: Final = lru_cache(_REMEMBERED)(read_tariff)


class _Opening:
    """Files on their way in; problems are collected, so that those of all files are told at once."""

    def __init__(self, settings: CorreosSettings, tools: Tools) -> None:
        self._settings = settings
        self._tools = tools
        self.problems: list[Problem] = []

    def attempt(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except SettingsError as error:
            self.problems += error.problems
            return None

    def source(self, key: str, name: str) -> Source | None:
        store = self._tools.store
        return self.attempt(lambda: own_file(name, store, f"settings.{key}")) if name else None

    def tariff(self, zones: Lanes[Zone] | None) -> Tariff:
        settings, day = self._settings, self._tools.today()
        names = frozenset(zone.name for zone in zones.rows.values() if zone.name) if zones else frozenset()
        if settings.sample_tariff:
            return _remembered_tariff(packaged(SAMPLES[settings.sample_tariff]), names, day, sample=True)
        source = own_file(settings.tariff, self._tools.store, "settings.tariff")
        return _remembered_tariff(source, names, day, settings.tariff_defaults)


__all__ = ["SAMPLES", "Opened", "open_files"]
