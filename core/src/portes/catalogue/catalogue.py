"""What a shop knows of its SKUs beyond what a marketplace tells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from portes.contract import Dimensions, FailureKind, Money


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


class KnownGoods(NamedTuple):
    """What a catalogue says of some SKUs, and why it says nothing of others."""

    entries: Mapping[str, CatalogueEntry]
    """By SKU. One that is neither here nor in `failed` is not in the catalogue."""
    age: float = 0.0
    """Seconds since the oldest of it was read from its source; 0 where the source is a file of the store's own."""
    failed: frozenset[str] = frozenset()
    """The SKUs that could not be looked up: nobody knows whether the catalogue has them."""
    failure: str = ""
    """Why they could not, in words; empty when all could."""
    kind: FailureKind = FailureKind.UNREACHABLE
    """What kind of failure that is."""


class CatalogueState(NamedTuple):
    """How a catalogue is, for people."""

    skus: int
    """How many it knows now."""
    age: float | None = None
    """Seconds since they were read; None where none ever were, or where they are a file of the store's own."""
    failure: str = ""
    """Why its source said nothing when it was last asked; empty when it did."""
    faulty: int = 0
    """SKUs whose row cannot be used."""
    left_out: int = 0
    """Rows without a SKU that can be read."""


class Catalogue:
    """The SKUs of a shop, all in memory. Immutable, so threads share it.

    Those of other sources derive from it: what this one answers at once, they may have to look up.
    """

    __slots__ = ("__weakref__", "_entries", "fingerprint")

    at_once: ClassVar[bool] = True
    """Whether `get` tells all there is to know, so that nobody needs to `ask`."""

    def __init__(self, entries: Mapping[str, CatalogueEntry], fingerprint: str = "") -> None:
        self._entries = dict(entries)
        self.fingerprint = fingerprint
        """Changes with any byte of its file; empty for one that comes from none."""

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[tuple[str, CatalogueEntry]]:
        """Each SKU that is known now, with its entry."""
        return iter(self._entries.items())

    def __bool__(self) -> bool:
        """True, also for one without a SKU, or one that knows none yet."""
        return True

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} SKUs)"

    @property
    def entries(self) -> Iterable[CatalogueEntry]:
        """What the shop says of each SKU that is known now, in the order of the source."""
        return self._entries.values()

    def get(self, sku: str) -> CatalogueEntry | None:
        """What is known now of a SKU, letter for letter; None when that is nothing. It looks nothing up."""
        return self._entries.get(sku)

    def ask(self, skus: Sequence[str]) -> "KnownGoods | Future[KnownGoods]":
        """What the catalogue says of some SKUs, or what will be known of them; it never waits and never raises."""
        found = {sku: entry for sku in dict.fromkeys(skus) if (entry := self.get(sku)) is not None}
        return KnownGoods(found)

    def late(self, skus: Sequence[str]) -> KnownGoods:
        """What is told of SKUs for which nobody could wait any longer."""
        return settled(self.ask(skus))

    def wait(self, skus: Sequence[str], within: float | None = None) -> KnownGoods:
        """What the catalogue says of some SKUs, waiting at most so many seconds; None for as long as a fetch may take.

        Not for an event loop.
        """
        asked = self.ask(skus)
        if isinstance(asked, KnownGoods):
            return asked
        try:
            return asked.result(self.timeout if within is None else within)
        except TimeoutError:
            return self.late(skus)

    @property
    def state(self) -> CatalogueState:
        """How many SKUs it has, and how their source is."""
        return CatalogueState(len(self))

    @property
    def timeout(self) -> float:
        """Seconds after which nobody needs to wait for what was asked any longer."""
        return 0.0

    @property
    def is_listed(self) -> bool:
        """Whether `entries` are all that there are, so that goods can be counted and origins missed."""
        return True

    def close(self) -> None:
        """Let go of what it has open; what is in memory still answers."""


def settled(asked: "KnownGoods | Future[KnownGoods]") -> KnownGoods:
    """What is known by now of what was asked, without any waiting."""
    return asked if isinstance(asked, KnownGoods) else asked.result(0)


def without(skus: Iterable[str], failure: str, kind: FailureKind) -> KnownGoods:
    """Nothing of some SKUs, and why."""
    return KnownGoods({}, 0.0, frozenset(skus), failure, kind)
