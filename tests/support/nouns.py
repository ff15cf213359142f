"""Nouns for tests: a Hypothesis strategy for each that stands alone, and the smallest value of every one."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel

from portes.contract import (
    Answer,
    DeliveryType,
    Dimensions,
    FailedService,
    Failure,
    FailureKind,
    Item,
    LeadTime,
    Money,
    Note,
    Offer,
    OfferPart,
    Origin,
    Parcel,
    ParcelLimits,
    PickupKind,
    PickupPoint,
    Place,
    PluginFailure,
    Quote,
    QuoteLine,
    QuoteRequest,
    Rate,
    Refusal,
    RefusalKind,
    RefusedService,
    RequestLine,
    Service,
    Shipment,
    Source,
    Surcharge,
    TransitTime,
    Verdict,
)
from portes.contract.base import Noun

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
naturals = st.integers(0, 10**6)
positives = st.integers(1, 10**6)
deliveries = st.sampled_from(DeliveryType)
spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)
dates = st.dates(date(2020, 1, 1), date(2040, 12, 31))
reais = st.builds(Money, minor=naturals, currency=st.just("BRL"))
sides = st.integers(0, 30_000)
sizes = st.builds(Dimensions, length=sides, width=sides, height=sides)
places = st.one_of(
    st.integers(0, 99_999_999).map(lambda code: Place(country="BR", postal_code=f"{code:08}")),
    st.integers(1_000, 52_999).map(lambda code: Place(country="ES", postal_code=f"{code:05}")),
)
items = st.builds(
    Item,
    sku=words,
    quantity=positives,
    weight=naturals,
    size=sizes,
    declared_value=st.none() | reais,
    pre_sale=st.booleans(),
    handling_days=st.integers(0, 365),
    tags=st.lists(words, max_size=2).map(tuple),
)
origins = st.builds(
    Origin,
    id=positives,
    place=places,
    handling_days=st.integers(0, 365),
    cut_off=st.times().map(lambda moment: moment.replace(microsecond=0)),
    calendar=st.sampled_from(["BR", "BR-SP", "ES-MD"]),
)
parcels = st.builds(
    Parcel,
    weight=naturals,
    size=sizes,
    volume=naturals,
    value=st.none() | reais,
    count=positives,
    lines=st.lists(naturals, max_size=3).map(tuple),
)
transits = st.builds(
    lambda span, promised: TransitTime(min=span[0], max=span[1], calendar="BR", promised=promised),
    spans,
    st.none() | dates,
)
lead_times = st.builds(
    lambda span, days: LeadTime(min=span[0], max=span[1], calendar="BR-SP", earliest=min(days), latest=max(days)),
    spans,
    st.tuples(dates, dates),
)
pickup_points = st.builds(
    PickupPoint,
    id=words,
    kind=st.sampled_from(PickupKind),
    name=words,
    address=words,
    postal_code=words,
    distance=st.none() | naturals,
)
surcharges = st.builds(Surcharge, name=words, amount=reais)
rates = st.builds(
    lambda service, parts, **rest: Rate(service=service, cost=sum_of(parts), surcharges=tuple(parts), **rest),
    words,
    st.lists(surcharges, max_size=3),
    transit=transits,
    source=st.sampled_from(Source),
    age=naturals,
    notes=st.lists(st.builds(Note, kind=words, text=st.text(max_size=9)), max_size=2).map(tuple),
    pickup_points=st.lists(pickup_points, max_size=2).map(tuple),
)
refusals = st.builds(Refusal, service=words, kind=st.sampled_from(RefusalKind), code=words, text=words)
failures = st.builds(
    Failure, service=words, kind=st.sampled_from(FailureKind), hint=words, retry_after=st.none() | naturals
)
offers = st.builds(
    Offer,
    delivery=deliveries,
    price=reais,
    lead_time=lead_times,
    carrier=words,
    carrier_id=naturals,
    carrier_name=words,
    origin_id=positives,
    rate=rates,
    parts=st.lists(
        st.builds(OfferPart, units=positives, origin_id=positives, carrier=words, price=reais, rate=rates), max_size=2
    ).map(tuple),
)
quote_lines = st.builds(
    QuoteLine,
    sku=words,
    offers=st.lists(offers, max_size=2).map(tuple),
    refusals=st.lists(
        st.builds(RefusedService, carrier=words, delivery=deliveries, origin_id=naturals, refusal=refusals), max_size=1
    ).map(tuple),
    failures=st.lists(
        st.builds(FailedService, carrier=words, delivery=deliveries, origin_id=naturals, failure=failures), max_size=1
    ).map(tuple),
)
plugin_failures = st.builds(PluginFailure, part=words, plugin=words, distribution=words, hint=words)
NOUNS: dict[type[BaseModel], st.SearchStrategy[Any]] = {
    Answer: st.builds(
        Answer,
        shipment_id=words,
        rates=st.lists(rates, max_size=2).map(tuple),
        refusals=st.lists(refusals, max_size=2).map(tuple),
        failures=st.lists(failures, max_size=2).map(tuple),
    ),
    Parcel: parcels,
    ParcelLimits: st.builds(ParcelLimits, weight=st.none() | positives, longest_side=st.none() | positives),
    Quote: st.builds(
        Quote,
        id=words,
        verdict=st.sampled_from(Verdict),
        currency=st.just("BRL"),
        lines=st.lists(quote_lines, max_size=2).map(tuple),
        plugin_failures=st.lists(plugin_failures, max_size=1).map(tuple),
    ),
    QuoteRequest: st.builds(
        QuoteRequest,
        id=words,
        channel=words,
        storefront=words,
        store=words,
        destination=places,
        lines=st.lists(items, min_size=1, max_size=3).map(tuple),
        currency=st.just("BRL"),
    ),
    Service: st.builds(
        Service,
        code=words,
        name=words,
        delivery=deliveries,
        active=st.booleans(),
        extra_days=st.integers(0, 365),
        extra_cost=naturals,
    ),
    Shipment: st.builds(
        Shipment,
        id=words,
        parcels=st.lists(parcels, min_size=1, max_size=3).map(tuple),
        origin=origins,
        place=places,
        dispatch_date=dates,
    ),
}


def sum_of(parts: list[Surcharge]) -> Money:
    return Money(minor=sum(part.amount.minor for part in parts), currency="BRL")


def nouns_in(noun: object) -> Iterator[Noun]:
    """The noun and every noun it holds."""
    if isinstance(noun, Noun):
        yield noun
        for name in type(noun).model_fields:
            yield from nouns_in(getattr(noun, name))
    elif isinstance(noun, tuple):
        for part in noun:
            yield from nouns_in(part)


def one_of_each() -> list[Noun]:
    """One value of every noun, as small as it can be."""
    place = Place(country="BR", postal_code="01512651")
    money = Money(minor=1290, currency="BRL")
    size = Dimensions(length=1, width=2, height=3)
    transit = TransitTime(min=1, max=2, calendar="BR")
    rate = Rate(
        service="a",
        cost=money,
        surcharges=(Surcharge(name="base", amount=money),),
        transit=transit,
        source=Source.LIVE,
        notes=(Note(kind="risk_area", text=""),),
        pickup_points=(PickupPoint(id="2800101", kind=PickupKind.OFFICE, name="Madrid 1"),),
    )
    refusal, failure = Refusal(service="b", kind=RefusalKind.OTHER), Failure(service="c", kind=FailureKind.LATE)
    item = Item(sku="sku-1", quantity=1, weight=1, size=size)
    origin = Origin(id=1, place=place, cut_off=time(14), calendar="BR")
    offer = Offer(
        delivery=DeliveryType.NORMAL,
        price=money,
        lead_time=LeadTime(min=1, max=2, calendar="BR", earliest=date(2026, 11, 24), latest=date(2026, 11, 25)),
        carrier="demo",
        carrier_id=1,
        carrier_name="Demo",
        origin_id=1,
        rate=rate,
        parts=(OfferPart(units=1, origin_id=1, carrier="demo", price=money, rate=rate),),
    )
    line = QuoteLine(
        sku="sku-1",
        offers=(offer,),
        refusals=(RefusedService(carrier="demo", delivery=DeliveryType.EXPRESS, origin_id=1, refusal=refusal),),
        failures=(FailedService(carrier="demo", delivery=DeliveryType.EXPRESS, origin_id=1, failure=failure),),
    )
    roots: list[Noun] = [
        Answer(shipment_id="1", rates=(rate,), refusals=(refusal,), failures=(failure,)),
        ParcelLimits(),
        Service(code="a", delivery=DeliveryType.NORMAL),
        Quote(id="q", verdict=Verdict.SERVED, currency="BRL", lines=(line,), uncertain=(DeliveryType.EXPRESS,)),
        PluginFailure(part="rules.0", plugin="charm", distribution="charms 1.0", hint="returned None"),
        QuoteRequest(channel="native", store="demo", destination=place, lines=(item,), currency="BRL"),
        RequestLine(sku="sku-2", quantity=1),
        Shipment(
            id="1",
            parcels=(Parcel(weight=1, size=size),),
            origin=origin,
            place=place,
            dispatch_date=date(2026, 11, 23),
        ),
    ]
    return list({type(noun): noun for root in roots for noun in nouns_in(root)}.values())
