"""A store that sells by a table, questions that are asked of it, and another table to be held against it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from shop import item

from portes.channels.protocol import ChannelReply
from portes.contingency.drift.measure import CheckedTable, DriftTerms, Found, read_receipts
from portes.contingency.drift.prices import TablePrices, services_of
from portes.contingency.drift.report import DriftedArea, DriftFigures, DriftReport, DriftSide
from portes.contract import Dimensions, Item, Place, QuoteRequest
from portes.receipts.database import FILE_NAME
from portes.store import open_store
from portes.tables import RateTable, ReadOptions, open_table

HEADS = "service;postal_from;postal_to;weight_from_g;weight_to_g;price;days_max\n"
STORE = """
[service]
state = "state"
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR"
lines = "{lines}"
[[origins]]
id = 1
postal_code = "01001000"
[channels.netshoes]
limit = "400ms"
reserve = "0s"
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
[carriers.table]
use = "table"
id = 1
settings = {{ file = "live.csv" }}
services = [{{ code = "normal", delivery = "normal" }}, {{ code = "express", delivery = "express" }}]
{more}
"""
ENVIRON = {"SECRET": "canary-4711-0815"}
ALL = "00000000", "99999999"

PricedRow = tuple[str, str, str, int, int, str]
"""Service, first and last postal code, weights in grams, and a price as Brazil writes it."""
NORMAL: list[PricedRow] = [("normal", *ALL, 0, 30_000, "20,00")]
SMALL = Dimensions(length=10, width=10, height=10)


def table_text(rows: Sequence[PricedRow]) -> str:
    return HEADS + "".join(";".join(map(str, row)) + ";3\n" for row in rows)


def write_shop(folder: Path, rows: Sequence[PricedRow], *, lines: str = "each", more: str = "") -> Path:
    """Write a store that sells by these rows; its file."""
    text = table_text(rows)
    for service in ("normal", "express"):
        if not any(row[0] == service for row in rows):
            text += f"{service};99999999;99999999;0;1;999,00;3\n"
    (folder / "live.csv").write_text(text)
    file = folder / "portes.toml"
    file.write_text(STORE.format(lines=lines, more=more))
    return file


def write_spanish_shop(folder: Path, rows: Sequence[PricedRow]) -> Path:
    """The same store in Madrid; its file."""
    file = write_shop(folder, rows)
    text = file.read_text()
    for here, there in (
        ('"BR"', '"ES"'),
        ("BRL", "EUR"),
        ("America/Sao_Paulo", "Europe/Madrid"),
        ("01001000", "28001"),
        (
            'reserve = "0s"\nauth = { kind = "basic", username = "netshoes", password = "${SECRET}" }',
            'keys = "${SECRET}"',
        ),
        ("netshoes", "native"),
    ):
        text = text.replace(here, there)
    file.write_text(text)
    prices = folder / "live.csv"
    prices.write_text(prices.read_text().replace("99999999;99999999", "52999;52999"))
    return file


def asked(
    *items: Item, to: str = "01310100", channel: str = "netshoes", country: Literal["BR", "ES"] = "BR"
) -> QuoteRequest:
    lines, currency = items or (item(),), "BRL" if country == "BR" else "EUR"
    place = Place(country=country, postal_code=to)
    return QuoteRequest(channel=channel, store="shop", destination=place, lines=lines, currency=currency)


def ask(file: Path, *requests: QuoteRequest, status: int = 200, seconds: float = 0.01) -> None:
    """Put questions to a store as a marketplace does, until their receipts are kept."""
    with open_store(file, environ=ENVIRON) as store:
        for request in requests:
            quote = store.quote(request)
            store.replied(quote.id, ChannelReply(status, body=b"{}"), seconds)


def table_of(folder: Path, rows: Sequence[PricedRow], name: str = "table.csv", **options: Any) -> RateTable:
    file = folder / name
    file.write_text(table_text(rows))
    return open_table(file, "plain", ReadOptions("BR", "BRL", **options))


def checked(table: RateTable, factor: int = 0, **services: str) -> CheckedTable:
    prices = TablePrices(table, services or services_of(table, {}), Decimal(factor))
    return CheckedTable("table.csv", prices, datetime.now(UTC), "file")


def terms(store: str, *, days: int = 7, tolerance: str = "1", **more: Any) -> DriftTerms:
    now = datetime.now(UTC) + timedelta(minutes=1)
    return DriftTerms(store, now - timedelta(days=days), now, Decimal(tolerance), {"netshoes": 0.4}, **more)


def quiet(_moment: datetime) -> None:
    """Nobody looks on."""


def report(file: Path, table: RateTable, factor: int = 0, **more: Any) -> DriftReport:
    """What a check against the receipts of a store tells of a table."""
    services = more.pop("services", {})
    given_terms, held = terms(file.parent.name, **more), checked(table, factor, **services)
    read = read_receipts(file.parent / "state" / FILE_NAME, held, given_terms, quiet)
    return Found(held, given_terms, read).report()


def side_of(compared: int = 0, *, cheaper: int = 0, loss: int = 0) -> DriftSide:
    """What came of some lanes, of which some are too cheap and lose so many minor units in all."""
    counts = {"compared": compared, "cheaper": cheaper, "loss": loss, "dearer": 0, "uncovered": 0, "excess": 0}
    total = DriftFigures(**counts, median=None)
    return DriftSide(total=total, by_delivery={}, areas=(), left_out={}, unpriced={})


def report_of(*areas: DriftedArea, table: str = "t", at: datetime | None = None) -> DriftReport:
    moment = at or datetime.fromisoformat("2026-03-02T12:00:00+00:00")
    return DriftReport(
        store="shop",
        table=table,
        fingerprint="",
        country="BR",
        currency="BRL",
        oldest_from="file",
        cubic_factor=Decimal(0),
        tolerance=Decimal(1),
        receipts=0,
        against_receipts=side_of(),
        drifted=areas,
        checked=moment,
        since=moment,
        oldest=moment,
    )
