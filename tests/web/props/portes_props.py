"""Stage props as a distribution of its own: a carrier that does as it is told, and channels with a bug."""

import time
from collections.abc import Mapping, Sequence
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel

from portes.carrier import Abilities, CarrierSettings, Deadline
from portes.catalogue import CatalogueEntry
from portes.channels.base import CallerSettings, MarketplaceChannel
from portes.channels.protocol import ChannelQuestion, ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.contract import (
    Answer,
    Dimensions,
    Item,
    Money,
    Place,
    Quote,
    QuoteRequest,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
    TransitTime,
    Verdict,
)
from portes.errors import Problem, RequestError, UnauthorizedError
from portes.toolbox import Tools


class PropSettings(CarrierSettings):
    prefixes: tuple[str, ...] = ("",)
    crashes: bool = False
    seconds: float = 0.0
    gate: Path | None = None
    stuck: str = ""
    """The name, without `.txt`, of a file: while it is there a worker stands in the constructor, and notes that."""


class PropService(Service):
    cents: int = 1000
    most_grams: int = 1_000_000


class Prop:
    """Carries to some postal codes, up to some weight, for one price; it can crash, be slow or wait for a file."""

    Settings: ClassVar[type[CarrierSettings]] = PropSettings
    ServiceSettings: ClassVar[type[Service]] = PropService

    def __init__(self, settings: PropSettings, services: Sequence[PropService], tools: Tools) -> None:
        self._settings = settings
        self._services = services
        self._store = tools.store
        if settings.stuck and parent_process():
            _stand_still(tools.store.folder / f"{settings.stuck}.txt")
        instant = not (settings.seconds or settings.gate)
        self.abilities = Abilities(services=tuple(services), instant=instant, price_source="table")

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        if self._settings.crashes:
            raise ZeroDivisionError
        time.sleep(self._settings.seconds)
        if self._settings.gate:
            self._settings.gate.with_suffix(".asked").touch()
            while not self._settings.gate.exists():
                time.sleep(0.01)
        return [self._answer(shipment) for shipment in shipments]

    def _answer(self, shipment: Shipment) -> Answer:
        said = [self._say(shipment, service) for service in self._services if service.active]
        return Answer(
            shipment_id=shipment.id,
            rates=tuple(one for one in said if isinstance(one, Rate)),
            refusals=tuple(one for one in said if isinstance(one, Refusal)),
        )

    def _say(self, shipment: Shipment, service: PropService) -> Rate | Refusal:
        if not shipment.place.postal_code.startswith(self._settings.prefixes):
            return Refusal(service=service.code, kind=RefusalKind.NOT_SERVED)
        if shipment.weight > service.most_grams:
            return Refusal(service=service.code, kind=RefusalKind.TOO_HEAVY)
        return Rate(
            service=service.code,
            cost=Money(minor=service.cents, currency=self._store.currency),
            transit=TransitTime(min=2, max=4, calendar=self._store.calendar),
            source=Source.TABLE,
        )


def _stand_still(file: Path) -> None:
    while file.exists():
        file.with_suffix(".asked").touch()
        time.sleep(0.05)


class TrapdoorSettings(ChannelSettings):
    pass


class TrapdoorBody(BaseModel):
    pass


class Trapdoor:
    """A channel with a bug that shows in every call but `{}`, whose answer cannot be said by its rules."""

    Settings: ClassVar[type[ChannelSettings]] = TrapdoorSettings
    path: ClassVar[str] = "trapdoor"
    request_model: ClassVar[type[BaseModel]] = TrapdoorBody
    response_model: ClassVar[type[BaseModel]] = TrapdoorBody
    statuses: ClassVar[dict[int, str]] = {200: "Never."}
    fields: ClassVar[dict[str, str]] = {}
    deadline = limit = 1.0

    def __init__(self, settings: TrapdoorSettings, storefront: Storefront) -> None:
        self._store = storefront

    def authenticate(self, asked: ChannelRequest) -> None:
        pass

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        if asked.body == b"exit":
            raise SystemExit(3)
        if asked.body != b"{}":
            msg = f"a parrot of {len(asked.body)} bytes"
            raise RuntimeError(msg)
        box = Dimensions(length=1, width=1, height=1)
        return QuoteRequest(
            channel="trapdoor",
            store=self._store.store,
            destination=Place(country="BR", postal_code="01512651"),
            lines=(Item(sku="a", quantity=1, weight=1, size=box),),
            currency="BRL",
        )

    def write(self, quote: Quote, request: QuoteRequest) -> ChannelReply:
        return ChannelReply(503, alarm=f"{request.channel} cannot say {quote.verdict}")

    def example(self) -> ChannelRequest:
        return ChannelRequest("POST", "/")


