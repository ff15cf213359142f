"""What has to be asked about a shipment for each service, or what is known without asking; it knows no wire word."""

from functools import partial
from typing import Final, NamedTuple

from portes.contract import RefusalKind, Shipment
from portes.errors import CarrierError, IncompleteError, Problems
from portes.toolbox import StoreFacts
from portes_jamef.settings import JamefService, JamefSettings
from portes_jamef.wire import CURRENCY, Question

COUNTRY: Final = "BR"


class No(NamedTuple):
    """Jamef does not carry it."""

    kind: RefusalKind
    text: str
    code: str = ""


def check_store(settings: JamefSettings, store: StoreFacts) -> None:
    """Refuse branches of origins that the store does not have, and a calendar of another country.

    Raises `SettingsError` with all of them.
    """
    problems = Problems()
    for number in sorted(settings.branches):
        problems.attempt(partial(store.require_origin, number, f"settings.branches.{number}"))
    if settings.calendar is not None:
        problems.attempt(partial(store.require_calendar, settings.calendar, "settings.calendar"))
    problems.check()


def question(shipment: Shipment, service: JamefService, settings: JamefSettings) -> Question | No | CarrierError:
    """What is asked about a shipment: the exact totals of its parcels. Otherwise why nothing is asked."""
    origin, place = shipment.origin, shipment.place
    if {origin.place.country, place.country} != {COUNTRY}:
        return No(RefusalKind.NOT_SERVED, "Jamef carries from Brazil to Brazil only")
    lacking = _lacking(shipment)
    if lacking is not None:
        return lacking
    return Question(
        transport=service.code,
        payer=settings.payer,
        shipper=settings.shipper,
        origin=origin.place.postal_code,
        destination=place.postal_code,
        branch=settings.branch_of(origin.id),
        pieces=shipment.volumes,
        weight=shipment.weight,
        volume=shipment.volume,
        value=shipment.value.minor if shipment.value else 0,
        day=shipment.dispatch_date,
    )


def _lacking(shipment: Shipment) -> CarrierError | None:
    value = shipment.value
    if value is None or not value.minor:
        return IncompleteError("Jamef needs the declared value: state it for every SKU in the store's catalogue")
    if value.currency != CURRENCY:
        return IncompleteError(f"Jamef needs the declared value in {CURRENCY}, the catalogue states it otherwise")
    if not shipment.weight or not shipment.volume:
        return IncompleteError("Jamef needs weight and volume: state them for every SKU, or refuse zero measures")
    return None


__all__ = ["COUNTRY", "No", "check_store", "question"]
