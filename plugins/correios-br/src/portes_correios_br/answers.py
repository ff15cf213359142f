"""What was said of pieces and lanes made into answers: counted, added up, never in part; it knows no wire."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    TransitTime,
)
from portes.errors import CarrierError
from portes_correios_br.services import No, Product
from portes_correios_br.wire import Lane, Price, PriceQuestion, Time, TimeQuestion

CURRENCY: Final = "BRL"
COUNTRY: Final = "BR"
_AT_OFFICE: Final = "the addressee collects at a post office"
_FROM_ABROAD: Final = No(RefusalKind.NOT_SERVED, "", "Correios takes parcels in Brazil only")
_TO_ABROAD: Final = No(RefusalKind.NOT_SERVED, "", "domestic products go to Brazil only")

Replies = Mapping[PriceQuestion | TimeQuestion, Price | Time | No | CarrierError]
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


class Days(NamedTuple):
    """How Correios' days are understood."""

    unit: str
    """Either `business` or `calendar` days."""
    calendar: str
    """Name of a business calendar."""

    def transit(self, time: Time) -> TransitTime:
        """Business days; `calendar` days become as many business days as they can hold at most."""
        days = time.days if self.unit == "business" else 5 * (time.days // 7) + min(time.days % 7, 5)
        return TransitTime(min=days, max=days, calendar=self.calendar, promised=time.promised)


def answer(shipment: Shipment, lines: Sequence[ProductPlan], replies: Replies, days: Days) -> Answer:
    """The answer to one shipment: each product is a rate, a refusal or a failure."""
    return Answer.of(shipment, [_outcome(line, replies, days) for line in lines])


def _outcome(line: ProductPlan, replies: Replies, days: Days) -> Outcome:
    code = line.product.code
    if line.settled is not None:
        return _refused_or_failed(code, line.settled)
    prices, time = [replies[question] for question in line.prices], replies[line.time]
    verdict = _worst([*prices, time])
    if verdict is not None:
        return _refused_or_failed(code, verdict)
    return _rate(code, cast(list[Price], prices), line.prices.values(), cast(Time, time), days)


def _refused_or_failed(code: str, verdict: No | CarrierError) -> Refusal | Failure:
    if isinstance(verdict, No):
        return Refusal(service=code, kind=verdict.kind, code=verdict.code, text=verdict.text)
    return Failure.of(code, verdict)


def _rate(code: str, prices: Sequence[Price], counts: Collection[int], time: Time, days: Days) -> Rate:
    parts = _parts(prices, counts)
    return Rate(
        service=code,
        cost=_money(sum(price.final * count for price, count in zip(prices, counts, strict=True))),
        surcharges=tuple(Surcharge(name=name, amount=_money(amount)) for name, amount in parts.items()),
        transit=days.transit(time),
        source=Source.LIVE,
        notes=_notes(time),
    )


def _parts(prices: Sequence[Price], counts: Collection[int]) -> Mapping[str, int]:
    """The parts of all pieces by name; none when a piece names none, because then they would not add up."""
    if not all(price.parts for price in prices):
        return {}
    parts: dict[str, int] = {}
    for price, count in zip(prices, counts, strict=True):
        for name, amount in price.parts.items():
            parts[name] = parts.get(name, 0) + amount * count
    return parts


def _money(centavos: int) -> Money:
    return Money(minor=centavos, currency=CURRENCY)


def _notes(time: Time) -> tuple[Note, ...]:
    office = () if time.home else (Note(kind="collect_at_office", text=_AT_OFFICE),)
    return (*office, Note(kind="notice", text=time.notice)) if time.notice else office


__all__ = ["COUNTRY", "CURRENCY", "Days", "ProductPlan", "Replies", "answer", "product_plan"]
