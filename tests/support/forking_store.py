"""A store whose one carrier asks a server on loopback, where every price is the end of the postal code asked."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from acme import STORE, install_acme
from shop import request

from portes.contract import Quote
from portes.hooks import Watchers
from portes.store import Store, open_store

CARRIER = """
import os
from datetime import datetime, timedelta, UTC
from portes.carrier import Abilities, CarrierSettings
from portes.contract import Answer, Money, Rate, Service, Source, TransitTime
from portes.toolbox import Token, TokenKey, read_json
from pydantic import SecretStr
class Settings(CarrierSettings):
    url: str
class Acme:
    Settings = Settings
    ServiceSettings = Service
    def __init__(self, settings, services, tools):
        self.abilities = Abilities(services=services)
        self.url, self.tools = settings.url, tools
    def quote(self, shipments, deadline):
        return [self.answer(shipment, deadline) for shipment in shipments]
    def answer(self, shipment, deadline):
        token = self.tools.tokens.token(TokenKey("h", "a", SecretStr("s")), self.login, timedelta(0), deadline)
        asked = {"zip": shipment.place.postal_code, "pid": os.getpid(), "token": token.value.get_secret_value()}
        price = int(self.tools.http.call("GET", self.url, params=asked, deadline=deadline).body)
        cost, transit = Money(minor=price, currency="BRL"), TransitTime(min=1, max=2, calendar="BR")
        rate = Rate(service="x", cost=cost, transit=transit, source=Source.LIVE)
        return Answer(shipment_id=shipment.id, rates=(rate,))
    def login(self, deadline):
        return Token(SecretStr(f"token of {os.getpid()}"), datetime.now(UTC) + timedelta(hours=1))
"""
SECTION = """
[carriers.acme]
use = "acme"
id = 2
timeout = "4s"
[carriers.acme.settings]
url = "http://127.0.0.1:{port}/"
[[carriers.acme.services]]
code = "x"
delivery = "normal"
[service]
state = "state"
keep_cache = true
"""


class PriceServer(ThreadingHTTPServer):
    """Answers with the price, and notes who asked on which connection; it holds answers back while `gate` is shut."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.askers: defaultdict[int, set[str]] = defaultdict(set)
        """The processes that asked, by the number of the connection."""
        self.numbers = count()
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Semaphore(0)


class _Handler(BaseHTTPRequestHandler):
    server: PriceServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.numbers)

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        self.server.askers[self.number].add(asked["pid"][0])
        if not self.server.gate.is_set():
            self.server.waiting.release()
            self.server.gate.wait(30)
        body = str(price_of(asked["zip"][0])).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def price_of(postal_code: str) -> int:
    return int(postal_code[-5:])


def place(asker: int, number: int) -> str:
    """A postal code that only this asker's question has."""
    return f"010{asker}{number:04d}"


def price(quote: Quote) -> int | str:
    """The price of a quote's one offer; the hint of its failure without one."""
    line = quote.lines[0]
    return line.offers[0].price.minor if line.offers else line.failures[0].failure.hint


def prices(store: Store, asker: int, many: int, first: int = 0) -> list[int | str]:
    """What an asker's questions come to, from the `first` on."""
    return [price(store.quote(request(to=place(asker, number)))) for number in range(first, first + many)]


def own(asker: int, many: int, first: int = 0) -> list[int]:
    """The prices that these questions must get."""
    return [price_of(place(asker, number)) for number in range(first, first + many)]


@contextmanager
def forking_store(folder: Path) -> Iterator[tuple[Store, PriceServer]]:
    """The store, opened; its carrier's distribution is installed in the folder, which stands on the path."""
    install_acme(folder, CARRIER)
    with PriceServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        text = STORE.partition("[carriers.table]")[0].format(store="") + SECTION.format(port=server.server_port)
        (folder / "portes.toml").write_text(text)
        with open_store(folder, environ={}, watchers=Watchers()) as store:
            yield store, server
        server.shutdown()
