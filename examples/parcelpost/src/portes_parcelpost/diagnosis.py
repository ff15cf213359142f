"""What `portes doctor` says of Parcelpost; it asks nobody."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from portes.carrier import Finding, Severity
from portes.contract import Dimensions, Origin, Parcel, Place, Shipment
from portes.errors import CarrierError, RejectedCredentialsError, RejectedRequestError
from portes.toolbox import Saying

from .wire import OURS, Entry

BRASILIA: Final = Place(country="BR", postal_code="70002900")
BOX: Final = Parcel(weight=500, size=Dimensions(length=200, width=150, height=100), lines=(0,))
SAYINGS: Final = {
    "host": Saying({"en": "Parcelpost gives no answer of use."}, {"en": "Wait, and look at `base_url`."}),
    "key": Saying({"en": "Parcelpost does not accept the key."}, {"en": "Copy it from Parcelpost's portal once more."}),
    "request": Saying(
        {"en": "Parcelpost does not understand the question."},
        {"en": "Send this finding to the maintainer of portes-parcelpost."},
    ),
    "origin": Saying(
        {"en": "Parcelpost does not pick up at {origin}."},
        {"en": "Correct `postal_code` of the origin, or arrange a pick-up there."},
    ),
    "contract": Saying(
        {"en": "Parcelpost's contract with the shop is without {service}."},
        {"en": "Ask the account manager to add {service}, or set `active = false`."},
    ),
    "quote": Saying({"en": "Parcelpost quotes {service} from {origin}."}),
    "no_quote": Saying(
        {"en": "Parcelpost does not quote {service} from {origin}."},
        {"en": "Ask Parcelpost's support what the word means."},
    ),
}


def small_box(origin: Origin, today: date) -> Shipment:
    """A shipment that every service takes."""
    return Shipment(id="doctor", parcels=(BOX,), origin=origin, place=BRASILIA, dispatch_date=today)


def of_error(problem: CarrierError) -> Finding:
    """The finding for a call that came to nothing."""
    checks = {RejectedCredentialsError: "key", RejectedRequestError: "request"}
    check = checks.get(type(problem), "host")
    return SAYINGS[check].finding(check, Severity.ERROR, {}, f"{problem.kind}: {problem.hint}")


def of_entries(entries: Sequence[Entry], origin: Origin) -> Iterator[Finding]:
    """A finding for each service of an answer."""
    for entry in entries:
        gaps = {"service": entry.service, "origin": origin.place.postal_code}
        if entry.no in OURS:
            yield SAYINGS[OURS[entry.no]].finding(OURS[entry.no], Severity.ERROR, gaps, entry.no)
        elif entry.no:
            yield SAYINGS["no_quote"].finding("quote", Severity.WARNING, gaps, entry.no)
        else:
            yield SAYINGS["quote"].finding("quote", Severity.OK, gaps)
