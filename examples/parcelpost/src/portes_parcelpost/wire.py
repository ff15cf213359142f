"""Parcelpost's words: questions built and answers read, both pure; it knows no connection."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field

from portes.contract import (
    Answer,
    Failure,
    FailureKind,
    Money,
    Outcome,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
    Source,
    TransitTime,
)
from portes.toolbox import HttpResponse, check_status, read_model

REFUSALS: Final = {"no_route": RefusalKind.NOT_SERVED, "too_heavy": RefusalKind.TOO_HEAVY}
"""Parcelpost's own reasons for a no; a word that is not here is a failure, for a person to look at."""
OURS: Final = {"no_pickup": "origin", "no_contract": "contract"}
"""Parcelpost's words for what is wrong with us, by what the doctor calls it; failures, too."""


class Entry(BaseModel):
    """One service of an answer: a price in cents with days, or a reason against it."""

    service: Annotated[str, Field(strict=True)]
    cents: Annotated[int, Field(strict=True, ge=0, le=10_000_000)] | None = None
    days: Annotated[int, Field(strict=True, ge=0, le=90)] | None = None
    no: Annotated[str, Field(strict=True)] = ""


class Entries(BaseModel):
    """The body of an answer."""

    quotes: list[Entry]


def question(shipment: Shipment, codes: Sequence[str]) -> dict[str, Any]:
    """The body of `POST /quotes`: grams and millimetres, like the contract."""
    return {
        "from": shipment.origin.place.postal_code,
        "to": shipment.place.postal_code,
        "services": list(codes),
        "parcels": [
            {"grams": parcel.weight, "size": list(parcel.size.sides), "pieces": parcel.count}
            for parcel in shipment.parcels
        ],
    }


def answer(received: HttpResponse, shipment: Shipment, codes: Sequence[str], currency: str, calendar: str) -> Answer:
    """What Parcelpost says of each service. Raises as `entries` does."""
    said = entries(received)
    found = [_outcome(code, [each for each in said if each.service == code], currency, calendar) for code in codes]
    return Answer.of(shipment, found)


def entries(received: HttpResponse) -> list[Entry]:
    """The entries of an answer. Raises a `CarrierError` when all of it is of no use."""
    check_status(received, "Parcelpost", rejected="Parcelpost does not accept the key")
    return read_model(received, Entries, "the answer is not what Parcelpost documents").quotes


def _outcome(code: str, said: Sequence[Entry], currency: str, calendar: str) -> Outcome:
    if len(said) != 1:
        return Failure(service=code, kind=FailureKind.GARBLED, hint=f"{len(said)} entries for one service")
    entry = said[0]
    if entry.no in REFUSALS:
        return Refusal(service=code, kind=REFUSALS[entry.no], code=entry.no)
    if entry.no:
        return Failure(service=code, kind=FailureKind.REJECTED_REQUEST, hint=f"Parcelpost says {entry.no!r}")
    if entry.cents is None or entry.days is None:
        return Failure(service=code, kind=FailureKind.GARBLED, hint="a price or its days are missing")
    transit = TransitTime(min=entry.days, max=entry.days, calendar=calendar)
    return Rate(service=code, cost=Money(minor=entry.cents, currency=currency), transit=transit, source=Source.LIVE)
