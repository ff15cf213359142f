"""The rule `markup`: what is added to or taken off a price, and how it is rounded; it never touches a rate."""

from decimal import Decimal
from typing import ClassVar, Self

from pydantic import Field, model_validator

from portes.contract.rounding import Rounding
from portes.rules.amounts import Amount, Percent, minor_units
from portes.rules.price import marked_up
from portes.rules.protocol import Phase, RuleSettings, ShipmentRule
from portes.rules.scope import OfferSettings


class MarkupSettings(OfferSettings):
    """Raise or lower prices: price x (1 + percent / 100) + fixed, then rounded; never below zero."""

    percent: Percent = Field(
        Decimal(0), gt=-100, description='Added to the price, in percent: `5`, `"2.5"`; negative for a discount.'
    )
    fixed: Amount = Field(
        Decimal(0),
        description='Added after the percentage, once a shipment: `"3.00"`; negative for a discount.',
    )
    round_to: Amount | None = Field(
        None, gt=0, description='Step that prices end on: `"0.10"`, `"1.00"`; one minor unit (a cent) when left out.'
    )
    rounding: Rounding = Field(
        "up", description="`up`, `down`, or `half_up` to the nearest step, and upwards from the middle."
    )

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.model_fields_set.isdisjoint(("percent", "fixed", "round_to")):
            raise ValueError("changes no price; add percent, fixed or round_to")
        return self


class Markup:
    """Changes the price of every offer, exactly, to a whole number of steps."""

    Settings: ClassVar[type[RuleSettings]] = MarkupSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: MarkupSettings, currency: str) -> ShipmentRule:
        """Make the rule. Raises `SettingsError` for an amount with more places than the currency."""
        steps = {} if settings.round_to is None else {"round_to": settings.round_to}
        minor = minor_units({"fixed": settings.fixed, **steps}, currency)
        return marked_up(settings.percent, minor["fixed"], minor.get("round_to", 1), settings.rounding)
