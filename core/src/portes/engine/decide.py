"""From answers to a quote: the offers of each line, and the verdict; pure, it asks nobody and reads no clock."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from portes.contract import (
    DeliveryType,
    FailedService,
    Failure,
    LineCode,
    Offer,
    PluginFailure,
    Quote,
    QuoteLine,
    Refusal,
    RefusalKind,
    RefusedService,
    Verdict,
)
from portes.contract.bounds import MOST_NAMED
from portes.engine.answered import Answers
from portes.engine.cart_rules import after_cart_rules
from portes.engine.fence import PluginFailedError
from portes.engine.items import LineGap
from portes.engine.offers import (
    OfferedOption,
    OfferedPart,
    Types,
    Worked,
    failed_service,
    offered_by,
    refused_service,
)
from portes.engine.parts import OfferedLine, joined
from portes.engine.plan import Plan, Sourcing
from portes.engine.policy import Policy
from portes.engine.sourcing import may_have, unasked


class _Line(NamedTuple):
    """What is known of one request line."""

    offers: Sequence[Offer]
    refusals: Sequence[RefusedService]
    failures: Sequence[FailedService]
    certain: Types
    """The types that it has."""
    possible: Types
    """The types that it has, or might have, in some way to source it and the lines offered with it."""


def decide(quote_id: str, plan: Plan, answers: Answers, policy: Policy, worked: Worked | None = None) -> Quote:
    """Turn what came of the plan's questions into a quote.

    The order of the steps is the design's: lead time and cost, shipment rules, apportionment, verdict, cart rules.
    What is `worked` out of these very answers already is not worked out again.
    Where a rule or a packer failed, nobody knows a price: nothing is offered, and the verdict is `unknown`.
    """
    known: dict[int, _Line] = {}
    broken: list[PluginFailure] = []
    for sourcing in plan.sourcings:
        options = [offered_by(option, answers, policy, worked) for option in sourcing.options]
        broken += [failure for option in options for one in option.consignments for failure in one.broken]
        known |= _lines(plan, sourcing, options, policy)
    for position in plan.unknown:
        known[position] = _unknown_line(policy)
    for position, why in plan.unstocked.items():
        known[position] = _refused_line(LineCode.OUT_OF_STOCK, why, policy)
    for position, gap in plan.gaps.items():
        known[position] = _unasked_line(gap, policy)
    lines = [known[position] for position in range(len(plan.request.lines))]
    possible = [line.possible for line in lines]
    apart = plan.request.answered_apart
    verdict, types, uncertain = (judge_apart if apart else judge)([line.certain for line in lines], possible)
    offers: Sequence[Sequence[Offer]] = [
        line.offers if apart or line.certain == types else [one for one in line.offers if one.delivery in types]
        for line in lines
    ]
    try:
        offers = after_cart_rules(offers, plan, policy) if not broken else offers
    except PluginFailedError as error:
        broken.append(error.failure)
    if broken:
        verdict, offers = Verdict.UNKNOWN, [()] * len(lines)
        uncertain = reduce(frozenset.union if apart else frozenset.intersection, possible)
    return Quote(
        id=quote_id,
        verdict=verdict,
        currency=policy.settings.currency,
        lines=tuple(
            [
                QuoteLine(
                    sku=item.sku, offers=tuple(said), refusals=tuple(line.refusals), failures=tuple(line.failures)
                )
                for item, line, said in zip(plan.request.lines, lines, offers, strict=True)
            ]
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


def judge_apart(certain: Sequence[Types], possible: Sequence[Types]) -> tuple[Verdict, Types, Types]:
    """The same where each line is answered for itself: served is what has any line served.

    The types that failures decide about are those that any line misses.
    """
    offered = reduce(frozenset.union, certain)
    uncertain = reduce(frozenset.union, [might - has for might, has in zip(possible, certain, strict=True)])
    if offered:
        return Verdict.SERVED, offered, uncertain
    return (Verdict.UNKNOWN if uncertain else Verdict.NOT_SERVED), frozenset(), uncertain


def _lines(plan: Plan, sourcing: Sourcing, options: Sequence[OfferedOption], policy: Policy) -> Mapping[int, _Line]:
    """What is known of lines that are offered together, by position."""
    if not sourcing.has_choice:
        return _of_one(options[0], options[0].possible, apart=plan.request.answered_apart)
    gaps = unasked(plan, sourcing, options, policy)
    possible = may_have(plan, sourcing, options, policy).union(gap.delivery for gap in gaps)
    if gaps or len(options) > 1 or sourcing.is_split:
        return _of_several(sourcing, options, gaps, possible, policy, apart=plan.request.answered_apart)
    return _of_one(options[0], possible, apart=plan.request.answered_apart)


def _of_one(option: OfferedOption, possible: Types, *, apart: bool) -> Mapping[int, _Line]:
    """What is known where the lines have one way; `possible` is so of all of them together."""
    return {
        line.position: _Line(own, one.refusals, one.failures, one.certain, one.possible if apart else possible)
        for one in option.consignments
        for line, own in zip(one.consignment.lines, one.shares, strict=True)
    }


def _of_several(
    sourcing: Sourcing,
    options: Sequence[OfferedOption],
    gaps: Sequence[FailedService],
    possible: Types,
    policy: Policy,
    *,
    apart: bool,
) -> Mapping[int, _Line]:
    """What is known where several origins were tried: each delivery type comes from one way to source all the lines.

    Of lines that are answered `apart`, one has a type that no way has for all of them from a way that has it for this
    one, its price that of a part of what leaves together in that way.
    """
    chosen_of_all = _chosen(options, policy)
    lines: dict[int, _Line] = {}
    for line in sourcing.lines:
        own = [option.parts_of(line.position) for option in options]
        ways = [joined(parts) for parts in own]
        chosen = {**_chosen_alone(ways, policy), **chosen_of_all} if apart else chosen_of_all
        offers = [one for number, way in enumerate(ways) for one in way if chosen.get(one.offer.delivery) == number]
        heard = [part.offered for parts in own for part in parts]
        lines[line.position] = _Line(
            _ordered(offers, policy),
            [no for one in heard for no in one.refusals],
            [*[gap for one in heard for gap in one.failures], *gaps],
            frozenset([one.offer.delivery for one in offers]),
            possible.union(*[_possible_alone(parts) for parts in own]) if apart else possible,
        )
    return lines


def _chosen_alone(ways: Sequence[Sequence[OfferedLine]], policy: Policy) -> Mapping[DeliveryType, int]:
    """The way that each delivery type of one line comes from: the first that offers it to this one, or the cheapest."""
    best: dict[DeliveryType, tuple[Fraction | int, int]] = {}
    for number, way in enumerate(ways):
        for one in way:
            place = (one.exact_price if policy.tries_all else 0, number)
            best[one.offer.delivery] = min(best.get(one.offer.delivery, place), place)
    return {delivery: number for delivery, (_, number) in best.items()}


def _possible_alone(parts: Sequence[OfferedPart]) -> Types:
    """The types that one line has in a way, or might: all its parts do."""
    return frozenset.intersection(*[part.offered.possible for part in parts])


def _ordered(offers: Sequence[OfferedLine], policy: Policy) -> Sequence[Offer]:
    """A line's offers, best first: by prices that are not rounded, for lines that go together to have one order."""

    def place(one: OfferedLine) -> tuple[Fraction | int, int, int, int]:
        time = one.offer.lead_time
        return one.exact_price, time.max, time.min, policy.rank(one.offer)

    return [one.offer for one in sorted(offers, key=place)]


