"""Drops express from the first line alone."""

from typing import Any, ClassVar

from gallery.surcharge.rule import Surcharge

from portes.contract import DeliveryType
from portes.rules.protocol import Phase, RuleSettings


class Saboteur(Surcharge):
    phase: ClassVar[Phase] = Phase.CART

    @classmethod
    def build(cls, settings: RuleSettings, currency: str) -> Any:
        def rule(lines: Any, occasion: Any) -> Any:
            first, *others = lines
            return [[offer for offer in first if offer.delivery is DeliveryType.NORMAL], *others]

        return rule
