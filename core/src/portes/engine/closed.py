"""The origins that no lines whatever can leave with a delivery type: no carrier goes from there to the place; pure."""

from collections.abc import Sequence

from portes.contract import RefusalKind
from portes.engine.offers import OfferedConsignment, Types
from portes.engine.plan import Plan, Sourcing, own_days
from portes.engine.policy import Policy


def closed_origins(
    plan: Plan, sourcing: Sourcing, offered: Sequence[OfferedConsignment], types: Types, policy: Policy
) -> Sequence[int]:
    """The origins that are closed to one of these types, as far as what came of consignments tells.

    There each service of the type, of every carrier that fetches there, has said that it does not go to the place:
    `RefusalKind.NOT_SERVED` is a fact about the lane. Where nobody fetches there is none that has to say it.
    """
    may_have = {(one.origin, delivery) for one in offered for delivery in one.possible}
    told = _told(plan, sourcing, policy)
    noes: dict[int, set[tuple[str, str]]] = {origin: set() for origin in policy.origin_ids}
    for one in offered:
        for no in one.refusals:
            if no.refusal.kind is RefusalKind.NOT_SERVED and no.carrier in told:
                noes[one.origin].add((no.carrier, no.refusal.service))
    return [
        origin
        for origin, said in noes.items()
        for delivery in types
        if policy.services_at[origin, delivery] <= said and (origin, delivery) not in may_have
    ]


def _told(plan: Plan, sourcing: Sourcing, policy: Policy) -> frozenset[str]:
    """The carriers whose word about a lane holds for all lines: not where it is for a day, and they have several."""
    days = {own_days(line, plan.entries[line.position], policy) for line in sourcing.lines}
    return frozenset(one.key for one in policy.members if len(days) == 1 or not one.abilities.dated)
