"""An oracle of plan and decide: what a store must ask and answer, worked out slowly from the documents.

It shares nothing with the product: it walks days one by one, tries every assignment of lines to origins, and holds the
holidays of 2026 itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import count, product
from math import ceil, floor
from typing import Final, NamedTuple

from oracle_days import DAY, LOCAL, arrives, later, works
from oracle_rules import DELIVERIES, PlainOffer, after_cart_rules, after_shipment_rules, may_be_asked
from oracle_when import Asked
from written_store import (
    WrittenCarrier,
    WrittenCart,
    WrittenLine,
    WrittenOrigin,
    WrittenOutcome,
    WrittenService,
    WrittenSku,
    WrittenStore,
)


class PlainShipment(NamedTuple):
    """What a carrier is to be asked: origin, the lines' positions, the hand-over day, grams."""

    origin: int
    positions: tuple[int, ...]
    leaves: date
    grams: int


class PlainNo(NamedTuple):
    """A refusal or a failure of a line: whose, of which type and origin, of which service."""

    carrier: str
    delivery: str
    origin: int
    service: str


@dataclass
class PlainLine:
    """What is to be answered to one line."""

    sku: str
    offers: list[PlainOffer] = field(default_factory=list)
    refusals: list[PlainNo] = field(default_factory=list)
    failures: list[PlainNo] = field(default_factory=list)
    possible: set[str] = field(default_factory=set, compare=False)
    """The types that it has, or might have."""


@dataclass
class Prediction:
    """What must come of a cart. A question that cannot be asked has problems, by their place, and nothing else."""

    problems: list[str]
    verdict: str = ""
    uncertain: list[str] = field(default_factory=list)
    """Delivery types that every line might have and not every line has."""
    lines: list[PlainLine] = field(default_factory=list)
    asked: dict[str, list[PlainShipment]] = field(default_factory=dict)
    """By carrier, fallbacks among them."""


class _Load(NamedTuple):
    origin: WrittenOrigin
    positions: tuple[int, ...]
    leaves: date
    asked: date
    counts: str
    """Whose business days the asker counts."""


def predict(store: WrittenStore, cart: WrittenCart) -> Prediction:
    problems = _problems(store, cart)
    if problems:
        return Prediction(problems)
    catalogue = store.catalogue or {}
    lines = [_enriched(line, catalogue.get(line.sku)) for line in cart.lines]
    unknown = [
        position
        for position, line in enumerate(lines)
        if store.catalogue is not None and store.unknown_sku != "quote" and line.sku not in catalogue
    ]
    made = Prediction([], lines=[PlainLine(line.sku) for line in lines])
    missing = [position for position in range(len(lines)) if not _stocking(store, lines[position])]
    known = [position for position in range(len(lines)) if position not in {*unknown, *missing}]
    for positions in [[one] for one in known] if store.lines == "each" else [known] if known else []:
        _source(store, cart, lines, positions, made)
    for position in unknown:
        _answer_unasked(store, made.lines[position], refused=store.unknown_sku == "refuse")
    for position in missing:
        _answer_unasked(store, made.lines[position], refused=True)
    made.verdict, types, made.uncertain = _verdict(made.lines)
    offers = [[one for one in line.offers if one.delivery in types] for line in made.lines]
    for line, left in zip(
        made.lines, after_cart_rules(offers, store.rules, Asked(cart, lines, lines, None)), strict=True
    ):
        line.offers = left
    return made


_MEASURES: Final = ("weight", "size.length", "size.width", "size.height")


def _problems(store: WrittenStore, cart: WrittenCart) -> list[str]:
    if store.allow_zero_measures:
        return []
    return [
        f"lines.{position}.{what}"
        for position, line in enumerate(cart.lines)
        for what, measure in zip(_MEASURES, (line.weight, *line.sides), strict=True)
        if measure == 0
    ]


