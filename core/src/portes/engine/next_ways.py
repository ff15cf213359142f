"""The next way to source lines by what came of those tried: none that holds what is known to be refused; pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import Final

from portes.contract import DeliveryType
from portes.engine.closed import closed_origins
from portes.engine.divisions import LOOKS, LineGroup, RefusedGroups, groups_of, mixes_of
from portes.engine.offers import OfferedConsignment, OfferedOption, Types
from portes.engine.plan import Plan, Sourcing, asked_at
from portes.engine.policy import Policy
from portes.engine.stock import LineStock
from portes.engine.ways import Way, part_of, way_of
from portes.packing.protocol import PackedLine

_COUNTS: Final = 100
"""Most numbers of units for which the plan's rules are asked whether a refusal of fewer holds for them."""


def had(offered: OfferedOption | OfferedConsignment, policy: Policy, after: str | None = None) -> Types:
    """The types for which no other origin is needed; what one goes on `after` is the store's decision unless given."""
    return offered.certain if (after or policy.settings.next_origin_after) == "failure" else offered.possible


def next_ways(
    plan: Plan,
    sourcing: Sourcing,
    options: Sequence[OfferedOption],
    due: Types,
    policy: Policy,
    after: str | None = None,
) -> Mapping[DeliveryType, Way]:
    """By delivery type that is due, the next way that may have it; none of a type that all of them refuse."""
    types = [one for one in DeliveryType if one in due]
    ways = {one: next_way(plan, sourcing, options, frozenset([one]), policy, after) for one in types}
    return {delivery: way for delivery, way in ways.items() if way is not None}


def next_way(
    plan: Plan,
    sourcing: Sourcing,
    options: Sequence[OfferedOption],
    types: Types,
    policy: Policy,
    after: str | None = None,
) -> Way | None:
    """The next way that may have all of these types, without the origins that lack one where a line has others.

    What an origin refuses of some lines together it may not refuse of fewer, or of fewer units of one that is split:
    for a single type, each mix of origins is looked at that holds nothing refused. Where those are too many to look
    at, one that was not is told.
    """
    offered = [one for option in options for one in option.consignments]
    refused = RefusedGroups([_group(one) for one in offered if _lacks(one, types, policy, after)])
    closed = dict.fromkeys(closed_origins(plan, sourcing, offered, types, policy), 1)
    stocked = [stock.below(closed) for stock in sourcing.stocked] if closed else sourcing.stocked
    mixed = len(types) == 1
    way = _unrefused(sourcing.lines, stocked, refused, partial(_is_idle, plan, types, policy, {}), mixed=mixed)
    if way is None and mixed and policy.plan_rules and sourcing.is_split:
        certain = RefusedGroups([one for one in refused if _is_certain(plan, sourcing, one, types, policy)])
        if len(certain) < len(refused):  # the rules may have others asked about more units: nobody knows
            return _unrefused(sourcing.lines, stocked, certain, lambda *_: False, mixed=mixed)
    return way


def _unrefused(
    lines: tuple[PackedLine, ...],
    stocked: Sequence[LineStock],
    refused: RefusedGroups,
    is_idle: Callable[[Way, LineGroup], bool],
    *,
    mixed: bool,
) -> Way | None:
    """The first way that holds nothing refused: without the origins that refuse something, or where `mixed` any.

    What nobody is to be asked about is noted as refused.
    """
    if mixed:
        stocked = _without_refused(lines, stocked, refused)
    if not _have_enough(lines, stocked):
        return None
    lacking = dict.fromkeys([one.origin for one in refused], 1)
    avoiding, _ = way_of(lines, stocked, lacking)
    split = [(line, stock.below(lacking)) for line, stock in zip(lines, stocked, strict=True) if stock.units]
    first = [avoiding] if _have_enough([line for line, _ in split], [left for _, left in split]) else []
    mixes = mixes_of(lines, stocked, refused) if mixed else iter(())
    each = sum([len(stock.units) or 1 for stock in stocked])
    for way in chain(first, islice(mixes, max(1, LOOKS // each))):
        if way is None or refused.holds(way):
            continue
        idle = [group for group in groups_of(way) if is_idle(way, group)]
        if not idle:
            return way
        refused.add(*idle)
    return next((way or avoiding for way in islice(mixes, 1)), None)


def _without_refused(
    lines: Sequence[PackedLine], stocked: Sequence[LineStock], refused: RefusedGroups
) -> Sequence[LineStock]:
    """The stock of each line without what is refused of it by itself where it can have no other line beside it."""
    having = Counter(chain.from_iterable([stock.origins for stock in stocked]))
    left = []
    for line, stock in zip(lines, stocked, strict=True):
        alone = {origin: refused.like(origin, [line.position]) for origin in stock.origins if having[origin] == 1}
        least = {origin: min([one[line.position] for one in units]) for origin, units in alone.items() if units}
        left.append(stock.below(least) if least else stock)
    return left


def _have_enough(lines: Sequence[PackedLine], stocked: Sequence[LineStock]) -> bool:
    return all(stock.has_enough(line.item.quantity) for line, stock in zip(lines, stocked, strict=True))


def _lacks(one: OfferedConsignment, types: Types, policy: Policy, after: str | None) -> bool:
    """Whether one of these types was asked about and is refused."""
    asked = types if one.consignment.types is None else types & one.consignment.types
    return bool(asked - had(one, policy, after))


def _group(one: OfferedConsignment) -> LineGroup:
    return LineGroup(one.origin, {line.position: line.item.quantity for line in one.consignment.lines})


def _is_idle(
    plan: Plan,
    types: Types,
    policy: Policy,
    known: dict[tuple[int, frozenset[tuple[int, int]]], bool],
    way: Way,
    group: LineGroup,
) -> bool:
    """Whether the plan's rules leave nobody to ask about lines at an origin, for one of these types."""
    if not policy.plan_rules:
        return False
    key = group.origin, frozenset(group.units.items())
    if key not in known:
        lines = way.lines_at(group.origin)
        known[key] = not all(asked_at(plan, group.origin, lines, delivery, policy) for delivery in types)
    return known[key]


def _is_certain(plan: Plan, sourcing: Sourcing, group: LineGroup, types: Types, policy: Policy) -> bool:
    """Whether all that might be asked about more units of what is refused were asked about this much already."""
    both = zip(sourcing.lines, sourcing.stocked, strict=True)
    own = {line.position: (line, stock) for line, stock in both if line.position in group.units}
    split = [position for position, (_, stock) in own.items() if stock.units]

    def askers(units: Mapping[int, int]) -> frozenset[str]:
        lines = tuple([part_of(line, units[position]) for position, (line, _) in own.items()])
        asked = [one for each in types for one in asked_at(plan, group.origin, lines, each, policy)]
        return frozenset([one.key for one in asked])

    asked = askers(group.units)
    if not split or asked.issuperset(key for each in types for key, _ in policy.services_at[group.origin, each]):
        return True
    (position, *others) = split
    stock, fewest = own[position][1], group.units[position]
    most = dict(zip(stock.origins, stock.units, strict=True))[group.origin]
    if others or most - fewest > _COUNTS:
        return False
    return all(askers({**group.units, position: units}) <= asked for units in range(fewest + 1, most + 1))
