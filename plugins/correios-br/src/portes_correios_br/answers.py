"""What was said of pieces and lanes made into answers: counted, added up, never in part; it knows no wire."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, cast

from portes.contract import (
    Answer,
    Failure,
    Money,
    Note,
    Outcome,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
    Source,
    Surcharge,
)
from portes.contract.bounds import MOST_NAMED
from portes.errors import CarrierError, GarbledError
from portes_correios_br.questions import Lane, PriceQuestion, Question, TimeQuestion
from portes_correios_br.services import No, Product
from portes_correios_br.times import Days, Start
from portes_correios_br.wire import Price, Time

DEAREST: Final = 10**12
"""Centavos above which a shipment's price is a mistake: ten thousand million reais."""
CURRENCY: Final = "BRL"
COUNTRY: Final = "BR"
_AT_OFFICE: Final = "the addressee collects at a post office"
_FROM_ABROAD: Final = No(RefusalKind.NOT_SERVED, "", "Correios takes parcels in Brazil only")
_TO_ABROAD: Final = No(RefusalKind.NOT_SERVED, "", "domestic products go to Brazil only")

Replies = Mapping[Question, Price | Time | No | CarrierError]
"""What was said to each question."""


class ProductPlan(NamedTuple):
    """What has to be known of one product for one shipment; or, in `settled`, what is known without asking."""

    product: Product
    prices: Mapping[PriceQuestion, int]
    """How many equal pieces there are of each."""
    time: TimeQuestion
    settled: No | CarrierError | None = None


def product_plan(shipment: Shipment, product: Product, *, dated: bool) -> ProductPlan:
    """What to ask about a shipment; equal pieces are one question."""
    day = shipment.dispatch_date if dated else None
    lane = Lane(shipment.origin.place.postal_code, shipment.place.postal_code, day)
    time = TimeQuestion(product.code, lane)
    found: list[No | CarrierError] = [*_abroad(shipment)]
    prices: dict[PriceQuestion, int] = {}
    for parcel in shipment.parcels:
        piece = product.piece(parcel)
        if isinstance(piece, No | CarrierError):
            found.append(piece)
        else:
            question = PriceQuestion(product.code, lane, piece)
            prices[question] = prices.get(question, 0) + parcel.count
    return ProductPlan(product, prices, time, _worst(found))


def _abroad(shipment: Shipment) -> Iterable[No]:
    if shipment.origin.place.country != COUNTRY:
        yield _FROM_ABROAD
    if shipment.place.country != COUNTRY:
        yield _TO_ABROAD


def _worst(said: Iterable[object]) -> No | CarrierError | None:
    """The first no; without one the first failure: one refused parcel refuses all, whatever became of the others."""
    failure = None
    for each in said:
        if isinstance(each, No):
            return each
        if failure is None and isinstance(each, CarrierError):
            failure = each
    return failure


class Reading(NamedTuple):
    """How answers are understood, by the settings and the clock."""

    days: Days
    at_office: str
    """Whether a lane is refused, noted or offered whose parcels are collected at a post office."""
    today: date
    """The day that it is for Correios."""

    def start(self, line: ProductPlan, shipment: Shipment) -> Start:
        """Where the days of a product begin."""
        return Start(line.time.lane.day or self.today, shipment.dispatch_date)


def answer(shipment: Shipment, lines: Sequence[ProductPlan], replies: Replies, reading: Reading) -> Answer:
    """The answer to one shipment: each product is a rate, a refusal or a failure."""
    return Answer.of(shipment, [_outcome(line, replies, reading, shipment) for line in lines])


def _outcome(line: ProductPlan, replies: Replies, reading: Reading, shipment: Shipment) -> Outcome:
    code = line.product.code
    if line.settled is not None:
        return _refused_or_failed(code, line.settled)
    prices, time = [replies[question] for question in line.prices], replies[line.time]
    verdict = _worst([*prices, time, *_at_office(time, reading)])
    if verdict is None and _sum(prices, line) > DEAREST:
        verdict = GarbledError(f"Correios' prices for {code} come to more than anybody pays")
    if verdict is not None:
        return _refused_or_failed(code, verdict)
    return _rate(line, cast(list[Price], prices), cast(Time, time), reading, reading.start(line, shipment))


def _sum(prices: Iterable[object], line: ProductPlan) -> int:
    """Centavos of all pieces; of prices alone."""
    return sum(cast(Price, price).final * count for price, count in zip(prices, line.prices.values(), strict=True))


def _at_office(time: object, reading: Reading) -> Iterable[No]:
    if reading.at_office == "refuse" and isinstance(time, Time) and not time.home:
        yield No(RefusalKind.SERVICE_UNAVAILABLE, "", f'{_AT_OFFICE}; collect_at_office = "refuse"')


def _refused_or_failed(code: str, verdict: No | CarrierError) -> Refusal | Failure:
    if isinstance(verdict, No):
        return Refusal(service=code, kind=verdict.kind, code=verdict.code, text=verdict.text)
    return Failure.of(code, verdict)


def _rate(line: ProductPlan, prices: Sequence[Price], time: Time, reading: Reading, start: Start) -> Rate:
    counts = line.prices.values()
    parts = _parts(prices, counts)
    fees = dict.fromkeys(fee for price in prices for fee in price.fees)
    notes = [
        *_notes(time, reading),
        *reading.days.notes(time, line.product, start),
        *(Note(kind="extra_fee", text=fee) for fee in fees),
    ]
    return Rate(
        service=line.product.code,
        cost=_money(_sum(prices, line)),
        surcharges=tuple(Surcharge(name=name, amount=_money(amount)) for name, amount in parts.items()),
        transit=reading.days.transit(time, line.product, start),
        source=Source.LIVE,
        notes=tuple(notes[:MOST_NAMED]),
    )


def _parts(prices: Sequence[Price], counts: Collection[int]) -> Mapping[str, int]:
    """The parts of all pieces by name; none when a piece names none, for then they would not add up, or too many."""
    if not all(price.parts for price in prices):
        return {}
    parts: dict[str, int] = {}
    for price, count in zip(prices, counts, strict=True):
        for name, amount in price.parts.items():
            parts[name] = parts.get(name, 0) + amount * count
    return parts if len(parts) <= MOST_NAMED else {}


def _money(centavos: int) -> Money:
    return Money(minor=centavos, currency=CURRENCY)


def _notes(time: Time, reading: Reading) -> Iterable[Note]:
    if not time.home and reading.at_office == "note":
        yield Note(kind="collect_at_office", text=_AT_OFFICE)
    if time.notice:
        yield Note(kind="notice", text=time.notice)


__all__ = ["COUNTRY", "CURRENCY", "ProductPlan", "Reading", "Replies", "answer", "product_plan"]
