"""From a question to shipments: origins, hand-over days, parcels; pure, it asks nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import NamedTuple

from portes.calendars import Ready, WorkingWeek
from portes.catalogue import CatalogueEntry, KnownGoods
from portes.contract import (
    Answer,
    DeliveryType,
    Grouping,
    Item,
    Note,
    Origin,
    PluginFailure,
    QuoteRequest,
    Shipment,
)
from portes.engine.checks import check
from portes.engine.fence import PluginFailedError
from portes.engine.items import LineGap, enriched, gaps_of, unusable
from portes.engine.policy import Member, Packing, Policy
from portes.engine.shipments import Shipments
from portes.engine.stock import LineStock, stock_of, too_few
from portes.engine.ways import Way, further_ways, way_of
from portes.packing.protocol import PackedLine
from portes.rules.protocol import Occasion


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One shipment for one carrier. A question is itself and no other: it is the key to its answer."""

    member: Member
    shipment: Shipment
    packing: Packing
    """How the shipment's parcels are packed."""
    settled: Answer | None = None
    """The refusals of every service asked about, where their published limits say no: nobody is asked."""
    packaging: int = 0
    """Minor units that the cartons of its shipment cost the store."""
    notes: tuple[Note, ...] = ()
    """What stands on each of its rates: that less is declared than the goods are worth."""
    alternatives: tuple["Question", ...] = ()
    """What is asked in its place, in order, while a type that failed has no rate: today the carrier's fallback."""
    part: str = ""
    """What it shares with the carrier's other questions about the same lines, whose services have other limits."""
    ready: date | None = None
    """When it is ready for a carrier that fetches at certain times; None for one that gets it on that very day."""
    collection: time | None = None
    """When such a carrier fetches it on its dispatch date, by the origin's clock."""


class Consignment(NamedTuple):
    """Request lines that leave one origin together, and who is asked about them."""

    lines: tuple[PackedLine, ...]
    origin: Origin
    own_days: int
    """Days of its slowest item: the catalogue's or the caller's, and the store's where it is not in stock yet."""
    ready: Ready
    """When it is ready to be fetched; each question's shipment has the day on which that carrier gets it."""
    occasion: Occasion
    types: frozenset[DeliveryType] | None
    """The delivery types that are asked about; None for all."""
    questions: tuple[Question, ...]
    failures: tuple[PluginFailure, ...] = ()
    """The rules of the plan and the packers that failed; the members that they concern are not asked."""


class Option(NamedTuple):
    """One way to source some lines."""

    way: Way
    """Which origin each line leaves, or each part of one that is split."""
    consignments: tuple[Consignment, ...]
    """Together they hold each unit of the lines once."""


class Sourcing(NamedTuple):
    """Lines that are offered together, and the ways in which they may be sourced."""

    lines: tuple[PackedLine, ...]
    stocked: tuple[LineStock, ...]
    """Per line, the origins that stock it, at least one."""
    options: tuple[Option, ...]
    """What is asked, preferred first: a delivery type is offered from the first that has it, or the cheapest."""
    has_choice: bool
    """Whether more than one origin stocks some line."""
    exact: bool = True
    """Whether no fewer origins would do than the first option has, for certain."""

    @property
    def is_split(self) -> bool:
        """Whether some line leaves from several origins at once."""
        return self.has_choice and any(own.units for own in self.stocked)

    @property
    def consignments(self) -> tuple[Consignment, ...]:
        """Those of every option."""
        return tuple([one for option in self.options for one in option.consignments])

    @property
    def questions(self) -> tuple[Question, ...]:
        """Those of every consignment."""
        return tuple([question for one in self.consignments for question in one.questions])


