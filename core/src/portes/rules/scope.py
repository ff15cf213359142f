"""Where a rule applies: regions, storefronts, delivery types, carriers."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field

from portes.contract import DeliveryType, Offer
from portes.rules.protocol import Occasion, RuleSettings
from portes.rules.regions import Region, Regions

Some = TypeVar("Some", bound=Sequence[str])


def _not_empty(named: Some) -> Some:
    if not named:
        raise ValueError("is an empty list; name at least one, or remove the key where it is optional")
    return named


Words = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], AfterValidator(_not_empty)]
"""A settings field that lists names; a list that is there is not empty."""


class OccasionSettings(RuleSettings):
    """The keys by which a rule is bound to some occasions; a key left out binds nothing."""

    regions: Annotated[tuple[Region, ...], AfterValidator(_not_empty)] = Field(
        (),
        description="Destinations, as postal prefixes `69` or inclusive ranges `01000000..05999999`; everywhere when "
        "left out. `PT:1000..1999` holds in one country only.",
    )
    storefronts: Words = Field(
        (), description="Catalogue or shop codes of the channel that asks; all of them when left out."
    )


class TypeSettings(OccasionSettings):
    """… and to some delivery types."""

    delivery_types: Annotated[tuple[DeliveryType, ...], AfterValidator(_not_empty)] = Field(
        (), description="`normal`, `express`, `super_express`; all of them when left out."
    )


class OfferSettings(TypeSettings):
    """… and to the offers of some carriers."""

    carriers: Words = Field((), description="Carriers by their key in the settings; all of them when left out.")


class Scope:
    """The settings above, quick to ask."""

    __slots__ = ("_carriers", "_delivery_types", "_regions", "_storefronts")

    def __init__(
        self,
        regions: Sequence[str] = (),
        storefronts: Sequence[str] = (),
        delivery_types: Sequence[DeliveryType] = (),
        carriers: Sequence[str] = (),
    ) -> None:
        self._regions = Regions(regions) if regions else None
        self._storefronts = frozenset(storefronts)
        self._delivery_types = frozenset(delivery_types)
        self._carriers = frozenset(carriers)

    def holds(self, occasion: Occasion) -> bool:
        """Whether destination and storefront are among those named."""
        request = occasion.request
        at_home = not self._storefronts or request.storefront in self._storefronts
        return at_home and (self._regions is None or request.destination in self._regions)

    def covers(self, offer: Offer) -> bool:
        """Whether delivery type and carrier are among those named."""
        of_type = not self._delivery_types or offer.delivery in self._delivery_types
        return of_type and self.names(offer.carrier)

    def names(self, carrier: str) -> bool:
        """Whether the carrier, by its key, is among those named."""
        return not self._carriers or carrier in self._carriers


def scope_of(settings: OccasionSettings) -> Scope:
    """The scope that a rule's settings name."""
    return Scope(
        settings.regions,
        settings.storefronts,
        settings.delivery_types if isinstance(settings, TypeSettings) else (),
        settings.carriers if isinstance(settings, OfferSettings) else (),
    )
