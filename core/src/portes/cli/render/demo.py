"""What `portes demo` shows: the question, the answer and the offers in it; it asks nobody."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table

from portes.cli.render.screen import plain
from portes.errors import escaped_json

if TYPE_CHECKING:
    import requests
    from rich.console import Console

    from portes.channels.protocol import ChannelRequest
    from portes.cli.demo_platforms import MarketplaceCheck
    from portes.contract import Offer, Quote


def show_question(console: "Console", question: "ChannelRequest", url: str) -> None:
    """Print a marketplace's question, its credentials hidden."""
    console.rule("The marketplace asks", align="left")
    _show_address(console, url)
    for name, value in question.headers.items():
        shown = value if name == "content-type" else f"{value.partition(' ')[0]} ••••" if " " in value else "••••"
        console.print(f"{name}: {shown}", markup=False, highlight=False)
    console.print_json(question.body.decode())


def show_answer(console: "Console", answer: "requests.Response", seconds: float) -> None:
    """Print the answer to a marketplace, and how long it took."""
    console.rule("Portes answers", align="left")
    _show_status(console, answer, seconds)
    console.print_json(escaped_json(answer.text))


def show_offers(console: "Console", body: Mapping[str, Any]) -> None:
    """Print the offers of a marketplace's answer as its shopper sees them, and what was checked of it."""
    console.rule("What the shopper sees", align="left")
    table = _table("SKU", "type", "carrier", figures=("origin", "price", "business days"))
    for line in body["shippingQuotes"]:
        for option in line["deliveryOptions"]:
            table.add_row(*map(plain, _option(line["skuCode"], option)))
    console.print(table)
    console.print("✓ the answer keeps every rule of the page", style="green")
    console.print("✓ without credentials the answer is 401", style="green")


def show_spain(console: "Console", url: str, answer: "requests.Response", seconds: float) -> None:
    """Print where a Spanish shop asked, and how its answer came."""
    console.rule("A Spanish shop asks", align="left")
    _show_address(console, url)
    _show_status(console, answer, seconds)


def show_platforms(console: "Console") -> None:
    """Print what the lines about the other platforms are."""
    console.rule("The other platforms ask, each in its own words", align="left")


def show_platform(console: "Console", asked: "MarketplaceCheck") -> None:
    """Print that a platform was answered, what it reads from the answer, and what was checked."""
    options = asked.understood.options
    cheapest = min(options, key=lambda option: option.price.minor)
    days = "" if cheapest.days is None else f" in {cheapest.days} business day{'s' if cheapest.days != 1 else ''}"
    many = f"{len(options)} option{'s' if len(options) != 1 else ''}"
    words = f"{many} from {cheapest.price}{days}; 401 without credentials"
    line = f"✓ {asked.name}: {asked.call.method} {asked.status} in {asked.seconds * 1000:.1f} ms, {words}"
    console.print(line, style="green", markup=False, highlight=False, soft_wrap=True)


def show_contingency(console: "Console", line: str) -> None:
    """Print how near to the live prices a small contingency table is."""
    console.rule("The table that the marketplace falls back on", align="left")
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def show_quote(console: "Console", quote: "Quote") -> None:
    """Print the offers of a quote with their tax, and what is to be known of their prices."""
    table = _table("SKU", "carrier", "service", figures=("tax", "price", "business days"))
    for sku, offer in offers_of(quote):
        tax = next((part.amount.amount for part in offer.rate.surcharges if part.name == "tax"), "")
        days = _days(offer.lead_time.min, offer.lead_time.max)
        row = sku, offer.carrier_name, offer.rate.service, str(tax), str(offer.price), days
        table.add_row(*map(plain, row))
    console.print(table)
    for note in dict.fromkeys(_note(offer) for _, offer in offers_of(quote)):
        console.print(plain(f"✓ {note}", "green"))


def show_simulated(console: "Console", carrier: str) -> None:
    """Print that a carrier was simulated, and that it was asked."""
    words = f"✓ {carrier} is simulated here, with invented prices, and was asked over HTTP"
    console.print(words, style="green", markup=False)


def show_fault(console: "Console", fault: str) -> None:
    """Print something that is not as it should be."""
    console.print(plain(f"✗ {fault}", "red"))


def offers_of(quote: "Quote") -> "Iterator[tuple[str, Offer]]":
    """Every offer of a quote, with the SKU of its line."""
    return ((line.sku, offer) for line in quote.lines for offer in line.offers)


def _show_address(console: "Console", url: str) -> None:
    console.print(f"POST {url}", style="bold", markup=False, highlight=False)


def _show_status(console: "Console", answer: "requests.Response", seconds: float) -> None:
    head = f"{answer.status_code} {answer.reason} in {seconds * 1000:.1f} ms"
    console.print(head, style="bold", markup=False, highlight=False)


def _table(*columns: str, figures: tuple[str, ...]) -> Table:
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for figure in figures:
        table.add_column(figure, justify="right", no_wrap=True)
    return table


def _option(sku: str, option: Mapping[str, Any]) -> tuple[str, ...]:
    price = f"R$ {Decimal(option['priceInCents']).scaleb(-2):.2f}".replace(".", ",")
    origin = str(option["originWareHouseId"])
    days = _days(option["deliveryMinHH"] // 24, option["deliveryMaxHH"] // 24)
    return sku, option["freightType"], option["carrierName"], origin, price, days


def _days(soonest: int, latest: int) -> str:
    return str(latest) if soonest == latest else f"{soonest} to {latest}"


def _note(offer: "Offer") -> str:
    """What is to be known about the prices, from the rate itself."""
    about = next((note.text for note in offer.rate.notes if note.kind == "sample_tariff"), "prices of the tariff")
    return f"{offer.carrier_name}: {about}"