def _chosen(options: Sequence[OfferedOption], policy: Policy) -> Mapping[DeliveryType, int]:
    """The option that each delivery type comes from: the first that offers it to all lines, or the cheapest."""
    chosen: dict[DeliveryType, int] = {}
    for delivery in frozenset.union(*[option.certain for option in options]):
        having = [number for number, option in enumerate(options) if delivery in option.certain]
        prices = {number: options[number].price(delivery) for number in having} if policy.tries_all else {}
        chosen[delivery] = min(having, key=lambda number: (prices.get(number, 0), number))
    return chosen


def _unknown_line(policy: Policy) -> _Line:
    """A SKU the catalogue lacks: every service refuses it, or fails to say, as the store decided."""
    hint = "the SKU is not in the store's catalogue"
    if policy.settings.unknown_sku == "refuse":
        return _refused_line(LineCode.UNKNOWN_SKU, hint, policy)
    return _unasked_line(LineGap(hint, code=LineCode.UNKNOWN_SKU), policy)


def _unasked_line(gap: LineGap, policy: Policy) -> _Line:
    """A line about which nobody could be asked, for what is not known of it: every service might have it."""
    code = gap.code or ""
    failures = [
        failed_service(member, 0, Failure(service=service, kind=gap.kind, hint=gap.hint, code=code))
        for member in policy.members
        for service in member.services
    ]
    return _Line((), (), failures, frozenset(), frozenset(failed.delivery for failed in failures))


def _refused_line(code: LineCode, why: str, policy: Policy) -> _Line:
    """A line that the shop's own facts rule out, as that no origin has enough units: every service refuses it."""
    noes = [
        refused_service(member, 0, Refusal(service=service, kind=RefusalKind.OTHER, code=code, text=why))
        for member in policy.members
        for service in member.services
    ]
    return _Line((), noes, (), frozenset(), frozenset())
