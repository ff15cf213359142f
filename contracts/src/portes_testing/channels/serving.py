"""A store with the channel of a case, its engine real and its carrier a fixed price; and its service on loopback."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from portes.calendars import WorkingWeek
from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Dimensions, Money, Origin, Place, Service
from portes.contract.answer import DeliveryType
from portes.engine.policy import Member, Policy
from portes.engine.quoter import Quoter
from portes.packing.totals import pack
from portes.settings import CarrierSection, ServiceSection, StoreFile, StoreSection
from portes.store import Store
from portes_testing.case import StoreProfile
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.harness.engine import FALLBACK, Fallback

if TYPE_CHECKING:
    from starlette.applications import Starlette

_GIVE_UP: Final = 60.0
_ZONE: Final = ZoneInfo("America/Sao_Paulo")
_PATIENT: Final = 30.0
"""The engine's time for a call here: a busy machine is no fault."""


def store_of(under_test: ChannelUnderTest) -> Store:
    """The store `shop` with the channel, one carrier of every delivery type, and a catalogue of the case's SKUs."""
    case = under_test.case
    section = StoreSection(
        country=case.country,
        currency=case.currency,
        timezone=str(_ZONE),
        calendar="BR",
        allow_zero_measures=True,
    )
    settings = StoreFile(
        name="shop",
        file=Path("shop.toml"),
        service=ServiceSection(),
        store=section,
        origins=(_origin(case.country),),
        cartons=(),
        carriers={},
        rules=(),
        channels={},
    )
    quoter = Quoter(_policy(under_test, section))
    return Store(settings, quoter, {case.name: under_test.channel}, {}, {})


def _origin(country: str) -> Origin:
    return Origin(id=1, place=Place.example(country), calendar="BR")


def _policy(under_test: ChannelUnderTest, section: StoreSection) -> Policy:
    origin = _origin(section.country)
    profile = StoreProfile(section.country, section.currency, str(_ZONE), "BR")
    services = tuple([Service(code=delivery.value, delivery=delivery) for delivery in DeliveryType])
    carrier = CarrierSection(use=FALLBACK, id=1, name="Carrier")
    return Policy(
        store="shop",
        settings=section,
        timezone=_ZONE,
        origins=(origin,),
        weeks={1: WorkingWeek.of(origin, _ZONE)},
        members=(Member(key="carrier", settings=carrier, carrier=Fallback(services, profile), packer=pack),),
        fallbacks={},
        catalogue=Catalogue({sku: _entry(section.currency) for sku in _skus(under_test)}),
    )


def _skus(under_test: ChannelUnderTest) -> Iterator[str]:
    for _, request in under_test.quoted:
        yield from (line.sku for line in request.lines)


def _entry(currency: str) -> CatalogueEntry:
    price = Money(minor=12_990, currency=currency)
    size = Dimensions(length=250, width=100, height=100)
    return CatalogueEntry(weight=500, size=size, price=price, list_price=price)


def document_of(under_test: ChannelUnderTest) -> Mapping[str, Any]:
    """The OpenAPI document of that store."""
    from portes.web.endpoints import endpoints
    from portes.web.openapi import openapi_document

    store = store_of(under_test)
    try:
        return openapi_document(endpoints([store]), "http://shop.example")
    finally:
        store.close()


@contextmanager
def served_on_loopback(under_test: ChannelUnderTest) -> Iterator[str]:
    """Serve that store exactly as the service does, in a thread of its own; yields its address."""
    from portes.hooks import Watchers
    from portes.web.app import public_app

    with _running(public_app([store_of(under_test)], Watchers())) as address:
        yield address


@contextmanager
def _running(application: "Starlette") -> Iterator[str]:
    import uvicorn

    from portes.web.processes.connections import HttpConfig
    from portes.web.processes.limits import Limits

    server = uvicorn.Server(HttpConfig(application, Limits()))
    server.config.port = 0
    thread = threading.Thread(target=server.run)
    thread.start()
    give_up = time.monotonic() + _GIVE_UP
    try:
        while not server.started and thread.is_alive() and time.monotonic() < give_up:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


__all__ = ["document_of", "served_on_loopback", "store_of"]
