"""What is sold, what is packed and what is handed over."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from portes.contract.base import Day, Days, Natural, Noun, Text, Truth, above
from portes.contract.bounds import LONGEST_SIDE, MOST_LINES, MOST_NAMED, MOST_QUANTITY, MOST_SERVICES, MOST_UNITS
from portes.contract.measures import CubicMillimetres, Dimensions, Grams, UnitGrams
from portes.contract.money import DeclaredValue, Money, UnitValue
from portes.contract.places import Origin, Place

Quantity = Annotated[int, Field(strict=True, ge=1, le=MOST_QUANTITY)]
"""How many units, or equal parcels, there are; one or more."""


def _of_a_unit(size: Dimensions) -> Dimensions:
    if size.length > LONGEST_SIDE or size.width > LONGEST_SIDE or size.height > LONGEST_SIDE:
        above(size, dict(size), LONGEST_SIDE)
    return size


UnitSize = Annotated[Dimensions, AfterValidator(_of_a_unit)]
"""The size of one unit."""


class RequestLine(Noun):
    """One line of a question: a thing sold and how many of it; what its caller does not tell is None."""

    sku: Text
    quantity: Quantity
    weight: UnitGrams | None = None
    """Of one unit; None when the caller does not tell it, and the store's catalogue has to."""
    size: UnitSize | None = None
    """Of one unit, no side longer than 30 m; None when the caller does not tell it, and the catalogue has to."""
    declared_value: UnitValue | None = None
    """Of one unit, for liability; None when nobody stated it."""
    pre_sale: Truth = False
    """Sold before it is in stock; the store's pre-sale days are added to its lead time."""
    handling_days: Days = 0
    """Business days until it can leave, beside its origin's own, as its caller says; the catalogue's where more."""
    tags: Annotated[tuple[Text, ...], Field(max_length=MOST_NAMED)] = ()
    """Words of the shop that rules can refer to."""
    consolidated: Quantity = 1
    """Units of the SKU in one of `quantity`: more than one where the caller tells weight, size and value of several put
    together. Of these the catalogue counts stock and value; weight and size it tells of a single unit alone."""

    @property
    def units(self) -> int:
        """The units of the SKU that it takes from stock."""
        return self.quantity * self.consolidated

    @property
    def is_whole(self) -> bool:
        """Whether weight and size are told."""
        return self.weight is not None and self.size is not None


class Item(RequestLine):
    """A line of which all is known that packing needs: weight and size, told by the caller or by the catalogue."""

    weight: UnitGrams
    """Of one unit. Zero is refused by the engine unless the store allows it."""
    size: UnitSize
    """Of one unit, no side longer than 30 m. A zero side is refused by the engine unless the store allows it."""

    @classmethod
    def of(cls, line: RequestLine, **known: Any) -> "Item":  # noqa: ANN401 -- fields of an item, each of its own type
        """The item that a line is with what is `known` besides; nothing is validated again, as in `model_copy`."""
        made = cls.__new__(cls)
        object.__setattr__(made, "__dict__", {**line.__dict__, **known})
        object.__setattr__(made, "__pydantic_fields_set__", line.__pydantic_fields_set__ | known.keys())
        object.__setattr__(made, "__pydantic_extra__", None)
        object.__setattr__(made, "__pydantic_private__", None)
        return made


def _as_item(line: RequestLine) -> RequestLine:
    return line if isinstance(line, Item) or line.weight is None or line.size is None else Item.of(line)


Line = Annotated[RequestLine, AfterValidator(_as_item)]
"""A line of a question; one that tells weight and size is an `Item`."""


def _box(fields: dict[str, Dimensions]) -> int:
    return fields["size"].volume


class Parcel(Noun):
    """One packed piece, and how many equal ones there are."""

    weight: Grams
    """Actual weight of one piece."""
    size: Dimensions
    """The box around one piece."""
    volume: CubicMillimetres = Field(default_factory=_box)
    """What one piece takes up, in mm³: its box's volume, or that of its goods where the packer tells sums."""
    value: DeclaredValue | None = None
    """Declared value of one piece; None when any of its goods has none."""
    count: Quantity = 1
    """How many equal pieces."""
    lines: Annotated[tuple[Natural, ...], Field(max_length=MOST_LINES)] = ()
    """Positions of the request lines it holds, from 0."""
    units: Quantity | None = None
    """How many units of the goods one piece holds; None when its packer does not say."""
    volumes: Quantity = 1
    """In how many packed volumes one piece is handed over: more than one where it tells the sums of several."""


class Shipment(Noun):
    """All parcels from one origin to one place, handed over on one day."""

    id: Text
    parcels: Annotated[tuple[Parcel, ...], Field(min_length=1, max_length=MOST_UNITS)]
    origin: Origin
    place: Place
    """Where the parcels are carried to."""
    dispatch_date: Day
    """When the carrier gets it."""
    services: Annotated[tuple[Text, ...], Field(max_length=MOST_SERVICES)] = ()
    """Codes of the services that would carry these parcels and are asked about; empty for every active one."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        currencies = {parcel.value.currency for parcel in self.parcels if parcel.value is not None}
        if len(currencies) > 1:
            msg = f"parcels are valued in {' and '.join(sorted(currencies))}"
            raise ValueError(msg)

    def asks(self, service: str) -> bool:
        """Whether an active service is asked about, by its code."""
        return not self.services or service in self.services

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
    def volumes(self) -> int:
        """The number of packed volumes that are handed over; that of the pieces unless some tell sums of several."""
        return sum(parcel.volumes * parcel.count for parcel in self.parcels)

    @property
    def units(self) -> int | None:
        """The number of units of goods in all pieces together; None when that of any piece is not known."""
        held = [parcel.units * parcel.count for parcel in self.parcels if parcel.units is not None]
        return sum(held) if len(held) == len(self.parcels) else None

    @property
    def value(self) -> Money | None:
        """Declared value of all pieces together; None when any piece has none."""
        values = [parcel.value * parcel.count for parcel in self.parcels if parcel.value is not None]
        if len(values) < len(self.parcels):
            return None
        return sum(values[1:], start=values[0])
