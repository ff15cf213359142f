"""The ways in which some lines may leave origins, one after the other; pure, it asks nobody."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from portes.engine.origins import cover_of
from portes.engine.stock import LineStock
from portes.packing.protocol import PackedLine


class Way(NamedTuple):
    """One way to source some lines: what leaves which origin."""

    lines: tuple[PackedLine, ...]
    """The lines; one that is split stands there once for each of its parts, with the units of this part."""
    origins: tuple[int, ...]
    """Per line or part, its origin."""

    def lines_at(self, origin: int) -> tuple[PackedLine, ...]:
        """What leaves an origin together."""
        return tuple([line for line, own in zip(self.lines, self.origins, strict=True) if own == origin])

    def is_as(self, other: "Way") -> bool:
        """Whether the same units leave the same origins."""
        both = zip(self.lines, other.lines, strict=False)
        return self.origins == other.origins and all(
            one.position == that.position and one.item.quantity == that.item.quantity for one, that in both
        )


def part_of(line: PackedLine, units: int) -> PackedLine:
    """So many units of a line."""
    return PackedLine(line.position, line.item.model_copy(update={"quantity": units}))


def way_of(
    lines: tuple[PackedLine, ...], stocked: Sequence[LineStock], avoided: Collection[int] = ()
) -> tuple[Way, bool]:
    """The way that takes the fewest origins, and whether no fewer would do for certain.

    None of the `avoided` origins is taken where a line has another one, or enough at others.
    """
    if len(lines) == 1 and not avoided and not stocked[0].units:
        return Way(lines, stocked[0].origins[:1]), True
    if not avoided and not any(stock.units for stock in stocked):
        cover = cover_of([stock.origins for stock in stocked])
        return Way(lines, cover.origins), cover.exact
    parts: list[PackedLine] = []
    choices: list[tuple[int, ...]] = []
    for line, stock in zip(lines, stocked, strict=True):
        if stock.units:
            for origin, units in stock.shares(line.item.quantity, avoided):
                parts.append(part_of(line, units))
                choices.append((origin,))
        else:
            parts.append(line)
            choices.append(tuple([one for one in stock.origins if one not in avoided]) or stock.origins)
    cover = cover_of(choices)
    return Way(tuple(parts), cover.origins), cover.exact


def further_ways(
    lines: tuple[PackedLine, ...], stocked: Sequence[LineStock], tried: Sequence[Way], most: int
) -> list[Way]:
    """The ways that may be tried after these, until there are `most` in all.

    Of the origins tried so far none is taken again where a line has another one.
    """
    found: list[Way] = []
    while len(tried) + len(found) < most:
        before = [*tried, *found]
        used = {origin for way in before for origin in way.origins}
        way, _ = way_of(lines, stocked, used)
        if any(map(way.is_as, before)):
            break
        found.append(way)
    return found
