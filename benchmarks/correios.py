"""The plugin of Correios: what it adds to a shipment, how often it logs in, and three slow ones at a peak's rate."""

import gc
import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment
from zoneinfo import ZoneInfo

from benchmarks.delayed import bodies
from benchmarks.http import COLUMNS, call, load, row, serving_store, stopping
from benchmarks.report import Report
from pydantic import SecretStr

from portes.carrier import Deadline
from portes.contract import Answer, DeliveryType, Dimensions, Money, Origin, Parcel, Place, Shipment
from portes.simulators.serving import serving
from portes.toolbox import HttpResponse, StoreFacts, Tools, tools_for
from portes_correios_br.carrier import Correios
from portes_correios_br.sandbox import Sandbox
from portes_correios_br.settings import CorreiosService, CorreiosSettings

QUOTES, ROUNDS = 2000, 5
CROWD: Final = 20
DELAY: Final = 0.15
RATE, SECONDS, CONNECTIONS = 60.0, 20.0, 64
CALLS: Final = 3000
"""More than are asked, so that no answer is remembered from an equal question."""

STORE = """
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"

[[origins]]
id = 1
postal_code = "01001000"

[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
"""
CARRIER = """
[carriers.c{number}]
use = "correios-br"
id = {number}
name = "Correios-{number}"
threads = 32
[carriers.c{number}.settings]
user = "shop-{number}"
access_code = "${{SECRET}}"
posting_card = "0012345678"
base_url = "http://127.0.0.1:{port}"
[[carriers.c{number}.services]]
code = "03220"
delivery = "express"
[[carriers.c{number}.services]]
code = "03298"
delivery = "normal"
"""


def run() -> Iterator[Report]:
    """Measure the plugin alone, then in a crowd, then behind the service."""
    yield overhead()
    yield cold()
    yield peak()


class InMemory:
    """A session whose answers are there already."""

    def __init__(self) -> None:
        self._answers = {path: HttpResponse(200, {}, json.dumps(body).encode()) for path, body in bodies().items()}

    def call(self, _method: str, url: str, **_more: object) -> HttpResponse:
        """What the server would say."""
        return self._answers[f"/{url.split('/')[3]}"]

    def close(self) -> None:
        """Nothing is open."""


def carrier(tools: Tools, base_url: str = "http://correios.test") -> Correios:
    """Correios with two services of one card."""
    settings = CorreiosSettings(
        user="shop", access_code=SecretStr("access-code"), posting_card="0012345678", base_url=base_url
    )
    services = [
        CorreiosService(code="03220", delivery=DeliveryType.EXPRESS),
        CorreiosService(code="03298", delivery=DeliveryType.NORMAL),
    ]
    return Correios(settings, services, tools)


def tools() -> Tools:
    """A toolbox as a store gives it."""
    facts = StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", Path())
    return tools_for(facts, "correios", threads=CROWD)


def shipment(number: int = 0) -> Shipment:
    """A small box to Rio de Janeiro."""
    size = Dimensions(length=250, width=100, height=100)
    parcel = Parcel(weight=500 + number, size=size, value=Money(minor=12990, currency="BRL"))
    origin = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    there = Place(country="BR", postal_code="20040020")
    return Shipment(id=str(number), parcels=(parcel,), origin=origin, place=there, dispatch_date=date(2026, 12, 1))


def overhead() -> Report:
    """What a shipment costs when every HTTP answer is in memory."""
    box = replace(tools(), open_http=InMemory)  # type: ignore[arg-type]  # it is only called
    asked = carrier(box)
    both, deadline = [shipment()], Deadline(3600.0)
    assert len(asked.quote(both, deadline)[0].rates) == 2
    rounds = [_timed(partial(asked.quote, both, deadline)) for _ in range(ROUNDS)]
    box.close()
    rows = [["two services, prices and times side by side", *_milliseconds(rounds)]]
    return Report(
        f"Correios: one shipment, answers in memory, {ROUNDS} rounds of {QUOTES} quotes",
        ("what", "p50 ms", "p99 ms"),
        rows,
        "aim: median under 0.5 ms",
    )


def _timed(quote: Callable[[], object]) -> list[float]:
    gc.collect()
    seconds = []
    for _ in range(QUOTES):
        started = time.perf_counter()
        quote()
        seconds.append(time.perf_counter() - started)
    return sorted(seconds)


def _milliseconds(rounds: Iterable[list[float]]) -> list[str]:
    rounds = list(rounds)
    return [f"{1000 * median(each[int(QUOTES * share)] for each in rounds):.3f}" for share in (0.5, 0.99)]


def cold() -> Report:
    """How many tokens twenty quotes fetch that come at the same moment, before there is one."""
    calls: Counter[str] = Counter()
    simulator = Sandbox()

    def counting(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        calls[environ["PATH_INFO"]] += 1
        return simulator(environ, start_response)

    with serving(counting) as port, ThreadPoolExecutor(CROWD) as crowd:
        box = tools()
        asked, gate = carrier(box, f"http://127.0.0.1:{port}"), Barrier(CROWD)
        said = list(crowd.map(lambda number: _at_once(asked, gate, number), range(CROWD)))
        box.close()
    assert all(len(answer.rates) == 2 for answer in said)
    rows = [[path, str(count)] for path, count in sorted(calls.items())]
    return Report(f"Correios: {CROWD} cold quotes at once", ("path", "calls"), rows, "aim: one call for a token")


def _at_once(asked: Correios, gate: Barrier, number: int) -> Answer:
    gate.wait()
    return asked.quote([shipment(number)], Deadline(30.0))[0]


def peak() -> Report:
    """Three carriers that take 150 ms each, behind the service, at the rate of a marketplace's peak."""
    with TemporaryDirectory(prefix="portes-bench-") as name, delayed() as port:
        folder = Path(name)
        text = STORE.format() + "".join(CARRIER.format(number=number, port=port) for number in (1, 2, 3))
        (folder / "portes.toml").write_text(text, encoding="utf-8")
        warming, calls = (_write_calls(folder, seed) for seed in (1, 2))
        with serving_store(folder) as service:
            load(warming, service, 2.0, RATE, connections=CONNECTIONS)
            figures = load(calls, service, SECONDS, RATE, connections=CONNECTIONS)
    title = f"Correios three times, {DELAY * 1000:.0f} ms each: {RATE:g} calls a second for {SECONDS:g} s"
    return Report(title, COLUMNS, [row("Netshoes", [figures])], "aim: no error, none over 400 ms")


def _write_calls(folder: Path, seed: int) -> Path:
    chance = random.Random(seed)
    file = folder / f"calls-{seed}.json"
    file.write_text(json.dumps([call(chance) for _ in range(CALLS)]), encoding="utf-8")
    return file


@contextmanager
def delayed() -> Iterator[int]:
    """Run the slow carriers' server; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with stopping(subprocess.Popen([sys.executable, "-m", "benchmarks.delayed", str(port), str(DELAY)])):
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
