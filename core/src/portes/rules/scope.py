"""Conditions that stand in a rule's own table: short forms of keys of `when`."""

from typing import Any

from pydantic import Field

from portes.rules.lists import RegionList, TypeList, Words
from portes.rules.protocol import RuleSettings
from portes.rules.when import Binding, When


class OccasionSettings(RuleSettings):
    """The keys by which a rule is bound to some occasions; a key left out binds nothing."""

    regions: RegionList = Field(
        (),
        description="Destinations, as postal prefixes `69` or inclusive ranges `01000000..05999999`; everywhere when "
        "left out. `PT:1000..1999` holds in one country only.",
    )
    storefronts: Words = Field(
        (), description="Catalogue or shop codes of the channel that asks; all of them when left out."
    )

    def bindings(self) -> tuple[Binding, ...]:
        """The table `when`, and the keys of the rule's own table that a `When` has too."""
        short = {key: value for key, value in self.short_conditions().items() if value}
        return (*super().bindings(), Binding(When(**short), prefix="")) if short else super().bindings()

    def short_conditions(self) -> dict[str, Any]:
        """The conditions of the rule's own table, by their key in `when`."""
        return {"regions": self.regions, "storefronts": self.storefronts}


class TypeSettings(OccasionSettings):
    """… and to some delivery types."""

    delivery_types: TypeList = Field((), description="`normal`, `express`, `super_express`; all when left out.")

    def short_conditions(self) -> dict[str, Any]:
        """The delivery types with the others."""
        return {**super().short_conditions(), "delivery_types": self.delivery_types}


class OfferSettings(TypeSettings):
    """… and to the offers of some carriers."""

    carriers: Words = Field((), description="Carriers by their key in the settings; all of them when left out.")

    def short_conditions(self) -> dict[str, Any]:
        """The carriers with the others."""
        return {**super().short_conditions(), "carriers": self.carriers}
