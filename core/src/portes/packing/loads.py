"""From filled boxes of kinds to parcels with lines: who owns which unit, what a parcel weighs and is worth."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portes.contract import Dimensions, Money, Parcel
from portes.packing.kinds import LineUnits, UnitKind
from portes.packing.protocol import Carton, PackedParcel, Triple, UnitBlock
from portes.packing.spaces import Placing, bounding


@dataclass(frozen=True, slots=True)
class Load:
    """What goes into one box, and how many boxes are filled alike."""

    placed: tuple[Placing, ...]
    box: Triple
    """The outside of the box, in millimetres."""
    content: Mapping[int, int]
    """How many units of each kind are in one box."""
    times: int = 1
    carton: Carton | None = None

    @property
    def units(self) -> int:
        """How many units are in one box."""
        return sum(self.content.values())


def loaded(placed: Sequence[Placing], box: Triple | None = None, carton: Carton | None = None) -> Load:
    """A load of what was placed, in the least box around it unless another one is given."""
    content: dict[int, int] = {}
    for placing in placed:
        content[placing.kind] = content.get(placing.kind, 0) + placing.units
    return Load(tuple(placed), bounding(placed) if box is None else box, content, carton=carton)


def repeated(load: Load, left: list[int]) -> Load:
    """The load as often as what is left allows, which is taken away from it."""
    content = load.content
    times = min(left[kind] // units for kind, units in content.items())
    for kind, units in content.items():
        left[kind] -= units * times
    return replace(load, times=times)


def single_loads(number: int, kind: UnitKind) -> Load:
    """Each unit of a kind in a box of its own size."""
    unit = loaded([Placing(number, (0, 0, 0), kind.lies[0], (1, 1, 1))])
    return replace(unit, times=kind.units)


def parcels_of(loads: Sequence[Load], kinds: Sequence[UnitKind], currency: str) -> list[PackedParcel]:
    """The loads as parcels: units go to the lines that have them, in order of lines, and equal parcels are counted."""
    sharing = _Sharing(kinds, currency)
    alike: dict[tuple[object, ...], PackedParcel] = {}
    for load in loads:
        for packed in sharing.parcels(load):
            parcel = packed.parcel
            value = None if parcel.value is None else parcel.value.minor
            key = (parcel.weight, parcel.size.sides, value, packed.layout, load.carton)
            before = alike.get(key)
            alike[key] = packed if before is None else _more(before, parcel.count)
    return list(alike.values())


def _more(packed: PackedParcel, count: int) -> PackedParcel:
    parcel = packed.parcel
    return replace(packed, parcel=parcel.model_copy(update={"count": parcel.count + count}))


@dataclass(slots=True)
class _Owners:
    """The lines that have units of a kind which are not shared out, in order."""

    lines: list[LineUnits] = field(default_factory=list)
    at: int = 0
    taken: int = 0
    """Units of the line at hand that are shared out."""

    @property
    def left(self) -> int:
        """Units that the line at hand has."""
        return self.lines[self.at].quantity - self.taken

    def take(self, units: int) -> Iterator[tuple[LineUnits, int]]:
        """So many units as those of lines, one after the other."""
        while units:
            line = self.lines[self.at]
            taken = min(units, self.left)
            yield line, taken
            units -= taken
            self.skip(taken)

    def skip(self, units: int) -> None:
        """Share units of the line at hand out, so many at most as it has left."""
        self.taken += units
        if self.taken == self.lines[self.at].quantity:
            self.at, self.taken = self.at + 1, 0


class _Sharing:
    """The units of all kinds as they are shared out to boxes."""

    def __init__(self, kinds: Sequence[UnitKind], currency: str) -> None:
        self._kinds, self._currency = kinds, currency
        self._owners = [_Owners(list(kind.held)) for kind in kinds]

    def parcels(self, load: Load) -> Iterator[PackedParcel]:
        """The boxes of a load: those whose units are of the same lines at once, others one by one."""
        content, left = load.content, load.times
        while left:
            alike = min(left, *(self._owners[kind].left // units for kind, units in content.items()))
            yield self._parcel(load, content, max(1, alike))
            for kind, units in content.items():
                if alike > 1:
                    self._owners[kind].skip(units * (alike - 1))
            left -= max(1, alike)

    def _parcel(self, load: Load, content: Mapping[int, int], count: int) -> PackedParcel:
        value: int | None = 0
        blocks: list[UnitBlock] = []
        weight = sum(self._kinds[kind].weight * units for kind, units in content.items())
        for placing in load.placed:
            for line, block in _owned(placing, self._owners[placing.kind]):
                value = None if value is None or line.value is None else value + line.value * block.units
                blocks.append(block)
        length, width, height = load.box
        parcel = Parcel(
            weight=weight + (load.carton.weight if load.carton else 0),
            size=Dimensions(length=length, width=width, height=height),
            value=None if value is None else Money(minor=value, currency=self._currency),
            count=count,
            lines=tuple(sorted({block.line for block in blocks})),
            units=sum(content.values()),
        )
        return PackedParcel(parcel, tuple(blocks), load.carton)


def _owned(placing: Placing, owners: _Owners) -> Iterator[tuple[LineUnits, UnitBlock]]:
    """The blocks of a grid by the lines whose units they are: along x, then y, then z."""
    done = 0
    for line, units in owners.take(placing.units):
        for corner, counts in _stretch(placing.counts, done, done + units):
            steps = zip(placing.corner, corner, placing.lie.pitch, strict=True)
            x, y, z = (start + step * pitch for start, step, pitch in steps)
            yield line, UnitBlock(line.position, (x, y, z), placing.lie.size, counts, placing.lie.pitch)
        done += units


def _stretch(counts: Triple, start: int, end: int) -> Iterator[tuple[Triple, Triple]]:
    """The units from one number to another of a grid as grids, each with its first place and its counts.

    The rest of a row, the rest of a layer, whole layers, whole rows, and the beginning of a row: five at most.
    """
    along, across, _ = counts
    layer = along * across
    while start < end:
        z, rest = divmod(start, layer)
        y, x = divmod(rest, along)
        if not rest and end - start >= layer:
            size = (along, across, (end - start) // layer)
        elif not x and end - start >= along:
            size = (along, min(across - y, (end - start) // along), 1)
        else:
            size = (min(along - x, end - start), 1, 1)
        yield (x, y, z), size
        start += size[0] * size[1] * size[2]
