"""The offers of all lines through the rules of the cart, and best first again after each of them; pure."""

from collections.abc import Mapping, Sequence
from heapq import merge

from portes.contract import DeliveryType, Offer
from portes.engine.plan import Plan
from portes.engine.policy import Policy
from portes.rules.order import cheaper
from portes.rules.protocol import Occasion

_Offers = Sequence[Sequence[Offer]]
"""Per line, best first."""

_Service = tuple[int, str, str, DeliveryType]
"""Where an offer leaves from, whose it is, of which service and type."""


def after_cart_rules(offers: _Offers, plan: Plan, policy: Policy) -> _Offers:
    """What the rules of the cart make of what may be offered. Raises `PluginFailedError` where one breaks its word."""
    if not policy.cart_rules or not any(offers):
        return offers
    occasion = cart_occasion(plan)
    for rule in policy.cart_rules:
        after = rule(offers, occasion)
        offers = offers if _are_equal(after, offers) else _best_first(after, plan, policy)
    return offers


def cart_occasion(plan: Plan) -> Occasion:
    """What the rules of the cart may know beside the offers."""
    return Occasion(plan.request, plan.moment, plan.items)


def _are_equal(after: _Offers, before: _Offers) -> bool:
    """Whether a rule left everything as it was: shares that are not rounded ordered it, which nobody knows here."""
    return all(list(own) == list(was) for own, was in zip(after, before, strict=True))


def _best_first(offers: _Offers, plan: Plan, policy: Policy) -> _Offers:
    again = [*offers]
    for sourcing in plan.sourcings:
        positions = [line.position for line in sourcing.lines]
        totals = _totals([offers[position] for position in positions])
        for position in positions:
            again[position] = _ordered(offers[position], totals, policy)
    return again


def _totals(offers: _Offers) -> Mapping[_Service, int]:
    """What each service costs over all of some lines that are offered together, in minor units."""
    totals: dict[_Service, int] = {}
    for offer in (each for line in offers for each in line):
        totals[_service(offer)] = totals.get(_service(offer), 0) + offer.price.minor
    return totals


def _ordered(offers: Sequence[Offer], totals: Mapping[_Service, int], policy: Policy) -> Sequence[Offer]:
    """A line's offers, cheaper ones first; those of one type by their totals, which the cent of a share cannot turn.

    So the first offer of a type is the same carrier's on all lines that leave an origin together.
    """

    def of_all(offer: Offer) -> tuple[int, int, int, int]:
        return (totals[_service(offer)], *cheaper(offer)[1:], policy.rank(offer))

    def of_line(offer: Offer) -> tuple[int, int, int, int]:
        return (*cheaper(offer), policy.rank(offer))

    types = dict.fromkeys(offer.delivery for offer in offers)
    by_type = [sorted((one for one in offers if one.delivery is each), key=of_all) for each in types]
    return [*merge(*by_type, key=of_line)]


def _service(offer: Offer) -> _Service:
    return offer.origin_id, offer.carrier, offer.rate.service, offer.delivery
