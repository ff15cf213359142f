"""From a question to shipments: origins, hand-over days, parcels; pure, it asks nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portes.calendars import business_calendar, dispatch_date
from portes.catalogue import CatalogueEntry
from portes.contract import Item, Origin, Place, PluginFailure, QuoteRequest, Shipment
from portes.engine.fence import PluginFailedError
from portes.engine.origins import fewest_origins
from portes.engine.policy import Member, Policy
from portes.errors import Problem, RequestError, SettingsError, TooMuchError, shown
from portes.packing.protocol import PackedLine
from portes.rules.protocol import Occasion


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One shipment for one carrier. A question is itself and no other: it is the key to its answer."""

    member: Member
    shipment: Shipment
    alternatives: tuple["Question", ...] = ()
    """What is asked in its place, in order, while a type that failed has no rate: today the carrier's fallback."""


@dataclass(frozen=True, slots=True)
class Consignment:
    """Request lines that leave one origin together, and who is asked about them."""

    lines: tuple[PackedLine, ...]
    origin: Origin
    handling: int
    """Days on which the origin is open, from the day of asking to the hand-over; the promise counts from `leaves`."""
    own_days: int
    """Of these, those of its slowest item: the catalogue's, and the store's where it is sold before it is in stock."""
    leaves: date
    """The hand-over day."""
    occasion: Occasion
    questions: tuple[Question, ...]
    failures: tuple[PluginFailure, ...] = ()
    """The rules of the plan and the packers that failed; the members that they concern are not asked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be asked for one request, worked out beforehand."""

    request: QuoteRequest
    moment: datetime
    """When it was asked, aware, in the store's time zone."""
    items: tuple[Item, ...]
    """The request's lines, enriched from the catalogue."""
    consignments: tuple[Consignment, ...]
    unknown: tuple[int, ...]
    """Positions of lines whose SKU the catalogue lacks and the store does not quote; nobody is asked about them."""
    exact: bool = True
    """False where the search for the fewest origins ended at its bound, and fewer may do."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question, consignment by consignment; their alternatives stand in them."""
        return tuple([question for consignment in self.consignments for question in consignment.questions])


def make_plan(request: QuoteRequest, moment: datetime, policy: Policy) -> Plan:
    """Work out who is asked what. `moment` is aware, in the store's time zone.

    Raises `RequestError` naming each line that cannot be asked about, `TooMuchError` for too many.
    """
    _check(request, policy)
    entries = [policy.catalogue.get(item.sku) if policy.catalogue else None for item in request.lines]
    items = tuple(_enriched(item, entry) for item, entry in zip(request.lines, entries, strict=True))
    unknown = _unknown(entries, policy)
    left_out = frozenset(unknown)
    lines = [PackedLine(position, item) for position, item in enumerate(items) if position not in left_out]
    groups, exact = _grouped(lines, entries, policy)
    consignments = tuple(_consignment(*group, entries, request, moment, items, policy) for group in groups)
    return Plan(request, moment, items, consignments, unknown, exact)


def _check(request: QuoteRequest, policy: Policy) -> None:
    if len(request.lines) > policy.settings.max_lines:
        raise TooMuchError(_too_many("lines", len(request.lines), policy.settings.max_lines))
    units = sum(item.quantity for item in request.lines)
    if units > policy.settings.max_units:
        raise TooMuchError(_too_many("units", units, policy.settings.max_units))
    problems = [problem for position, item in enumerate(request.lines) for problem in _flaws(position, item, policy)]
    if request.currency != policy.settings.currency:
        problems.append(_foreign("currency", request.currency, policy))
    problems += _unknown_calendar(request.calendar)
    if problems:
        raise RequestError(problems)


def _too_many(what: str, count: int, limit: int) -> Problem:
    return Problem("lines", str(count), f"more than {limit} {what} in one question", "split the question")


def _foreign(where: str, currency: str, policy: Policy) -> Problem:
    return Problem(
        where, shown(currency), f"the store sells in {policy.settings.currency}", f"ask in {policy.settings.currency}"
    )


def _unknown_calendar(name: str | None) -> Sequence[Problem]:
    try:
        if name is not None:
            business_calendar(name)
    except SettingsError as error:
        return error.problems
    return ()


def _flaws(position: int, item: Item, policy: Policy) -> Iterable[Problem]:
    if not (item.weight and item.size.volume) and not policy.settings.allow_zero_measures:
        yield from _zeros(position, item)
    if item.declared_value is not None and item.declared_value.currency != policy.settings.currency:
        yield _foreign(f"lines.{position}.declared_value", item.declared_value.currency, policy)


def _zeros(position: int, item: Item) -> Iterable[Problem]:
    fix = "send a real measure, or set `allow_zero_measures` in the store"
    measures = {"weight": item.weight} | {f"size.{side}": length for side, length in item.size}
    for field, measure in measures.items():
        if not measure:
            cause = f"the {field.removeprefix('size.')} of {shown(item.sku)} is zero"
            yield Problem(f"lines.{position}.{field}", "0", cause, fix)


