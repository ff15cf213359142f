"""`portes demo`: one documented marketplace question, answered over HTTP.

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
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from threading import Timer
from time import perf_counter
from typing import TYPE_CHECKING, Final

import click

from portes.errors import PortesError

if TYPE_CHECKING:
    import requests
    from rich.console import Console

    from portes.channels.protocol import Channel, ChannelRequest
    from portes.simulators.simulation import Simulation

_STORE: Final = Path(__file__).parents[2] / "demo_stores" / "brazil"
_SECRET: Final = re.compile(r"\$\{(\w+)\}")
_SECONDS: Final = 60
"""For the service to start, which may have to compile its tables on a slow machine."""
_PORTES: Final = (sys.executable, "-P", "-c", "from portes.cli import main; main()")


@click.command()
def demo() -> None:
    """Ask the demo store as a marketplace would.

    It is served on a free port of this machine, asked the question that the page "API de Frete" prints, its answer
    held to the rules of that page, and stopped. Every other platform that there is a channel for asks its documented
    question too, and what it would make of the answer is checked. Where Correos of Spain is installed, a Spanish shop
    gets a quote as well. Then a small contingency table is built from the store's carriers and held against them. Exit
    code 0 when all of it is right.
    """
    from rich.console import Console

    from portes.cli.render.demo import show_fault

    console = Console()
    try:
        faults = _perform(console)
    except (PortesError, OSError) as error:
        console.print(str(error), style="red", markup=False)
        faults = ["the demo did not come to its end"]
    for fault in faults:
        show_fault(console, fault)
    sys.exit(1 if faults else 0)


def _perform(console: "Console") -> list[str]:
    from portes.cli.demo_contingency import contingency_line
    from portes.cli.demo_platforms import ask_platforms, platforms_store
    from portes.cli.demo_spain import ask_spain, spanish_store
    from portes.cli.render.demo import show_contingency
    from portes.simulators.simulation import simulation
    from portes.store import open_store

    with TemporaryDirectory(prefix="portes-demo-") as folder:
        store = Path(shutil.copytree(_STORE, Path(folder) / "demo-store"))
        platforms, spanish = platforms_store(Path(folder)), spanish_store(Path(folder))
        stores = [store, platforms, *spanish]
        with simulation(store / "portes.toml") as simulated:
            environ = {**os.environ, **_throwaway_secrets(stores), **simulated.environ}
            with open_store(store, environ=environ) as opened, _service(stores, environ) as address:
                faults = _ask(console, opened.channels["netshoes"], address)
                faults += ask_platforms(console, platforms, environ, address)
                for shop in spanish:
                    faults += ask_spain(console, shop, environ, address)
            show_contingency(console, contingency_line(store, environ))
        return [*faults, *_simulated(console, simulated)]


def _simulated(console: "Console", simulated: "Simulation") -> Iterator[str]:
    """Show which carriers were simulated; each text is of one that was not asked."""
    from portes.cli.render.demo import show_simulated

    for carrier in simulated.carriers:
        if carrier.calls:
            show_simulated(console, carrier.name)
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
        _, errors = process.communicate()
        raise OSError(f"the service did not start:\n{errors}") from None
    finally:
        watchdog.cancel()


def _ask(console: "Console", channel: "Channel", address: str) -> list[str]:
    """Put the channel's own example to the service, and show and check what comes back."""
    import requests

    from portes.cli.render.demo import show_answer, show_offers, show_question

    question = channel.example()
    url = address + question.path
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment has no business on loopback
        stranger = session.post(url, data=question.body, timeout=_SECONDS)
        session.post(url, data=question.body, headers=dict(question.headers), timeout=_SECONDS)
        started = perf_counter()  # of the second call: a marketplace asks all day, and the first opens connections
        answer = session.post(url, data=question.body, headers=dict(question.headers), timeout=_SECONDS)
        seconds = perf_counter() - started
    show_question(console, question, url)
    show_answer(console, answer, seconds)
    faults = _faults(channel, question, answer)
    if stranger.status_code != 401:
        faults.append(f"without credentials the answer is {stranger.status_code}, not 401")
    if not faults:
        show_offers(console, answer.json())
    return faults


def _faults(channel: "Channel", question: "ChannelRequest", answer: "requests.Response") -> list[str]:
    from portes.channels.netshoes import check_reply
    from portes.channels.protocol import request_in

    if answer.status_code != 200:
        return [f"the status is {answer.status_code}, not 200"]
    body = answer.json()
    faults = check_reply(body, question=request_in(channel.read(question)))
    return faults if body.get("shippingQuotes") else [*faults, "nothing is offered for the documented question"]
