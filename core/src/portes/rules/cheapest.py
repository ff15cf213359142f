"""The rule `cheapest`: of several offers of one delivery type, the cheapest."""

from typing import ClassVar

from portes.rules.order import cheaper, keep_first
from portes.rules.protocol import Phase, RuleSettings, ShipmentRule
from portes.rules.scope import TypeSettings


class CheapestSettings(TypeSettings):
    """Keep only the cheapest offer of each delivery type."""


class Cheapest:
    """Keeps the cheapest; of equally cheap ones the faster, then the first in the settings."""

    Settings: ClassVar[type[RuleSettings]] = CheapestSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: CheapestSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it compares, it sets no amount
        """The rule of these settings."""
        return keep_first(cheaper)
