"""The service for tests: store files, real processes and threads, and real HTTP on loopback."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn
from starlette.applications import Starlette

from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits

PATIENT = "60s"
"""The longest that a question may take here: a busy machine is no fault."""
NETSHOES = 'auth = { kind = "basic", username = "netshoes", password = "${SECRET}" }'
ENVIRON = {"SECRET": "canary-4711-0815", "APP_KEY": "key-0815", "WORDS": "BASIC word-for-word"}
AUTH = ("netshoes", "canary-4711-0815")
GIVE_UP = 60.0
"""Seconds that anything is waited for: only what is broken takes so long."""

_STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
allow_zero_measures = {zeros}

[[origins]]
id = 1
postal_code = "01001000"

[channels.netshoes]
{netshoes}
{limit}
{more}
"""

_PORTES = (str(Path(sys.executable).with_name("portes")),)

NORMAL = {"code": "n", "delivery": "normal"}
EXPRESS = {"code": "x", "delivery": "express"}


def write_store(
    folder: Path,
    name: str,
    carriers: Mapping[str, Mapping[str, Any]],
    *,
    services: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    netshoes: str = NETSHOES,
    limit: str | None = PATIENT,
    more: str = "",
    zeros: bool = True,
) -> Path:
    """Write a store's file whose carriers are props with these settings; a carrier's services default to one."""
    text = _STORE.format(
        netshoes=netshoes, limit=f'limit = "{limit}"' if limit else "", more=more, zeros=str(zeros).lower()
    )
    for number, (key, settings) in enumerate(carriers.items(), start=1):
        text += f'\n[carriers.{key}]\nuse = "prop"\nid = {number}\n[carriers.{key}.settings]\n{_lines(settings)}'
        for service in (services or {}).get(key, [NORMAL]):
            text += f"[[carriers.{key}.services]]\n{_lines(service)}"
    file = folder / f"{name}.toml"
    file.write_text(text)
    return file


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())


def question(*products: Mapping[str, Any], zip_code: str = "01512651", **more: Any) -> dict[str, Any]:
    """A question as Netshoes puts it; without products, one of half a kilogram."""
    product = {"skuCode": "sku-1", "quantity": 1, "weight": 0.5, "width": 10.0, "height": 10.0, "length": 25.0}
    products = products or ({},)
    return {
        "zipCode": zip_code,
        "catalogCode": "CAT_NETSHOESNOVA",
        "id": "6dccffe9-52e7-456c-b814-b72ae3e49cc1",
        "products": [{**product, "preSale": False, **given} for given in products],
        **more,
    }


@dataclass(frozen=True)
class Service:
    """A service under way."""

    public: str
    admin: str
    process: "subprocess.Popen[str]"
    log: Path

    def logged(self, event: str, **having: str) -> list[dict[str, Any]]:
        """The log's lines of an event with these values, as far as they are written."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines(keepends=True) if line.endswith("\n")]
        wanted = {"event": event, **having}.items()
        return [line for line in lines if all(line.get(key) == value for key, value in wanted)]

    def events(self, event: str, *, at_least: int = 0, **having: str) -> list[dict[str, Any]]:
        """The log's lines of an event with these values, once so many are there and it is quiet: they trail a reply."""
        give_up = time.monotonic() + GIVE_UP
        before = -1
        while True:
            quiet = before == (before := self.log.stat().st_size)
            found = self.logged(event, **having)
            if (quiet and len(found) >= at_least) or time.monotonic() > give_up:
                return found
            time.sleep(0.1)


def start(
    arguments: Sequence[str | Path], log: Path, *sites: Path, python: Sequence[str] = _PORTES
) -> "subprocess.Popen[str]":
    """Start `portes serve` on free ports, or other Python, with the distributions of some folders installed."""
    path = os.pathsep.join(filter(None, [*map(str, sites), os.environ.get("PYTHONPATH", "")]))
    command = [sys.executable, *python, "serve"]
    with log.open("w") as output:
        return subprocess.Popen(
            [*command, "--port", "0", "--admin-port", "0", *map(str, arguments)],
            env={**os.environ, **ENVIRON, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def service(
    arguments: Sequence[str | Path], log: Path, *sites: Path, python: Sequence[str] = _PORTES
) -> Iterator[Service]:
    """Run the service as users do, until the block ends."""
    process = start(arguments, log, *sites, python=python)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said.startswith("Answering on "), said + process.stderr.read()
        words = said.replace(",", "").split()
        yield Service(words[2], words[6].rstrip("."), process, log)
    finally:
        process.terminate()
        process.communicate(timeout=GIVE_UP)


@contextmanager
def on_loopback(application: Starlette, limits: Limits | None = None) -> Iterator[str]:
    """Serve an application in a thread, exactly as a worker does; yields its address."""
    server = uvicorn.Server(HttpConfig(application, limits or Limits()))
    server.config.port = 0
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again, for at most a minute."""
    give_up = time.monotonic() + GIVE_UP
    while not true():
        if time.monotonic() > give_up:
            raise TimeoutError
        time.sleep(0.05)


@dataclass(frozen=True)
class Gate:
    """A carrier whose setting `gate` names this file answers once it is open."""

    file: Path

    def open(self) -> None:
        """Let all pass that wait or come."""
        self.file.touch()

    def wait_for_somebody(self) -> None:
        """Wait until the carrier is asked."""
        wait_until(self.file.with_suffix(".asked").exists)


def browser() -> requests.Session:
    """A client that no proxy of the environment comes between."""
    session = requests.Session()
    session.trust_env = False
    return session