def _enriched(line: WrittenLine, sku: WrittenSku | None) -> WrittenLine:
    if sku is None:
        return line
    return replace(line, value=sku.value if line.value is None else line.value, tags=line.tags + sku.tags)


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


def _source(
    store: WrittenStore, cart: WrittenCart, lines: Sequence[WrittenLine], positions: Sequence[int], made: Prediction
) -> None:
    """Ask from one way to source these lines after the other, as long as the store goes on, and answer the lines."""
    stocked = _stocking_all(store, [lines[position] for position in positions])
    tried = store.origins_tried or ("next" if store.catalogue is not None else "first")
    every = {service.delivery for one in store.carriers if not one.fallback_only for service in _active(one)}
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
        and any(delivery in {None, service.delivery} for service in _active(one))
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


def _active(carrier: WrittenCarrier) -> list[WrittenService]:
    return [service for service in carrier.services if service.active]


def _next_way(stocked: Sequence[tuple[int, ...]], avoided: set[int]) -> tuple[int, ...]:
    """The fewest origins; then the first line's wish, then the second's, …"""
    free = [tuple(number for number in own if number not in avoided) or own for own in stocked]
    return min(product(*free), key=lambda each: (len(set(each)), _wishes(each, free)))


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
        load = _load(store, cart, lines, by_number[number], own)
        answered |= _answer(store, cart, lines, load, types, made)
    return {position: answered[position] for position in positions}


def _beyond(carriers: Sequence[WrittenCarrier], delivery: str, origin: int) -> list[PlainNo]:
    """An origin that stocks the goods was not asked: nobody knows about this type."""
    return [_no(one, service, origin) for one in carriers for service in _active(one) if service.delivery == delivery]


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


def _stocking_all(store: WrittenStore, lines: Sequence[WrittenLine]) -> list[tuple[int, ...]]:
    """Per line, where it may leave from: one of which the catalogue names no origin goes along with the others."""
    stocked = [_stocking(store, line) for line in lines]
    if store.origins_tried is not None or store.catalogue is None:
        return stocked
    named = [line.sku in store.catalogue and bool(store.catalogue[line.sku].origins) for line in lines]
    theirs = {number for own, has_name in zip(stocked, named, strict=True) if has_name for number in own}
    every = [origin.number for origin in store.origins]
    along = tuple(number for number in every if number in theirs) or (every[0],)
    return [own if has_name else along for own, has_name in zip(stocked, named, strict=True)]


def _stocking(store: WrittenStore, line: WrittenLine) -> tuple[int, ...]:
    """The origins that have all units of a line."""
    known = (store.catalogue or {}).get(line.sku)
    if known is None or not known.origins:
        return tuple(origin.number for origin in store.origins)
    units = known.units or (None,) * len(known.origins)
    both = zip(known.origins, units, strict=True)
    return tuple(origin for origin, has in both if has is None or has >= line.quantity)


def _wishes(each: Sequence[int], stocked: Sequence[tuple[int, ...]]) -> list[int]:
    return [origins.index(number) for number, origins in zip(each, stocked, strict=True)]


def _load(
    store: WrittenStore,
    cart: WrittenCart,
    lines: Sequence[WrittenLine],
    origin: WrittenOrigin,
    positions: tuple[int, ...],
) -> _Load:
    slowest = max(_own_days(store, lines[position]) for position in positions)
    local = cart.moment.replace(tzinfo=None) + LOCAL
    leaves = _leaves(store, origin, local, origin.handling_days + slowest)
    return _Load(origin, positions, leaves, local.date(), cart.calendar or "BR")


def _own_days(store: WrittenStore, line: WrittenLine) -> int:
    known = (store.catalogue or {}).get(line.sku)
    return (known.handling_days if known is not None else 0) + (store.pre_sale_days if line.pre_sale else 0)


def _told(load: _Load, arrives: date) -> int:
    """The fewest days after which an asker who counts them does not look out for the parcel too early."""
    return next(days for days in count() if later(load.asked, days, load.counts) >= arrives)