class Quicksand(Trapdoor):
    """A channel whose bug holds up its worker's event loop until the file that its body names is there.

    That it does is noted beside it.
    """

    path: ClassVar[str] = "quicksand"

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        end = Path(asked.body.decode())
        end.with_suffix(".asked").touch()
        while not end.exists():
            time.sleep(0.01)
        return super().read(ChannelRequest(asked.method, asked.path, body=b"{}"))


class Sealed(Trapdoor):
    """A channel whose callers name the length of the body in a header, in place of a signature."""

    path: ClassVar[str] = "sealed"

    def authenticate(self, asked: ChannelRequest) -> None:
        if asked.body or "seal" not in asked.headers:
            raise UnauthorizedError(Problem("headers", "", "there is no seal"))

    def verify(self, asked: ChannelRequest) -> None:
        if asked.headers["seal"] != str(len(asked.body)):
            raise UnauthorizedError(Problem("headers", "", "the seal is broken"))


class CounterSettings(CallerSettings):
    limit: float = 60.0


class CounterBody(BaseModel):
    pass


class Counter(MarketplaceChannel):
    """A channel that may be asked in many ways: by GET with a tag, for stock alone, for nothing at all."""

    Settings: ClassVar[type[ChannelSettings]] = CounterSettings
    path: ClassVar[str] = "counter"
    request_model: ClassVar[type[BaseModel]] = CounterBody
    response_model: ClassVar[type[BaseModel]] = CounterBody
    statuses: ClassVar[dict[int, str]] = {200: "Read.", 404: "Nobody goes there."}
    fields: ClassVar[dict[str, str]] = {"lines.*.sku": "basket.*.article"}
    methods: ClassVar[tuple[str, ...]] = ("GET", "POST")
    tails: ClassVar[tuple[str, ...]] = ("", "/stock")

    def __init__(self, settings: CounterSettings, storefront: Storefront) -> None:
        super().__init__(settings, storefront, settings.auth)

    def read(self, asked: ChannelRequest) -> QuoteRequest | ChannelQuestion | ChannelReply:
        if asked.body == b"ping":
            return ChannelReply(200, {}, f"pong {asked.method} {asked.path} {asked.raw_query} {asked.query}".encode())
        skus = tuple(asked.query.get("sku", "a").split(","))
        lines = tuple({"sku": sku, "quantity": 1, **_measured(asked)} for sku in skus)
        values = {"destination": {"country": "BR", "postal_code": asked.query.get("to", "01512651")}, "lines": lines}
        if asked.tail == "/stock":
            return ChannelQuestion(None, call=asked.query.get("sku"), skus=skus)
        return ChannelQuestion(self.question(values), call=asked.query.get("sku"))

    def write(self, quote: Quote, question: ChannelQuestion) -> ChannelReply:
        if quote.verdict is Verdict.UNKNOWN:
            return self.excuse(503, "nobody knows", {})
        if quote.verdict is Verdict.NOT_SERVED:
            return ChannelReply(404, {"etag": '"none"'}, b"nobody goes there", is_answer=True)
        return ChannelReply(200, {"etag": '"one"', "cache-control": "private"}, f"{question.call}".encode())

    def write_goods(
        self, quote: Quote | None, question: ChannelQuestion, goods: Sequence[CatalogueEntry | None]
    ) -> ChannelReply:
        if question.skus:
            return ChannelReply(200, {}, " ".join(str(entry and entry.stock) for entry in goods).encode())
        assert quote is not None
        return self.write(quote, question)

    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        return ChannelReply(status + 1, headers, f"sorry: {detail}".encode())

    def refuse(self, error: RequestError) -> ChannelReply:
        if isinstance(error, UnauthorizedError):
            return super().refuse(error)
        return ChannelReply(418, {}, " ".join(problem.where for problem in error.problems).encode())

    def example(self) -> ChannelRequest:
        return self.call("POST")


def _measured(asked: ChannelRequest) -> dict[str, Any]:
    if "bare" in asked.query:
        return {}
    return {"weight": int(asked.query.get("grams", "500")), "size": {"length": 1, "width": 1, "height": 1}}
