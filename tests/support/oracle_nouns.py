"""What an oracle predicts, in plain values: who is asked what, and what each line is answered."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from written_store import WrittenCarrier, WrittenService


class PlainShipment(NamedTuple):
    """What a carrier is to be asked: origin, the lines' positions, the hand-over day, grams."""

    origin: int
    positions: tuple[int, ...]
    leaves: date
    grams: int


class PlainNo(NamedTuple):
    """A refusal or a failure of a line: whose, of which type and origin, of which service."""

    carrier: str
    delivery: str
    origin: int
    service: str


@dataclass(frozen=True)
class PlainOffer:
    """An offer as the oracle knows it; money in cents, spans in business days."""

    delivery: str
    price: int
    days: tuple[int, int]
    carrier: str
    number: int
    name: str
    origin: int
    calendar: str
    service: str
    cost: int
    transit: tuple[int, int]
    dates: tuple[date, date]
    """The promise: the first and the last day on which it may be at the door."""
    notes: tuple[str, ...] = ()
    """Their kinds: the carrier's own, and then those that the store has to tell of its own accord."""
    by_fallback: bool = False
    rank: int = field(default=0, compare=False)
    """Its place in the order of the settings."""
    exact: Fraction = field(default=Fraction(0), compare=False)
    """Its price before it was rounded to cents."""


@dataclass
class PlainLine:
    """What is to be answered to one line."""

    sku: str
    offers: list[PlainOffer] = field(default_factory=list)
    refusals: list[PlainNo] = field(default_factory=list)
    failures: list[PlainNo] = field(default_factory=list)
    possible: set[str] = field(default_factory=set, compare=False)
    """The types that it has, or might have."""


@dataclass
class Prediction:
    """What must come of a cart. A question that cannot be asked has problems, by their place, and nothing else."""

    problems: list[str]
    verdict: str = ""
    uncertain: list[str] = field(default_factory=list)
    """Delivery types that every line might have and not every line has."""
    lines: list[PlainLine] = field(default_factory=list)
    asked: dict[str, list[PlainShipment]] = field(default_factory=dict)
    """By carrier, fallbacks among them."""


def no_of(carrier: WrittenCarrier, service: WrittenService, origin: int) -> PlainNo:
    return PlainNo(carrier.key, service.delivery, origin, service.code)


def active_services(carrier: WrittenCarrier) -> list[WrittenService]:
    return [service for service in carrier.services if service.active]
