"""A sound rule: one real more, once a shipment."""

from typing import Any, ClassVar

from portes.contract import Money, Offer
from portes.rules.protocol import Occasion, Phase, RuleSettings


class SurchargeSettings(RuleSettings):
    """Add one real to every price."""


class Surcharge:
    """Adds one real to every price; its saboteurs add something else."""

    Settings: ClassVar[type[RuleSettings]] = SurchargeSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @classmethod
    def build(cls, settings: RuleSettings, currency: str) -> Any:
        return lambda offers, occasion: [cls.changed(offer, occasion) for offer in offers]

    @classmethod
    def changed(cls, offer: Offer, occasion: Occasion) -> Offer:
        return offer.model_copy(update={"price": offer.price + Money(minor=100, currency=offer.price.currency)})
