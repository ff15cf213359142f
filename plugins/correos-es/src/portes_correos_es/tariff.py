"""The shop's tariff: prices by product, mode, zone, weight and day; it knows no surcharge, no discount and no tax."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations
from typing import NamedTuple

from portes.contract import RefusalKind
from portes_correos_es.brackets import Beyond, Gap, Ladder
from portes_correos_es.lanes import ANY
from portes_correos_es.products import Mode
from portes_correos_es.territories import Territory


class Validity(NamedTuple):
    """Which edition of a tariff, and when it holds."""

    version: str
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.first <= day <= self.last

    def __str__(self) -> str:
        end = "" if self.last == date.max else f" - {self.last}"
        return f"{self.version}, {self.first}{end}"


class Offer(NamedTuple):
    """What an edition offers: a product in a mode, from somewhere."""

    product: str
    mode: Mode
    origin: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The prices of one offer in one zone while they hold."""

    validity: Validity
    ladder: Ladder
    line: int
    """Where it begins in the file."""


class Found(NamedTuple):
    """A price in minor units, net of everything, and the edition it stands in."""

    base: int
    extra: int
    """Of the base's weight limit: for started kilograms above it."""
    validity: Validity


class NotOffered(NamedTuple):
    """The tariff says no: a fact."""

    kind: RefusalKind
    why: str


class Hole(NamedTuple):
    """The tariff does not say, though it should: ours to mend."""

    why: str


Editions = Mapping[Offer, Mapping[str, Sequence[Edition]]]
"""By offer, then by zone."""


@dataclass(frozen=True)
class Tariff:
    """A tariff, checked. `dateless`: a sample, whose days are not held to."""

    name: str
    fingerprint: str
    editions: Editions
    doubts: tuple[str, ...] = ()
    """What is odd about it, for people; prices are told all the same."""
    dateless: bool = False

    def offers(self, product: str, mode: Mode) -> bool:
        """Whether any edition has prices of this product in this mode."""
        return any((offer.product, offer.mode) == (product, mode) for offer in self.editions)

    def price(
        self, product: str, mode: Mode, origin: Territory, zone: str, day: date, grams: int
    ) -> Found | NotOffered | Hole:
        """What so many grams cost on a day; never the price of another zone, bracket, origin or day."""
        zones = self._zones(product, mode, origin)
        if not zones:
            return Hole(f"the tariff has no prices from {origin.area}")
        edition = next((each for each in zones.get(zone, ()) if self._holds(each, day)), None)
        return self._no_zone(zones, zone, day) if edition is None else _weighed(edition, grams)

    def _zones(self, product: str, mode: Mode, origin: Territory) -> Mapping[str, Sequence[Edition]]:
        offers = (Offer(product, mode, word) for word in (*origin.words, ANY))
        return next((self.editions[offer] for offer in offers if offer in self.editions), {})

    def _holds(self, edition: Edition, day: date) -> bool:
        return self.dateless or edition.validity.covers(day)

    def _no_zone(self, zones: Mapping[str, Sequence[Edition]], zone: str, day: date) -> NotOffered | Hole:
        """No price in a zone: not offered by the edition of that day, or there is no such edition."""
        known = tuple(chain.from_iterable(zones.values()))
        if any(self._holds(edition, day) for edition in known):
            return NotOffered(RefusalKind.NOT_SERVED, f"the tariff does not offer zone {zone}")
        return Hole(_out_of_date(known, day))

    def holds_on(self, day: date) -> bool:
        """Whether any of its editions holds on this day, or none needs to."""
        return self.dateless or any(validity.covers(day) for validity in self.validities())

    def validities(self) -> list[Validity]:
        """Its editions, oldest first."""
        found = {edition.validity for zones in self.editions.values() for each in zones.values() for edition in each}
        return sorted(found, key=lambda validity: (validity.first, validity.version))


def _weighed(edition: Edition, grams: int) -> Found | NotOffered | Hole:
    price = edition.ladder.price(grams)
    if isinstance(price, Gap):
        return Hole(f"the tariff has no price between {price.over} and {price.up_to} mg; {grams} g lie there")
    if isinstance(price, Beyond):
        return NotOffered(RefusalKind.TOO_HEAVY, f"{grams} g are billed, the tariff ends at {price.limit // 1000} g")
    return Found(price.base, price.extra, edition.validity)


def _out_of_date(editions: Iterable[Edition], day: date) -> str:
    known = "; ".join(str(validity) for validity in sorted({edition.validity for edition in editions}, key=str))
    return f"the tariff does not hold on {day} ({known}); put the one in that does"


def clashes(editions: Sequence[Edition]) -> list[tuple[Edition, Edition]]:
    """Pairs of editions of one offer and zone that hold on the same day, the later in the file second."""
    ordered = sorted(editions, key=lambda edition: edition.line)
    return [
        (one, other)
        for one, other in combinations(ordered, 2)
        if one.validity.first <= other.validity.last and other.validity.first <= one.validity.last
    ]


__all__ = ["Edition", "Editions", "Found", "Hole", "NotOffered", "Offer", "Tariff", "Validity", "clashes"]
