"""The rule `not_slower_than`: no offer whose latest day lies too far away."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from portes.contract import Offer
from portes.contract.timing import Span
from portes.rules.protocol import Occasion, Phase, RuleSettings, ShipmentRule
from portes.rules.scope import OfferSettings


class NotSlowerThanSettings(OfferSettings):
    """Drop offers that may take longer than some business days."""

    days: Span = Field(
        description="Most business days from asking to door, handling included; the latest day of the offer counts."
    )


class NotSlowerThan:
    """Drops what may take longer."""

    Settings: ClassVar[type[RuleSettings]] = NotSlowerThanSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: NotSlowerThanSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it sets no amount
        """The rule of these settings."""
        days = settings.days

        def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:  # noqa: ARG001 — it looks at offers alone
            return [offer for offer in offers if offer.lead_time.max <= days]

        return rule
