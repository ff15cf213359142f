"""From which origins lines leave together, one way after the other, as `docs/origins.md` tells it; all are tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from oracle_nouns import PlainLine, PlainNo, Prediction, active_services, no_of
from oracle_offers import answers_to
from oracle_rules import DELIVERIES, may_be_asked
from oracle_stock import origins_of_lines
from oracle_week import load_of
from oracle_when import Asked
from written_store import WrittenCarrier, WrittenCart, WrittenLine, WrittenStore


@dataclass
class _Way:
    """What came of one way to source some lines: each from an origin of its own."""

    origins: tuple[int, ...]
    lines: dict[int, PlainLine]
    types: set[str] | None = None
    """The types that were asked about; None for all."""

    def refused(self, delivery: str, *, failures_too: bool) -> set[tuple[int, ...]]:
        """What is known to have no such type: an origin, then the lines that left it together."""
        if self.types is not None and delivery not in self.types:
            return set()
        return {_load_at(self.origins, origin) for origin in self.lacks(delivery, failures_too=failures_too)}

    def lacks(self, delivery: str, *, failures_too: bool) -> set[int]:
        """The origins from which not every line has a type, or might have it unless failures count as lacking."""
        both = zip(self.origins, self.lines.values(), strict=True)
        return {origin for origin, line in both if delivery not in (_certain(line) if failures_too else line.possible)}

    def offers(self, delivery: str) -> bool:
        return not self.lacks(delivery, failures_too=True)

    def price(self, delivery: str) -> int:
        return sum(min(one.price for one in line.offers if one.delivery == delivery) for line in self.lines.values())


def _load_at(way: tuple[int, ...], origin: int) -> tuple[int, ...]:
    return (origin, *(index for index, own in enumerate(way) if own == origin))


def _certain(line: PlainLine) -> set[str]:
    return {one.delivery for one in line.offers}


def source_lines(
    store: WrittenStore, cart: WrittenCart, lines: Sequence[WrittenLine], positions: Sequence[int], made: Prediction
) -> None:
    """Ask from one way to source these lines after the other, as long as the store goes on, and answer the lines."""
    stocked = origins_of_lines(store, [lines[position] for position in positions])
    tried = store.origins_tried or ("next" if store.catalogue is not None else "first")
    every = {service.delivery for one in store.carriers if not one.fallback_only for service in active_services(one)}
    ways: list[_Way] = []

    def ask(way: tuple[int, ...], types: set[str] | None) -> None:
        ways.append(_Way(way, _answered(store, cart, lines, positions, way, types, made), types))

    def willing(way: tuple[int, ...], origin: int, delivery: str | None) -> list[WrittenCarrier]:
        own = [lines[position] for position, number in zip(positions, way, strict=True) if number == origin]
        return _willing(store, Asked(cart, lines, own, origin), delivery)

    def asks(way: tuple[int, ...]) -> bool:
        return any(willing(way, origin, None) for origin in way)

    def idle(way: tuple[int, ...], delivery: str) -> bool:
        return not all(willing(way, origin, delivery) for origin in way)

    first = _next_way(stocked, set())
    spare = not asks(first)
    at_once = _at_once(stocked, first, store.most_origins + spare, asks) if tried == "all" else [first]
    for way in at_once:
        ask(way, None)
    left: list[PlainNo] = []
    while tried != "first" and (alone := _further(store, stocked, every, ways, idle)):
        if len(ways) - spare == store.most_origins:
            new = {each: _first_new(way, ways) for each, way in alone.items()}
            left = [no for each, at in new.items() for no in _beyond(willing(alone[each], at, each), each, at)]
            break
        ask(_for_all(store, stocked, ways, alone, idle), {*alone})
    might = _might(store, stocked, ways, idle, goes_on=tried != "first") | {no.delivery for no in left}
    for position, line in _of_ways(store, ways, left, might, cheapest=tried == "all").items():
        made.lines[position] = line


def _willing(store: WrittenStore, question: Asked, delivery: str | None) -> list[WrittenCarrier]:
    """Those that may be asked a question, of a delivery type or of any."""
    return [
        one
        for one in store.carriers
        if not one.fallback_only
        and any(delivery in {None, service.delivery} for service in active_services(one))
        and may_be_asked(one.key, store.rules, question)
    ]


def _at_once(
    stocked: Sequence[tuple[int, ...]], first: tuple[int, ...], most: int, asks: Callable[[tuple[int, ...]], bool]
) -> list[tuple[int, ...]]:
    """The ways that are asked at once: each without the origins before it, and only where somebody is asked."""
    found, seen = [first], [first]
    while len(found) < most:
        way = _next_way(stocked, {origin for one in seen for origin in one})
        if way in seen:
            break
        seen.append(way)
        found += [way] if asks(way) else []
    return found


def _first_new(way: tuple[int, ...], ways: Sequence[_Way]) -> int:
    asked = {number for one in ways for number in one.origins}
    return next((number for number in way if number not in asked), way[0])


_Idle = Callable[[tuple[int, ...], str], bool]


def _further(
    store: WrittenStore, stocked: Sequence[tuple[int, ...]], every: set[str], ways: Sequence[_Way], idle: _Idle
) -> dict[str, tuple[int, ...]]:
    """By type that nobody has yet, a way with nothing in it that is known to lack it: the usual one, or any."""
    failures_too = store.next_origin_after == "failure"
    due = [each for each in DELIVERIES if each in every and all(w.lacks(each, failures_too=failures_too) for w in ways)]
    found = {}
    for each in due:
        known = _known(store, ways, {each})
        usual = _next_way(stocked, {origin for origin, *_ in known})
        mixes = (way for way in (usual, *product(*stocked)) if not _holds(way, known) and not idle(way, each))
        if (way := next(mixes, None)) is not None:
            found[each] = way
    return found


def _for_all(
    store: WrittenStore,
    stocked: Sequence[tuple[int, ...]],
    ways: Sequence[_Way],
    alone: Mapping[str, tuple[int, ...]],
    idle: _Idle,
) -> tuple[int, ...]:
    """The usual way for all these types, or else that of the first of them alone."""
    known = _known(store, ways, {*alone})
    usual = _next_way(stocked, {origin for origin, *_ in known})
    if len(alone) > 1 and not _holds(usual, known) and not any(idle(usual, each) for each in alone):
        return usual
    return next(iter(alone.values()))


def _known(store: WrittenStore, ways: Sequence[_Way], types: set[str]) -> set[tuple[int, ...]]:
    failures_too = store.next_origin_after == "failure"
    return {load for way in ways for each in types for load in way.refused(each, failures_too=failures_too)}


def _holds(way: tuple[int, ...], known: set[tuple[int, ...]]) -> bool:
    return any(_load_at(way, origin) in known for origin in way)


def _next_way(stocked: Sequence[tuple[int, ...]], avoided: set[int]) -> tuple[int, ...]:
    """The fewest origins; then the first line's wish, then the second's, …"""
    free = [tuple(number for number in own if number not in avoided) or own for own in stocked]
    return min(product(*free), key=lambda each: (len(set(each)), _wishes(each, free)))


def _wishes(each: Sequence[int], stocked: Sequence[tuple[int, ...]]) -> list[int]:
    return [origins.index(number) for number, origins in zip(each, stocked, strict=True)]


def _answered(
    store: WrittenStore,
    cart: WrittenCart,
    lines: Sequence[WrittenLine],
    positions: Sequence[int],
    way: tuple[int, ...],
    types: set[str] | None,
    made: Prediction,
) -> dict[int, PlainLine]:
    by_number = {origin.number: origin for origin in store.origins}
    answered: dict[int, PlainLine] = {}
    for number in dict.fromkeys(way):
        own = tuple(position for position, origin in zip(positions, way, strict=True) if origin == number)
        load = load_of(store, cart, lines, by_number[number], own)
        answered |= answers_to(store, cart, lines, load, types, made)
    return {position: answered[position] for position in positions}


def _beyond(carriers: Sequence[WrittenCarrier], delivery: str, origin: int) -> list[PlainNo]:
    """An origin that stocks the goods was not asked: nobody knows about this type."""
    return [
        no_of(one, service, origin)
        for one in carriers
        for service in active_services(one)
        if service.delivery == delivery
    ]


def _might(
    store: WrittenStore, stocked: Sequence[tuple[int, ...]], ways: Sequence[_Way], idle: _Idle, *, goes_on: bool
) -> set[str]:
    """The types that all lines might have in one way, tried or passed over because of a failure."""
    might = {each for each in DELIVERIES if any(not way.lacks(each, failures_too=False) for way in ways)}
    patient = replace(store, next_origin_after="refusal")
    somewhere = {each for way in ways for line in way.lines.values() for each in line.possible}
    return might | ({*_further(patient, stocked, somewhere, ways, idle)} if goes_on else set())


def _of_ways(
    store: WrittenStore, ways: Sequence[_Way], left: list[PlainNo], might: set[str], *, cheapest: bool
) -> dict[int, PlainLine]:
    if len(ways) == 1 and not left:
        return {position: replace(line, possible=might) for position, line in ways[0].lines.items()}
    chosen: dict[str, _Way] = {}
    for delivery in DELIVERIES:
        having = [way for way in ways if way.offers(delivery)]
        if having:
            chosen[delivery] = min(having, key=lambda way: way.price(delivery)) if cheapest else having[0]
    codes = [service.code for carrier in store.carriers for service in carrier.services]
    lines: dict[int, PlainLine] = {}
    for position, first in ways[0].lines.items():
        offers = [
            replace(one, rank=codes.index(one.service))
            for way in ways
            for one in way.lines[position].offers
            if chosen.get(one.delivery) is way
        ]
        refusals = [no for way in ways for no in way.lines[position].refusals]
        failures = [no for way in ways for no in way.lines[position].failures] + left
        offers.sort(key=lambda one: (one.exact, one.days[1], one.days[0], one.rank))
        lines[position] = PlainLine(first.sku, offers, refusals, failures, might)
    return lines