def _enriched(item: Item, entry: CatalogueEntry | None) -> Item:
    if entry is None:
        return item
    value = entry.declared_value if item.declared_value is None else item.declared_value
    if value is item.declared_value and not entry.tags:
        return item
    tags = (*item.tags, *(tag for tag in entry.tags if tag not in item.tags))
    return item.model_copy(update={"declared_value": value, "tags": tags})


def _unknown(entries: Sequence[CatalogueEntry | None], policy: Policy) -> tuple[int, ...]:
    if policy.catalogue is None or policy.settings.unknown_sku == "quote":
        return ()
    return tuple(position for position, entry in enumerate(entries) if entry is None)


_Groups = Sequence[tuple[Origin, tuple[PackedLine, ...]]]


def _grouped(
    lines: Sequence[PackedLine], entries: Sequence[CatalogueEntry | None], policy: Policy
) -> tuple[_Groups, bool]:
    """The lines that leave each origin together, and whether these are the fewest origins for certain."""
    stocked = [_stocking(entries[line.position], policy) for line in lines]
    if policy.settings.lines == "each":
        return [(policy.origin_by_id[own[0]], (line,)) for line, own in zip(lines, stocked, strict=True)], True
    cover = fewest_origins(stocked)
    groups: dict[int, list[PackedLine]] = {}
    for line, own in zip(lines, stocked, strict=True):
        first = next(origin for origin in own if origin in cover.origins)
        groups.setdefault(first, []).append(line)
    return [(policy.origin_by_id[origin], tuple(group)) for origin, group in groups.items()], cover.exact


def _stocking(entry: CatalogueEntry | None, policy: Policy) -> tuple[int, ...]:
    """Origins that stock an item, preferred first; every origin when the catalogue names none."""
    return entry.origins if entry is not None and entry.origins else policy.origin_ids


def _consignment(
    origin: Origin,
    lines: tuple[PackedLine, ...],
    entries: Sequence[CatalogueEntry | None],
    request: QuoteRequest,
    moment: datetime,
    cart: tuple[Item, ...],
    policy: Policy,
) -> Consignment:
    calendar = policy.calendars[origin.id]
    own = max(_own_days(line, entries[line.position], policy) for line in lines)
    leaves = dispatch_date(moment, origin.handling_days + own, origin.cut_off, calendar)
    occasion = Occasion(request, moment, tuple(line.item for line in lines), None, cart, origin)
    shipments = _Shipments(lines, origin, request.destination, leaves, policy.packings)
    questions, failures = list[Question](), list[PluginFailure]()
    for member in policy.members:
        try:
            if _may_ask(member, occasion, policy):
                alternatives = _alternatives(member, shipments, occasion, policy)
                questions.append(Question(member, shipments.packed_for(member), alternatives))
        except PluginFailedError as error:
            failures.append(error.failure)
    if questions:
        occasion = Occasion(request, moment, occasion.items, questions[0].shipment, cart, origin)
    passing = calendar.count(moment.date(), leaves)
    return Consignment(lines, origin, passing, own, leaves, occasion, tuple(questions), tuple(failures))


def _own_days(line: PackedLine, entry: CatalogueEntry | None, policy: Policy) -> int:
    own = entry.handling_days if entry is not None else 0
    return own + (policy.settings.pre_sale_days if line.item.pre_sale else 0)


def _may_ask(member: Member, occasion: Occasion, policy: Policy) -> bool:
    return all(rule(member.key, occasion) for rule in policy.plan_rules)


def _alternatives(member: Member, shipments: "_Shipments", occasion: Occasion, policy: Policy) -> tuple[Question, ...]:
    """The question to the member's fallback, when it has one that no rule excludes."""
    fallback = policy.fallbacks.get(member.settings.fallback or "") if policy.fallbacks else None
    if fallback is None or not _may_ask(fallback, occasion, policy):
        return ()
    return (Question(fallback, shipments.packed_for(fallback)),)


class _Shipments:
    """The shipments of one consignment: members that pack alike share one."""

    def __init__(
        self, lines: tuple[PackedLine, ...], origin: Origin, place: Place, leaves: date, packings: Mapping[str, int]
    ) -> None:
        self._lines, self._origin, self._place, self._leaves = lines, origin, place, leaves
        self._packings = packings
        self._packed: dict[int, Shipment] = {}

    def packed_for(self, member: Member) -> Shipment:
        """The shipment as a member's packer makes it, within the member's limits."""
        packing = self._packings[member.key]
        known = self._packed.get(packing)
        if known is None:
            known = self._packed[packing] = self._packed_by(member)
        return known

    def _packed_by(self, member: Member) -> Shipment:
        return Shipment(
            id=f"{self._origin.id}:{self._lines[0].position}",  # no line leaves twice, so the first one tells it
            parcels=tuple(member.packer(self._lines, member.abilities.limits)),
            origin=self._origin,
            place=self._place,
            dispatch_date=self._leaves,
        )
