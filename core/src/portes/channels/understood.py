"""What a marketplace makes of a reply: the other side of a channel, for whatever holds replies to its rules."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portes.contract import Money


class ReplyEffect(StrEnum):
    """What the shopper sees after a reply."""

    PRICES = "prices"
    """The prices and times of the reply."""
    NOT_DELIVERED = "not delivered"
    """That the goods are not delivered there; no other price is shown in its place."""
    FALLBACK = "own fallback"
    """Prices of the marketplace's own: its table of the seller, its contingency sheet, its backup rates."""
    NO_FREIGHT = "no freight"
    """No price of this seller, and no word on why: the marketplace has nothing to fall back on."""
    MESSAGE = "message"
    """A message of the marketplace that something is wrong with the goods or with the place."""


@dataclass(frozen=True, slots=True)
class UnderstoodOption:
    """One way of delivery as the marketplace reads it from a reply."""

    name: str
    """What the shopper chooses, or the code by which the marketplace knows it."""
    price: Money
    """For what the option is about: a line, or the whole cart."""
    days: int | None = None
    """Business days at most; None where the reply tells a date, or none."""
    sku: str = ""
    """The line that the option is about; empty for the whole cart."""
    latest: date | None = None
    """The last day that the reply tells; None where it tells days, or none."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a marketplace makes of one reply."""

    effect: ReplyEffect
    options: tuple[UnderstoodOption, ...] = ()
    """What it shows, in its order."""
    faults: tuple[str, ...] = ()
    """The rules of the marketplace that the reply breaks, in words; none of a sound one."""
