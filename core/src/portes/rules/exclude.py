"""The rule `exclude`: who is not even asked, or whose offers go, where every condition holds."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Self

from pydantic import Field, model_validator

from portes.contract import Offer
from portes.rules.lists import Words
from portes.rules.protocol import Occasion, Phase, PlanRule, RuleSettings, ShipmentRule
from portes.rules.scope import OccasionSettings

_WHOSE: Final = frozenset({"carriers", "services"})
"""Conditions that only say whom it concerns: with these alone it would exclude always."""
_OF_ANSWERS: Final = frozenset({"services", "delivery_types", "notes"})
"""Conditions that only an answer tells."""


class ExcludeSettings(OccasionSettings):
    """Do not ask some carriers when every condition holds; with a condition on answers, drop their offers."""

    carriers: Words = Field((), description="Carriers by their key in the settings; every carrier when left out.")
    tags: Words = Field((), description="Tags of items, one of which is in the shipment; any item when left out.")

    @model_validator(mode="after")
    def _names_a_condition(self) -> Self:
        if self.conditions <= _WHOSE:
            raise ValueError(
                "would exclude always; add regions, storefronts, tags or when, "
                "or write active = false in the carrier's own table"
            )
        return self

    @property
    def conditions(self) -> frozenset[str]:
        """The keys of every condition, wherever they stand."""
        return frozenset(name for binding in self.bindings() for name in binding.when.named)

    def short_conditions(self) -> dict[str, Any]:
        """Carriers and tags with the others."""
        return {**super().short_conditions(), "carriers": self.carriers, "tags": self.tags}


class Exclude:
    """Keeps carriers from being asked; one that is not asked is neither refused nor failed: it is not there.

    What hangs on an answer, a note or a service, cannot be known before: then offers are dropped.
    """

    Settings: ClassVar[type[RuleSettings]] = ExcludeSettings
    phase: ClassVar[Phase] = Phase.PLAN

    @staticmethod
    def phase_of(settings: ExcludeSettings) -> Phase:
        """Before anybody is asked, unless a condition needs the answer."""
        return Phase.SHIPMENT if settings.conditions & _OF_ANSWERS else Phase.PLAN

    @staticmethod
    def build(settings: ExcludeSettings, currency: str) -> PlanRule | ShipmentRule:  # noqa: ARG004 — it sets no amount
        """The rule of these settings."""
        return _not_asked if Exclude.phase_of(settings) is Phase.PLAN else _dropped


def _not_asked(carrier: str, occasion: Occasion) -> bool:  # noqa: ARG001 — its conditions have looked at them
    return False


def _dropped(offers: Sequence[Offer], occasion: Occasion) -> Sequence[Offer]:  # noqa: ARG001 — as above
    return ()
