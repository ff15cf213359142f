"""The mixes of origins that lines may leave from, a split line divided below what is known to be refused; pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product, repeat
from typing import Final, NamedTuple

from portes.engine.stock import LineStock, shares_within
from portes.engine.ways import Way, part_of
from portes.packing.protocol import PackedLine

LOOKS: Final = 20_000
"""Most looks at the origin of a line, to find origins that may have a type; counted, so that answers are the same."""

_MOST_BELOW: Final = 200
"""Most refused groups of one mix to stay below; with more of them the search ends, as at its bound."""
_Bounds = Mapping[tuple[int, int], int]
"""The most units of a line that may leave an origin, by both."""
Units = Mapping[int, int]
"""What leaves an origin together: units by the positions of the lines."""


class LineGroup(NamedTuple):
    """What leaves an origin together."""

    origin: int
    units: Units
    """By the positions of the lines."""


class RefusedGroups:
    """What is known to be refused. An origin that refuses so many units of some lines refuses more of the same too."""

    def __init__(self, groups: Iterable[LineGroup]) -> None:
        self._known: dict[tuple[int, frozenset[int]], list[Units]] = {}
        self.add(*groups)

    def __len__(self) -> int:
        """How many groups were told of."""
        return sum(map(len, self._known.values()))

    def __iter__(self) -> Iterator[LineGroup]:
        """Every group that was told of."""
        return (LineGroup(lines[0], units) for lines, all_units in self._known.items() for units in all_units)

    def add(self, *groups: LineGroup) -> None:
        """Note more of it."""
        for one in groups:
            self._known.setdefault((one.origin, frozenset(one.units)), []).append(one.units)

    def like(self, origin: int, positions: Collection[int]) -> Sequence[Units]:
        """The units of what is refused of these very lines together."""
        return self._known.get((origin, frozenset(positions)), ())

    def holds(self, way: Way) -> bool:
        """Whether something that leaves an origin in one way is refused: as much, or less of it, was."""
        for origin, units in _units_of(way).items():
            known = self._known.get((origin, frozenset(units)))
            if known and any(all(units[line] >= least for line, least in one.items()) for one in known):
                return True
        return False


def groups_of(way: Way) -> Sequence[LineGroup]:
    """What leaves each origin in one way."""
    return [LineGroup(origin, units) for origin, units in _units_of(way).items()]


def _units_of(way: Way) -> Mapping[int, Units]:
    units: dict[int, dict[int, int]] = {}
    for line, origin in zip(way.lines, way.origins, strict=True):
        own = units.get(origin)
        if own is None:
            own = units[origin] = {}
        own[line.position] = line.item.quantity
    return units


def mixes_of(lines: Sequence[PackedLine], stocked: Sequence[LineStock], refused: RefusedGroups) -> Iterator[Way | None]:
    """The ways that may hold nothing refused, each to be held against it; None for a look at what cannot be.

    Lines leave from each mix of their origins, split ones from each set of theirs: divided so that the origins that
    refuse something have as few units as possible, and less than they refuse. A mix has as many divisions as there are
    ways to stay below. What is found to be refused meanwhile may be noted in `refused`.
    """
    lacking = {one.origin for one in refused}
    split = {line.position for line, stock in zip(lines, stocked, strict=True) if stock.units}
    choices = [_sets(line.item.quantity, stock, lacking) for line, stock in zip(lines, stocked, strict=True)]
    for mix in product(*choices):
        if split:
            yield from _divisions(lines, stocked, mix, split, refused)
        else:
            yield Way(tuple(lines), tuple([own[0] for own in mix]))


def _sets(wanted: int, stock: LineStock, lacking: Collection[int]) -> Sequence[tuple[int, ...]]:
    """The sets of origins that a line may leave from: each one by itself, or several where it is split.

    Then first the one that takes as little as possible from origins that refuse something, then large ones. More than
    can be looked at are not told.
    """
    if not stock.units:
        return [(origin,) for origin in stock.origins]
    has = dict(zip(stock.origins, stock.units, strict=True))
    free = [origin for origin in has if origin not in lacking]
    order = [*free, *[origin for origin in has if origin in lacking]]
    first = order[: len(free) + max(0, wanted - sum([has[origin] for origin in free]))]
    sizes = range(min(wanted, len(order)), 0, -1)
    every = chain([tuple(first)], *[combinations(order, size) for size in sizes])
    return list(islice(every, LOOKS + 1))


def _divisions(
    lines: Sequence[PackedLine],
    stocked: Sequence[LineStock],
    mix: Sequence[tuple[int, ...]],
    split: Collection[int],
    refused: RefusedGroups,
) -> Iterator[Way | None]:
    """The divisions of lines over their origins of a mix, one for each choice of lines that stay below refusals."""
    together: dict[int, list[int]] = {}
    for line, own in zip(lines, mix, strict=True):
        for origin in own:
            together.setdefault(origin, []).append(line.position)
    known = -1
    while known != (known := sum([len(refused.like(*each)) for each in together.items()])):
        groups = [LineGroup(origin, units) for origin, own in together.items() for units in refused.like(origin, own)]
        if len(groups) > _MOST_BELOW:
            yield from repeat(None, LOOKS)
        for bounds in _below(sorted(groups, key=lambda one: sum(one.units.values())), split, {}):
            yield None if bounds is None else _divided(lines, stocked, mix, bounds)


def _below(refused: Sequence[LineGroup], split: Collection[int], bounds: _Bounds) -> Iterator[_Bounds | None]:
    """The most units of lines that are split, such that none of this is held; None where one would have no unit left.

    Small groups stand first: what stays below one of them mostly stays below larger ones too.
    """
    within = [one for one in refused if all(bounds.get((one.origin, line), n) >= n for line, n in one.units.items())]
    if not within:
        yield bounds
        return
    first, *others = within
    less = {(first.origin, line): units - 1 for line, units in first.units.items() if line in split and units > 1}
    if not less:
        yield None
    for place, most in less.items():
        yield from _below(others, split, {**bounds, place: most})


def _divided(
    lines: Sequence[PackedLine],
    stocked: Sequence[LineStock],
    mix: Sequence[tuple[int, ...]],
    bounds: _Bounds,
) -> Way | None:
    """Lines from these origins, of split ones no more units than the bounds; None if these are too few."""
    parts: list[PackedLine] = []
    origins: list[int] = []
    for line, stock, own in zip(lines, stocked, mix, strict=True):
        if not stock.units:
            parts.append(line)
            origins += own
            continue
        has = dict(zip(stock.origins, stock.units, strict=True))
        most = {one: min(has[one], bounds.get((one, line.position), has[one])) for one in has if one in own}
        shares = shares_within(line.item.quantity, most, {origin for origin, _ in bounds})
        if shares is None:
            return None
        parts += [part_of(line, units) for units in shares.values()]
        origins += shares
    return Way(tuple(parts), tuple(origins))
