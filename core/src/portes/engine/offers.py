"""From the answers about one consignment to its lines' offers: lead time, cost, shipment rules, apportionment; pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from portes.contract import (
    DeliveryType,
    FailedService,
    Failure,
    Note,
    Offer,
    PluginFailure,
    Rate,
    Refusal,
    RefusedService,
    Service,
    Source,
)
from portes.contract.bounds import MOST_NAMED
from portes.contract.measures import cubic_weight_by_divisor
from portes.contract.money import Money
from portes.engine.answered import Answered, Answers
from portes.engine.fallback import priced_by
from portes.engine.fence import PluginFailedError
from portes.engine.plan import Consignment, Option
from portes.engine.policy import Member, Policy
from portes.engine.promise import lead_time
from portes.packing.protocol import PackedLine
from portes.rules.order import cheaper, order
from portes.rules.protocol import Occasion

Types = frozenset[DeliveryType]


class OfferedConsignment(NamedTuple):
    """What came of one consignment, its rules applied."""

    consignment: Consignment
    shares: Sequence[Sequence[Offer]]
    """Per line of the consignment, its part of every offer, best first."""
    offers: Sequence[Offer]
    """The offers of all its lines together, in the same order."""
    weights: Sequence[int]
    """Per line, what prices are apportioned by; a single line has no need of it."""
    refusals: list[RefusedService]
    failures: list[FailedService]
    certain: Types
    """The types that it offers."""
    broken: tuple[PluginFailure, ...] = ()
    """The rules and packers that failed over it."""
    lost: Types = frozenset()
    """The types that it might have had, had none of them failed."""

    @property
    def origin(self) -> int:
        """The number of its origin."""
        return self.consignment.origin.id

    @property
    def possible(self) -> Types:
        """The types that it offers, or might, had nothing failed."""
        if not self.failures:
            return self.certain | self.lost
        return self.certain | self.lost | frozenset(failed.delivery for failed in self.failures)

    def exact_prices(self, number: int) -> Sequence[Fraction | int]:
        """A line's part of the price of every offer, in minor units that are not rounded."""
        wholes, all_weights = [offer.price.minor for offer in self.offers], sum(self.weights)
        if len(self.shares) == 1:
            return wholes
        part = Fraction(self.weights[number], all_weights) if all_weights else Fraction(1, len(self.shares))
        return [whole * part for whole in wholes]


class OfferedPart(NamedTuple):
    """What came of the units of a line that leave one origin."""

    offered: OfferedConsignment
    """What came of all that leaves with them."""
    units: int
    offers: Sequence[Offer]
    """Their part of its offers, best first."""
    exact_prices: Sequence[Fraction | int]
    """The prices of these, in minor units that are not rounded."""


class OfferedOption(NamedTuple):
    """What came of one way to source some lines."""

    consignments: Sequence[OfferedConsignment]

    def parts_of(self, position: int) -> Sequence[OfferedPart]:
        """What came of a line: one part for each origin that it leaves."""
        return [
            OfferedPart(one, line.item.quantity, one.shares[number], one.exact_prices(number))
            for one in self.consignments
            for number, line in enumerate(one.consignment.lines)
            if line.position == position
        ]

    @property
    def certain(self) -> Types:
        """The types that every consignment offers."""
        return frozenset.intersection(*[one.certain for one in self.consignments])

    @property
    def possible(self) -> Types:
        """The types that every consignment offers or might."""
        return frozenset.intersection(*[one.possible for one in self.consignments])

    def price(self, delivery: DeliveryType) -> int:
        """The price of its best offers of a type, over all lines, in minor units."""
        shares = (own for one in self.consignments for own in one.shares)
        firsts = (next(offer for offer in own if offer.delivery is delivery) for own in shares)
        return sum(offer.price.minor for offer in firsts)


Worked = dict[int, OfferedOption]
"""What came of options by their identity, worked out already from answers that stand."""


def offered_by(option: Option, answers: Answers, policy: Policy, worked: Worked | None = None) -> OfferedOption:
    """What came of one way to source some lines; what is `worked` out already is taken from there, or noted there."""
    known = worked.get(id(option)) if worked is not None else None
    if known is None:
        parts = [(one, [answers[each] for each in one.questions]) for one in option.consignments]
        known = OfferedOption([_offered(one, own, policy) for one, own in parts])
        if worked is not None:
            worked[id(option)] = known
    return known


def _offered(consignment: Consignment, answered: Sequence[Answered], policy: Policy) -> OfferedConsignment:
    rated, broken = _rated(consignment, answered, policy), consignment.failures
    offers: Sequence[Offer] = ()
    lost = _not_asked(consignment, policy) if broken else frozenset()
    try:
        offers = _ruled(rated, consignment.occasion, policy)
    except PluginFailedError as error:
        broken, lost = (*broken, error.failure), lost.union(rated)
    weights = _weights(consignment.lines, policy)
    return OfferedConsignment(
        consignment,
        _shares(offers, weights),
        offers,
        weights,
        [_refused(one.question.member, consignment, no) for one in answered for no in one.final.refusals],
        [_failed(one.question.member, consignment, gap) for one in answered for gap in one.final.failures],
        frozenset([offer.delivery for offer in offers]),
        broken,
        lost,
    )


