"""Which origins are tried next: where those asked do not offer a delivery type, others that stock the lines; pure."""

from collections.abc import Sequence
from dataclasses import replace

from portes.contract import FailedService, Failure, FailureKind
from portes.engine.answered import Answers
from portes.engine.offers import OfferedOption, Types, failed_service, offered_by
from portes.engine.origins import further_origins
from portes.engine.plan import Plan, Sourcing, make_option
from portes.engine.policy import Policy


def plan_more(plan: Plan, answers: Answers, policy: Policy) -> Plan | None:
    """The plan with the next origins of lines to which those asked refuse a delivery type; None when there are none.

    Lines about which not all questions are answered stay as they are. The next origins are asked about these types
    alone: what one offers already is offered from there.
    """
    if not policy.tries_next:
        return None
    sourcings = tuple([_with_next(plan, sourcing, answers, policy) for sourcing in plan.sourcings])
    changed = any(after is not before for after, before in zip(sourcings, plan.sourcings, strict=True))
    return replace(plan, sourcings=sourcings) if changed else None


def unasked(sourcing: Sourcing, options: Sequence[OfferedOption], policy: Policy) -> list[FailedService]:
    """The services whose refusals are not certain, since more origins stock the lines than are tried at most."""
    if not policy.tries_next or len(options) < policy.settings.most_origins:
        return []
    due = _due(options, policy)
    way = _next_way(sourcing, options, due) if due else None
    if way is None:
        return []
    hint = f"origin {way[0]} stocks it too and was not asked: most_origins is {policy.settings.most_origins}"
    return [
        failed_service(member, way[0], Failure(service=code, kind=FailureKind.INCOMPLETE, hint=hint))
        for member in policy.members
        for code, service in member.services.items()
        if service.delivery in due
    ]


def _with_next(plan: Plan, sourcing: Sourcing, answers: Answers, policy: Policy) -> Sourcing:
    if not _may_go_on(sourcing, answers, policy):
        return sourcing
    options = [offered_by(option, answers, policy) for option in sourcing.options]
    due = _due(options, policy)
    way = _next_way(sourcing, options, due) if due else None
    if way is None:
        return sourcing
    option = make_option(plan, sourcing.lines, way, policy, len(options), due)
    return replace(sourcing, options=(*sourcing.options, option))


def _may_go_on(sourcing: Sourcing, answers: Answers, policy: Policy) -> bool:
    """Whether there may be another origin, and all is known of those that were asked."""
    if not sourcing.has_choice or len(sourcing.options) >= policy.settings.most_origins:
        return False
    return all(question in answers for question in sourcing.questions)


def _due(options: Sequence[OfferedOption], policy: Policy) -> Types:
    """The types that no origin so far offers; of those that failed only where the store goes on after failures."""
    after_failures = policy.settings.next_origin_after == "failure"
    return policy.types.difference(*[option.certain if after_failures else option.possible for option in options])


def _next_way(sourcing: Sourcing, options: Sequence[OfferedOption], due: Types) -> tuple[int, ...] | None:
    """An origin for each line, of those left where the ones asked lack a type; None where no line has any."""
    tried = [option.origins for option in sourcing.options]
    lacking = {one.origin for option in options for one in option.consignments if due - one.certain}
    return next(iter(further_origins(sourcing.stocked, tried, len(tried) + 1, lacking)), None)
