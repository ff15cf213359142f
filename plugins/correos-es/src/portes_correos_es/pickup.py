"""Pick-up points as a quote finds them: at hand or not, never waited for; it knows no wire and no price."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Final

from portes.carrier import Deadline
from portes.contract import PickupKind, PickupPoint, Place
from portes.errors import CarrierError
from portes.toolbox import Tools
from portes_correos_es.point_storage import Kept, PointStorage
from portes_correos_es.settings import CorreosSettings

MOST: Final = 20_000
"""Postal codes whose points are remembered, all kinds together."""
EMPTY_KEPT: Final = timedelta(days=1)
"""An empty list may be a passing fault of Correos, so it is kept no longer than this."""

COUNTRY: Final = "ES"
"""Where Correos lists pick-up points."""

Ask = Callable[[PickupKind, str, Deadline], tuple[PickupPoint, ...]]
"""Asks Correos. Raises a `CarrierError`."""
Key = tuple[PickupKind, str]


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

    def near(self, kind: PickupKind, place: Place) -> tuple[PickupPoint, ...] | None:
        """The nearest points as far as known, at once; None while no list is at hand. A list too old is renewed."""
        if self._never_asked(place):
            return None
        key, now = (kind, place.postal_code), self.tools.clock.now()
        kept = self._kept.get(key)
        if kept is None or now >= kept.fetched + self._life(kept):
            self._renew(key, now)
            kept = self._kept.get(key)
        return None if kept is None else kept.points[: self.settings.points_shown]

    def why_not(self, kind: PickupKind, place: Place) -> str:
        """Why `near` had nothing to show."""
        never = self._never_asked(place)
        if never:
            return never
        if (kind, place.postal_code) in self._kept:
            return f"Correos lists no {kind} near {place.postal_code}"
        pause = self._pauses.get(kind)
        return f"Correos's list of each {kind} is not at hand: {pause.why if pause else 'not yet asked for'}"

    def _never_asked(self, place: Place) -> str:
        """Why Correos is never asked about a place; empty when it is."""
        if not self.settings.pickup_points:
            return "pick-up points are switched off"
        if self.settings.missing_credentials:
            return "without credentials of Correos ID no pick-up point is looked up"
        return "" if place.country == COUNTRY else f"Correos lists no pick-up points in {place.country}"

    def _life(self, kept: Kept) -> timedelta:
        whole = timedelta(days=self.settings.points_days)
        return whole if kept.points else min(whole, EMPTY_KEPT)

    def _renew(self, key: Key, now: datetime) -> None:
        pause = self._pauses.get(key[0])
        if pause is None or now >= pause.until:
            self.tools.background(key, partial(self._fetch, key))

    def _fetch(self, key: Key) -> None:
        """Take another process's list when it is young enough, or ask Correos."""
        found = self.storage.read(*key)
        if found is None or self.tools.clock.now() >= found.fetched + self._life(found):
            found = self._asked(key)
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def _asked(self, key: Key) -> Kept:
        kind, postal_code = key
        try:
            points = self.ask(kind, postal_code, Deadline(self.settings.points_timeout, self.tools.clock))
        except CarrierError as problem:
            now = self.tools.clock.now()
            self._pauses[kind] = _Pause(now + timedelta(seconds=self.settings.points_pause), problem.kind)
            raise
        self._pauses.pop(kind, None)
        kept = Kept(points, self.tools.clock.now())
        self.storage.write(kind, postal_code, kept)
        return kept


__all__ = ["EMPTY_KEPT", "MOST", "Points"]
