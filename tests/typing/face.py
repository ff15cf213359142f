"""The public API in use; only type-checked, never run. What must not type carries an ignore that mypy would miss."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import assert_type

import portes
from portes import (
    Abilities,
    Answer,
    Carrier,
    CarrierSettings,
    Deadline,
    DeliveryType,
    Diagnosable,
    Dimensions,
    Finding,
    Item,
    Money,
    Place,
    Quote,
    QuoteRequest,
    Rate,
    RequestError,
    Service,
    Severity,
    Shipment,
    Source,
    Store,
    TransitTime,
    UnreachableError,
    Verdict,
    Warmable,
    hookimpl,
    open_store,
)


class Flat:
    """A carrier of a few lines fits the seam without deriving from anything."""

    class Settings(CarrierSettings):
        cents: int

    ServiceSettings = Service

    def __init__(self, settings: Settings, services: Sequence[Service]) -> None:
        self._cost = Money(minor=settings.cents, currency="EUR")
        self.abilities = Abilities(services=tuple(services), instant=True)

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        if deadline.passed:
            raise UnreachableError("no line", retry_after=3)
        return [Answer(shipment_id=shipment.id, rates=(self._rate(shipment),)) for shipment in shipments]

    def _rate(self, shipment: Shipment) -> Rate:
        transit = TransitTime(min=1, max=2, calendar="ES-MD", promised=shipment.dispatch_date)
        return Rate(service="flat", cost=self._cost, transit=transit, source=Source.TABLE)

    def diagnose(self, deadline: Deadline) -> Sequence[Finding]:
        assert_type(deadline.remaining(), float)
        return [Finding(check="host", severity=Severity.OK, cause={"en": "it answers"})]

    def warm(self, deadline: Deadline) -> None:
        deadline.check()


flat = Flat(Flat.Settings(cents=500), [Service(code="flat", delivery=DeliveryType.NORMAL)])
carrier: Carrier = flat
diagnosable: Diagnosable = flat
warmable: Warmable = flat
assert_type(carrier.abilities.active, tuple[Service, ...])


class Watcher:
    """Watches and returns nothing."""

    @hookimpl
    def portes_quoted(self, quote: Quote, seconds: float) -> None:
        assert_type(quote.verdict, Verdict)


def ask(store: Store, request: QuoteRequest) -> Sequence[Money]:
    quote = store.quote(request, within=0.4)
    assert_type(quote, Quote)
    return [offer.price for line in quote.lines for offer in line.offers]


async def ask_in_a_loop(store: Store, request: QuoteRequest) -> Quote:
    return await store.aquote(request)


def whole_way() -> str:
    item = Item(sku="sku-1", quantity=2, weight=500, size=Dimensions.parse("10x10x25cm"))
    destination = Place.parse("01512-651", "BR")
    request = QuoteRequest(channel="native", store="demo", destination=destination, lines=(item,), currency="BRL")
    try:
        with open_store("examples/demo-store") as store:
            return str(ask(store, request)[0])
    except RequestError as error:
        return error.problems[0].fix


price = Money.parse("1.234,56", "BRL")
assert_type(price + price, Money)
assert_type(price.apportion([1, 2]), tuple[Money, ...])
assert_type(price.amount, Decimal)
assert_type(Place.parse("28013", "ES"), Place)
assert_type(TransitTime(min=1, max=1, calendar="BR").promised, date | None)

Money(minor=1.5, currency="BRL")  # type: ignore[arg-type]  # money is never a float
Place(country="BR", postal_code=1512651)  # type: ignore[arg-type]  # a postal code is text
Item(sku="a", quantity=1, wieght=1, size=Dimensions(length=1, width=1, height=1))  # type: ignore[call-arg]  # a typo
_ = price + 1  # type: ignore[operator]  # money adds only to money
price.minor = 2  # type: ignore[misc]  # nouns are frozen
_ = portes.freight  # type: ignore[attr-defined]  # a name that the face does not have
