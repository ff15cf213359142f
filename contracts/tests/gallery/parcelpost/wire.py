"""Parcelpost's words: questions built and answers read, both pure; it knows no connection."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar

from gallery.parcelpost.settings import ParcelpostService
from pydantic import BaseModel, Field, SecretStr

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
    Surcharge,
    TransitTime,
)
from portes.toolbox import HttpResponse, Token, TokenText, check_status, read_model

REFUSALS: Final = {
    "P404": RefusalKind.NOT_SERVED,
    "P409": RefusalKind.SERVICE_UNAVAILABLE,
    "P413": RefusalKind.TOO_HEAVY,
}
"""Parcelpost's own list of reasons; any other code is ours to look at."""

OURS: Final = {
    "P451": ("origin", "Parcelpost collects nothing there.", "Correct the origin's postal code."),
    "P452": ("contract", "Parcelpost finds no contract for it.", "Ask the account manager for it, or take it out."),
}
"""Codes that speak of us: what the doctor calls it, its cause, and what to do."""

Read = TypeVar("Read", bound=BaseModel)
Amount = Annotated[str, Field(strict=True, pattern=r"^[0-9]{1,9}\.[0-9]{2}$")]
Days = Annotated[int, Field(strict=True, ge=0, le=90)]


class TokenAnswer(BaseModel):
    """`POST /token`."""

    token: TokenText
    expires_in: Annotated[int, Field(strict=True, ge=1, le=10_000_000)]


class QuoteEntry(BaseModel):
    """One service of `POST /quotes`: a price with its days, or an error."""

    service: Annotated[str, Field(strict=True)]
    price: Amount | None = None
    parts: dict[str, Amount] = {}
    days: tuple[Days, Days] | None = None
    error: Annotated[str, Field(strict=True)] = ""


class QuoteAnswer(BaseModel):
    """`POST /quotes`."""

    quotes: list[QuoteEntry]


def question(shipment: Shipment, services: Sequence[ParcelpostService]) -> dict[str, Any]:
    """The body of `POST /quotes`: grams, millimetres, centavos."""
    return {
        "from": shipment.origin.place.postal_code,
        "to": shipment.place.postal_code,
        "parcels": [
            {
                "grams": parcel.weight,
                "size_mm": list(parcel.size.sides),
                "pieces": parcel.count,
                "value_cents": parcel.value.minor if parcel.value else 0,
            }
            for parcel in shipment.parcels
        ],
        "services": [{"code": service.code, "insured": service.insured} for service in services],
    }


def read_token(received: HttpResponse, now: datetime) -> Token:
    """The token and its end. Raises a `CarrierError`."""
    answer = _read(received, TokenAnswer)
    return Token(SecretStr(answer.token), now + timedelta(seconds=answer.expires_in))


def read_quotes(
    received: HttpResponse, shipment: Shipment, services: Sequence[ParcelpostService], currency: str, calendar: str
) -> Answer:
    """What Parcelpost says of each service. Raises a `CarrierError` when the whole answer is of no use."""
    entries: dict[str, list[QuoteEntry]] = {}
    for entry in read_entries(received):
        entries.setdefault(entry.service, []).append(entry)
    said = [_outcome(service.code, entries.get(service.code, []), currency, calendar) for service in services]
    return Answer.of(shipment, said)


def read_entries(received: HttpResponse) -> list[QuoteEntry]:
    """The entries as they came. Raises a `CarrierError`."""
    return _read(received, QuoteAnswer).quotes


def _outcome(code: str, entries: Sequence[QuoteEntry], currency: str, calendar: str) -> Outcome:
    if len(entries) != 1:
        return Failure(service=code, kind=FailureKind.GARBLED, hint=f"{len(entries)} entries for one service")
    entry = entries[0]
    if entry.error:
        return _refusal(code, entry.error)
    if entry.price is None or entry.days is None:
        return Failure(service=code, kind=FailureKind.GARBLED, hint="a price or its days are missing")
    low, high = sorted(entry.days)
    cost, parts = _money(entry.price, currency), tuple(_surcharges(entry.parts, currency))
    return Rate(
        service=code,
        cost=cost,
        surcharges=parts if sum(part.amount.minor for part in parts) == cost.minor else (),
        transit=TransitTime(min=low, max=high, calendar=calendar),
        source=Source.LIVE,
    )


def _refusal(code: str, error: str) -> Refusal | Failure:
    if error in REFUSALS:
        return Refusal(service=code, kind=REFUSALS[error], code=error)
    return Failure(service=code, kind=FailureKind.REJECTED_REQUEST, hint=f"Parcelpost answers {error!r}")


def _surcharges(parts: Mapping[str, str], currency: str) -> Iterator[Surcharge]:
    return (Surcharge(name=name[:100] or "part", amount=_money(amount, currency)) for name, amount in parts.items())


def _money(text: str, currency: str) -> Money:
    return Money.of(Decimal(text), currency)


def _read(received: HttpResponse, model: type[Read]) -> Read:
    check_status(received, "Parcelpost", rejected="Parcelpost accepts neither login nor token")
    return read_model(received, model, "the answer is not what Parcelpost documents")
