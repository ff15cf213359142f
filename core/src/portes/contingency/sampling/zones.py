"""Which places cost the same for a service: each zone has a curve, that of the spot which was asked for all of it.

A spot belongs to the only zone that all its answers fit. Where several fit, it is asked at the bracket that tells most
of them apart; where none does, it leads a zone of its own. A spot that is not the first of its range belongs to the
zone of a spot beside it as long as that fits.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from portes.contingency.sampling.curves import agrees, brackets_to_ask, filled_in, telling_bracket, tops_of_steps
from portes.contingency.sampling.protocol import Outcome
from portes.contingency.sampling.spots import Spot

Want = tuple[Spot, int]
"""A spot, and a bracket at which it is to be asked."""

_OTHERS: Final = 2
"""How many other members of a zone are asked what could not be found out about its leader."""


class Zone:
    """Places with one curve."""

    __slots__ = ("awaited", "complete", "curve", "leader", "lent", "members")

    def __init__(self, leader: Spot) -> None:
        self.leader = leader
        self.curve: dict[int, Outcome] = {}
        """Outcomes by bracket, as far as they are known."""
        self.lent: dict[int, Outcome] = {}
        """What other members said by bracket where nothing could be found out about the leader."""
        self.complete = False
        """Whether nothing more can be asked for the curve."""
        self.members: dict[Spot, None] = {leader: None}
        """The leader and whoever was put here, in the order in which they were."""
        self.awaited = 0
        """How many spots wait for the curve, as of the last look."""


class ServiceZones:
    """The zones of one service, and the spots that are in none yet."""

    def __init__(self, service: str, size: int, most_tries: int) -> None:
        self.service = service
        self.zones: list[Zone] = []
        self.telling = size - 1
        """The bracket that every spot is asked at."""
        self._size = size
        self._most_tries = most_tries
        self._unsettled: dict[Spot, None] = {}
        self._tops = tops_of_steps([], size)
        """Brackets at which steps of the curves that are known end."""

    def heard(self, spot: Spot) -> None:
        """Take up that a spot was asked, and look again at all that rested on what was known of it."""
        zone = spot.zones.get(self.service)
        if zone is None:
            self._unsettled[spot] = None
        elif zone.leader is spot:
            self._follow(zone)
        elif not agrees(self._known(spot), zone.curve):
            self._unsettle(spot)
        elif more := {at: outcome for at, outcome in self._known(spot).items() if at not in zone.curve}:
            zone.lent.update(more)
            self._follow(zone)

    def settle(self) -> Iterator[tuple[Want, bool]]:
        """Put spots into zones, and yield what has to be asked first; with each whether others wait for it."""
        for zone in self.zones:
            zone.awaited = 0
        for spot in [*self._unsettled]:
            for want in self._settle(spot):
                yield want, False
        learning = [zone for zone in self.zones if not zone.complete]
        for zone in self.zones:
            if zone.complete and len(zone.curve) < self._size:
                yield from ((want, False) for want in self._from_others(zone))
        # twice as many curves each time, since those that are known spare questions about the next ones
        at_once = max(1, len(self.zones) - len(learning))
        for number, zone in enumerate(learning):
            if number < at_once or not {0, self._size - 1} <= self._known(zone.leader).keys():
                for bracket in self._missing(zone):
                    yield (zone.leader, bracket), zone.awaited > 0 or len(zone.members) > 1

    def settle_without_asking(self) -> None:
        """Put as many spots into zones as what is known allows."""
        before = -1
        while before != (before := len(self._unsettled)):
            for _ in self.settle():
                pass

    def differing_bracket(self, one: Spot, other: Spot) -> int | None:
        """A bracket at which the zones of two spots differ; None where they do not, or one is in no zone."""
        zones = [spot.zones.get(self.service) for spot in (one, other)]
        if zones[0] is zones[1] or zones[0] is None or zones[1] is None:
            return None
        curves = [zone.curve for zone in zones if zone is not None]
        at = telling_bracket(curves, self._size, lambda _: True)
        return None if at is None or curves[0].get(at) == curves[1].get(at) else at

    def _known(self, spot: Spot) -> dict[int, Outcome]:
        return spot.known.get(self.service, {})

    def _askable(self, spot: Spot, bracket: int) -> bool:
        return bracket not in self._known(spot) and spot.tries[bracket] < self._most_tries

    def _missing(self, zone: Zone) -> list[int]:
        known = zone.lent | self._known(zone.leader)
        askable = partial(self._askable, zone.leader)
        return brackets_to_ask(known, zone.curve, self._size, self._tops, askable)

    def _from_others(self, zone: Zone) -> Iterator[Want]:
        """Ask other members where nothing could be found out about the leader, one of them at a time."""
        for at in range(self._size):
            if at not in zone.curve:
                others = [*zone.members][1 : 1 + _OTHERS]
                yield from [(spot, at) for spot in others if self._askable(spot, at)][:1]

    def _settle(self, spot: Spot) -> Iterator[Want]:
        known = self._known(spot)
        if not known:
            yield from self._anything(spot)
            return
        beside = [each for each in spot.neighbours if self._known(each)]
        near = list(dict.fromkeys(each.zones.get(self.service) for each in beside))
        zones = [zone for zone in near if zone is not None and zone.complete]
        if len(zones) < len(near):
            return
        fitting = [zone for zone in zones if agrees(known, zone.curve)]
        if fitting:
            yield from self._choose(spot, fitting)
            return
        unlike = [(each, at) for each in beside for at in known if self._askable(each, at)]
        if unlike:
            yield from unlike
        elif self._askable(spot, self.telling):
            yield spot, self.telling
        else:
            yield from self._anywhere(spot)

    def _anything(self, spot: Spot) -> Iterator[Want]:
        """Ask a spot again of which nothing is known for this service, at two brackets at most."""
        tried = [self.telling, self.telling // 2]
        want = next((at for at in tried if self._askable(spot, at)), None)
        if want is None:
            del self._unsettled[spot]
        else:
            yield spot, want

    def _choose(self, spot: Spot, zones: Sequence[Zone]) -> Iterator[Want]:
        """Put a spot into the only zone of several that fit, or ask at the bracket that tells most of them apart."""
        curves = [zone.curve for zone in zones]
        at = telling_bracket(curves, self._size, lambda bracket: self._askable(spot, bracket))
        if len(zones) == 1 or at is None or len({curve.get(at) for curve in curves}) == 1:
            self._put(spot, zones[0])
        else:
            yield spot, at

    def _anywhere(self, spot: Spot) -> Iterator[Want]:
        known = self._known(spot)
        fitting, doubted = [], []
        for zone in self.zones:
            if not zone.complete:
                continue
            wrong = [at for at in known if zone.curve.get(at, known[at]) != known[at]]
            if not wrong:
                fitting.append(zone)
            elif len(wrong) < len(known) and all(self._askable(zone.leader, at) for at in wrong):
                doubted += [(zone.leader, at) for at in wrong]
        if fitting:
            yield from self._choose(spot, fitting)
        elif doubted:
            yield from doubted  # a curve was filled in where this spot says otherwise
        elif waited_for := next(
            (zone for zone in self.zones if not zone.complete and self._may_fit(known, zone)), None
        ):
            waited_for.awaited += 1
        else:
            zone = Zone(spot)
            self.zones.append(zone)
            self._unsettled.pop(spot)
            spot.zones[self.service] = zone
            self._follow(zone)

    def _may_fit(self, known: dict[int, Outcome], zone: Zone) -> bool:
        common = known.keys() & zone.curve.keys()
        return bool(common) and all(zone.curve[at] == known[at] for at in common)

    def _put(self, spot: Spot, zone: Zone) -> None:
        self._unsettled.pop(spot, None)
        spot.zones[self.service] = zone
        zone.members[spot] = None

    def _unsettle(self, spot: Spot) -> None:
        zone = spot.zones.pop(self.service)
        del zone.members[spot]
        self._unsettled[spot] = None

    def _follow(self, zone: Zone) -> None:
        """Draw a zone's curve anew from what its leader is known to cost, and send away whom it fits no more."""
        references = [each.curve for each in self.zones if each.complete and each is not zone]
        known = zone.lent | self._known(zone.leader)
        before, zone.curve = zone.curve, filled_in(known, references, self._tops)
        zone.complete = not self._missing(zone)
        if zone.complete:
            self._tops = tops_of_steps([*references, zone.curve], self._size)
        for spot in [*zone.members]:
            if not agrees(self._known(spot), zone.curve):
                self._unsettle(spot)
        if zone.complete and zone.curve != before:
            self._look_for_doubles(zone)

    def _look_for_doubles(self, zone: Zone) -> None:
        """Send away the first spots of other ranges that fit this new curve as well as that of their zone."""
        for other in self.zones:
            if other is zone or other.curve == zone.curve:
                continue
            for spot in [*other.members]:
                if spot is not other.leader and not spot.neighbours and agrees(self._known(spot), zone.curve):
                    self._unsettle(spot)