def _not_asked(consignment: Consignment, policy: Policy) -> Types:
    """The delivery types of the members that nobody asked about a consignment."""
    asked = {question.member.key for question in consignment.questions}
    others = (member for member in policy.members if member.key not in asked)
    types = frozenset(service.delivery for member in others for service in member.services.values())
    return types if consignment.types is None else types & consignment.types


def _rated(
    consignment: Consignment, answered: Sequence[Answered], policy: Policy
) -> Mapping[DeliveryType, list[Offer]]:
    """The offers of each delivery type before any rule."""
    offers: dict[DeliveryType, list[Offer]] = {}
    asker = consignment.occasion.request.calendar or policy.settings.country
    for one in answered:
        services = one.question.member.services
        for rate in one.final.rates:
            offer = _offer(consignment, one, services[rate.service], rate, policy, asker)
            offers.setdefault(offer.delivery, []).append(offer)
    return offers


def _offer(
    consignment: Consignment, answered: Answered, service: Service, rate: Rate, policy: Policy, asker: str
) -> Offer:
    question, member = answered.question, answered.question.member
    packaging = question.packaging
    if packaging and policy.settings.packaging_cost != "charged":
        packaging = 0
    extra = service.extra_cost + packaging
    if packaging or question.notes or rate.source is Source.FALLBACK:
        rate = _noted(rate, service.delivery, answered, packaging)
    asked, leaves = consignment.occasion.moment.date(), question.shipment.dispatch_date
    return Offer(
        delivery=service.delivery,
        price=Money(minor=rate.cost.minor + extra, currency=rate.cost.currency) if extra else rate.cost,
        lead_time=lead_time(asked, leaves, rate.transit, service.extra_days, asker),
        carrier=member.key,
        carrier_id=member.settings.id,
        carrier_name=member.settings.name,
        origin_id=consignment.origin.id,
        rate=rate,
        pickup_points=rate.pickup_points,
    )


def _noted(rate: Rate, delivery: DeliveryType, answered: Answered, packaging: int) -> Rate:
    """The rate with what the engine knows of it: values that are not declared whole, and what its cartons cost."""
    notes = [*answered.question.notes]
    if rate.source is Source.FALLBACK and answered.chain:  # what was declared to the fallback
        notes = [*priced_by(answered.chain, delivery).question.notes]
    if packaging:
        amount = Money(minor=packaging, currency=rate.cost.currency)
        notes.append(Note(kind="packaging", text=f"{amount} for its cartons, in the price and not in the cost"))
    if not notes:
        return rate
    return rate.model_copy(update={"notes": (*rate.notes[: MOST_NAMED - len(notes)], *notes)})


def _ruled(offers: Mapping[DeliveryType, list[Offer]], occasion: Occasion, policy: Policy) -> Sequence[Offer]:
    """Every delivery type's offers through the rules, best first; equal ones stand as the settings have them."""
    kept: list[Offer] = []
    for of_type in offers.values():
        so_far: Sequence[Offer] = sorted(of_type, key=policy.rank) if len(of_type) > 1 else of_type
        for rule in policy.shipment_rules:
            so_far = rule(so_far, occasion)
        kept.extend(so_far)
    if len(offers) == 1:
        return order(kept)
    return sorted(kept, key=lambda offer: (*cheaper(offer), policy.rank(offer)))


def _refused(member: Member, consignment: Consignment, refusal: Refusal) -> RefusedService:
    return refused_service(member, consignment.origin.id, refusal)


def _failed(member: Member, consignment: Consignment, failure: Failure) -> FailedService:
    return failed_service(member, consignment.origin.id, failure)


def refused_service(member: Member, origin_id: int, refusal: Refusal) -> RefusedService:
    """A refusal as a quote tells it; the origin is 0 where none was chosen."""
    delivery = member.services[refusal.service].delivery
    return RefusedService(carrier=member.key, delivery=delivery, origin_id=origin_id, refusal=refusal)


def failed_service(member: Member, origin_id: int, failure: Failure) -> FailedService:
    """A failure as a quote tells it; the origin is 0 where none was chosen."""
    delivery = member.services[failure.service].delivery
    return FailedService(carrier=member.key, delivery=delivery, origin_id=origin_id, failure=failure)


def _weights(lines: Sequence[PackedLine], policy: Policy) -> Sequence[int]:
    """What the prices of some lines are apportioned by; a single line has the whole of them."""
    return [1] if len(lines) == 1 else [_chargeable_weight(line, policy.settings.cubic_divisor) for line in lines]


def _shares(offers: Sequence[Offer], weights: Sequence[int]) -> Sequence[Sequence[Offer]]:
    """Each line's part of every offer: same carrier and time, the price apportioned exactly by chargeable weight."""
    if len(weights) == 1:
        return [offers]
    prices = [offer.price.apportion(weights) for offer in offers]
    return [
        [offer.model_copy(update={"price": parts[number]}) for offer, parts in zip(offers, prices, strict=True)]
        for number in range(len(weights))
    ]


def _chargeable_weight(line: PackedLine, cubic_divisor: int) -> int:
    """Grams of all units of a line, or their cubic weight where that is more."""
    item = line.item
    return item.quantity * max(item.weight, cubic_weight_by_divisor(item.size.volume, cubic_divisor))
