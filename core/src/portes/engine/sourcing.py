"""Which origins are tried next: where those asked do not offer a delivery type, others that stock the lines; pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from portes.contract import DeliveryType, FailedService, Failure, FailureKind
from portes.engine.answered import Answers
from portes.engine.next_ways import had, next_way, next_ways
from portes.engine.offers import OfferedOption, Types, Worked, failed_service, offered_by
from portes.engine.plan import Plan, Sourcing, asked_at, make_option
from portes.engine.policy import Policy
from portes.engine.ways import Way


def plan_more(plan: Plan, answers: Answers, policy: Policy) -> Plan | None:
    """The plan with the next origins of all lines that have one by these answers; None when there are none."""
    further = [with_next(plan, sourcing, answers, policy, {}) for sourcing in plan.sourcings]
    if not any(further):
        return None
    both = zip(plan.sourcings, further, strict=True)
    return plan._replace(sourcings=tuple([after or before for before, after in both]))


def with_next(plan: Plan, sourcing: Sourcing, answers: Answers, policy: Policy, worked: Worked) -> Sourcing | None:
    """Lines with the next origins for the delivery types that those asked refuse; None when there are none.

    All must be known of those that were asked. The next ones are asked about these types alone: what one offers
    already is offered from there. What is worked out of the answers is noted in `worked`.
    """
    if not _may_go_on(sourcing, policy):
        return None
    options = [offered_by(option, answers, policy, worked) for option in sourcing.options]
    due = _due(options, policy)
    alone = next_ways(plan, sourcing, options, due, policy) if due else {}
    if not alone:
        return None
    types = frozenset(alone)
    common = next_way(plan, sourcing, options, types, policy) if len(alone) > 1 else None
    way = common or next(iter(alone.values()))
    option = make_option(plan, way, policy, len(options), types)
    return sourcing._replace(options=(*sourcing.options, option))


def unasked(plan: Plan, sourcing: Sourcing, options: Sequence[OfferedOption], policy: Policy) -> list[FailedService]:
    """The services whose refusals are not certain, since more origins stock the lines than are tried at most."""
    if not policy.goes_on or _tried(sourcing) < policy.settings.most_origins:
        return []
    due = _due(options, policy)
    further = next_ways(plan, sourcing, options, due, policy) if due else {}
    return [gap for delivery, way in further.items() for gap in _gaps(plan, sourcing, way, delivery, policy)]


def may_have(plan: Plan, sourcing: Sourcing, options: Sequence[OfferedOption], policy: Policy) -> Types:
    """The types that the lines have in some way, or might, had nothing failed.

    Where failures move on too, what failed in several ways may be had in one that was passed over for it.
    """
    types = frozenset.union(*[option.possible for option in options])
    if not policy.goes_on or policy.settings.next_origin_after != "failure":
        return types
    somewhere = frozenset.union(*[one.possible for option in options for one in option.consignments])
    return types.union(next_ways(plan, sourcing, options, somewhere - types, policy, after="refusal"))


def _gaps(plan: Plan, sourcing: Sourcing, way: Way, delivery: DeliveryType, policy: Policy) -> Iterator[FailedService]:
    """A failure for each service of a type that would be asked about, had the store tried one more way."""
    asked = {origin for option in sourcing.options for origin in option.way.origins}
    new = [origin for origin in way.origins if origin not in asked]
    left = f"origin {new[0]} stocks it too and was not asked" if new else f"{_named(way)} were not asked together"
    hint = f"{left}: most_origins is {policy.settings.most_origins}"
    origin = (new or way.origins)[0]
    members = asked_at(plan, origin, way.lines_at(origin), delivery, policy)
    for member in members or policy.members:
        for code, service in member.services.items():
            if service.delivery is delivery:
                yield failed_service(member, origin, Failure(service=code, kind=FailureKind.INCOMPLETE, hint=hint))


def _named(way: Way) -> str:
    """The origins of a way, for people, with the units of lines that are split: `origins 1 (1 unit), 2 (4 units)`."""
    times = Counter([line.position for line in way.lines])
    units = Counter[int]()
    for line, origin in zip(way.lines, way.origins, strict=True):
        units[origin] += line.item.quantity if times[line.position] > 1 else 0
    told = {one: f"{one} ({count} {'unit' if count == 1 else 'units'})" for one, count in units.items() if count}
    return "origins " + ", ".join([told.get(one, str(one)) for one in dict.fromkeys(way.origins)])


def _tried(sourcing: Sourcing) -> int:
    """How many ways were tried: the first one is none where nobody could be asked."""
    first = sourcing.options[0]
    return len(sourcing.options) - (not any(one.questions or one.failures for one in first.consignments))


def _may_go_on(sourcing: Sourcing, policy: Policy) -> bool:
    return policy.goes_on and sourcing.has_choice and _tried(sourcing) < policy.settings.most_origins


def _due(options: Sequence[OfferedOption], policy: Policy) -> Types:
    """The types that no origin so far offers; of those that failed only where the store goes on after failures."""
    return policy.types.difference(*[had(option, policy) for option in options])
