"""The rule `exclude`: which carriers are not even asked, for where or what is sent; it sees no offer."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from portes.rules.protocol import Occasion, Phase, PlanRule, RuleSettings
from portes.rules.scope import OccasionSettings, Scope, Words


class ExcludeSettings(OccasionSettings):
    """Do not ask some carriers when every condition named holds."""

    carriers: Words = Field((), description="Carriers by their key in the settings; every carrier when left out.")
    tags: Words = Field((), description="Tags of items, one of which is in the shipment; any item when left out.")

    @model_validator(mode="after")
    def _names_a_condition(self) -> Self:
        if not (self.regions or self.storefronts or self.tags):
            raise ValueError(
                "would exclude always; add regions, storefronts or tags, "
                "or write active = false in the carrier's own table"
            )
        return self


class Exclude:
    """Answers whether a carrier may be asked; one that may not is neither refused nor failed: it is not there."""

    Settings: ClassVar[type[RuleSettings]] = ExcludeSettings
    phase: ClassVar[Phase] = Phase.PLAN

    @staticmethod
    def build(settings: ExcludeSettings, currency: str) -> PlanRule:  # noqa: ARG004 — it sets no amount
        """The rule of these settings."""
        scope = Scope(settings.regions, settings.storefronts, carriers=settings.carriers)
        tags = frozenset(settings.tags)

        def rule(carrier: str, occasion: Occasion) -> bool:
            return not (scope.names(carrier) and scope.holds(occasion) and _tagged(occasion, tags))

        return rule


def _tagged(occasion: Occasion, tags: frozenset[str]) -> bool:
    return not tags or any(not tags.isdisjoint(item.tags) for item in occasion.items)