class Plan(NamedTuple):
    """All that is to be asked for one request, worked out beforehand."""

    request: QuoteRequest
    moment: datetime
    """When it was asked, aware, in the store's time zone."""
    items: tuple[Item, ...]
    """The request's lines, enriched from the catalogue; none of them where a line lacks a measure."""
    sourcings: tuple[Sourcing, ...]
    unknown: tuple[int, ...]
    """Positions of lines whose SKU the catalogue lacks and the store does not quote; nobody is asked about them."""
    entries: tuple[CatalogueEntry | None, ...] = ()
    """What the catalogue says of each line; None where it says nothing."""
    unstocked: Mapping[int, str] = MappingProxyType({})
    """Why lines are not stocked, by their positions: no origin has enough units. Nobody is asked about them either."""
    gaps: Mapping[int, LineGap] = MappingProxyType({})
    """Why nobody can be asked about lines, by their positions, where neither caller nor catalogue tells a measure, or
    the catalogue could not be asked.

    One such line keeps the others from being asked too: nobody knows what leaves together with them, nor what rules
    would make of the cart.
    """

    @property
    def exact(self) -> bool:
        """False where the search for the fewest origins ended at its bound, and fewer may do."""
        return all(one.exact for one in self.sourcings)

    @property
    def consignments(self) -> tuple[Consignment, ...]:
        """Every consignment, of all options of some lines before those of others."""
        return tuple([one for sourcing in self.sourcings for one in sourcing.consignments])

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, consignment by consignment; their alternatives stand in them."""
        options = [option for sourcing in self.sourcings for option in sourcing.options]
        return tuple([question for option in options for one in option.consignments for question in one.questions])


def make_plan(request: QuoteRequest, moment: datetime, policy: Policy, goods: KnownGoods | None = None) -> Plan:
    """Work out who is asked what. `moment` is aware, in the store's time zone.

    `goods` is what was looked up of the request's SKUs; None where the store's catalogue tells all there is at once.
    Raises `RequestError` naming each line that cannot be asked about, `TooMuchError` for too many.
    """
    check(request, policy)
    find = goods.entries.get if goods is not None else policy.catalogue.get if policy.catalogue is not None else _none
    entries = tuple([find(line.sku) for line in request.lines])
    unused = unusable(request, entries, goods) if policy.catalogue is not None else {}
    items = tuple([item for item in map(enriched, request.lines, entries) if item is not None])
    unknown = _unknown(entries, policy, unused)
    if unused or len(items) < len(entries):
        gaps = gaps_of(request, entries, unknown, unused)
        return Plan(request, moment, (), (), unknown, entries, gaps=gaps)
    known: list[tuple[PackedLine, LineStock]] = []
    unstocked: dict[int, str] = {}
    left_out = frozenset(unknown)
    for position, item in enumerate(items):
        if position not in left_out:
            stock = _stocking(entries[position], item, policy)
            if stock.origins:
                known.append((PackedLine(position, item), stock))
            else:
                unstocked[position] = _why_none(entries[position], item)
    plan = Plan(request, moment, items, (), unknown, entries, unstocked)
    apart = [[one] for one in known] if grouping_of(request, policy) == "each" else [known] if known else []
    sourcings = tuple([_sourced(plan, _with_others(plan, together, policy), policy) for together in apart])
    return Plan(request, moment, items, sourcings, unknown, entries, unstocked)


def grouping_of(request: QuoteRequest, policy: Policy) -> Grouping:
    """How the lines leave: as the asker says, else as the store does."""
    return request.grouping or policy.settings.lines


def _with_others(
    plan: Plan, together: Sequence[tuple[PackedLine, LineStock]], policy: Policy
) -> Sequence[tuple[PackedLine, LineStock]]:
    """The same, where lines for which no other origin is tried leave from where the others may, or from the first."""
    if not policy.goes_on or policy.settings.origins_tried is not None:
        return together
    going_on = [policy.goes_on_for(plan.entries[line.position]) for line, _ in together]
    if all(going_on):
        return together
    theirs = {
        origin for (_, stock), goes_on in zip(together, going_on, strict=True) if goes_on for origin in stock.origins
    }
    others = tuple([origin for origin in policy.origin_ids if origin in theirs]) or policy.origin_ids[:1]
    return [
        (line, stock if goes_on else LineStock(others))
        for (line, stock), goes_on in zip(together, going_on, strict=True)
    ]


def _sourced(plan: Plan, together: Sequence[tuple[PackedLine, LineStock]], policy: Policy) -> Sourcing:
    """Lines that are offered together, with the ways to source them that are asked at once."""
    lines, stocked = zip(*together, strict=True)
    first, exact = way_of(lines, stocked)
    tried = [first]
    if policy.tries_all:
        tried += _others(plan, lines, stocked, first, policy)
    options = tuple([make_option(plan, way, policy, number) for number, way in enumerate(tried)])
    return Sourcing(lines, stocked, options, any(own.origins[1:] for own in stocked), exact)


def _others(
    plan: Plan, lines: tuple[PackedLine, ...], stocked: Sequence[LineStock], first: Way, policy: Policy
) -> Sequence[Way]:
    """The ways that are asked with the first one, at once: only such as have somebody to be asked."""
    seen, left = [first], policy.settings.most_origins - _has_askers(plan, first, policy)
    found: list[Way] = []
    while len(found) < left and (further := further_ways(lines, stocked, seen, len(seen) + 1)):
        seen += further
        found += [way for way in further if _has_askers(plan, way, policy)]
    return found


def _has_askers(plan: Plan, way: Way, policy: Policy) -> bool:
    return any(asked_at(plan, origin, way.lines_at(origin), None, policy) for origin in dict.fromkeys(way.origins))


def asked_at(
    plan: Plan, origin: int, lines: tuple[PackedLine, ...], delivery: DeliveryType | None, policy: Policy
) -> Sequence[Member]:
    """The members that would be asked about lines that leave an origin together, of a delivery type or of any.

    One whose rule fails is among them, since nobody knows.
    """
    own = policy.origin_by_id[origin]
    occasion = Occasion(plan.request, plan.moment, tuple([line.item for line in lines]), None, plan.items, own)
    of_type = [
        member
        for member in policy.members
        if delivery is None or any(one.delivery is delivery for one in member.services.values())
    ]
    return [member for member in of_type if _might_ask(member, own, occasion, policy)]


def _might_ask(member: Member, origin: Origin, occasion: Occasion, policy: Policy) -> bool:
    try:
        return _may_ask(member, origin, occasion, policy)
    except PluginFailedError:
        return True


def make_option(
    plan: Plan, way: Way, policy: Policy, number: int, types: frozenset[DeliveryType] | None = None
) -> Option:
    """The consignments of lines that leave their origins in one way; what is asked of some types, or of all.

    `number` is the option's among those of its lines, from 0.
    """
    groups: dict[int, list[PackedLine]] = {}
    for line, origin in zip(way.lines, way.origins, strict=True):
        groups.setdefault(origin, []).append(line)
    mark = f"+{number}" if number else ""  # a later option may have the same line first, and others with it
    by_id = policy.origin_by_id
    parts = [_consignment(plan, by_id[number], tuple(group), policy, mark, types) for number, group in groups.items()]
    return Option(way, tuple(parts))


def _none(_sku: str) -> None:
    """What a store without a catalogue knows of a SKU."""


def _unknown(
    entries: Sequence[CatalogueEntry | None], policy: Policy, unused: Mapping[int, LineGap]
) -> tuple[int, ...]:
    if policy.catalogue is None or policy.settings.unknown_sku == "quote":
        return ()
    return tuple([position for position, entry in enumerate(entries) if entry is None and position not in unused])


def _stocking(entry: CatalogueEntry | None, item: Item, policy: Policy) -> LineStock:
    splits = policy.settings.split_lines and item.consolidated == 1  # who knows what a part of such a piece measures
    return stock_of(entry, item.units, policy.origin_ids, split=splits)


def _why_none(entry: CatalogueEntry | None, item: Item) -> str:
    return too_few(entry, item.units, whole=item.consolidated > 1) if entry is not None else ""


def _consignment(
    plan: Plan,
    origin: Origin,
    lines: tuple[PackedLine, ...],
    policy: Policy,
    mark: str,
    types: frozenset[DeliveryType] | None,
) -> Consignment:
    request, moment, week = plan.request, plan.moment, policy.weeks[origin.id]
    own = max([own_days(line, plan.entries[line.position], policy) for line in lines])
    ready = week.ready(moment, origin.handling_days + own)
    items = tuple([line.item for line in lines])
    occasion = Occasion(request, moment, items, None, plan.items, origin) if policy.plan_rules else None
    shipments = Shipments(lines, origin, request.destination, policy, mark, types)
    questions: list[Question] = []
    failures: list[PluginFailure] = []
    for member in policy.members:
        try:
            if _may_ask(member, origin, occasion, policy):
                questions += _questions(member, shipments, week, ready, occasion, policy)
        except PluginFailedError as error:
            failures.append(error.failure)
    occasion = Occasion(request, moment, items, questions[0].shipment if questions else None, plan.items, origin)
    return Consignment(lines, origin, own, ready, occasion, types, tuple(questions), tuple(failures))


def own_days(line: PackedLine, entry: CatalogueEntry | None, policy: Policy) -> int:
    """Days of an item beside its origin's: the more of catalogue's and caller's, and the store's on pre-sale."""
    own = max(line.item.handling_days, entry.handling_days if entry is not None else 0)
    return own + (policy.settings.pre_sale_days if line.item.pre_sale else 0)


def _may_ask(member: Member, origin: Origin, occasion: Occasion | None, policy: Policy) -> bool:
    """Whether a member fetches from an origin, and the rules of the plan let it; None where there are none."""
    if member.settings.origins and origin.id not in member.settings.origins:
        return False
    return occasion is None or all(rule(member.key, occasion) for rule in policy.plan_rules)


def _questions(
    member: Member, shipments: Shipments, week: WorkingWeek, ready: Ready, occasion: Occasion | None, policy: Policy
) -> Iterable[Question]:
    """The questions to a member, and to its fallback when it has one that no rule excludes.

    A fallback stands in for the price alone: the parcels are fetched by the member, and on its day.
    """
    day, collection = week.departure(member.key, ready)
    known = None if collection is None else ready.day
    fallback = policy.fallbacks.get(member.settings.fallback or "") if policy.fallbacks else None
    alternatives: tuple[Question, ...] = ()
    if fallback is not None and _may_ask(fallback, shipments.origin, occasion, policy):
        planned = shipments.of(fallback, day)
        alternatives = tuple([Question(fallback, *each, (), shipments.name, known, collection) for each in planned])
    for each in shipments.of(member, day):
        yield Question(member, *each, alternatives, shipments.name, known, collection)
