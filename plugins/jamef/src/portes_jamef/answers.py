"""What was said of a service made into a rate, a refusal or a failure, its days counted; it knows no wire."""

from datetime import date

from portes.calendars import business_calendar
from portes.contract import (
    Failure,
    Note,
    Outcome,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
    Source,
    Surcharge,
    TransitTime,
)
from portes.errors import CarrierError, RejectedRequestError
from portes_jamef.services import No
from portes_jamef.settings import JamefSettings
from portes_jamef.states import state_of
from portes_jamef.wire import NoOffer, Price

Result = Price | NoOffer | No | CarrierError

_DOUBT = (
    "{}: the lane may not be served, or branch, payer or another field may be wrong; "
    'once you know that it means the lane, write unserved = "not_served"'
)


class Reading:
    """How answers are understood under the settings of one carrier."""

    def __init__(self, settings: JamefSettings, store_calendar: str) -> None:
        self._settings = settings
        self._store_calendar = store_calendar

    def outcome(self, code: str, said: Result, shipment: Shipment) -> Outcome:
        """What becomes of the service with this code for a shipment."""
        if isinstance(said, Price):
            return self._rate(code, said, shipment)
        if isinstance(said, NoOffer):
            said = self._without_offer(said)
        if isinstance(said, No):
            return Refusal(service=code, kind=said.kind, code=said.code, text=said.text)
        return Failure.of(code, said)

    def _without_offer(self, said: NoOffer) -> No | CarrierError:
        """Nobody has published what an answer without an offer means, so the operator says it."""
        if self._settings.unserved == "not_served":
            return No(RefusalKind.NOT_SERVED, said.text, str(said.status))
        return RejectedRequestError(_DOUBT.format(said.text))

    def _rate(self, code: str, price: Price, shipment: Shipment) -> Rate:
        names = ("base", "tax")
        return Rate(
            service=code,
            cost=price.total,
            surcharges=tuple(
                Surcharge(name=name, amount=amount) for name, amount in zip(names, price.parts or (), strict=False)
            ),
            transit=self._transit(shipment.dispatch_date, price.promised, shipment.place.postal_code),
            source=Source.LIVE,
            notes=tuple(
                Note(kind=kind, text=text)
                for kind, text in (("correlation_id", price.correlation_id), ("quote_number", price.number))
                if text
            ),
        )

    def _transit(self, collected: date, promised: date, destination: str) -> TransitTime:
        """The days from the collection to the promised one; one that is closed there counts as the next open one."""
        calendar = business_calendar(self._calendar_of(destination))
        if self._settings.count_days == "calendar":
            days = (promised - collected).days
        else:
            days = calendar.count(collected, calendar.on_or_after(promised))
        return TransitTime(min=days, max=days, calendar=calendar.name, promised=promised)

    def _calendar_of(self, cep: str) -> str:
        state = state_of(cep)
        return self._settings.calendar or (f"BR-{state}" if state else self._store_calendar)


__all__ = ["Reading", "Result"]
