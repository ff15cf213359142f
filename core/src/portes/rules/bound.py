"""A rule bound to its conditions: what they do not cover stays as it is, whatever the rule does."""

from collections.abc import Callable, Sequence
from typing import Any

from portes.contract import Offer
from portes.rules.conditions import Conditions
from portes.rules.protocol import CartRule, Occasion, Phase, PlanRule, Rule, ShipmentRule


def bound(rule: Rule, conditions: Conditions, phase: Phase) -> Rule:
    """The rule of a phase where its conditions hold; the rule itself where it has none."""
    if conditions == Conditions():
        return rule
    binders: dict[Phase, Callable[[Any, Conditions], Rule]] = {
        Phase.PLAN: bound_plan_rule,
        Phase.SHIPMENT: bound_shipment_rule,
        Phase.CART: bound_cart_rule,
    }
    return binders[phase](rule, conditions)


def bound_plan_rule(rule: PlanRule, conditions: Conditions) -> PlanRule:
    """A rule of the plan; whoever it does not speak of may be asked."""

    def bounded(carrier: str, occasion: Occasion) -> bool:
        applies = conditions.cover_carrier(carrier) and conditions.hold(occasion)
        return rule(carrier, occasion) if applies else True

    return bounded


def bound_shipment_rule(rule: ShipmentRule, conditions: Conditions) -> ShipmentRule:
    """A rule on a shipment's offers; offers that it does not speak of keep their places."""
    if not conditions.of_offer:
        return lambda offers, occasion: rule(offers, occasion) if conditions.hold(occasion) else offers

    def bounded(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
        if not conditions.hold(occasion):
            return offers
        own = tuple([offer for offer in offers if conditions.cover(offer)])
        if not own:
            return offers
        after = rule(own, occasion)
        return after if len(own) == len(offers) else _merged(offers, own, after)

    return bounded


def bound_cart_rule(rule: CartRule, conditions: Conditions) -> CartRule:
    """A rule on all lines; offers that it does not speak of keep their places."""

    def bounded(lines: Sequence[Sequence[Offer]], occasion: Occasion) -> Sequence[Sequence[Offer]]:
        if not conditions.hold(occasion):
            return lines
        if not conditions.of_offer:
            return rule(lines, occasion)
        own = tuple([tuple([offer for offer in line if conditions.cover(offer)]) for line in lines])
        after = rule(own, occasion)
        if after is own or not isinstance(after, list | tuple) or len(after) != len(lines):
            return lines if after is own else after  # the fence tells what is wrong with it
        return [_merged(*each) for each in zip(lines, own, after, strict=True)]

    return bounded


def _merged(offers: Sequence[Offer], own: Sequence[Offer], after: Sequence[Offer]) -> Sequence[Offer]:
    """All offers, with what a rule made of its own in their places; what it invented comes last, for the fence."""
    if not isinstance(after, list | tuple):
        return after
    made: dict[tuple[str, str], list[Offer]] = {}
    strange: list[Offer] = []
    for offer in after:
        if type(offer) is Offer:
            made.setdefault(_key(offer), []).append(offer)
        else:
            strange.append(offer)
    mine = {id(offer) for offer in own}
    merged: list[Offer] = []
    for each in offers:
        if id(each) not in mine:
            merged.append(each)
        elif left := made.get(_key(each)):
            merged.append(left.pop(0))
    return [*merged, *(offer for left in made.values() for offer in left), *strange]


def _key(offer: Offer) -> tuple[str, str]:
    return offer.carrier, offer.rate.service
