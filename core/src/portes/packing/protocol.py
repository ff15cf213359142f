"""What a packer is: a task in, parcels out, each with the places of its goods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from portes.contract import CubicRule, Dimensions, Item, Parcel, ParcelLimits

Triple = tuple[int, int, int]
"""Three numbers along x, y and z: length, width, height; millimetres, or how many."""


@dataclass(frozen=True, slots=True)
class PackedLine:
    """A request line to be packed: its position in the request and its item, enriched from the catalogue."""

    position: int
    item: Item


@dataclass(frozen=True, slots=True)
class Carton:
    """A box that the store packs into, any number of them."""

    code: str
    inside: Dimensions
    outside: Dimensions
    """What the carrier is told, at least as large as the inside."""
    weight: int = 0
    """Grams of the empty carton."""
    most_weight: int | None = None
    """Grams of goods that it bears, its own not counted; None where only the carrier's limit holds."""
    cost: int = 0
    """Minor units that one costs the store."""
    origins: tuple[int, ...] = ()
    """The numbers of the origins that have it; empty for all. A task has those of its own origin only."""


@dataclass(frozen=True, slots=True)
class PackingTask:
    """What leaves one origin for one carrier, and what a packer should keep to."""

    lines: Sequence[PackedLine]
    limits: ParcelLimits = field(default_factory=ParcelLimits)
    cartons: Sequence[Carton] = ()
    """Those that the origin has."""
    cubic: CubicRule | None = None
    """How the carrier bills sizes; None where the scale alone counts, or nobody knows."""
    kilo_price: int | None = None
    """Minor units that a billed kilogram costs, where money is to be saved and not billed weight before cartons."""


@dataclass(frozen=True, slots=True)
class UnitBlock:
    """Equal units of one line that lie in a grid, all in the same orientation: however many, a few numbers."""

    line: int
    """The position of the request line."""
    corner: Triple
    """Millimetres from the inside corner of the box to the block's nearest corner; z is the height."""
    size: Triple
    """Millimetres of one unit as it lies."""
    counts: Triple
    """How many units there are along each axis."""
    pitch: Triple
    """Millimetres from a unit to the next on each axis: its size, or less on the axis in which they nest."""

    @property
    def units(self) -> int:
        """How many units it is made of."""
        return self.counts[0] * self.counts[1] * self.counts[2]

    @property
    def extent(self) -> Triple:
        """Millimetres of the whole block along each axis."""
        x, y, z = (
            size + pitch * (count - 1) for size, pitch, count in zip(self.size, self.pitch, self.counts, strict=True)
        )
        return x, y, z


@dataclass(frozen=True, slots=True)
class PackedParcel:
    """A parcel with the places of its goods; equal ones are one with their count."""

    parcel: Parcel
    layout: tuple[UnitBlock, ...] = ()
    """Where the units of one piece lie; empty where the packer places nothing."""
    carton: Carton | None = None
    """The store's carton it goes in; None where it has none."""


Packer = Callable[[PackingTask], Sequence[PackedParcel]]
"""Pack all lines that leave one origin, splitting at the limits.

Equal parcels come out once with their `count`, so the cost never grows with the quantity. A unit that is
itself beyond the limits becomes a parcel of its own: the carrier refuses it, the packer does not.
A parcel says how many units of the goods it holds; those of all parcels are the units of all lines. A packer
that cannot tell leaves `units` out, and then what is charged by units has no price.
The same task is packed in the same way anywhere: work is bounded by steps, never by time.
Entry points of the group `portes.packers` name such callables.
"""
