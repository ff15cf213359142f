"""Whole stores against an oracle of plan and decide: who is asked what, and what every line is answered."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from oracle import by_carrier, predict
from oracle_nouns import PlainLine, PlainNo, PlainOffer, PlainShipment, Prediction
from random_stores import carts, stores
from scripted_carrier import Scripted
from shop import FrozenClock
from terminal import install
from written_store import WrittenCart, WrittenStore, write_down

from portes.contract import FailedService, Offer, Quote, RefusedService, Shipment, Source
from portes.errors import RequestError
from portes.hooks import Watchers
from portes.registry import Registry
from portes.store import Store, open_store


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The installed plugins, the scripted carrier among them."""
    site = tmp_path_factory.mktemp("site")
    install(site, "scripted-carrier", "[portes.carriers]\nscripted = scripted_carrier:Scripted\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        yield Registry()


def asked_of(store: Store) -> dict[str, list[PlainShipment]]:
    scripted = {one.key: one.carrier for one in (*store.members, *store.fallbacks)}
    return by_carrier(
        {
            key: [plain_shipment(shipment) for shipment in carrier.asked]
            for key, carrier in scripted.items()
            if isinstance(carrier, Scripted)
        }
    )


def plain_shipment(shipment: Shipment) -> PlainShipment:
    positions = {position for parcel in shipment.parcels for position in parcel.lines}
    return PlainShipment(shipment.origin.id, tuple(sorted(positions)), shipment.dispatch_date, shipment.weight)


def plain_offer(offer: Offer) -> PlainOffer:
    return PlainOffer(
        delivery=offer.delivery,
        price=offer.price.minor,
        days=(offer.lead_time.min, offer.lead_time.max),
        carrier=offer.carrier,
        number=offer.carrier_id,
        name=offer.carrier_name,
        origin=offer.origin_id,
        calendar=offer.lead_time.calendar,
        service=offer.rate.service,
        cost=offer.rate.cost.minor,
        transit=(offer.rate.transit.min, offer.rate.transit.max),
        dates=(offer.lead_time.earliest, offer.lead_time.latest),
        notes=tuple(sorted(note.kind for note in offer.rate.notes)),
        by_fallback=offer.rate.source is Source.FALLBACK,
    )


def plain_no(said: RefusedService | FailedService) -> PlainNo:
    service = said.refusal.service if isinstance(said, RefusedService) else said.failure.service
    return PlainNo(said.carrier, said.delivery, said.origin_id, service)


def plain_lines(quote: Quote) -> list[PlainLine]:
    return [
        PlainLine(
            line.sku,
            [plain_offer(offer) for offer in line.offers],
            [plain_no(said) for said in line.refusals],
            [plain_no(said) for said in line.failures],
        )
        for line in quote.lines
    ]


def answered(store: Store, cart: WrittenCart, *, in_a_loop: bool) -> Prediction:
    """What the product makes of a cart, in the oracle's words."""
    try:
        quote = asyncio.run(store.aquote(cart.request())) if in_a_loop else store.quote(cart.request())
    except RequestError as refused:
        return Prediction([problem.where for problem in refused.problems])
    return Prediction([], quote.verdict, list(quote.uncertain), plain_lines(quote), asked_of(store))


def told(made: Prediction, store: WrittenStore) -> dict[str, Sequence[Any]]:
    """Who was asked what. Equal questions to a remote carrier are asked once, whatever lines and day they are for."""
    remote = {carrier.key for carrier in store.carriers if carrier.remote}
    return {
        carrier: sorted({(one.origin, one.grams) for one in asked}) if carrier in remote else asked
        for carrier, asked in by_carrier(made.asked).items()
    }


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(store=stores(), cart=carts, in_a_loop=st.booleans())
def test_a_store_asks_and_answers_what_the_oracle_predicts(
    registry: Registry,
    tmp_path_factory: pytest.TempPathFactory,
    store: WrittenStore,
    cart: WrittenCart,
    *,
    in_a_loop: bool,
) -> None:
    file = write_down(store, tmp_path_factory.mktemp("shop"))
    note(f"{file.read_text(encoding='utf-8')}\n{store.catalogue}\n{cart}")  # whoever sees it fail can open this store
    with open_store(file, registry=registry, watchers=Watchers(), environ={}, clock=FrozenClock(cart.moment)) as opened:
        got = answered(opened, cart, in_a_loop=in_a_loop)
    expected = predict(store, cart)

    assert got.problems == expected.problems
    assert (got.verdict, got.uncertain) == (expected.verdict, expected.uncertain)
    assert [sorted(line.refusals) for line in got.lines] == [sorted(line.refusals) for line in expected.lines]
    assert [sorted(line.failures) for line in got.lines] == [sorted(line.failures) for line in expected.lines]
    assert [(line.sku, line.offers) for line in got.lines] == [(line.sku, line.offers) for line in expected.lines]
    assert told(got, store) == told(expected, store)
