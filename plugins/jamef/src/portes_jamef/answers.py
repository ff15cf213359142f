"""What was said of a service made into a rate, a refusal or a failure, its days counted; it knows no wire."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from portes.calendars import BusinessCalendar, business_calendar
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
from portes_jamef.complaints import Complaint
from portes_jamef.meanings import Subject, is_unserved, subject
from portes_jamef.services import COUNTRY, No
from portes_jamef.settings import JamefSettings
from portes_jamef.wire import NoOffer, Price

Result = Price | NoOffer | No | CarrierError

_MEANT: Final[Mapping[Subject, str]] = {
    "branch": "it speaks of the branch: compare branch and branches with the contract",
    "payer": "it speaks of the payer: the document in payer needs a contract and a table at Jamef",
    "origin": "it speaks of the origin: look at the postal code of the origin in the store's file",
    "question": "it speaks of the question itself or of an error, not of the lane",
    "place": "it speaks of a CEP without saying which, and that may be the origin's",
}
_DOUBT: Final = (
    "the lane may not be served, or branch, payer or another field may be wrong; "
    'once you know that it means the lane, write unserved = "not_served"'
)
_UNLISTED: Final = "once you know that it means that the lane is not served, write its text into unserved_texts"


class Reading:
    """How answers are understood under the settings of one carrier."""

    def __init__(self, settings: JamefSettings) -> None:
        self._settings = settings

    def outcome(self, code: str, said: Result, shipment: Shipment) -> Outcome:
        """What becomes of the service with this code for a shipment."""
        if isinstance(said, Price):
            return self._rate(code, said, shipment)
        if isinstance(said, NoOffer):
            said = self._without_offer(said)
        if isinstance(said, No):
            return Refusal(service=code, kind=said.kind, code=said.code, text=said.text)
        return Failure.of(code, said)

    def is_unserved(self, said: NoOffer) -> bool:
        """Whether an answer without an offer means, under the settings, that the lane is not served."""
        trusted = self._settings.unserved == "not_served"
        return is_unserved(said.complaint, self._settings.unserved_texts, trusted=trusted)

    def _without_offer(self, said: NoOffer) -> No | CarrierError:
        if self.is_unserved(said):
            return No(RefusalKind.NOT_SERVED, said.text, str(said.complaint.status))
        return RejectedRequestError(f"{said.text}: {self._why(said.complaint)}")

    def _why(self, said: Complaint) -> str:
        """Why an answer without an offer is a failure, and what to do."""
        about = subject(said.words)
        if about in _MEANT:
            return _MEANT[about]
        return _DOUBT if is_unserved(said, (), trusted=True) else _UNLISTED

    def _rate(self, code: str, price: Price, shipment: Shipment) -> Rate:
        names = ("base", "tax")
        return Rate(
            service=code,
            cost=price.total,
            surcharges=tuple(
                Surcharge(name=name, amount=amount) for name, amount in zip(names, price.parts or (), strict=False)
            ),
            transit=self._transit(shipment, price.promised),
            source=Source.LIVE,
            notes=tuple(
                Note(kind=kind, text=text)
                for kind, text in (("correlation_id", price.correlation_id), ("quote_number", price.number))
                if text
            ),
        )

    def _transit(self, shipment: Shipment, promised: date) -> TransitTime:
        """The days from the collection to the promised one, whoever counts them: the most that any calendar has.

        A promised day that is closed counts as the next open one.
        """
        collected, chosen = shipment.dispatch_date, self._settings.calendar
        names = (chosen,) if chosen else (COUNTRY, shipment.origin.calendar)
        days = {name: _business_days(business_calendar(name), collected, promised) for name in names}
        name = max(days, key=days.__getitem__)
        most = (promised - collected).days if self._settings.count_days == "calendar" else days[name]
        return TransitTime(min=most, max=most, calendar=name, promised=promised)


def _business_days(calendar: BusinessCalendar, collected: date, promised: date) -> int:
    return calendar.count(collected, calendar.on_or_after(promised))


__all__ = ["Reading", "Result"]
