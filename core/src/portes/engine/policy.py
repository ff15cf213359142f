"""What a store decided beforehand, ready for use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from portes.calendars import WorkingWeek
from portes.carrier import Abilities, Carrier
from portes.catalogue import Catalogue
from portes.contract import Origin, ParcelLimits, Service
from portes.engine.masking import Mask
from portes.packing.protocol import Packer
from portes.rules.protocol import CartRule, PlanRule, ShipmentRule
from portes.settings import CarrierSection, StoreSection


@dataclass(frozen=True)
class Member:
    """A carrier of the store, ready to be asked, and its settings."""

    key: str
    """Its name in the settings."""
    settings: CarrierSection
    """The engine's keys for it: timeout, threads, cache, circuit and the like."""
    carrier: Carrier
    packer: Packer
    fingerprint: str = ""
    """Changes with whatever may change its prices but the question: its settings, its plugin, what it knows of the
    store. No secret goes into it."""
    identity: str = ""
    """Changes with every setting of its own, its secrets among them, and tells none; good in this process only."""
    distribution: str = ""
    """Who to report its plugin's faults to; empty where nobody knows."""
    mask: Mask | None = None
    """Masks the secrets of its settings in a text; None when they hold none."""

    @cached_property
    def abilities(self) -> Abilities:
        """Read once: a carrier declares them for its whole life."""
        return self.carrier.abilities

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """The active services by code."""
        return {service.code: service for service in self.abilities.active}


@dataclass(frozen=True)
class Policy:
    """A store's decisions: its settings, and what was made of them."""

    store: str
    settings: StoreSection
    """The store's keys: country, currency, limits and the like."""
    timezone: ZoneInfo
    origins: tuple[Origin, ...]
    weeks: Mapping[int, WorkingWeek]
    """By origin id, the store's closed days in them."""
    members: tuple[Member, ...]
    """Active carriers that are asked, in the order of the settings."""
    fallbacks: Mapping[str, Member] = field(default_factory=dict)
    """Active carriers that are asked only where another one failed, by key; all of them instant."""
    catalogue: Catalogue | None = None
    plan_rules: Sequence[PlanRule] = field(default=())
    shipment_rules: Sequence[ShipmentRule] = field(default=())
    cart_rules: Sequence[CartRule] = field(default=())

    @cached_property
    def ranks(self) -> Mapping[tuple[str, str], int]:
        """The place of each service in the order of the settings, by its carrier's key and its code."""
        services = ((member.key, code) for member in self.members for code in member.services)
        return {service: rank for rank, service in enumerate(services)}

    @cached_property
    def origin_by_id(self) -> Mapping[int, Origin]:
        """The origins by their number."""
        return {origin.id: origin for origin in self.origins}

    @cached_property
    def origin_ids(self) -> tuple[int, ...]:
        """The numbers of the origins, in the order of the settings."""
        return tuple(self.origin_by_id)

    @cached_property
    def packings(self) -> Mapping[str, int]:
        """A number for each carrier's way of packing, by its key: members that pack alike have the same."""
        numbers: dict[tuple[int, ParcelLimits], int] = {}
        members = {**{member.key: member for member in self.members}, **self.fallbacks}
        return {
            key: numbers.setdefault((id(member.packer), member.abilities.limits), len(numbers))
            for key, member in members.items()
        }
