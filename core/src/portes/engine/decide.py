"""From answers to a quote: offers, rules, verdict; pure, it asks nobody and reads no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from portes.contract import (
    DeliveryType,
    FailedService,
    Failure,
    FailureKind,
    Offer,
    PluginFailure,
    Quote,
    QuoteLine,
    Rate,
    Refusal,
    RefusalKind,
    RefusedService,
    Service,
    Verdict,
)
from portes.contract.bounds import MOST_NAMED
from portes.contract.measures import cubic_weight_by_divisor
from portes.contract.money import Money
from portes.engine.answered import Answered, Answers
from portes.engine.fence import PluginFailedError
from portes.engine.plan import Consignment, Plan
from portes.engine.policy import Member, Policy
from portes.engine.promise import lead_time
from portes.packing.protocol import PackedLine
from portes.rules.order import order
from portes.rules.protocol import Occasion

Types = frozenset[DeliveryType]


@dataclass(slots=True)
class _LineSoFar:
    """What is known of one request line."""

    offers: Sequence[Offer] = ()
    refusals: list[RefusedService] = field(default_factory=list)
    failures: list[FailedService] = field(default_factory=list)
    lost: Types = frozenset()
    """The types that it might have had, had no rule or packer failed."""

    @property
    def certain(self) -> Types:
        return frozenset(offer.delivery for offer in self.offers)

    @property
    def possible(self) -> Types:
        return self.certain | self.lost | frozenset(failed.delivery for failed in self.failures)


def decide(quote_id: str, plan: Plan, answers: Answers, policy: Policy) -> Quote:
    """Turn what came of the plan's questions into a quote.

    The order of the steps is the design's: lead time and cost, shipment rules, apportionment, verdict, cart rules.
    Where a rule or a packer failed, nobody knows a price: nothing is offered, and the verdict is `unknown`.
    """
    lines, broken = [_LineSoFar() for _ in plan.items], list[PluginFailure]()
    for consignment in plan.consignments:
        broken += _fill(lines, consignment, [answers[question] for question in consignment.questions], policy)
    for position in plan.unknown:
        _fill_unknown(lines[position], policy)
    possible = [line.possible for line in lines]
    verdict, types, uncertain = judge([line.certain for line in lines], possible)
    offers: Sequence[Sequence[Offer]] = [[one for one in line.offers if one.delivery in types] for line in lines]
    try:
        offers = _cart_ruled(offers, plan, policy) if not broken else offers
    except PluginFailedError as error:
        broken.append(error.failure)
    if broken:
        verdict, uncertain, offers = Verdict.UNKNOWN, reduce(frozenset.intersection, possible), [()] * len(lines)
    return Quote(
        id=quote_id,
        verdict=verdict,
        currency=policy.settings.currency,
        lines=tuple(
            QuoteLine(sku=item.sku, offers=tuple(said), refusals=tuple(line.refusals), failures=tuple(line.failures))
            for item, line, said in zip(plan.items, lines, offers, strict=True)
        ),
        uncertain=tuple(delivery for delivery in DeliveryType if delivery in uncertain) if uncertain else (),
        plugin_failures=tuple(dict.fromkeys(broken))[:MOST_NAMED] if broken else (),
    )


def judge(certain: Sequence[Types], possible: Sequence[Types]) -> tuple[Verdict, Types, Types]:
    """The verdict over all lines, the delivery types that may be offered, and those that failures decide about.

    `certain` holds per line the types offered, `possible` these and the types of its failures.
    """
    common = reduce(frozenset.intersection, certain)
    uncertain = reduce(frozenset.intersection, possible) - common
    if common:
        return Verdict.SERVED, common, uncertain
    return (Verdict.UNKNOWN if uncertain else Verdict.NOT_SERVED), frozenset(), uncertain


def _fill(
    lines: list[_LineSoFar], consignment: Consignment, answered: Sequence[Answered], policy: Policy
) -> Sequence[PluginFailure]:
    """Fill in the lines of a consignment; the plugins that failed over it."""
    rated, broken = _offers(consignment, answered, policy), consignment.failures
    offers: Sequence[Offer] = ()
    lost = _not_asked(consignment, policy) if broken else frozenset()
    try:
        offers = _shipment_ruled(rated, consignment.occasion, policy)
    except PluginFailedError as error:
        broken, lost = (*broken, error.failure), lost.union(rated)
    refusals = _refusals(consignment.origin.id, answered)
    failures = _failures(consignment.origin.id, answered)
    shares = _shares(offers, consignment.lines, policy)
    for line, own in zip(consignment.lines, shares, strict=True):
        lines[line.position] = _LineSoFar(own, refusals, failures, lost)
    return broken


def _not_asked(consignment: Consignment, policy: Policy) -> Types:
    """The delivery types of the members that nobody asked about a consignment."""
    asked = {question.member.key for question in consignment.questions}
    others = (member for member in policy.members if member.key not in asked)
    return frozenset(service.delivery for member in others for service in member.services.values())


def _offers(
    consignment: Consignment, answered: Sequence[Answered], policy: Policy
) -> Mapping[DeliveryType, list[Offer]]:
    offers: dict[DeliveryType, list[Offer]] = {}
    asker = consignment.occasion.request.calendar or policy.settings.country
    for one in answered:
        member = one.question.member
        for rate in one.final.rates:
            service = member.services[rate.service]
            offers.setdefault(service.delivery, []).append(_offer(consignment, member, service, rate, asker))
    return offers


def _offer(consignment: Consignment, member: Member, service: Service, rate: Rate, asker: str) -> Offer:
    extra = service.extra_cost
    return Offer(
        delivery=service.delivery,
        price=Money(minor=rate.cost.minor + extra, currency=rate.cost.currency) if extra else rate.cost,
        lead_time=lead_time(consignment, rate.transit, service.extra_days, asker),
        carrier=member.key,
        carrier_id=member.settings.id,
        carrier_name=member.settings.name,
        origin_id=consignment.origin.id,
        rate=rate,
        pickup_points=rate.pickup_points,
    )


def _shipment_ruled(offers: Mapping[DeliveryType, list[Offer]], occasion: Occasion, policy: Policy) -> Sequence[Offer]:
    """Every delivery type's offers through the rules, best first; equal ones stand as the settings have them."""
    ranks, kept = policy.ranks, list[Offer]()

    def rank(offer: Offer) -> int:
        return ranks.get((offer.carrier, offer.rate.service), len(ranks))

    for of_type in offers.values():
        so_far: Sequence[Offer] = sorted(of_type, key=rank) if len(of_type) > 1 else of_type
        for rule in policy.shipment_rules:
            so_far = rule(so_far, occasion)
        kept.extend(so_far)
    return order(sorted(kept, key=rank) if len(offers) > 1 else kept)


