"""Units that are equal to a packer, counted over all lines; and what the tags of a line say of packing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from portes.contract import Item
from portes.packing.protocol import PackedLine, Triple

SHIPS_ALONE: Final = "ships_alone"
"""The tag of goods that share no parcel with goods of another line."""
UPRIGHT: Final = "upright"
"""The tag of goods whose height stays the height: they turn around the vertical axis only."""
OWN_BOX: Final = "own_box"
"""The tag of goods whose own packaging is the parcel, one unit each."""
NEST: Final = "nest:"
"""Before the millimetres that each further unit adds in height to those it nests with."""


_ANYHOW: Final[Sequence[Triple]] = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
_UPRIGHT: Final[Sequence[Triple]] = ((0, 1, 2), (1, 0, 2))
"""Which of its measured sides lie along x, y and z."""


class Lie(NamedTuple):
    """A way for units to lie: the sides of one along x, y and z, and how far it is to the next."""

    size: Triple
    pitch: Triple


class LineUnits(NamedTuple):
    """The units of one kind that one line has."""

    position: int
    quantity: int
    value: int | None
    """Minor units of one unit; None when nobody stated it."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """Units that no packer can tell from one another."""

    weight: int
    """Grams of one unit."""
    value: int
    """Minor units of one unit where the carrier limits values, else 0."""
    lies: tuple[Lie, ...]
    """The ways in which a unit may lie, the one as it was measured first."""
    volume: int
    """Cubic millimetres that one unit more takes up among its like."""
    solid: int
    """Cubic millimetres of one unit by itself."""
    least_side: int
    """Millimetres of the shortest side."""
    nested: bool
    """Whether units nest in the height of the first lie."""
    held: tuple[LineUnits, ...]

    @property
    def units(self) -> int:
        """How many there are, over all lines."""
        return sum(line.quantity for line in self.held)


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that may share parcels."""

    kinds: tuple[UnitKind, ...]
    own_box: bool = False
    """Whether each unit is a parcel as it is."""


def groups(lines: Sequence[PackedLine], *, by_value: bool) -> list[Group]:
    """The lines as groups that share no parcel, in the order of their first lines.

    By value: units of different value are different kinds, as they are where a carrier limits it.
    Raises `ValueError` for lines valued in several currencies.
    """
    currency(lines)
    apart: dict[tuple[bool, int | None], list[PackedLine]] = {}
    for line in lines:
        tags = line.item.tags
        own, alone = OWN_BOX in tags, SHIPS_ALONE in tags
        apart.setdefault((own, line.position if alone and not own else None), []).append(line)
    return [Group(kinds_of(together, by_value=by_value), own) for (own, _), together in apart.items()]


def kinds_of(lines: Iterable[PackedLine], *, by_value: bool) -> tuple[UnitKind, ...]:
    """The kinds of units that lines have, in order of appearance."""
    alike: dict[tuple[object, ...], list[PackedLine]] = {}
    for line in lines:
        alike.setdefault(_likeness(line, by_value=by_value), []).append(line)
    return tuple(_kind(same, by_value=by_value) for same in alike.values())


def currency(lines: Sequence[PackedLine]) -> str:
    """The currency of all values, empty where no line has one. Raises `ValueError` for several."""
    currencies = {line.item.declared_value.currency for line in lines if line.item.declared_value is not None}
    if len(currencies) > 1:
        msg = f"parcels are valued in {' and '.join(sorted(currencies))}"
        raise ValueError(msg)
    return next(iter(currencies), "")


def _likeness(line: PackedLine, *, by_value: bool) -> tuple[object, ...]:
    item = line.item
    size = _measured(item)
    upright, nest = UPRIGHT in item.tags, _nest(item)
    sides = size if upright or nest is not None else tuple(sorted(size))
    # what nests is one block from floor to top, which cannot be told apart by lines
    own = line.position if nest is not None else None
    return item.weight, sides, upright, nest, own, _value(item) if by_value else None


def _kind(same: Sequence[PackedLine], *, by_value: bool) -> UnitKind:
    item = same[0].item
    (size, pitch), nest = standing(item), _nest(item)
    turned = _UPRIGHT if UPRIGHT in item.tags else _ANYHOW
    lies = dict.fromkeys(Lie(_turned(size, order), _turned(pitch, order)) for order in turned)
    held = tuple(LineUnits(line.position, line.item.quantity, _value(line.item)) for line in same)
    volume = pitch[0] * pitch[1] * pitch[2]
    value = (_value(item) or 0) if by_value else 0
    solid, least_side = item.size.volume, min(size)
    return UnitKind(item.weight, value, tuple(lies), volume, solid, least_side, nest is not None, held)


def standing(item: Item) -> Lie:
    """A unit as it was measured, its height upwards."""
    size, nest = _measured(item), _nest(item)
    return Lie(size, size if nest is None else (size[0], size[1], nest))


def _turned(triple: Triple, order: Triple) -> Triple:
    return triple[order[0]], triple[order[1]], triple[order[2]]


def _measured(item: Item) -> Triple:
    return item.size.length, item.size.width, item.size.height


def _value(item: Item) -> int | None:
    return None if item.declared_value is None else item.declared_value.minor


def _nest(item: Item) -> int | None:
    """Millimetres that a further unit adds in height; None where units do not nest, or the tag has no whole number."""
    for tag in item.tags:
        adds = tag.removeprefix(NEST)
        if adds != tag and adds.isascii() and adds.isdigit():
            return min(int(adds), item.size.height)
    return None