def _is_open(store: WrittenStore, origin: WrittenOrigin, day: date) -> bool:
    return works(day, origin.calendar) and day not in store.closed_days


def _leaves(store: WrittenStore, origin: WrittenOrigin, local: datetime, days: int) -> date:
    day, cut_off = local.date(), origin.cut_off
    if (local.hour, local.minute, local.second) > (cut_off.hour, cut_off.minute, cut_off.second):
        day += DAY
    while not _is_open(store, origin, day):
        day += DAY
    while days:
        day += DAY
        days -= _is_open(store, origin, day)
    return day


def _answer(
    store: WrittenStore,
    cart: WrittenCart,
    lines: Sequence[WrittenLine],
    load: _Load,
    types: set[str] | None,
    made: Prediction,
) -> dict[int, PlainLine]:
    """Ask everybody about a load and some delivery types; what its lines are to be answered."""
    loaded = [lines[position] for position in load.positions]
    heard = PlainLine("")
    question = Asked(cart, lines, loaded, load.origin.number)
    willing = [one for one in store.carriers if may_be_asked(one.key, store.rules, question)]
    grams = sum(line.quantity * line.weight for line in loaded)
    shipment = PlainShipment(load.origin.number, load.positions, load.leaves, grams)
    for carrier in willing:
        if not carrier.fallback_only:
            spares = (_of_types(one, types) for one in willing if one.key == carrier.fallback)
            spare = next((one for one in spares if _active(one)), None)
            _hear(_of_types(carrier, types), spare, load, shipment, heard, made.asked)
    offers = [replace(one, rank=rank) for rank, one in enumerate(heard.offers)]
    left = after_shipment_rules(offers, store.rules, question)
    shares = [_shared_out(one.price, loaded, store.cubic_divisor) for one in left]
    exact = [_exact_shares(one.price, loaded, store.cubic_divisor) for one in left]
    answered: dict[int, PlainLine] = {}
    for index, position in enumerate(load.positions):
        both = zip(left, shares, exact, strict=True)
        own = [replace(one, price=parts[index], exact=wholes[index]) for one, parts, wholes in both]
        possible = {one.delivery for one in own} | {one.delivery for one in heard.failures}
        answered[position] = PlainLine(lines[position].sku, own, heard.refusals, heard.failures, possible)
    return answered


def _of_types(carrier: WrittenCarrier, types: set[str] | None) -> WrittenCarrier:
    if types is None:
        return carrier
    return replace(carrier, services=tuple(one for one in carrier.services if one.delivery in types))


def _hear(
    carrier: WrittenCarrier,
    spare: WrittenCarrier | None,
    load: _Load,
    shipment: PlainShipment,
    heard: PlainLine,
    asked: dict[str, list[PlainShipment]],
) -> None:
    """Add what a carrier says, and where it has no rate of a type, in place of its failures, what its fallback says."""
    if not _active(carrier):
        return
    asked.setdefault(carrier.key, []).append(shipment)
    said = [(service, _said(service, shipment)) for service in carrier.services if service.active]
    refused, failed = ([service for service, one in said if one.word == word] for word in ("no", "failed"))
    offers = [_offer(carrier, service, one, load, carrier.calendar) for service, one in said if one.word == "rate"]
    own = {service.delivery for service, one in said if one.word == "rate"}
    bare = [service for service in failed if service.delivery not in own]
    if spare is not None and bare:
        asked.setdefault(spare.key, []).append(shipment)
        instead = _instead(spare, bare, shipment)
        made = [_offer(carrier, service, one, load, spare.calendar) for service, one in instead.values()]
        offers += [replace(one, by_fallback=True) for one in made]
        failed = [service for service in failed if service.delivery not in instead]
    codes = [service.code for service in carrier.services]
    heard.offers += sorted(offers, key=lambda one: codes.index(one.service))
    heard.refusals += [_no(carrier, service, load.origin.number) for service in refused]
    heard.failures += [_no(carrier, service, load.origin.number) for service in failed]


