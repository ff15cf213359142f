"""Correos as a carrier: prices by the shop's tariff, at once; pick-up points as far as known; it knows no wire."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from portes.carrier import Abilities, CarrierSettings, Deadline, Finding
from portes.contract import (
    Answer,
    CubicRule,
    Failure,
    FailureKind,
    Note,
    Outcome,
    PickupKind,
    Place,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
)
from portes.toolbox import Tools
from portes_correos_es.coverage import Surveyor, check_tariff
from portes_correos_es.diagnose import Doctor
from portes_correos_es.live import Live
from portes_correos_es.opening import open_files
from portes_correos_es.pickup import Points
from portes_correos_es.point_storage import PointStorage
from portes_correos_es.pricing import CURRENCY, Lane, Pricer, lane_of
from portes_correos_es.services import Bar, Line, barred_lane, barred_parcels, service_lines
from portes_correos_es.settings import CorreosService, CorreosSettings
from portes_correos_es.tariff import Hole, NotOffered
from portes_correos_es.territories import NATIONAL


class Correos:
    """Prices shipments by the shop's tariff. Instant and thread-safe; what is live runs in the background."""

    Settings: ClassVar[type[CarrierSettings]] = CorreosSettings
    ServiceSettings: ClassVar[type[Service]] = CorreosService

    def __init__(self, settings: CorreosSettings, services: Sequence[CorreosService], tools: Tools) -> None:
        fix = f"quote in {CURRENCY}, or take this carrier out"
        tools.store.require_currency(CURRENCY, f"Correos's tariffs are in {CURRENCY}", fix)
        if settings.calendar is not None:
            tools.store.require_calendar(settings.calendar, "settings.calendar")
        files = open_files(settings, tools)
        self._settings = settings
        self._lines = service_lines(settings, services, files.tariff)
        surveyor = Surveyor(files, self._lines, settings.citypaq_canarias)
        check_tariff(surveyor, settings, tools)
        self._pricer = Pricer(settings, files, settings.calendar or tools.store.calendar)
        if settings.pickup_points and settings.has_some_credentials:
            missing = ", ".join(settings.missing_credentials)
            tools.log.warning("no pick-up point is looked up while credentials are missing", missing=missing)
        live = Live(settings, tools)
        self._points = Points(settings, tools, live.points, PointStorage(tools.store.state, live.host, tools.log))
        self._doctor = Doctor(settings, surveyor, live, tools)
        self.abilities = Abilities(
            services=tuple(services),
            countries=None if any(line.product.international for line in self._lines) else NATIONAL,
            instant=True,
            batch=100,
            measure="parcels",
            dated=not files.tariff.dateless,
            price_source="table",
            time_source="published",
            service_limits={line.code: line.limits for line in self._lines},
            cubic=CubicRule(settings.cubic_divisor) if settings.cubic_divisor else None,
            version=files.fingerprint,
        )

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        """Answer each shipment with the services that it asks about, asking nobody."""
        deadline.check()
        return [self._answer(shipment) for shipment in shipments]

    def diagnose(self, deadline: Deadline) -> Iterator[Finding]:
        """Look at tariff, origins and codes, then climb from Correos ID to the lists of points. Registers no parcel."""
        return self._doctor.findings(deadline)

    def _answer(self, shipment: Shipment) -> Answer:
        lane = lane_of(self._settings, shipment)
        asked = [line for line in self._lines if shipment.asks(line.code)]
        return Answer.of(shipment, [self._outcome(line, shipment, lane) for line in asked])

    def _outcome(self, line: Line, shipment: Shipment, lane: Lane) -> Outcome:
        if lane.origin.country not in NATIONAL:
            return _failed(line, f"Correos does not carry from {lane.origin.country}; ship from there with another")
        bar = self._barred(line, shipment, lane)
        if bar is not None:
            return _refused(line, bar)
        said = self._pricer.rate(line, shipment, lane)
        if isinstance(said, Hole):
            return _failed(line, said.why)
        if isinstance(said, NotOffered):
            return _refused(line, Bar(*said))
        kind = line.mode.fetched_at
        return said if kind is None else self._with_points(line, kind, shipment.place, said)

    def _barred(self, line: Line, shipment: Shipment, lane: Lane) -> Bar | None:
        canarias = self._settings.citypaq_canarias
        bar = barred_lane(line, lane.origin, lane.destination, citypaq_canarias=canarias)
        return bar or barred_parcels(line, shipment.parcels, customs=lane.customs)

    def _with_points(self, line: Line, kind: PickupKind, place: Place, rate: Rate) -> Outcome:
        """The rate with its pick-up points, or with a note of why there are none; never with another price."""
        near = self._points.near(kind, place)
        if near.points:
            return rate.model_copy(update={"pickup_points": near.points})
        if self._settings.without_points == "show":
            return rate.model_copy(update={"notes": (*rate.notes, Note(kind="no_pickup_point", text=near.why))})
        if near.settled:
            return _refused(line, Bar(RefusalKind.SERVICE_UNAVAILABLE, near.why))
        return _failed(line, near.why)


def _failed(line: Line, why: str) -> Failure:
    return Failure(service=line.code, kind=FailureKind.INCOMPLETE, hint=why)


def _refused(line: Line, bar: Bar) -> Refusal:
    return Refusal(service=line.code, kind=bar.kind, text=bar.why)


__all__ = ["Correos"]
