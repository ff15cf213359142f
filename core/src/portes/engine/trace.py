"""How a decision came about, rule by rule: the decision is made again, each rule recorded; pure, it asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time

from portes.contract import DeliveryType, Offer, Quote
from portes.engine.answered import Answers
from portes.engine.cart_rules import cart_occasion
from portes.engine.decide import decide
from portes.engine.fence import PluginFailedError
from portes.engine.plan import Consignment, Plan
from portes.engine.policy import Policy
from portes.rules.protocol import CartRule, Occasion, ShipmentRule


@dataclass(frozen=True, slots=True)
class Effect:
    """What one rule made of the offers of one delivery type, or of one line in the cart."""

    rule: int
    """Its position among the rules of its phase."""
    before: Sequence[Offer]
    after: Sequence[Offer]

    @property
    def changed(self) -> bool:
        """True when the offers after the rule are not those before it."""
        return tuple(self.before) != tuple(self.after)


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to the offers of one consignment and one delivery type."""

    delivery: DeliveryType
    offers: Sequence[Offer]
    """Before any rule: the carriers' costs with the services' extras."""
    effects: Sequence[Effect]

    @property
    def left(self) -> Sequence[Offer]:
        """The offers that are left after all rules."""
        return self.effects[-1].after if self.effects else self.offers


@dataclass(frozen=True, slots=True)
class Leg:
    """The part of a decision that concerns one consignment."""

    consignment: Consignment
    open_days: int
    """Days on which the origin works after the day of asking, up to the day on which the goods are ready."""
    cut_off: time
    """That of the day of asking, by the origin's clock."""
    courses: Sequence[Course]
    left_out: Sequence[tuple[str, int]]
    """Carriers that were not asked, and the position of the rule of the plan that excluded each."""
    turn: int = 0
    """How many ways to source its lines were tried, or asked beside it, before this one."""

    @property
    def offered(self) -> frozenset[DeliveryType]:
        """The types that it has offers of, after the rules of its shipment."""
        return frozenset(course.delivery for course in self.courses if course.left)


@dataclass(frozen=True, slots=True)
class Derivation:
    """A decision and how it came about."""

    quote: Quote
    legs: Sequence[Leg]
    certain: Sequence[frozenset[DeliveryType]]
    """Per line, the types offered after the rules of its shipment."""
    cart: Sequence[Sequence[Effect]]
    """Per line, what the rules of the cart made of its offers."""
    exact: bool
    """The plan's: False where fewer origins may do."""
    occasion: Occasion
    """What rules of the cart knew beside the offers."""


@dataclass(slots=True)
class _Listener:
    """Records what each rule is given and what it gives back."""

    shipment: dict[int, list[Effect]] = field(default_factory=dict)
    """By the identity of the consignment's occasion."""
    cart: list[tuple[int, Sequence[Sequence[Offer]], Sequence[Sequence[Offer]]]] = field(default_factory=list)

    def to_shipment(self, position: int, rule: ShipmentRule) -> ShipmentRule:
        def traced(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
            after = rule(offers, occasion)
            self.shipment.setdefault(id(occasion), []).append(Effect(position, offers, after))
            return after

        return traced

    def to_cart(self, position: int, rule: CartRule) -> CartRule:
        def traced(lines: Sequence[Sequence[Offer]], occasion: Occasion) -> Sequence[Sequence[Offer]]:
            after = rule(lines, occasion)
            self.cart.append((position, lines, after))
            return after

        return traced


def derived(quote_id: str, plan: Plan, answers: Answers, policy: Policy) -> Derivation:
    """Decide again, and tell how it came about."""
    listener = _Listener()
    # one that changes nothing comes first, so that what the rules start from is recorded even where there are none
    shipment_rules = [_as_it_is, *policy.shipment_rules]
    listened = replace(
        policy,
        shipment_rules=[listener.to_shipment(number - 1, rule) for number, rule in enumerate(shipment_rules)],
        cart_rules=[listener.to_cart(number, rule) for number, rule in enumerate(policy.cart_rules)],
    )
    quote = decide(quote_id, plan, answers, listened)
    legs = {
        id(one): _leg(one, listener.shipment.get(id(one.occasion), ()), policy, turn)
        for sourcing in plan.sourcings
        for turn, option in enumerate(sourcing.options)
        for one in option.consignments
    }
    cart = [_cart(listener, line) for line in range(len(quote.lines))]
    return Derivation(quote, [*legs.values()], _certain(plan, legs), cart, plan.exact, cart_occasion(plan))


def _as_it_is(offers: Sequence[Offer], _occasion: Occasion) -> Sequence[Offer]:
    return offers


def _leg(consignment: Consignment, own: Sequence[Effect], policy: Policy, turn: int) -> Leg:
    starts = [number for number, effect in enumerate(own) if effect.rule < 0]
    ends = [*starts, len(own)][1:]
    courses = tuple(
        Course(own[start].before[0].delivery, own[start].before, own[start + 1 : end])
        for start, end in zip(starts, ends, strict=True)
    )
    asked = {question.member.key for question in consignment.questions}
    left_out = [member.key for member in policy.members if member.key not in asked]
    excluded = [(key, rule) for key in left_out if (rule := _excluding(key, consignment, policy)) is not None]
    week, ready = policy.weeks[consignment.origin.id], consignment.ready
    cut_off = consignment.origin.cut_off_on(ready.asked.date())
    return Leg(consignment, week.open_days_until(ready), cut_off, courses, excluded, turn)


def _excluding(key: str, consignment: Consignment, policy: Policy) -> int | None:
    """The rule of the plan that left a carrier out; None where a rule or a packer failed over it."""
    try:
        return next(
            (number for number, rule in enumerate(policy.plan_rules) if not rule(key, consignment.occasion)), None
        )
    except PluginFailedError:
        return None


def _certain(plan: Plan, legs: Mapping[int, Leg]) -> list[frozenset[DeliveryType]]:
    """Per line, the types that one way to source it has; one of several lines together has them all, or none."""
    certain = [frozenset[DeliveryType]()] * len(plan.request.lines)
    for sourcing in plan.sourcings:
        for option in sourcing.options:
            offered = {id(one): legs[id(one)].offered for one in option.consignments}
            common = frozenset.intersection(*offered.values())
            for one in option.consignments:
                for packed in one.lines:
                    alone = len(sourcing.options) == 1 and not sourcing.is_split
                    certain[packed.position] |= offered[id(one)] if alone else common
    return certain


def _cart(listener: _Listener, line: int) -> list[Effect]:
    return [Effect(rule, before[line], after[line]) for rule, before, after in listener.cart]


__all__ = ["Course", "Derivation", "Effect", "Leg", "derived"]
