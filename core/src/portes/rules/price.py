"""The rule `price`: what shoppers pay, made of what carriers bill; it never touches a rate."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import ClassVar, Final, Self

from pydantic import Field, model_validator

from portes.contract import Money, Offer
from portes.contract.bounds import MOST_MONEY
from portes.contract.money import exponent
from portes.contract.rounding import Rounding, quotient
from portes.rules.amounts import Amount, Percent, minor_units
from portes.rules.protocol import Occasion, Phase, RuleSettings, ShipmentRule

_ADDED: Final = ("percent", "fixed", "per_kg")
_GRAMS: Final = 1000
"""In a kilogram."""


class PriceSettings(RuleSettings):
    """Set, raise, lower, bound and round prices, once a shipment; a price never falls below zero."""

    percent: Percent = Field(
        Decimal(0), ge=-100, description='Added to the price, in percent: `5`, `"2.5"`; negative for a discount.'
    )
    fixed: Amount = Field(Decimal(0), description='Added after the percentage: `"3.00"`; negative for a discount.')
    per_kg: Amount = Field(
        Decimal(0), description="Added for each kg of the goods, to the gram; negative for a discount."
    )
    set: Amount | None = Field(None, ge=0, description='The price itself, whatever the carrier bills: `"9.90"`.')
    least: Amount | None = Field(None, ge=0, description="The lowest price, after everything else.")
    most: Amount | None = Field(None, ge=0, description="The highest price, after everything else.")
    ending: Amount | None = Field(
        None, ge=0, description='What prices end on: `"0.90"` for 12.90 and 13.90, `"9.90"` for 19.90 and 29.90.'
    )
    round_to: Amount | None = Field(
        None, gt=0, description='Step that prices end on: `"0.10"`; one minor unit (a cent) when left out.'
    )
    rounding: Rounding = Field(
        "up", description="`up`, `down`, or `half_up` to the nearest price that ends so, and upwards from the middle."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        there = self.model_fields_set
        if there <= {"use", "when", "rounding"}:
            raise ValueError("changes no price; add percent, fixed, per_kg, set, least, most, ending or round_to")
        if "set" in there and not there.isdisjoint(_ADDED):
            raise ValueError("sets a price and adds to it; keep set, or percent, fixed and per_kg")
        if {"ending", "round_to"} <= there:
            raise ValueError("has two ways to end a price; keep ending or round_to")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f'has a least above its most; write least = "{self.most}" or less')
        return self


class Price:
    """Changes the price of every offer, exactly, and rounds it once."""

    Settings: ClassVar[type[RuleSettings]] = PriceSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: PriceSettings, currency: str) -> ShipmentRule:
        """Make the rule. Raises `SettingsError` for an amount with more places than the currency."""
        named = ("fixed", "per_kg", "set", "least", "most", "ending", "round_to")
        amounts = {key: value for key in named if (value := getattr(settings, key)) is not None}
        minor = minor_units(amounts, currency)
        return repriced(
            _formula(settings.percent, minor.get("set"), minor["fixed"], minor["per_kg"]),
            _rounded(minor.get("ending"), minor.get("round_to", 1), settings.rounding, currency),
            _within(minor.get("least", 0), minor.get("most", MOST_MONEY)),
        )


Fraction = tuple[int, int]
"""Minor units as a dividend and a divisor, exact."""


def repriced(
    formula: Callable[[int, int], Fraction], rounded: Callable[[Fraction], int], within: Callable[[int], int]
) -> ShipmentRule:
    """A rule that makes of a price, in minor units, and the grams of the goods another price, in three steps."""

    def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
        grams = sum([item.weight * item.quantity for item in occasion.items])
        return [_priced(offer, within(rounded(formula(offer.price.minor, grams)))) for offer in offers]

    return rule


def _priced(offer: Offer, minor: int) -> Offer:
    if minor == offer.price.minor:
        return offer
    return offer.model_copy(update={"price": Money(minor=minor, currency=offer.price.currency)})


def marked_up(percent: Decimal, fixed: int, step: int, rounding: Rounding) -> ShipmentRule:
    """The rule that adds a percentage and a fixed part, rounded to a step; amounts are in minor units."""
    times, parts = ((100 + percent) / 100).as_integer_ratio()
    added, divisor = fixed * parts, parts * step

    def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:  # noqa: ARG001 — it looks at prices alone
        return [
            _priced(offer, step * quotient(max(0, offer.price.minor * times + added), divisor, rounding))
            for offer in offers
        ]

    return rule


def _within(least: int, most: int) -> Callable[[int], int]:
    return lambda price: min(max(price, least), most)


def _formula(percent: Decimal, fixed_price: int | None, fixed: int, per_kg: int) -> Callable[[int, int], Fraction]:
    if fixed_price is not None:
        return lambda _price, _grams: (fixed_price, 1)
    times, parts = ((100 + percent) / 100).as_integer_ratio()

    def formula(price: int, grams: int) -> Fraction:
        return (price * times + fixed * parts) * _GRAMS + per_kg * grams * parts, parts * _GRAMS

    return formula


def _rounded(ending: int | None, step: int, rounding: Rounding, currency: str) -> Callable[[Fraction], int]:
    """From a fraction to minor units that end as they must, zero or more."""
    tail = ending or 0
    if ending is not None:
        step = 10 ** max(exponent(currency), len(str(ending)))
    return lambda price: tail + step * max(0, quotient(price[0] - tail * price[1], step * price[1], rounding))


__all__ = ["Price", "PriceSettings", "marked_up"]
