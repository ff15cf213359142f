"""What makes two questions to a carrier equal: all that can change its answer, no identity and no secret."""

from typing import NamedTuple

from portes.contract import Shipment
from portes.engine.policy import Member

ParcelKey = tuple[int, int, int, int, int, int, int | None, int | None, int]
OriginKey = tuple[int, str, str, str]


class CacheKey(NamedTuple):
    """A question to a carrier, reduced to what can change the answer. Of plain values, so that it can be kept."""

    carrier: str
    tariff: str
    """The fingerprint of its settings and the version of its tariff."""
    origin: OriginKey
    """Number, country, postal code and calendar: an origin that moves keeps its number."""
    country: str
    postal_code: str
    parcels: tuple[ParcelKey, ...]
    day: str
    """The hand-over day, for carriers whose answers hang on it."""
    services: tuple[str, ...] = ()
    """Those asked about, by code; empty for every active one."""

    @property
    def date_independent(self) -> "CacheKey":
        """The same question on any day, for stale look-ups."""
        return self._replace(day="") if self.day else self


def tariff_of(member: Member) -> str:
    """What a carrier's prices hang on besides the question: its settings and its tariff."""
    return f"{member.fingerprint}:{member.abilities.version}"


def cache_key(member: Member, shipment: Shipment) -> CacheKey:
    """What makes this question equal to another one to the same carrier."""
    abilities, origin = member.abilities, shipment.origin
    return CacheKey(
        carrier=member.key,
        tariff=tariff_of(member),
        origin=(origin.id, origin.place.country, origin.place.postal_code, origin.calendar),
        country=shipment.place.country,
        postal_code=shipment.place.postal_code,
        parcels=tuple(
            (
                parcel.weight,
                parcel.size.length,
                parcel.size.width,
                parcel.size.height,
                parcel.volume,
                parcel.count,
                None if parcel.value is None else parcel.value.minor,
                parcel.units,
                parcel.volumes,
            )
            for parcel in shipment.parcels
        ),
        day=shipment.dispatch_date.isoformat() if abilities.dated else "",
        services=shipment.services,
    )
