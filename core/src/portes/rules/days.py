"""The rule `days`: more days than carriers say, for a region, a season, a carrier."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from portes.contract import Offer
from portes.contract.bounds import MOST_DAYS
from portes.rules.later import later
from portes.rules.protocol import Occasion, Phase, RuleSettings, ShipmentRule


class DaysSettings(RuleSettings):
    """Promise offers some business days later."""

    more: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)] = Field(
        description="Business days of whoever asks that are added, to the first and to the last day of the promise."
    )


class DaysRule:
    """Puts every promise off; a promise never comes earlier by a rule."""

    Settings: ClassVar[type[RuleSettings]] = DaysSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: DaysSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it sets no amount
        """The rule of these settings."""
        more = settings.more

        def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:  # noqa: ARG001 — it looks at offers alone
            return [offer.model_copy(update={"lead_time": later(offer.lead_time, more, more)}) for offer in offers]

        return rule
