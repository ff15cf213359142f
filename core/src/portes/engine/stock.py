"""Where the units of a line may leave from: origins that have enough, or several that have enough together; pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from portes.catalogue import CatalogueEntry


class LineStock(NamedTuple):
    """The origins that a line may leave from; none where nobody stocks enough of it."""

    origins: tuple[int, ...]
    """Their numbers, preferred first."""
    units: tuple[int, ...] = ()
    """Where none has enough for the line: the units that each has, among which it is split. Empty otherwise."""

    @property
    def is_split(self) -> bool:
        """Whether the line leaves from several origins."""
        return bool(self.units)

    def has_enough(self, wanted: int) -> bool:
        """Whether the units wanted can leave from its origins."""
        return sum(self.units) >= wanted if self.units else bool(self.origins)

    def below(self, refused: Mapping[int, int]) -> "LineStock":
        """The same with fewer units of these origins than they refuse; of a line that is whole, without them."""
        if not self.units:
            return LineStock(tuple([origin for origin in self.origins if origin not in refused]))
        stocks = zip(self.origins, self.units, strict=True)
        left = {origin: min(units, refused.get(origin, units + 1) - 1) for origin, units in stocks}
        some = {origin: units for origin, units in left.items() if units}
        return LineStock(tuple(some), tuple(some.values()))

    def shares(self, wanted: int, avoided: Collection[int]) -> list[tuple[int, int]]:
        """The origins and units of the parts of a line that is split: the fewest origins, preferred ones first.

        None of those `avoided` is among them, unless the others have too little.
        """
        stocks = list(zip(self.origins, self.units, strict=True))
        left = [stock for stock in stocks if stock[0] not in avoided]
        return list(_shared(left if sum(units for _, units in left) >= wanted else stocks, wanted))


def stock_of(entry: CatalogueEntry | None, wanted: int, every: tuple[int, ...], *, split: bool) -> LineStock:
    """The origins that stock so many units of an item; every origin where the catalogue names none."""
    if entry is None or not entry.origins:
        return LineStock(every)
    if not entry.units:
        return LineStock(entry.origins)
    stocks = list(zip(entry.origins, entry.units, strict=True))
    enough = tuple([origin for origin, units in stocks if units is None or units >= wanted])
    if enough or not split:
        return LineStock(enough)
    some = [(origin, units) for origin, units in stocks if units]
    if sum(units for _, units in some) < wanted:
        return LineStock(())
    return LineStock(tuple([origin for origin, _ in some]), tuple([units for _, units in some]))


def shares_within(wanted: int, most: Mapping[int, int], last: Collection[int]) -> Mapping[int, int] | None:
    """Units from each of these origins, at least one and at most so many; None where that cannot be.

    Those that come `last` have as few as possible, and alike; the others all that they have, in order.
    """
    left = wanted - len(most)
    if left < 0 or sum(most.values()) < wanted or min(most.values()) < 1:
        return None
    shares = dict.fromkeys(most, 1)
    final = sorted([origin for origin in most if origin in last], key=lambda origin: most[origin])
    order = [origin for origin in most if origin not in last] + final
    for number, origin in enumerate(order):
        alike = len(order) - number if origin in last else 1
        more = min(most[origin] - 1, left // alike)
        shares[origin], left = 1 + more, left - more
    return shares


def too_few(entry: CatalogueEntry, wanted: int, *, whole: bool = False) -> str:
    """Why a line is not stocked, in words: `no origin has the 7 units: origin 1 has 3, origin 2 has none`.

    A line that is `whole` is never split.
    """
    stocks = zip(entry.origins, entry.units, strict=True)
    has = ", ".join(f"origin {origin} has {units or 'none'}" for origin, units in stocks)
    together = sum(units or 0 for units in entry.units)
    why = "they are asked about as one piece" if whole else "split_lines is off"
    hint = f"; together they have enough, and {why}" if together >= wanted else ""
    return f"no origin has the {wanted} unit{'s' if wanted > 1 else ''}: {has}{hint}"


def _shared(stocks: Sequence[tuple[int, int]], wanted: int) -> Iterator[tuple[int, int]]:
    """Units of as few of these as have enough; of as few, those that stand first, each with all that it has."""
    room = _fewest([units for _, units in stocks], wanted)
    left = wanted
    for number, (origin, units) in enumerate(stocks):
        later = sorted((own for _, own in stocks[number + 1 :]), reverse=True)
        if left > 0 and units + sum(later[: room - 1]) >= left:
            yield origin, min(units, left)
            left, room = left - units, room - 1


def _fewest(units: Sequence[int], wanted: int) -> int:
    """How many of these have enough together, at least."""
    total = 0
    for count, most in enumerate(sorted(units, reverse=True), 1):
        total += most
        if total >= wanted:
            return count
    return len(units)
