"""The shop's tariff: prices by product, mode, zone, weight and day; it knows no surcharge, no discount and no tax."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import NamedTuple

from portes.contract import RefusalKind
from portes.errors import Problem
from portes_correos_es.brackets import Beyond, Gap, Ladder, kilograms
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
    """Where it begins in the file, or in its sheet."""
    sheet: str = ""

    @property
    def row(self) -> str:
        """Where it begins, in words."""
        return f"{self.sheet} line {self.line}".lstrip()


class Found(NamedTuple):
    """A price in minor units, net of everything, and the edition it stands in."""

    base: int
    extra: int
    """Of the base's weight limit: for started kilograms above it."""
    validity: Validity
    row: str
    """Where the base stands: `line 7`, `Zonas line 7`."""


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
    doubts: tuple[Problem, ...] = ()
    """What is odd about it; prices are told all the same."""
    notes: tuple[str, ...] = ()
    """What of the file is not used."""
    dateless: bool = False

    def offers(self, product: str, mode: Mode) -> bool:
        """Whether any edition has prices of this product in this mode."""
        return any((offer.product, offer.mode) == (product, mode) for offer in self.editions)

    def price(
        self, product: str, mode: Mode, origin: Territory, zone: str, day: date, grams: int, most: int
    ) -> Found | NotOffered | Hole:
        """What so many grams cost on a day; never the price of another zone, bracket, origin or day.

        `most` are the grams that the product takes: a tariff that ends below them lacks rows.
        """
        held = self._held(product, mode, origin, zone, day)
        if not held:
            why = self.absence(product, mode, origin, zone, day)
            return Hole(f"the tariff has no price of {product} {mode} in zone {zone} from {origin} on {day}: {why}")
        narrow, *wider = (_weighed(edition, grams, most) for edition in held)
        hidden = not isinstance(narrow, Found) and any(isinstance(each, Found) for each in wider)
        return Hole(_hidden(held, grams)) if hidden else narrow

    def shortfall(self, product: str, mode: Mode, origin: Territory, zone: str, day: date, most: int) -> str:
        """What the rows of a day lack up to the grams that the product takes; empty when they lack nothing."""
        end = self._held(product, mode, origin, zone, day)[0].ladder.end
        return f"its rows end at {kilograms(end)} of {kilograms(most * 1000)}" if end and end < most * 1000 else ""

    def absence(self, product: str, mode: Mode, origin: Territory, zone: str, day: date) -> str:
        """Why a zone has no price on a day: it ended, is still to come, or was never there. Empty when it has one."""
        if self._held(product, mode, origin, zone, day):
            return ""
        validities = {edition.validity for edition in self._known(product, mode, origin, zone)}
        ended = max((each.last for each in validities if each.last < day), default=None)
        begins = min((each.first for each in validities if each.first > day), default=None)
        known = [f"it was priced until {ended}"] if ended else []
        known += [f"it will be priced from {begins}"] if begins else []
        return " and ".join(known) or "it has no such rows"

    def _held(self, product: str, mode: Mode, origin: Territory, zone: str, day: date) -> list[Edition]:
        """The editions of a zone that hold on a day, of the narrowest word for the origin first."""
        known = self._known(product, mode, origin, zone)
        return [edition for edition in known if self.dateless or edition.validity.covers(day)]

    def _known(self, product: str, mode: Mode, origin: Territory, zone: str) -> Iterator[Edition]:
        """Every edition of a zone for an origin, of the narrowest word first."""
        for word in (*origin.words, ANY):
            yield from self.editions.get(Offer(product, mode, word), {}).get(zone, ())

    def holds_on(self, day: date) -> bool:
        """Whether any of its editions holds on this day, or none needs to."""
        return self.dateless or any(validity.covers(day) for validity in self.validities())

    def validities(self) -> list[Validity]:
        """Its editions, oldest first."""
        found = {edition.validity for zones in self.editions.values() for each in zones.values() for edition in each}
        return sorted(found, key=lambda validity: (validity.first, validity.version))


def _weighed(edition: Edition, grams: int, most: int) -> Found | NotOffered | Hole:
    price = edition.ladder.price(grams)
    if isinstance(price, Gap):
        return Hole(f"the tariff has no price between {price.over} and {price.up_to} mg; {grams} g lie there")
    if isinstance(price, Beyond):
        why = f"{grams} g are billed, the tariff ends at {price.limit // 1000} g"
        # a tariff that prices whatever the product takes ends where Correos's own offer does
        whole = price.limit >= most * 1000
        return NotOffered(RefusalKind.TOO_HEAVY, why) if whole else Hole(f"{why}; add the rows up to {most} g")
    return Found(price.base, price.extra, edition.validity, price.row)


def _hidden(held: Sequence[Edition], grams: int) -> str:
    narrow, *wider = (edition.row for edition in held)
    others = " or ".join(wider)
    return f"{grams} g have no price in the rows from {narrow}, which hide those from {others}; complete them"


def clashes(editions: Sequence[Edition]) -> list[tuple[Edition, Edition]]:
    """Pairs of editions of one offer and zone that hold on the same day, the later in the file second."""
    ordered = sorted(editions, key=lambda edition: edition.line)
    return [
        (one, other)
        for one, other in combinations(ordered, 2)
        if one.validity.first <= other.validity.last and other.validity.first <= one.validity.last
    ]


__all__ = ["Edition", "Editions", "Found", "Hole", "NotOffered", "Offer", "Tariff", "Validity", "clashes"]
