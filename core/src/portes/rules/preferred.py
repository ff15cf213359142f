"""The rule `preferred`: of several carriers that offer, the one the shop would rather use; it asks for no reason."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from portes.contract import Offer
from portes.rules.order import cheaper, keep_first
from portes.rules.protocol import Occasion, Phase, RuleSettings, ShipmentRule
from portes.rules.scope import TypeSettings, Words, scope_of


class PreferredSettings(TypeSettings):
    """Keep only the offer of the most preferred carrier that offers; without any of them all offers stay."""

    carriers: Words = Field(description="Carriers by their key in the settings, the most preferred first.")


class Preferred:
    """Keeps one offer of the first named carrier that has any, its cheapest; when none has, keeps all as they are."""

    Settings: ClassVar[type[RuleSettings]] = PreferredSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: PreferredSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it sets no amount
        """The rule of these settings."""
        ranks = {carrier: rank for rank, carrier in reversed(list(enumerate(settings.carriers)))}
        scope = scope_of(settings)
        keep = keep_first(scope, lambda offer: (ranks.get(offer.carrier, len(ranks)), *cheaper(offer)))

        def rule(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:
            known = any(offer.carrier in ranks and scope.covers(offer) for offer in offers)
            return keep(offers, occasion) if known else offers

        return rule
