"""Which origins are tried next: where those asked do not offer a delivery type, others that stock the lines; pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from portes.contract import DeliveryType, FailedService, Failure, FailureKind
from portes.engine.answered import Answers
from portes.engine.offers import OfferedConsignment, OfferedOption, Types, Worked, failed_service, offered_by
from portes.engine.plan import Plan, Sourcing, make_option
from portes.engine.policy import Policy
from portes.engine.ways import Way, further_ways


def plan_more(plan: Plan, answers: Answers, policy: Policy, worked: Worked | None = None) -> Plan | None:
    """The plan with the next origins of lines to which those asked refuse a delivery type; None when there are none.

    Lines about which not all questions are answered stay as they are. The next origins are asked about these types
    alone: what one offers already is offered from there. What is worked out of the answers is noted in `worked`.
    """
    if not policy.goes_on:
        return None
    noted = {} if worked is None else worked
    sourcings = tuple([_with_next(plan, sourcing, answers, policy, noted) for sourcing in plan.sourcings])
    changed = any(after is not before for after, before in zip(sourcings, plan.sourcings, strict=True))
    return replace(plan, sourcings=sourcings) if changed else None


def unasked(sourcing: Sourcing, options: Sequence[OfferedOption], policy: Policy) -> list[FailedService]:
    """The services whose refusals are not certain, since more origins stock the lines than are tried at most."""
    if not policy.goes_on or len(options) < policy.settings.most_origins:
        return []
    due = _due(options, policy)
    further = _next_way(sourcing, options, due, policy) if due else None
    if further is None:
        return []
    asked = {origin for option in sourcing.options for origin in option.way.origins}
    new = [origin for origin in further.way.origins if origin not in asked]
    those = ", ".join(map(str, dict.fromkeys(further.way.origins)))
    left = f"origin {new[0]} stocks it too and was not asked" if new else f"origins {those} were not asked together"
    hint = f"{left}: most_origins is {policy.settings.most_origins}"
    return [
        failed_service(
            member, (new or further.way.origins)[0], Failure(service=code, kind=FailureKind.INCOMPLETE, hint=hint)
        )
        for member in policy.members
        for code, service in member.services.items()
        if service.delivery in further.types
    ]


def _with_next(plan: Plan, sourcing: Sourcing, answers: Answers, policy: Policy, worked: Worked) -> Sourcing:
    if not _may_go_on(sourcing, answers, policy):
        return sourcing
    options = [offered_by(option, answers, policy, worked) for option in sourcing.options]
    due = _due(options, policy)
    further = _next_way(sourcing, options, due, policy) if due else None
    if further is None:
        return sourcing
    option = make_option(plan, further.way, policy, len(options), further.types)
    return sourcing._replace(options=(*sourcing.options, option))


def _may_go_on(sourcing: Sourcing, answers: Answers, policy: Policy) -> bool:
    """Whether there may be another origin, and all is known of those that were asked."""
    if not sourcing.has_choice or len(sourcing.options) >= policy.settings.most_origins:
        return False
    return all(question in answers for question in sourcing.questions)


def _due(options: Sequence[OfferedOption], policy: Policy) -> Types:
    """The types that no origin so far offers; of those that failed only where the store goes on after failures."""
    return policy.types.difference(*[_had(option, policy) for option in options])


def _had(offered: OfferedOption | OfferedConsignment, policy: Policy) -> Types:
    """The types for which no other origin is needed."""
    return offered.certain if policy.settings.next_origin_after == "failure" else offered.possible


class _NextWay(NamedTuple):
    """A way that was not tried, and the types that it is asked about."""

    way: Way
    types: Types


def _next_way(sourcing: Sourcing, options: Sequence[OfferedOption], due: Types, policy: Policy) -> _NextWay | None:
    """The next way to source lines, without the origins that lack a type where a line has others; None without any.

    What lacks one type may have another. So a type is given up when nothing is left for it alone, and the next way is
    the one for all the others, or else for the first of them.
    """
    tried = [option.way for option in sourcing.options]

    def ways(types: Types) -> list[Way]:
        lacking = {one.origin for option in options for one in option.consignments if types - _had(one, policy)}
        return further_ways(sourcing.lines, sourcing.stocked, tried, len(tried) + 1, lacking)

    alone = {
        delivery: found[0] for delivery in DeliveryType if delivery in due and (found := ways(frozenset([delivery])))
    }
    if len(alone) < 2:
        return next((_NextWay(way, frozenset([delivery])) for delivery, way in alone.items()), None)
    types = frozenset(alone)
    return _NextWay((ways(types) or [*alone.values()])[0], types)
