"""The rule `subsidy`: the shop pays a part of a cart's freight, up to so much, shared out exactly to its lines."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from portes.contract import DeliveryType, Money, Offer
from portes.contract.rounding import quotient
from portes.rules.amounts import Amount, Percent, minor_units
from portes.rules.protocol import CartRule, Occasion, Phase, RuleSettings

Shares = Mapping[DeliveryType, Sequence[Money]]
"""What the shop pays of each line, by delivery type."""


class SubsidySettings(RuleSettings):
    """The shop pays a part of the freight, once a cart and delivery type."""

    up_to: Amount = Field(gt=0, description='The most that the shop pays of one cart: `"15.00"`.')
    percent: Percent = Field(
        Decimal(100), gt=0, le=100, description="How much of the price the shop pays, in percent; all of it by itself."
    )


class Subsidy:
    """Lowers the offers of every line by the line's share; the lowest ones of all lines together say how much it is.

    A dearer offer of the same type is lowered by as much, so that the shopper bears what it costs more.
    """

    Settings: ClassVar[type[RuleSettings]] = SubsidySettings
    phase: ClassVar[Phase] = Phase.CART

    @staticmethod
    def build(settings: SubsidySettings, currency: str) -> CartRule:
        """Make the rule. Raises `SettingsError` for an amount with more places than the currency."""
        most = minor_units({"up_to": settings.up_to}, currency)["up_to"]
        times, parts = (settings.percent / 100).as_integer_ratio()

        def paid(total: int) -> int:
            return min(most, quotient(total * times, parts, "down"))

        def rule(lines: Sequence[Sequence[Offer]], occasion: Occasion) -> Sequence[Sequence[Offer]]:  # noqa: ARG001 — it looks at offers alone
            lowest = [_lowest(line) for line in lines]
            common = [of_type for of_type in DeliveryType if all(of_type in own for own in lowest)]
            shares: Shares = {of_type: _shared([own[of_type] for own in lowest], paid, currency) for of_type in common}
            return [[_lowered(offer, number, shares) for offer in line] for number, line in enumerate(lines)]

        return rule


def _lowest(line: Sequence[Offer]) -> dict[DeliveryType, int]:
    lowest: dict[DeliveryType, int] = {}
    for offer in line:
        lowest[offer.delivery] = min(offer.price.minor, lowest.get(offer.delivery, offer.price.minor))
    return lowest


def _shared(prices: Sequence[int], paid: Callable[[int], int], currency: str) -> Sequence[Money]:
    """What the shop pays of all lines, shared out by their prices: no share is more than its line's price."""
    total = sum(prices)
    part = Money(minor=paid(total), currency=currency)
    return part.apportion(prices) if total else [part] * len(prices)


def _lowered(offer: Offer, line: int, shares: Shares) -> Offer:
    own = shares.get(offer.delivery)
    if own is None or not own[line].minor:
        return offer
    return offer.model_copy(update={"price": offer.price - own[line]})
