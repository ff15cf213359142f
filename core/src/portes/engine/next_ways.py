"""The next way to source lines by what came of those tried: none that holds what is known to be refused; pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice, product
from typing import Final

from portes.contract import DeliveryType
from portes.engine.offers import OfferedConsignment, OfferedOption, Types
from portes.engine.plan import Plan, Sourcing, asked_at
from portes.engine.policy import Policy
from portes.engine.stock import LineStock
from portes.engine.ways import Way, further_ways, way_of

LOOKS: Final = 20_000
"""Most looks at the origin of a line, to find origins that may have a type; counted, so that answers are the same."""

_Group = tuple[int, frozenset[int]]
"""An origin, and the positions of the lines that leave it together."""


def had(offered: OfferedOption | OfferedConsignment, policy: Policy) -> Types:
    """The types for which no other origin is needed."""
    return offered.certain if policy.settings.next_origin_after == "failure" else offered.possible


def next_ways(
    plan: Plan, sourcing: Sourcing, options: Sequence[OfferedOption], due: Types, policy: Policy
) -> Mapping[DeliveryType, Way]:
    """By delivery type that is due, the next way that may have it; none of a type that all of them refuse."""
    ways = {one: next_way(plan, sourcing, options, frozenset([one]), policy) for one in DeliveryType if one in due}
    return {delivery: way for delivery, way in ways.items() if way is not None}


def next_way(
    plan: Plan, sourcing: Sourcing, options: Sequence[OfferedOption], types: Types, policy: Policy
) -> Way | None:
    """The next way that may have all of these types, without the origins that lack one where a line has others.

    What an origin refuses of some lines together it may not refuse of fewer: for a single type, each mix of origins
    is looked at that holds nothing refused as it is. Where those are too many to look at, one that was not is told.
    """
    refused = {_group(one) for option in options for one in option.consignments if _lacks(one, types, policy)}
    idle = {origin for origin in policy.origin_ids if not _is_fetched(origin, types, policy)}
    if any(stock.units for stock in sourcing.stocked):
        tried = [option.way for option in sourcing.options]
        lacking = idle.union(origin for origin, _ in refused)
        return next(iter(further_ways(sourcing.lines, sourcing.stocked, tried, len(tried) + 1, lacking)), None)
    stocked: Sequence[tuple[int, ...]] = [
        tuple([origin for origin in stock.origins if origin not in idle]) for stock in sourcing.stocked
    ]
    if len(types) == 1:
        stocked = _without_refused(sourcing, stocked, refused)
    return _unrefused(plan, sourcing, stocked, refused, types, policy) if all(stocked) else None


def _without_refused(
    sourcing: Sourcing, stocked: Sequence[tuple[int, ...]], refused: set[_Group]
) -> Sequence[tuple[int, ...]]:
    """The origins of each line without those that refuse it by itself and can have no other line beside it."""
    having = Counter(chain.from_iterable(stocked))
    return [
        tuple([one for one in own if having[one] > 1 or (one, frozenset([line.position])) not in refused])
        for line, own in zip(sourcing.lines, stocked, strict=True)
    ]


def _unrefused(
    plan: Plan,
    sourcing: Sourcing,
    stocked: Sequence[tuple[int, ...]],
    refused: set[_Group],
    types: Types,
    policy: Policy,
) -> Way | None:
    lacking = {origin for origin, _ in refused}
    first, _ = way_of(sourcing.lines, [LineStock(own) for own in stocked], lacking)
    mixes: Iterator[tuple[int, ...]] = product(*stocked) if len(types) == 1 else iter(())
    most = max(1, LOOKS // len(sourcing.lines))
    known: dict[_Group, bool] = {}
    for origins in chain([first.origins], islice(mixes, most)):
        way = Way(sourcing.lines, origins)
        if not any(group in refused or _is_idle(plan, way, group, types, policy, known) for group in _groups(way)):
            return way
    beyond = next(mixes, None)
    return None if beyond is None else Way(sourcing.lines, beyond)


def _lacks(one: OfferedConsignment, types: Types, policy: Policy) -> bool:
    """Whether one of these types was asked about and is refused."""
    asked = types if one.consignment.types is None else types & one.consignment.types
    return bool(asked - had(one, policy))


def _group(one: OfferedConsignment) -> _Group:
    return one.origin, frozenset([line.position for line in one.consignment.lines])


def _groups(way: Way) -> Collection[_Group]:
    groups: dict[int, list[int]] = {}
    for line, origin in zip(way.lines, way.origins, strict=True):
        groups.setdefault(origin, []).append(line.position)
    return [(origin, frozenset(positions)) for origin, positions in groups.items()]


def _is_fetched(origin: int, types: Types, policy: Policy) -> bool:
    """Whether for each of these types some carrier fetches from an origin."""
    members = [one for one in policy.members if not one.settings.origins or origin in one.settings.origins]
    return types <= {service.delivery for member in members for service in member.services.values()}


def _is_idle(plan: Plan, way: Way, group: _Group, types: Types, policy: Policy, known: dict[_Group, bool]) -> bool:
    """Whether the plan's rules leave nobody to ask about lines at an origin, for one of these types."""
    if not policy.plan_rules:
        return False
    if group not in known:
        lines = way.lines_at(group[0])
        known[group] = not all(asked_at(plan, group[0], lines, delivery, policy) for delivery in types)
    return known[group]
