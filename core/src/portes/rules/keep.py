"""The rule `keep`: of several offers of one delivery type, one: the cheapest, the fastest or the preferred."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from portes.rules.lists import Words
from portes.rules.order import cheaper, faster, keep_first, prefer
from portes.rules.protocol import Phase, RuleSettings, ShipmentRule


class KeepSettings(RuleSettings):
    """Keep one offer of each delivery type; offers that `when` does not cover stay beside it."""

    which: Literal["cheapest", "fastest", "preferred"] = Field(
        description="`cheapest`, `fastest`, or `preferred`: that of the first of `carriers` that offers."
    )
    carriers: Words = Field((), description="With `preferred`: carriers, the most preferred first.")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if (self.which == "preferred") != bool(self.carriers):
            raise ValueError(
                'needs carriers with which = "preferred", the most preferred first, and only there; '
                "to bind it to carriers write them in when"
            )
        return self


class Keep:
    """Keeps one offer; of equal ones the first in the settings. Without any preferred carrier's all stay."""

    Settings: ClassVar[type[RuleSettings]] = KeepSettings
    phase: ClassVar[Phase] = Phase.SHIPMENT

    @staticmethod
    def build(settings: KeepSettings, currency: str) -> ShipmentRule:  # noqa: ARG004 — it compares, it sets no amount
        """The rule of these settings."""
        if settings.which == "preferred":
            return prefer(settings.carriers)
        return keep_first(cheaper if settings.which == "cheapest" else faster)
