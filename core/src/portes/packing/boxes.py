"""Packs into the store's cartons: which ones, and where each unit lies in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from portes.contract.bounds import HEAVIEST_PARCEL
from portes.contract.rounding import quotient
from portes.packing.filling import TACTICS, Steps, held, ordered, put
from portes.packing.kinds import Group, UnitKind, currency, groups
from portes.packing.loads import Load, loaded, parcels_of, repeated, single_loads
from portes.packing.protocol import Carton, PackedParcel, PackingTask, Triple
from portes.packing.room import Room
from portes.packing.spaces import Hold
from portes.packing.stack import stacked

MOST_CARTONS: Final = 24
"""Cartons that are looked at, the largest of those that the carrier takes: stores have a dozen."""

Cost = tuple[int, int, int]
"""What cartons come to, the least the best: billed grams, minor units of cartons, parcels; money alone at a kilo price.
"""

_Rank = tuple[Cost, int]
"""What a carton comes to, and of equal ones the mm³ that the carrier is told."""


def pack(task: PackingTask) -> Sequence[PackedParcel]:
    """The goods in cartons at the least billed weight, then least cost of cartons, then in the fewest; equal counted.

    Goods that fit no carton are packed without one, and so is everything where the store has none.
    Raises `ValueError` for lines valued in several currencies.
    """
    sold_in = currency(task.lines)
    packed: list[PackedParcel] = []
    for group in groups(task.lines, by_value=task.limits.value is not None):
        packed += parcels_of(_loads(group, task), group.kinds, sold_in)
    return packed


def loads(task: PackingTask) -> list[Load]:
    """The same boxes without the lines whose units they hold, for whoever only counts and measures them.

    Raises `ValueError` for lines valued in several currencies.
    """
    together = groups(task.lines, by_value=task.limits.value is not None)
    return [load for group in together for load in _loads(group, task)]


def _loads(group: Group, task: PackingTask) -> list[Load]:
    if group.own_box:
        return [single_loads(number, kind) for number, kind in enumerate(group.kinds)]
    cartons = usable(task)
    boxable = [_fits_one(kind, cartons) for kind in group.kinds]
    units = [kind.units for kind in group.kinds]
    boxed = [count * fits for count, fits in zip(units, boxable, strict=True)]
    others = [count * (not fits) for count, fits in zip(units, boxable, strict=True)]
    in_cartons = _CartonPacking(group.kinds, cartons, task).loads(boxed) if any(boxed) else []
    return [*in_cartons, *(stacked(group.kinds, others, task) if any(others) else ())]


@dataclass(frozen=True, slots=True)
class UsableCarton:
    """A carton that the carrier takes, with what it may hold."""

    carton: Carton
    hold: Hold
    outside: Triple
    volume: int
    """Cubic millimetres inside."""
    told: int
    """Cubic millimetres that the carrier is told."""


def usable(task: PackingTask) -> list[UsableCarton]:
    """The cartons that keep to the limits with some weight to spare, the largest first."""
    room = Room.of(task.limits)
    found = []
    for carton in task.cartons:
        inside, outside = carton.inside, carton.outside
        box = (outside.length, outside.width, outside.height)
        grams = room.grams - carton.weight
        if carton.most_weight is not None:
            grams = min(grams, carton.most_weight)
        if grams <= 0 or not inside.volume or not room.allows(box):
            continue
        hold = Hold((inside.length, inside.width, inside.height), grams, room.worth)
        longest, middle, shortest = task.limits.told(outside.sides)
        found.append(UsableCarton(carton, hold, box, inside.volume, longest * middle * shortest))
    found.sort(key=lambda one: (-one.volume, one.told, one.carton.cost, one.carton.code))
    return found[:MOST_CARTONS]


def _fits_one(kind: UnitKind, cartons: Sequence[UsableCarton]) -> bool:
    return any(_fits(kind, carton.hold) for carton in cartons)


def _fits(kind: UnitKind, hold: Hold) -> bool:
    if kind.weight > hold.grams or kind.value > hold.worth:
        return False
    return any(all(side <= room for side, room in zip(lie.size, hold.inside, strict=True)) for lie in kind.lies)


class _CartonPacking:
    """The cartons of one group of kinds in the making."""

    def __init__(self, kinds: Sequence[UnitKind], cartons: Sequence[UsableCarton], task: PackingTask) -> None:
        self._kinds, self._cartons, self._task = kinds, cartons, task
        self._by_code = {id(one.carton): one for one in cartons}
        self._orders: dict[tuple[int, int], list[int]] = {}
        self._steps = Steps()

    def loads(self, units: Sequence[int]) -> list[Load]:
        """The best of several packings: in one carton if it may be, then in cartons mainly of one kind each.

        It is enough when no packing can come to less; else it ends with the steps.
        """
        best = self._in_one(units)
        if best is not None and self._cost([best]) <= self._least(units, 2):
            return [best]
        made = [] if best is None else [[best]]
        for tried, (main, tactic) in enumerate(self._plans()):
            if tried and (not self._steps.any or (tactic and self._is_fewest(units, made))):
                break
            packing = self._packed(units, main, tactic, whole=not made)
            if packing is None:
                break
            made.append(packing)
            if self._cost(packing) <= self._least(units, 1):
                break
        return min(made, key=self._cost)

    def _is_fewest(self, units: Sequence[int], made: Sequence[Sequence[Load]]) -> bool:
        """Whether one of the packings has no more parcels than volume and weight ask for."""
        return min(sum(load.times for load in packing) for packing in made) <= self._least_parcels(units)

    def _plans(self) -> Iterator[tuple[UsableCarton, int]]:
        """Main cartons and ways to fill them, the largest carton first; each way with all cartons before the next."""
        for order in range(TACTICS):
            for carton in self._cartons:
                yield carton, order

    def _in_one(self, units: Sequence[int], below: _Rank | None = None) -> Load | None:
        """All units in the best of the cartons that hold them, if it is better than one so ranked; None without one."""
        volume, weight, worth = self._sums(units)
        able = [one for one in self._cartons if weight <= one.hold.grams and worth <= one.hold.worth]
        ranked = [
            (self._rank(one, weight), one) for one in able if volume <= one.volume and self._each_fits(units, one)
        ]
        for rank, carton in sorted(ranked, key=itemgetter(0)):
            if below is not None and rank >= below:
                return None
            load = self._filled(units, carton, 0)
            if load is not None and load.units == sum(units):
                return load
        return None

    def _rank(self, carton: UsableCarton, weight: int) -> _Rank:
        """How good a carton is for goods of so many grams, the least the best."""
        return self._summed(self._billed(carton, weight), carton.carton.cost, 1), carton.told

    def _each_fits(self, units: Sequence[int], carton: UsableCarton) -> bool:
        return all(_fits(kind, carton.hold) for kind, count in zip(self._kinds, units, strict=True) if count)

    def _packed(self, units: Sequence[int], main: UsableCarton, order: int, *, whole: bool) -> list[Load] | None:
        """Cartons of one kind as long as something fits, the largest that takes the rest, each then the best for it.

        None where it takes too many steps, unless it is to be made as a `whole` whatever it takes.
        """
        left, made = list(units), list[Load]()
        while any(left):
            if not whole and self._steps.overdrawn:
                return None
            load = self._filled(left, main, order)
            if load is None:
                first = next(number for number, count in enumerate(left) if count)
                fitting = next(one for one in self._cartons if _fits(self._kinds[first], one.hold))
                load = self._filled(left, fitting, order)
            if load is None:  # a unit that fits in a carton is placed in it when it is empty
                msg = "a unit that fits in a carton was not placed in it"
                raise AssertionError(msg)
            made.append(repeated(self._best_carton(load, left), left))
        return made

    def _best_carton(self, load: Load, left: Sequence[int]) -> Load:
        """The same goods in the best carton that holds them; once the steps have ended that of the last one alone."""
        if not self._steps.any and load.units < sum(left):
            return load
        units = [load.content.get(number, 0) for number in range(len(self._kinds))]
        weight = sum(self._kinds[kind].weight * count for kind, count in load.content.items())
        return self._in_one(units, self._rank(self._by_code[id(load.carton)], weight)) or load

    def _filled(self, left: Sequence[int], carton: UsableCarton, order: int) -> Load | None:
        numbers = [number for number in self._ordered(carton, order // 2) if left[number]]
        hold = held(carton.hold, order)
        placed = put(hold, self._kinds, numbers, left)
        self._steps.spend(len(placed))
        return loaded(placed, carton.outside, carton.carton) if placed else None

    def _ordered(self, carton: UsableCarton, order: int) -> list[int]:
        key = id(carton.carton), order
        if key not in self._orders:
            self._orders[key] = ordered(self._kinds, carton.volume or 1, min(carton.hold.grams, HEAVIEST_PARCEL), order)
        return self._orders[key]

    def _cost(self, loads: Sequence[Load]) -> Cost:
        billed = cost = parcels = 0
        for load in loads:
            carton = self._by_code[id(load.carton)]
            weight = sum(self._kinds[kind].weight * units for kind, units in load.content.items())
            billed += self._billed(carton, weight) * load.times
            cost += carton.carton.cost * load.times
            parcels += load.times
        return self._summed(billed, cost, parcels)

    def _summed(self, billed: int, cost: int, parcels: int) -> Cost:
        if self._task.kilo_price is None:
            return billed, cost, parcels
        return billed * self._task.kilo_price + cost * 1000, 0, parcels

    def _billed(self, carton: UsableCarton, weight: int) -> int:
        """Grams that are billed of a carton with goods of so many grams."""
        grams = weight + carton.carton.weight
        return self._task.cubic.billed(grams, carton.told) if self._task.cubic else grams

    def _least(self, units: Sequence[int], parcels: int) -> Cost:
        """What no packing in so many parcels and more comes below."""
        parcels = max(parcels, self._least_parcels(units))
        billed = self._sums(units)[1] + parcels * min(one.carton.weight for one in self._cartons)
        return self._summed(billed, parcels * min(one.carton.cost for one in self._cartons), parcels)

    def _least_parcels(self, units: Sequence[int]) -> int:
        volume, weight, _ = self._sums(units)
        largest, bears = max(one.volume for one in self._cartons), max(one.hold.grams for one in self._cartons)
        return max(1, quotient(volume, largest, "up"), quotient(weight, bears, "up"))

    def _sums(self, units: Sequence[int]) -> tuple[int, int, int]:
        """Cubic millimetres, grams and minor units of some units."""
        held = [(kind, count) for kind, count in zip(self._kinds, units, strict=True) if count]
        return (
            sum(kind.volume * count for kind, count in held),
            sum(kind.weight * count for kind, count in held),
            sum(kind.value * count for kind, count in held),
        )
