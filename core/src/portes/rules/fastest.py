"""The rule `fastest`: of several offers of one delivery type, the fastest."""

from typing import ClassVar

from portes.rules.order import faster, keep_first
from portes.rules.protocol import Phase, RuleSettings, ShipmentRule
from portes.rules.scope import TypeSettings


class FastestSettings(TypeSettings):
    """Keep only the fastest offer of each delivery type."""


class Fastest:
    """Keeps the one with the earliest latest day, then first day; of equally fast ones the cheaper, then the first."""

    Settings: ClassVar[type[RuleSettings]] = FastestSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: FastestSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it compares, it sets no amount
        """The rule of these settings."""
        return keep_first(faster)
