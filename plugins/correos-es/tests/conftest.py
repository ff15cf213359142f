"""A shop with Correos for tests: files and settings in, outcomes out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portes.carrier import Deadline
from portes.contract import DeliveryType, Dimensions, Failure, Origin, Parcel, Place, Rate, Refusal, Shipment
from portes.simulators.serving import serving
from portes.toolbox import StoreFacts, Tools, tools_for
from portes_correos_es.carrier import Correos
from portes_correos_es.products import catalogue
from portes_correos_es.sandbox import Sandbox
from portes_correos_es.settings import CorreosService, CorreosSettings

TARIFFS = Path(__file__).parent / "tariffs"
TARIFF_HEADER = "version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n"
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """A clock that stands still until a test moves it."""

    moment: datetime = MONDAY

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return monotonic()

    def advance(self, by: timedelta) -> None:
        self.moment += by


@dataclass
class Desk:
    """Where carriers of one shop are made and asked."""

    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    opened: list[Tools] = field(default_factory=list)
    tariffs: Path = TARIFFS

    def tools(
        self, *, currency: str = "EUR", state: Path | None = None, origins: tuple[str, ...] = ("28013",)
    ) -> Tools:
        zone = ZoneInfo("Europe/Madrid")
        places = tuple(Origin(id=number, place=place(code), calendar="ES-MD") for number, code in enumerate(origins, 1))
        store = StoreFacts("shop", "ES", currency, zone, "ES-MD", self.folder, state, places)
        made = tools_for(store, "correos", clock=self.clock)
        self.opened.append(made)
        return made

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def carrier(self, *services: CorreosService, tools: Tools | None = None, **settings: Any) -> Correos:
        """A carrier of the tests' own tariff and times, unless the settings name others."""
        if not {"tariff", "sample_tariff"} & settings.keys():
            settings["tariff"] = str(TARIFFS / "contract.csv")
        settings.setdefault("times", str(TARIFFS / "times.csv"))
        return Correos(CorreosSettings(**settings), services or (self.service(),), tools or self.tools())

    @staticmethod
    def service(code: str = "HOME", product: str = "paq_estandar", mode: str = "home", **more: Any) -> CorreosService:
        keys = {"delivery": DeliveryType.NORMAL, "product": product, "mode": mode, **more}
        return CorreosService.model_validate({"code": code, **keys})

    @staticmethod
    def parcel(weight: int, length: int = 100, width: int = 100, height: int = 100, count: int = 1) -> Parcel:
        size = Dimensions(length=length, width=width, height=height)
        return Parcel(weight=weight, size=size, count=count, lines=(0,))

    def shipment(self, *parcels: Parcel, origin: Place, to: Place, on: date) -> Shipment:
        here = Origin(id=1, place=origin, calendar="ES-MD")
        return Shipment(id="s-1", parcels=parcels or (self.parcel(1000),), origin=here, place=to, dispatch_date=on)

    def ask(
        self,
        carrier: Correos,
        *parcels: Parcel,
        to: str = "08001",
        origin: str = "28013",
        on: date = date(2026, 11, 24),
    ) -> dict[str, Rate | Refusal | Failure]:
        """What becomes of each service; places are codes, of Spain or with a country in front: `PT 1100`."""
        shipment = self.shipment(*parcels, origin=place(origin), to=place(to), on=on)
        (answer,) = carrier.quote([shipment], Deadline(5))
        said: tuple[Rate | Refusal | Failure, ...] = (*answer.rates, *answer.refusals, *answer.failures)
        return {one.service: one for one in said}

    def outcome(self, carrier: Correos, *parcels: Parcel, **lane: Any) -> Any:
        """What becomes of the only service."""
        (one,) = self.ask(carrier, *parcels, **lane).values()
        return one

    def parts(self, carrier: Correos, *parcels: Parcel, **lane: Any) -> dict[str, int]:
        """The parts of the only service's rate, in cents, and their sum as `cost`."""
        rate = self.outcome(carrier, *parcels, **lane)
        assert isinstance(rate, Rate), rate
        named = {part.name: part.amount.minor for part in rate.surcharges}
        assert sum(named.values()) == rate.cost.minor
        return {**named, "cost": rate.cost.minor}


def place(text: str) -> Place:
    country, _, code = text.rpartition(" ")
    return Place(country=country or "ES", postal_code=code)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    for tools in desk.opened:
        tools.close()


@pytest.fixture
def everything(desk: Any) -> Any:
    """A tariff that prices every product in every mode on every lane, so that only rules and limits say no."""
    rows = "".join(
        f"all,2026-01-01,,{product.key},{mode},1,0,30,10.00\nall,2026-01-01,,{product.key},{mode},1,30,,1.00\n"
        for product in catalogue().products.values()
        for mode in product.modes
    )
    files = {
        "tariff": desk.write("all.csv", TARIFF_HEADER + rows),
        "zones": desk.write("one.csv", "origin,destination,zone,note\nany,any,1,\n"),
        "times": desk.write(
            "slow.csv",
            "product,origin,destination,min_days,max_days\n"
            + "".join(f"{key},any,any,3,9\n" for key in catalogue().products),
        ),
    }
    return lambda *services, **settings: desk.carrier(*services, **{**files, "pickup_points": False, **settings})


CREDENTIALS = {
    "client_id": "01234567-89ab-cdef-0123-456789abcdef",
    "client_secret": "canary-correos-id-4711",
    "gateway_client_id": "0123456789abcdef0123456789abcdef",
    "gateway_client_secret": "canary-gateway-0815",
}


@dataclass
class Simulated:
    """A simulator of Correos on loopback, and what it was asked."""

    clock: HandClock
    port: int = 0
    moods: tuple[str, ...] = ()
    calls: list[dict[str, str]] = field(default_factory=list)
    empty_once: str = ""
    """The last part of a path whose next answer is an empty list."""
    sandbox: Sandbox = field(init=False)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox((), self.clock)

    def feel(self, *moods: str) -> None:
        """Change its moods; the tokens it gave stay good."""
        before, self.sandbox = self.sandbox, Sandbox(moods, self.clock)
        self.sandbox._tokens = before._tokens

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.calls.append({name: str(value) for name, value in environ.items()})
        if self.empty_once and environ["PATH_INFO"].endswith(self.empty_once):
            self.empty_once = ""
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b'{"suggestions": [], "others": {"offices": []}}']
        return self.sandbox(environ, start_response)

    @property
    def paths(self) -> list[str]:
        """The last part of each path that was called, in order."""
        return [call["PATH_INFO"].rpartition("/")[2] for call in self.calls]

    @property
    def settings(self) -> dict[str, str]:
        """Credentials and addresses for a carrier that asks it."""
        url = f"http://127.0.0.1:{self.port}"
        return {**CREDENTIALS, "base_url": url, "login_url": f"{url}/Api/Authorize/Token"}


@pytest.fixture
def simulated(desk: Desk) -> Iterator[Simulated]:
    simulator = Simulated(desk.clock)
    with serving(simulator) as port:
        simulator.port = port
        yield simulator


@pytest.fixture(scope="session")
def desk_in() -> type[Desk]:
    """A desk in a folder of the test's own, for tests that Hypothesis runs many times."""
    return Desk
