"""Pick-up points as a quote finds them: at hand or not, never waited for; it knows no wire and no price."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Final, NamedTuple

from portes.carrier import Deadline
from portes.contract import PickupKind, PickupPoint, Place
from portes.errors import CarrierError
from portes.toolbox import Tools
from portes_correos_es.point_storage import Kept, PointStorage
from portes_correos_es.settings import CorreosSettings

MOST: Final = 20_000
"""Postal codes whose points are remembered, all kinds together."""
COUNTRY: Final = "ES"
"""Where Correos lists pick-up points."""

Ask = Callable[[PickupKind, str, Deadline], tuple[PickupPoint, ...]]
"""Asks Correos. Raises a `CarrierError`."""
Key = tuple[PickupKind, str]


class Nearby(NamedTuple):
    """What is known of the pick-up points near a place."""

    points: tuple[PickupPoint, ...]
    """The nearest first."""
    why: str = ""
    """Why there are none."""
    settled: bool = False
    """Whether Correos was seen without any often enough for it to be a fact."""


@dataclass(slots=True)
class _Pause:
    """No call for lists of a kind before this moment, and why."""

    until: datetime
    why: str


@dataclass
class Points:
    """The pick-up points of one carrier, thread-safe. Lists are renewed in the background and kept when that fails."""

    settings: CorreosSettings
    tools: Tools
    ask: Ask
    storage: PointStorage
    _kept: "OrderedDict[Key, Kept]" = field(default_factory=OrderedDict, repr=False)
    _pauses: dict[PickupKind, _Pause] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def near(self, kind: PickupKind, place: Place) -> Nearby:
        """The nearest points as far as known, at once. A list too old is renewed for a later quote."""
        never = self._never_asked(place)
        if never:
            return Nearby((), never)
        key, now = (kind, place.postal_code), self.tools.clock.now()
        kept = self._kept.get(key)
        if kept is None or now >= kept.fetched + self._life(kept):
            self._renew(key, now)
            kept = self._kept.get(key)
        if kept is None:
            pause = self._pauses.get(kind)
            why = pause.why if pause else "not yet asked for"
            return Nearby((), f"Correos's list of each {kind} is not at hand: {why}")
        return Nearby(kept.points[: self.settings.points_shown]) if kept.points else self._none(key, kept, now)

    def _none(self, key: Key, kept: Kept, now: datetime) -> Nearby:
        """No point near: a fact for some hours once it was seen twice, and until then perhaps a passing fault."""
        why = f"Correos lists no {key[0]} near {key[1]}"
        if self._seen_twice(kept) and now < kept.fetched + timedelta(hours=self.settings.points_empty_hours):
            return Nearby((), why, settled=True)
        return Nearby((), f"{why}; it is asked again, for an empty list may be a passing fault")

    def _seen_twice(self, kept: Kept) -> bool:
        apart = timedelta(minutes=self.settings.points_empty_minutes)
        return kept.empty_since is not None and kept.fetched - kept.empty_since >= apart

    def _never_asked(self, place: Place) -> str:
        """Why Correos is never asked about a place; empty when it is."""
        if not self.settings.pickup_points:
            return "pick-up points are switched off"
        missing = self.settings.missing_credentials
        if missing:
            return f"no pick-up point is looked up without {', '.join(missing)}"
        return "" if place.country == COUNTRY else f"Correos lists no pick-up points in {place.country}"

    def _life(self, kept: Kept) -> timedelta:
        settings, whole = self.settings, timedelta(days=self.settings.points_days)
        if kept.points:
            return whole
        hours, minutes = timedelta(hours=settings.points_empty_hours), timedelta(minutes=settings.points_empty_minutes)
        return min(whole, hours if self._seen_twice(kept) else minutes)

    def _renew(self, key: Key, now: datetime) -> None:
        pause = self._pauses.get(key[0])
        if pause is None or now >= pause.until:
            self.tools.background(key, partial(self._fetch, key))

    def _fetch(self, key: Key) -> None:
        """Take another process's list when it is young enough, or ask Correos."""
        found = self.storage.read(*key)
        if found is None or self.tools.clock.now() >= found.fetched + self._life(found):
            found = self._asked(key, found or self._kept.get(key))
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def _asked(self, key: Key, before: Kept | None) -> Kept:
        kind, postal_code = key
        try:
            points = self.ask(kind, postal_code, Deadline(self.settings.points_timeout, self.tools.clock))
        except CarrierError as problem:
            now = self.tools.clock.now()
            self._pauses[kind] = _Pause(now + timedelta(seconds=self.settings.points_pause), problem.kind)
            raise
        self._pauses.pop(kind, None)
        now = self.tools.clock.now()
        since = None if points else (before and before.empty_since) or now
        kept = Kept(points, now, since)
        self.storage.write(kind, postal_code, kept)
        return kept


__all__ = ["MOST", "Nearby", "Points"]
