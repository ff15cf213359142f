"""The Spanish half of `portes demo`: one quote of a shop of its own over the native channel; it knows no price."""

import shutil
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from portes.contract import Offer, Quote

_STORE: Final = Path(__file__).parent.parent / "demo_stores" / "spain"
_SECONDS: Final = 60


def spanish_store(folder: Path, installed: Collection[str] | None = None) -> list[Path]:
    """A copy of the Spanish demo store in this folder; none where a plugin of its carriers is not installed."""
    from portes.registry import CARRIERS, Registry

    installed = Registry().names(CARRIERS) if installed is None else installed
    settings = tomllib.loads((_STORE / "portes.toml").read_text(encoding="utf-8"))
    if not {carrier["use"] for carrier in settings["carriers"].values()} <= {*installed}:
        return []
    return [Path(shutil.copytree(_STORE, folder / "demo-store-es"))]


def ask_spain(console: "Console", store: Path, environ: Mapping[str, str], address: str) -> Iterator[str]:
    """Put the native channel's own example to the service, and show what comes back; what is wrong with it."""
    import requests

    from portes.contract import Quote
    from portes.store import open_store

    with open_store(store, environ=environ) as opened:
        asked = opened.channels["native"].example()
    url = address + asked.path
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment has no business on loopback
        started = perf_counter()
        answer = session.post(url, data=asked.body, headers=dict(asked.headers), timeout=_SECONDS)
        seconds = perf_counter() - started
    console.rule("A Spanish shop asks", align="left")
    console.print(f"POST {url}", style="bold", markup=False, highlight=False)
    head = f"{answer.status_code} {answer.reason} in {seconds * 1000:.1f} ms"
    console.print(head, style="bold", markup=False, highlight=False)
    if answer.status_code != 200:
        yield f"the Spanish shop is answered {answer.status_code}, not 200"
        return
    quote = Quote.model_validate_json(answer.content)
    _show(console, quote)
    if not _offers(quote):
        yield "nothing is offered to the Spanish shop"


def _offers(quote: "Quote") -> "list[tuple[str, Offer]]":
    return [(line.sku, offer) for line in quote.lines for offer in line.offers]


def _show(console: "Console", quote: "Quote") -> None:
    console.print(_table(quote))
    for note in dict.fromkeys(_note(offer) for _, offer in _offers(quote)):
        console.print(f"✓ {note}", style="green", markup=False)


def _note(offer: "Offer") -> str:
    """What is to be known about the prices, from the rate itself."""
    about = next((note.text for note in offer.rate.notes if note.kind == "sample_tariff"), "prices of the tariff")
    return f"{offer.carrier_name}: {about}"


def _table(quote: "Quote") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table("SKU", "carrier", "service", box=box.SIMPLE_HEAD, pad_edge=False)
    for figure in ("tax", "price", "business days"):
        table.add_column(figure, justify="right", no_wrap=True)
    for sku, offer in _offers(quote):
        tax = next((part.amount.amount for part in offer.rate.surcharges if part.name == "tax"), "")
        days = offer.lead_time
        span = str(days.max) if days.min == days.max else f"{days.min} to {days.max}"
        table.add_row(sku, offer.carrier_name, offer.rate.service, str(tax), str(offer.price), span)
    return table


__all__ = ["ask_spain", "spanish_store"]
