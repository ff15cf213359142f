"""What is sold, what is packed and what is handed over."""

from typing import Annotated

from pydantic import Field

from portes.contract.base import Day, Natural, Noun, Positive, Text, Truth
from portes.contract.measures import CubicMillimetres, Dimensions, Grams
from portes.contract.money import DeclaredValue, Money
from portes.contract.places import Origin, Place


class Item(Noun):
    """One line of a question: a thing sold and how many of it, before packing."""

    sku: Text
    quantity: Positive
    weight: Grams
    """Of one unit. Zero is refused by the engine unless the store allows it."""
    size: Dimensions
    """Of one unit. A zero side is refused by the engine unless the store allows it."""
    declared_value: DeclaredValue | None = None
    """Of one unit, for liability; None when nobody stated it."""
    pre_sale: Truth = False
    """Sold before it is in stock; the store's pre-sale days are added to its lead time."""
    tags: tuple[str, ...] = ()
    """Words of the shop that rules can refer to."""


def _box(fields: dict[str, Dimensions]) -> int:
    return fields["size"].volume


class Parcel(Noun):
    """One packed piece, and how many equal ones there are."""

    weight: Grams
    """Actual weight of one piece."""
    size: Dimensions
    """The box around one piece."""
    volume: CubicMillimetres = Field(default_factory=_box)
    """What the goods of one piece take up, in mm³; the box's volume unless the packer knows better."""
    value: DeclaredValue | None = None
    """Declared value of one piece; None when any of its goods has none."""
    count: Positive = 1
    """How many equal pieces."""
    lines: tuple[Natural, ...] = ()
    """Positions of the request lines it holds, from 0."""


class Shipment(Noun):
    """All parcels from one origin to one place, handed over on one day."""

    id: Text
    parcels: Annotated[tuple[Parcel, ...], Field(min_length=1)]
    origin: Origin
    place: Place
    """Where the parcels are carried to."""
    dispatch_date: Day
    """When the carrier gets it."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        currencies = {parcel.value.currency for parcel in self.parcels if parcel.value is not None}
        if len(currencies) > 1:
            msg = f"parcels are valued in {' and '.join(sorted(currencies))}"
            raise ValueError(msg)

    @property
    def weight(self) -> int:
        """Grams of all pieces together."""
        return sum(parcel.weight * parcel.count for parcel in self.parcels)

    @property
    def volume(self) -> int:
        """Cubic millimetres of all pieces together."""
        return sum(parcel.volume * parcel.count for parcel in self.parcels)

    @property
    def pieces(self) -> int:
        """The number of parcels, equal ones counted."""
        return sum(parcel.count for parcel in self.parcels)

    @property
    def value(self) -> Money | None:
        """Declared value of all pieces together; None when any piece has none."""
        values = [parcel.value * parcel.count for parcel in self.parcels if parcel.value is not None]
        if len(values) < len(self.parcels):
            return None
        return sum(values[1:], start=values[0])
