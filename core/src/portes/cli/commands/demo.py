"""`portes demo`: one documented marketplace question, answered over HTTP; it knows no price.

The question is the one that the page "API de Frete" prints, with its authentication.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from threading import Timer
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import click

from portes.errors import PortesError

if TYPE_CHECKING:
    import requests
    from rich.console import Console
    from rich.table import Table

    from portes.channels.protocol import Channel, ChannelRequest
    from portes.simulators.simulation import Simulation

_STORE: Final = Path(__file__).parents[2] / "demo_stores" / "brazil"
_SECRET: Final = re.compile(r"\$\{(\w+)\}")
_SECONDS: Final = 60
"""For the service to start, which may have to compile its tables on a slow machine."""
_PORTES: Final = (sys.executable, "-c", "from portes.cli import main; main()")


@click.command()
def demo() -> None:
    """Ask the demo store as a marketplace would.

    It is served on a free port of this machine, asked the question that the page "API de Frete" prints, its answer
    held to the rules of that page, and stopped. Where Correos of Spain is installed, a Spanish shop gets a quote as
    well. Exit code 0 when all of it is right.
    """
    from rich.console import Console

    console = Console()
    try:
        faults = _perform(console)
    except (PortesError, OSError) as error:
        console.print(str(error), style="red", markup=False)
        faults = ["the demo did not come to its end"]
    for fault in faults:
        console.print(f"✗ {fault}", style="red", markup=False)
    sys.exit(1 if faults else 0)


def _perform(console: "Console") -> list[str]:
    from portes.cli.demo_spain import ask_spain, spanish_store
    from portes.simulators.simulation import simulation
    from portes.store import open_store

    with TemporaryDirectory(prefix="portes-demo-") as folder:
        store = Path(shutil.copytree(_STORE, Path(folder) / "demo-store"))
        stores = [store, *spanish_store(Path(folder))]
        with simulation(store / "portes.toml") as simulated:
            environ = {**os.environ, **_throwaway_secrets(stores), **simulated.environ}
            with open_store(store, environ=environ) as opened, _service(stores, environ) as address:
                faults = _ask(console, opened.channels["netshoes"], address)
                for shop in stores[1:]:
                    faults += ask_spain(console, shop, environ, address)
        return [*faults, *_asked(console, simulated)]


def _asked(console: "Console", simulated: "Simulation") -> Iterator[str]:
    """Say which carriers were simulated; a fault for each that was not asked."""
    for carrier in simulated.carriers:
        if carrier.asked:
            words = f"✓ {carrier.name} is simulated here, with invented prices, and was asked over HTTP"
            console.print(words, style="green", markup=False)
        else:
            yield f"{carrier.name}, which is simulated, was not asked"


def _throwaway_secrets(stores: Sequence[Path]) -> dict[str, str]:
    texts = ((store / "portes.toml").read_text(encoding="utf-8") for store in stores)
    return {name: token_urlsafe(12) for text in texts for name in _SECRET.findall(text)}


@contextmanager
def _service(stores: Sequence[Path], environ: Mapping[str, str]) -> Iterator[str]:
    """Run the service in a process of its own; yields its public address."""
    command = [*_PORTES, "serve", *map(str, stores), "--port", "0", "--admin-port", "0"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 — our own interpreter and arguments
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.communicate(timeout=_SECONDS)


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None  # noqa: S101 — it was opened as a pipe
    watchdog = Timer(_SECONDS, process.kill)
    watchdog.start()
    try:
        events = (json.loads(line) for line in process.stdout)
        return next(str(event["public"]) for event in events if event["event"] == "listening")
    except StopIteration:
        _, said = process.communicate()
        raise OSError(f"the service did not start:\n{said}") from None
    finally:
        watchdog.cancel()


def _ask(console: "Console", channel: "Channel", address: str) -> list[str]:
    """Put the channel's own example to the service, and show and check what comes back."""
    import requests

    asked = channel.example()
    url = address + asked.path
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment has no business on loopback
        stranger = session.post(url, data=asked.body, timeout=_SECONDS)
        session.post(url, data=asked.body, headers=dict(asked.headers), timeout=_SECONDS)
        started = perf_counter()  # of the second call: a marketplace asks all day, and the first opens connections
        answer = session.post(url, data=asked.body, headers=dict(asked.headers), timeout=_SECONDS)
        seconds = perf_counter() - started
    _show_question(console, asked, url)
    _show_answer(console, answer, seconds)
    faults = _faults(channel, asked, answer)
    if stranger.status_code != 401:
        faults.append(f"without credentials the answer is {stranger.status_code}, not 401")
    if not faults:
        _show_offers(console, answer.json())
    return faults


def _faults(channel: "Channel", asked: "ChannelRequest", answer: "requests.Response") -> list[str]:
    from portes.channels.netshoes import check_reply

    if answer.status_code != 200:
        return [f"the status is {answer.status_code}, not 200"]
    body = answer.json()
    faults = check_reply(body, question=channel.read(asked))
    return faults if body.get("shippingQuotes") else [*faults, "nothing is offered for the documented question"]


def _show_question(console: "Console", asked: "ChannelRequest", url: str) -> None:
    console.rule("The marketplace asks", align="left")
    console.print(f"POST {url}", style="bold", markup=False, highlight=False)
    for name, value in asked.headers.items():
        shown = value if name == "content-type" else f"{value.partition(' ')[0]} ••••" if " " in value else "••••"
        console.print(f"{name}: {shown}", markup=False, highlight=False)
    console.print_json(asked.body.decode())


def _show_answer(console: "Console", answer: "requests.Response", seconds: float) -> None:
    console.rule("Portes answers", align="left")
    head = f"{answer.status_code} {answer.reason} in {seconds * 1000:.1f} ms"
    console.print(head, style="bold", markup=False, highlight=False)
    console.print_json(answer.text)


def _show_offers(console: "Console", body: Mapping[str, Any]) -> None:
    console.rule("What the shopper sees", align="left")
    console.print(_offers(body))
    console.print("✓ the answer keeps every rule of the page", style="green")
    console.print("✓ without credentials the answer is 401", style="green")


def _offers(body: Mapping[str, Any]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table("SKU", "type", "carrier", box=box.SIMPLE_HEAD, pad_edge=False)
    for figure in ("origin", "price", "business days"):
        table.add_column(figure, justify="right", no_wrap=True)
    for line in body["shippingQuotes"]:
        for option in line["deliveryOptions"]:
            table.add_row(*_row(line["skuCode"], option))
    return table


def _row(sku: str, option: Mapping[str, Any]) -> tuple[str, ...]:
    price = f"R$ {Decimal(option['priceInCents']).scaleb(-2):.2f}".replace(".", ",")
    origin = str(option["originWareHouseId"])
    return sku, option["freightType"], option["carrierName"], origin, price, _days(option)


def _days(option: Mapping[str, Any]) -> str:
    soonest, latest = option["deliveryMinHH"] // 24, option["deliveryMaxHH"] // 24
    return str(latest) if soonest == latest else f"{soonest} to {latest}"
