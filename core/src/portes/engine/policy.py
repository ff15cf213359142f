"""What a store decided beforehand, ready for use."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from portes.calendars import WorkingWeek
from portes.carrier import Abilities, Carrier
from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import (
    CubicRule,
    DeliveryType,
    Grouping,
    Note,
    Offer,
    Origin,
    Parcel,
    ParcelLimits,
    Service,
    Shipment,
)
from portes.engine.masking import Mask
from portes.packing.protocol import Carton, Packer
from portes.rules.protocol import CartRule, PlanRule, ShipmentRule
from portes.settings import CarrierSection, StoreSection

MOST_PACKINGS: Final = 4
"""Questions to one carrier about one shipment, at most; and one for each service that would refuse what it shares."""

MOST_REMEMBERED: Final = 1024
"""Packings of one line that a store remembers: the goods that it is asked about again and again."""


class ValueCut(NamedTuple):
    """What is declared of a parcel that is worth more than can be declared."""

    how: Literal["cap", "undeclared"]
    """That much, or nothing at all."""
    most: int
    """Minor units that can be declared of one parcel."""


class Packing(NamedTuple):
    """One way in which a carrier's parcels are packed."""

    number: int
    """The same for whoever packs alike."""
    limits: ParcelLimits
    """What each parcel keeps to where goods can be parted."""
    cut: ValueCut | None
    """What is declared of parcels that are worth too much; None where the goods are parted, or refused."""
    services: tuple[str, ...]
    """Codes of the services that take parcels within them, in the order of the settings."""
    limited: Mapping[str, ParcelLimits]
    """The limits of those that have any, by code: a unit beyond them stays so however it is packed."""
    alone: Mapping[str, "Packing"] = MappingProxyType({})
    """The packing of its own of each service that shares one within tighter limits than it has, by code."""


class PreparedParcels(NamedTuple):
    """The parcels of a packing as they are told, and what is to be known of them."""

    parcels: tuple[Parcel, ...]
    packaging: int = 0
    """Minor units that their cartons cost the store."""
    notes: tuple[Note, ...] = ()


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
    kilo_price: int | None = None
    """Minor units that a billed kilogram costs by and large, where cartons are chosen by money."""

    @cached_property
    def abilities(self) -> Abilities:
        """Read once: a carrier declares them for its whole life."""
        return self.carrier.abilities

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """The active services by code."""
        return {service.code: service for service in self.abilities.active}

    def asked(self, shipment: Shipment) -> Mapping[str, Service]:
        """The services that a shipment is a question about, by code, in the order of the shipment's own list."""
        if not shipment.services:
            return self.services
        return {code: self.services[code] for code in shipment.services if code in self.services}


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
    cartons: tuple[Carton, ...] = ()
    """The store's own, in the order of the settings."""
    groupings: frozenset[Grouping] = frozenset()
    """How the lines of any channel's questions leave, where that is not as the store's own setting says."""

    @cached_property
    def ranks(self) -> Mapping[tuple[str, str], int]:
        """The place of each service in the order of the settings, by its carrier's key and its code."""
        services = ((member.key, code) for member in self.members for code in member.services)
        return {service: rank for rank, service in enumerate(services)}

    def rank(self, offer: Offer) -> int:
        """The place of an offer's service in the order of the settings."""
        return self.ranks.get((offer.carrier, offer.rate.service), len(self.ranks))

    @cached_property
    def types(self) -> frozenset[DeliveryType]:
        """The delivery types of all services that are asked about."""
        return frozenset(service.delivery for member in self.members for service in member.services.values())

    @cached_property
    def tries_next(self) -> bool:
        """Whether the next origin is tried where one refuses; the catalogue has to say which stock an item."""
        tried = self.settings.origins_tried
        return self.catalogue is not None if tried is None else tried == "next"

    @cached_property
    def tries_all(self) -> bool:
        """Whether all origins that stock an item are asked at once."""
        return self.settings.origins_tried == "all"

    @cached_property
    def goes_on(self) -> bool:
        """Whether other origins are asked where those asked first refuse."""
        return self.tries_next or self.tries_all

    def goes_on_for(self, entry: CatalogueEntry | None) -> bool:
        """Whether other origins are asked for an item: by default, only where the catalogue names those that stock it.

        Without names every origin would count as one that stocks it, and one that was not asked would make each no
        uncertain.
        """
        named = entry is not None and bool(entry.origins)
        return self.goes_on and (named or self.settings.origins_tried is not None)

    @cached_property
    def origin_by_id(self) -> Mapping[int, Origin]:
        """The origins by their number."""
        return {origin.id: origin for origin in self.origins}

    @cached_property
    def origin_ids(self) -> tuple[int, ...]:
        """The numbers of the origins, in the order of the settings."""
        return tuple(self.origin_by_id)

    def tried_for(self, sku: str) -> int:
        """How many origins may be tried for an item, at most: those that stock it."""
        entry = self.catalogue.get(sku) if self.catalogue is not None else None
        if not self.goes_on_for(entry):
            return 1
        stocked = entry.origins if entry is not None and entry.origins else self.origins
        return min(len(stocked), self.settings.most_origins)

    @cached_property
    def services_at(self) -> Mapping[tuple[int, DeliveryType], frozenset[tuple[str, str]]]:
        """By origin and delivery type, the carriers that fetch there and their services of the type, by code."""
        return {
            (number, delivery): frozenset(
                (member.key, code)
                for member in self.members
                if not member.settings.origins or number in member.settings.origins
                for code, service in member.services.items()
                if service.delivery is delivery
            )
            for number in self.origin_ids
            for delivery in DeliveryType
        }

    @cached_property
    def cartons_at(self) -> Mapping[int, tuple[Carton, ...]]:
        """The cartons that each origin has, by its number."""
        return {
            number: tuple(one for one in self.cartons if not one.origins or number in one.origins)
            for number in self.origin_ids
        }

    @cached_property
    def remembered(self) -> dict[tuple[int, Hashable], PreparedParcels]:
        """What lines alone were packed into: packers make the same of the same. It grows with questions, to a bound."""
        return {}

    @cached_property
    def packings(self) -> Mapping[str, tuple[Packing, ...]]:
        """How each carrier's parcels are packed, by its key: in one way for each set of limits of its services."""
        numbers = _Numbers()
        members = {**{member.key: member for member in self.members}, **self.fallbacks}
        return {
            key: tuple(_packing(member, numbers, within, codes) for within, codes in _by_limits(member).items())
            for key, member in members.items()
        }

    @cached_property
    def ways_packed(self) -> int:
        """In how many ways lines may be packed at most: carriers and fallbacks by the limits of their services."""
        return sum(1 + len(packing.alone) for own in self.packings.values() for packing in own)


