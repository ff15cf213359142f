"""A sound packer: the units of a line in a row, as many to a parcel as may be."""

from collections.abc import Iterator, Sequence

from portes.contract import Dimensions, Item, Money, Parcel
from portes.contract.bounds import LONGEST_BOX
from portes.packing.protocol import Carton, PackedLine, PackedParcel, PackingTask, Triple, UnitBlock


class Row:
    """Packs each line by itself, in one carton or none; its saboteurs do one thing otherwise."""

    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        return [parcel for line in task.lines for parcel in self.packed(line, task)]

    def packed(self, line: PackedLine, task: PackingTask) -> Iterator[PackedParcel]:
        """Full parcels of a line, counted, and one with the rest."""
        carton = self.carton(line.item, task)
        most = self.most(line, task, carton)
        full, rest = divmod(line.item.quantity, most)
        if full:
            yield self.parcel(line, most, carton, full)
        if rest:
            yield self.parcel(line, rest, carton, 1)

    def carton(self, item: Item, task: PackingTask) -> Carton | None:
        """The first carton that takes a unit; none for what has its own."""
        fitting = (carton for carton in task.cartons if self.fits(item, 1, carton))
        return None if "own_box" in item.tags else next(fitting, None)

    def most(self, line: PackedLine, task: PackingTask, carton: Carton | None) -> int:
        """How many units a parcel takes, one at least."""
        if "own_box" in line.item.tags:
            return 1
        least, most = 1, line.item.quantity + 1
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (middle, most) if self.takes(line, middle, task, carton) else (least, middle)
        return least

    def takes(self, line: PackedLine, units: int, task: PackingTask, carton: Carton | None) -> bool:
        """Whether a parcel may hold so many units."""
        if carton and not self.fits(line.item, units, carton):
            return False
        return self.row(line.item, units)[0] <= LONGEST_BOX and self.within(line, units, task, carton)

    def within(self, line: PackedLine, units: int, task: PackingTask, carton: Carton | None) -> bool:
        """Whether the carrier takes a parcel of so many units."""
        return task.limits.exceeded_by(self.told(line, units, carton)) is None

    def fits(self, item: Item, units: int, carton: Carton) -> bool:
        """Whether a carton holds a row of units, and bears it."""
        inside = carton.inside.length, carton.inside.width, carton.inside.height
        held = all(side <= most for side, most in zip(self.row(item, units), inside, strict=True))
        return held and (carton.most_weight is None or item.weight * units <= carton.most_weight)

    def row(self, item: Item, units: int) -> Triple:
        """The sides of a row of units."""
        x, y, z = self.turned(item)
        return x * units, y, z

    def turned(self, item: Item) -> Triple:
        """The sides of a unit as it lies."""
        return item.size.length, item.size.width, item.size.height

    def told(self, line: PackedLine, units: int, carton: Carton | None, count: int = 1) -> Parcel:
        """The parcel that a carrier is told of."""
        length, width, height = self.row(line.item, units)
        value = line.item.declared_value
        return Parcel(
            weight=line.item.weight * units + (carton.weight if carton else 0),
            size=carton.outside if carton else Dimensions(length=length, width=width, height=height),
            value=None if value is None else Money(minor=value.minor * units, currency=value.currency),
            count=count,
            lines=(line.position,),
            units=units,
        )

    def parcel(self, line: PackedLine, units: int, carton: Carton | None, count: int) -> PackedParcel:
        """A parcel with the places of its units."""
        return PackedParcel(self.told(line, units, carton, count), self.layout(line, units), carton)

    def layout(self, line: PackedLine, units: int) -> tuple[UnitBlock, ...]:
        """Where the units lie: one beside the other from the corner on."""
        size = self.turned(line.item)
        return (UnitBlock(line.position, (0, 0, 0), size, (units, 1, 1), size),)


pack = Row()
