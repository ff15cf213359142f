"""What a packer is: items in, parcels out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portes.contract import Item, Parcel, ParcelLimits


@dataclass(frozen=True, slots=True)
class PackedLine:
    """A request line to be packed: its position in the request and its item, enriched from the catalogue."""

    position: int
    item: Item


Packer = Callable[[Sequence[PackedLine], ParcelLimits], Sequence[Parcel]]
"""Pack all lines that leave one origin, splitting at the limits.

Equal parcels come out once with their `count`, so the cost never grows with the quantity. A unit that is
itself beyond the limits becomes a parcel of its own: the carrier refuses it, the packer does not.
A parcel says how many units of the goods it holds; those of all parcels are the units of all lines. A packer
that cannot tell leaves `units` out, and then what is charged by units has no price.
Entry points of the group `portes.packers` name such callables.
"""
