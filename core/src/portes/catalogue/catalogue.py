"""What a shop knows of its SKUs beyond what a marketplace tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portes.contract import Dimensions, Money


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the shop says of one SKU."""

    declared_value: Money | None = None
    """The value of one unit; None when the shop states none."""
    origins: tuple[int, ...] = ()
    """Ids of the origins that stock it, preferred first; empty means any."""
    handling_days: int = 0
    """Business days added to the origin's own."""
    tags: tuple[str, ...] = ()
    """Words by which rules find it."""
    weight: int | None = None
    """Grams of one unit; None when the shop states none. A quote goes by what the marketplace tells, if it tells it."""
    size: Dimensions | None = None
    """The size of one unit; None when the shop states none. A quote goes by what the marketplace tells, as above."""
    units: tuple[int | None, ...] = ()
    """How many units each of `origins` has, None where it has enough; empty where all of them have."""
    price: Money | None = None
    """What one unit sells for; None when the shop states none."""
    list_price: Money | None = None
    """What one unit sells for without any discount; None when the shop states none."""
    seller: str = ""
    """The seller whose it is, in a catalogue of several; empty where there is one."""
    problem: str = ""
    """Why what the source says of the SKU cannot be used, in words; empty where it can. Then nothing else is stated."""

    @property
    def value(self) -> Money | None:
        """What one unit is worth: as declared, or else its price."""
        return self.price if self.declared_value is None else self.declared_value

    @property
    def stock(self) -> int | None:
        """The units of all its origins together; None where one has enough, or nobody counts them."""
        if not self.units:
            return None
        return None if None in self.units else sum([units or 0 for units in self.units])

    def most_of_a_line(self, *, split: bool) -> int | None:
        """The most units that one line can have; None where one origin has enough, or nobody counts them.

        All of them where a line may be `split` over its origins; otherwise those of the origin that has the most.
        """
        if split or self.stock is None:
            return self.stock
        return max([units or 0 for units in self.units])


class Catalogue:
    """The SKUs of a shop. Immutable, so threads share it."""

    __slots__ = ("_entries", "fingerprint")

    def __init__(self, entries: Mapping[str, CatalogueEntry], fingerprint: str = "") -> None:
        self._entries = dict(entries)
        self.fingerprint = fingerprint
        """Changes with any byte of its file; empty for one that comes from none."""

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Catalogue({len(self)} SKUs)"

    @property
    def entries(self) -> Iterable[CatalogueEntry]:
        """What the shop says of each SKU, in the order of its file."""
        return self._entries.values()

    def get(self, sku: str) -> CatalogueEntry | None:
        """The entry of a SKU, letter for letter; None when the shop says nothing of it."""
        return self._entries.get(sku)
