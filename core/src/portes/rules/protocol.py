"""What an aggregation rule is: offers in, offers out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from portes.contract import Item, Offer, Origin, QuoteRequest, Shipment
from portes.rules.when import Binding, When


class Phase(StrEnum):
    """When a rule has its say; inside a phase the order of the settings is the policy."""

    PLAN = "plan"
    """Before anybody is asked: which carriers are asked about a shipment."""
    SHIPMENT = "shipment"
    """On the offers of one shipment and one delivery type."""
    CART = "cart"
    """After the verdict, on the offers of all lines."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a rule may know beside the offers."""

    request: QuoteRequest
    moment: datetime
    """When it was asked, aware, in the store's time zone."""
    items: tuple[Item, ...]
    """The items concerned, enriched from the catalogue: the shipment's, or all lines' for a cart rule."""
    shipment: Shipment | None = None
    """None for a cart rule."""
    cart: tuple[Item, ...] = ()
    """All lines' items, enriched; empty where `items` are all."""
    origin: Origin | None = None
    """Where the shipment leaves from; None for a cart rule, whose lines may leave from several."""


ShipmentRule = Callable[[Sequence[Offer], Occasion], Sequence[Offer]]
"""Offers of one shipment and one delivery type in, the same or fewer or changed ones out."""

CartRule = Callable[[Sequence[Sequence[Offer]], Occasion], Sequence[Sequence[Offer]]]
"""Offers per line in, offers per line out: as many lines, in order.

Each line's offers come best first; in which order they go out does not matter, for they are put best first again.
"""

PlanRule = Callable[[str, Occasion], bool]
"""A carrier's key in the settings in, whether it may be asked out."""

Rule = ShipmentRule | CartRule | PlanRule


class RuleSettings(BaseModel):
    """Base of a rule's settings, `[[rules]]`: frozen, unknown keys refused. `use` names the rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: str = Field(description="Name of the rule.")
    when: When = Field(When(), description="Where the rule applies: conditions, all of which must hold.")

    def bindings(self) -> tuple[Binding, ...]:
        """All that binds the rule: its table `when`, and conditions that stand in its own table."""
        return (Binding(self.when),)


class RulePlugin(Protocol):
    """What an entry point of the group `portes.rules` names: a class with settings, a phase and a factory."""

    Settings: ClassVar[type[RuleSettings]]
    phase: ClassVar[Phase]
    """A rule whose phase hangs on its settings has `phase_of(settings)` beside it; see `phase_of` here."""

    @staticmethod
    def build(settings: Any, currency: str) -> Rule:  # noqa: ANN401 — each plugin takes its own Settings
        """Make the rule, which knows nothing of its conditions. Raises `SettingsError` for what contradicts itself."""
        ...


def phase_of(plugin: type[RulePlugin], settings: RuleSettings) -> Phase:
    """When the rule of these settings has its say: as its plugin says of them, or of all its rules."""
    own = getattr(plugin, "phase_of", None)
    return Phase(own(settings) if callable(own) else plugin.phase)