_Within = tuple[ParcelLimits, ValueCut | None]
"""What the parcels of services keep to, and what is declared of those worth too much."""
_Likeness = tuple[int, ParcelLimits, CubicRule | None, int | None]
"""What makes parcels of the same goods from the same origin come out alike: packer, limits, cubic rule, kilo price."""


class _Numbers(dict[_Likeness, int]):
    """The packings of a store, numbered as they come."""

    def of(self, member: Member, limits: ParcelLimits) -> int:
        """The number of a carrier's packing within limits, the same for whoever packs alike."""
        return self.setdefault((id(member.packer), limits, member.abilities.cubic, member.kilo_price), len(self))


def _packing(member: Member, numbers: _Numbers, within: _Within, codes: tuple[str, ...]) -> Packing:
    limits, cut = within
    own = {code: member.abilities.limits_of(code) for code in codes}
    limited = {code: each for code, each in own.items() if each != ParcelLimits()}
    wider = {code: _packed_within(member, member.services[code]) for code in codes}
    alone = {code: _packing(member, numbers, (each, cut), (code,)) for code, each in wider.items() if each != limits}
    return Packing(numbers.of(member, limits), limits, cut, codes, limited, alone)


def _by_limits(member: Member) -> Mapping[_Within, tuple[str, ...]]:
    """The active services by the limits that their parcels are packed within; those of the settings' order first.

    Each set of limits is a question to the carrier, so that there are no more than a few: services with still other
    limits share the tightest of these. What is declared is never shared: nobody is told less than a service's own
    settings say.
    """
    limits = {code: _packed_within(member, service) for code, service in member.services.items()}
    different = tuple(dict.fromkeys(limits.values()))
    rest = different[MOST_PACKINGS - 1 :]
    shared = ParcelLimits.tightest(rest) if len(different) > MOST_PACKINGS else None
    groups: dict[_Within, list[str]] = {}
    for code, own in limits.items():
        within = shared if shared is not None and own in rest else own
        groups.setdefault((within, _cut(member, member.services[code])), []).append(code)
    return {own: tuple(codes) for own, codes in groups.items()}


def _packed_within(member: Member, service: Service) -> ParcelLimits:
    """What the parcels of a service keep to: its value's limit only where goods are to be split by it."""
    own = member.abilities.limits_of(service.code)
    if own.value is not None and service.above_value != "split":
        own = own.model_copy(update={"value": None})
    more = member.abilities.splits_at.get(service.code)
    return own if more is None else ParcelLimits.tightest((own, more))


def _cut(member: Member, service: Service) -> ValueCut | None:
    most = member.abilities.limits_of(service.code).value
    if most is None or service.above_value in {"refuse", "split"}:
        return None
    return ValueCut("cap" if service.above_value == "cap" else "undeclared", most)
