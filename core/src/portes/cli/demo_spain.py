"""The Spanish half of `portes demo`: one quote of a shop of its own over the native channel."""

import shutil
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

_STORE: Final = Path(__file__).parent.parent / "demo_stores" / "spain"
_SECONDS: Final = 60


def spanish_store(folder: Path, installed: Collection[str] | None = None) -> list[Path]:
    """The copy of the Spanish demo store made in this folder; none where a plugin of its carriers is not installed."""
    from portes.registry import CARRIERS, Registry

    installed = Registry().names(CARRIERS) if installed is None else installed
    settings = tomllib.loads((_STORE / "portes.toml").read_text(encoding="utf-8"))
    if not {carrier["use"] for carrier in settings["carriers"].values()} <= {*installed}:
        return []
    return [Path(shutil.copytree(_STORE, folder / "demo-store-es"))]


def ask_spain(console: "Console", store: Path, environ: Mapping[str, str], address: str) -> Iterator[str]:
    """Put the native channel's own example to the service and show what comes back; each text is a fault of it."""
    import requests

    from portes.cli.render.demo import offers_of, show_quote, show_spain
    from portes.contract import Quote
    from portes.store import open_store

    with open_store(store, environ=environ) as opened:
        question = opened.channels["native"].example()
    url = address + question.path
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment has no business on loopback
        started = perf_counter()
        answer = session.post(url, data=question.body, headers=dict(question.headers), timeout=_SECONDS)
        seconds = perf_counter() - started
    show_spain(console, url, answer, seconds)
    if answer.status_code != 200:
        yield f"the Spanish shop is answered {answer.status_code}, not 200"
        return
    quote = Quote.model_validate_json(answer.content)
    show_quote(console, quote)
    if not any(offers_of(quote)):
        yield "nothing is offered to the Spanish shop"
