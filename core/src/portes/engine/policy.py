"""What a store decided beforehand, ready for use; it knows no file and no plugin's name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from portes.calendars import BusinessCalendar
from portes.carrier import Abilities, Carrier
from portes.catalogue import Catalogue
from portes.contract import Origin, Service
from portes.engine.breaker import BreakerSettings
from portes.engine.cache import CacheTtl
from portes.engine.scrubbing import Scrub
from portes.packing.protocol import Packer
from portes.rules.protocol import CartRule, PlanRule, ShipmentRule


@dataclass(frozen=True)
class Member:
    """A carrier of the store, with the engine's own keys."""

    key: str
    """Its name in the settings."""
    id: int
    """Told to marketplaces."""
    name: str
    """Told to shoppers."""
    carrier: Carrier
    packer: Packer
    timeout: float = 4.0
    """Seconds a call may take; who waits for it may leave earlier."""
    threads: int = 8
    """Calls at once, for a carrier that is not instant."""
    queue: int = 32
    """Calls that may wait for a thread; one more is answered `busy`."""
    ttl: CacheTtl = field(default_factory=CacheTtl)
    """How long its outcomes are remembered, for a carrier that is not instant."""
    circuit: BreakerSettings = field(default_factory=BreakerSettings)
    """When it is no longer asked, for a carrier that is not instant."""
    fingerprint: str = ""
    """Changes with whatever may change its prices but the question: its settings, its plugin, what it knows of the
    store. No secret goes into it."""
    identity: str = ""
    """Changes with every setting of its own, its secrets among them, and tells none; good in this process only."""
    scrub: Scrub | None = None
    """Masks the secrets of its settings in a text; None when they hold none."""
    fallback_only: bool = False
    """It is asked only in place of a carrier that failed and names it."""
    fallback: str | None = None
    """The key of the fallback carrier whose rates replace its failures."""

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
    """A store's decisions."""

    store: str
    country: str
    currency: str
    timezone: ZoneInfo
    origins: tuple[Origin, ...]
    calendars: Mapping[int, BusinessCalendar]
    """By origin id, the store's closed days in them."""
    members: tuple[Member, ...]
    """Active carriers that are asked, in the order of the settings."""
    fallbacks: Mapping[str, Member] = field(default_factory=dict)
    """Active carriers that only stand in, by key; all of them instant."""
    lines: Literal["each", "together"] = "each"
    catalogue: Catalogue | None = None
    unknown_sku: Literal["quote", "refuse", "unknown"] = "quote"
    allow_zero_measures: bool = False
    pre_sale_days: int = 0
    cubic_divisor: int = 6000
    """cm³ per kg, for the chargeable weight by which a joint price is apportioned to its lines."""
    max_lines: int = 200
    max_units: int = 10_000
    cache_size: int = 20_000
    """Questions to carriers whose answers are remembered."""
    calls_at_once: int = 256
    """Cap on calls under way or waiting, over all carriers of the store."""
    plan_rules: Sequence[PlanRule] = field(default=())
    shipment_rules: Sequence[ShipmentRule] = field(default=())
    cart_rules: Sequence[CartRule] = field(default=())

    @cached_property
    def origin_by_id(self) -> Mapping[int, Origin]:
        """The origins by their number."""
        return {origin.id: origin for origin in self.origins}
