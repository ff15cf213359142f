"""The rule `preferred`: of several carriers that offer, the one the shop would rather use; it asks for no reason."""

from typing import ClassVar

from pydantic import Field

from portes.rules.lists import Words
from portes.rules.order import prefer
from portes.rules.protocol import Phase, RuleSettings, ShipmentRule
from portes.rules.scope import TypeSettings


class PreferredSettings(TypeSettings):
    """Keep only the offer of the most preferred carrier that offers; without any of them all offers stay."""

    carriers: Words = Field(description="Carriers by their key in the settings, the most preferred first.")


class Preferred:
    """Keeps one offer of the first named carrier that has any, its cheapest; when none has, keeps all as they are."""

    Settings: ClassVar[type[RuleSettings]] = PreferredSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: PreferredSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it compares, it sets no amount
        """The rule of these settings."""
        return prefer(settings.carriers)