def _said(service: WrittenService, shipment: PlainShipment) -> WrittenOutcome:
    return service.outcomes[(shipment.origin + shipment.grams) % len(service.outcomes)]


def _no(carrier: WrittenCarrier, service: WrittenService, origin: int) -> PlainNo:
    return PlainNo(carrier.key, service.delivery, origin, service.code)


def _offer(
    carrier: WrittenCarrier, service: WrittenService, said: WrittenOutcome, load: _Load, calendar: str
) -> PlainOffer:
    first, last = (arrives(load.leaves, days + service.extra_days, calendar) for days in said.days)
    return PlainOffer(
        delivery=service.delivery,
        price=said.cost + service.extra_cost,
        days=(_told(load, first), _told(load, last)),
        carrier=carrier.key,
        number=carrier.number,
        name=carrier.key.title(),
        origin=load.origin.number,
        calendar=load.counts,
        service=service.code,
        cost=said.cost,
        transit=said.days,
        dates=(first, last),
    )


def _instead(
    other: WrittenCarrier, failed: Sequence[WrittenService], shipment: PlainShipment
) -> dict[str, tuple[WrittenService, WrittenOutcome]]:
    """By delivery type, the fallback's cheapest rate, the quicker of equal ones, as one of the first that failed."""
    found: dict[str, tuple[WrittenService, WrittenOutcome]] = {}
    for service in failed:
        rates = [_said(own, shipment) for own in other.services if own.active and own.delivery == service.delivery]
        rates = [one for one in rates if one.word == "rate"]
        if rates and service.delivery not in found:
            found[service.delivery] = service, min(rates, key=lambda one: (one.cost, one.days[1]))
    return found


def _shared_out(price: int, lines: Sequence[WrittenLine], divisor: int) -> list[int]:
    """A price in whole cents by chargeable weight: rounded down, and what is left to the largest remainders."""
    exact = _exact_shares(price, lines, divisor)
    parts = [floor(part) for part in exact]
    while sum(parts) < price:
        most = max(range(len(parts)), key=lambda index: exact[index] - parts[index])
        parts[most] += 1
    return parts


def _exact_shares(price: int, lines: Sequence[WrittenLine], divisor: int) -> list[Fraction]:
    weights = [_chargeable(line, divisor) for line in lines]
    whole = sum(weights)
    return [Fraction(price * weight, whole) if whole else Fraction(price, len(lines)) for weight in weights]


def _chargeable(line: WrittenLine, divisor: int) -> int:
    length, width, height = line.sides
    cubic = ceil(Fraction(length * width * height, divisor))
    return line.quantity * max(line.weight, cubic)


def _answer_unasked(store: WrittenStore, line: PlainLine, *, refused: bool) -> None:
    """What becomes of a SKU that the catalogue lacks, or nobody has enough of: no origin is chosen, so 0 is told."""
    services = [(one, service) for one in store.carriers if not one.fallback_only for service in one.services]
    noes = [_no(carrier, service, 0) for carrier, service in services if service.active]
    if refused:
        line.refusals = noes
    else:
        line.failures = noes
        line.possible = {one.delivery for one in noes}


def _verdict(lines: Sequence[PlainLine]) -> tuple[str, set[str], list[str]]:
    certain = [{one.delivery for one in line.offers} for line in lines]
    possible = [line.possible for line in lines]
    offered = {delivery for delivery in DELIVERIES if all(delivery in own for own in certain)}
    might = [delivery for delivery in DELIVERIES if all(delivery in own for own in possible)]
    uncertain = [delivery for delivery in might if delivery not in offered]
    verdict = "served" if offered else "unknown" if uncertain else "not_served"
    return verdict, offered, uncertain


def by_carrier(asked: Mapping[str, Sequence[PlainShipment]]) -> dict[str, list[PlainShipment]]:
    """The same without carriers that are asked nothing, each one's shipments sorted."""
    return {carrier: sorted(own) for carrier, own in asked.items() if own}