def _refusals(origin_id: int, answered: Sequence[Answered]) -> list[RefusedService]:
    return [_refused(one.question.member, origin_id, no) for one in answered for no in one.final.refusals]


def _failures(origin_id: int, answered: Sequence[Answered]) -> list[FailedService]:
    return [_failed(one.question.member, origin_id, gap) for one in answered for gap in one.final.failures]


def _refused(member: Member, origin_id: int, refusal: Refusal) -> RefusedService:
    delivery = member.services[refusal.service].delivery
    return RefusedService(carrier=member.key, delivery=delivery, origin_id=origin_id, refusal=refusal)


def _failed(member: Member, origin_id: int, failure: Failure) -> FailedService:
    delivery = member.services[failure.service].delivery
    return FailedService(carrier=member.key, delivery=delivery, origin_id=origin_id, failure=failure)


def _shares(offers: Sequence[Offer], lines: Sequence[PackedLine], policy: Policy) -> Sequence[Sequence[Offer]]:
    """Each line's part of every offer: same carrier and time, the price apportioned exactly by chargeable weight."""
    if len(lines) == 1:
        return [offers]
    weights = [_chargeable_weight(line, policy.settings.cubic_divisor) for line in lines]
    prices = [offer.price.apportion(weights) for offer in offers]
    return [
        [offer.model_copy(update={"price": parts[number]}) for offer, parts in zip(offers, prices, strict=True)]
        for number in range(len(lines))
    ]


def _chargeable_weight(line: PackedLine, cubic_divisor: int) -> int:
    """Grams of all units of a line, or their cubic weight where that is more."""
    item = line.item
    return item.quantity * max(item.weight, cubic_weight_by_divisor(item.size.volume, cubic_divisor))


def _fill_unknown(line: _LineSoFar, policy: Policy) -> None:
    """A SKU the catalogue lacks: every service refuses it, or fails to say, as the store decided."""
    hint = "the SKU is not in the store's catalogue"
    services = [(member, code) for member in policy.members for code in member.services]
    if policy.settings.unknown_sku == "refuse":
        kind = RefusalKind.OTHER
        noes = (Refusal(service=code, kind=kind, code="unknown_sku", text=hint) for _, code in services)
        line.refusals.extend(_refused(member, 0, no) for (member, _), no in zip(services, noes, strict=True))
    else:
        gaps = (Failure(service=code, kind=FailureKind.INCOMPLETE, hint=hint) for _, code in services)
        line.failures.extend(_failed(member, 0, gap) for (member, _), gap in zip(services, gaps, strict=True))


def _cart_ruled(offers: Sequence[Sequence[Offer]], plan: Plan, policy: Policy) -> Sequence[Sequence[Offer]]:
    if not policy.cart_rules or not any(offers):
        return offers
    occasion = cart_occasion(plan)
    for rule in policy.cart_rules:
        offers = rule(offers, occasion)
    return offers


def cart_occasion(plan: Plan) -> Occasion:
    """What the rules of the cart may know beside the offers."""
    return Occasion(plan.request, plan.moment, plan.items)
