"""A shop whose catalogue is a database: real SQLite, a store's file that names it, and a hand on both."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any, ClassVar

from shop import FrozenClock

from portes.carrier import Deadline
from portes.catalogue import CatalogueSettings, Row
from portes.catalogue.guard import CatalogueGuard
from portes.catalogue.keyed import KeyedCatalogue, KeyedTerms
from portes.catalogue.live import LiveCatalogue, LiveTerms
from portes.catalogue.rows import RowReader
from portes.contract import Place, QuoteRequest, RequestLine
from portes.hooks import Watchers
from portes.store import Store, open_store

TABLE = """service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max
n,01000000,19999999,0,1000,10.00,2,3
n,01000000,19999999,1001,30000,20.00,2,3
"""
STORE = """
[service]
{service}
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
{store}
[[origins]]
id = 1
postal_code = "01001000"
[carriers.table]
use = "table"
id = 1
[carriers.table.settings]
file = "table.csv"
[[carriers.table.services]]
code = "n"
delivery = "normal"
{catalogue}
"""
WHOLE = """
[catalogue]
use = "sql"
url = "${DATABASE}"
query = "select sku, weight_g, length_mm, width_mm, height_mm, price from skus"
"""
BY_KEY = WHOLE.replace("from skus", "from skus where sku in :skus")
GOODS = {"light": 500, "heavy": 5000}
SIDES = {"length_mm": 100, "width_mm": 100, "height_mm": 250}


def fill(database: Path, goods: Mapping[str, int | None], price: str | None = "19.90") -> None:
    """Put SKUs with their grams into a database of their own, in place of those that were there."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("drop table if exists skus")
        connection.execute(
            "create table skus (sku text, weight_g integer, length_mm integer, width_mm integer, height_mm integer,"
            " price text)"
        )
        rows = [(sku, grams, 100, 100, 250, price) for sku, grams in goods.items()]
        connection.executemany("insert into skus values (?, ?, ?, ?, ?, ?)", rows)


def write_shop(folder: Path, catalogue: str = WHOLE, service: str = 'state = "state"', store: str = "") -> Path:
    """A store's file beside its table; a database is where `opened` says."""
    folder.mkdir(exist_ok=True)
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    file = folder / "portes.toml"
    file.write_text(STORE.format(catalogue=catalogue, service=service, store=store), encoding="utf-8")
    return file


def opened(file: Path, **more: Any) -> Store:
    """The store of a file, whose database is `skus.db` beside it."""
    environ = {"DATABASE": f"sqlite:///{file.parent / 'skus.db'}"}
    around: dict[str, Any] = {"environ": environ, "clock": FrozenClock(), "watchers": Watchers()}
    return open_store(file, **around | more)


def bare(*skus: str, **more: Any) -> QuoteRequest:
    """A question that tells no weight, no size and no price."""
    lines = tuple(RequestLine(sku=sku, quantity=1) for sku in skus)
    place = Place(country="BR", postal_code="01512651")
    return QuoteRequest(channel="test", store="shop", destination=place, lines=lines, currency="BRL", **more)


@dataclass
class ScriptedSource:
    """A source of rows that the test writes down; it counts what it is asked, and may be held up or broken."""

    stock: dict[str, Mapping[str, object]] = field(default_factory=dict)
    error: BaseException | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)
    closed: bool = False
    began: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)
    by_key: bool = True
    Settings: ClassVar[type[CatalogueSettings]] = CatalogueSettings

    def __post_init__(self) -> None:
        self.go.set()

    def put(self, sku: str, grams: int = 500, **more: object) -> None:
        self.stock[sku] = {"sku": sku, "weight_g": grams, **SIDES, **more}

    def rows(self, deadline: Deadline) -> Iterable[Row]:
        return self._answer(list(self.stock))

    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
        return self._answer(skus)

    def _answer(self, skus: Sequence[str]) -> list[Row]:
        self.asked.append(tuple(skus))
        self.began.set()
        assert self.go.wait(60)
        if self.error is not None:
            raise self.error
        return [self.stock[sku] for sku in skus if sku in self.stock]

    def close(self) -> None:
        self.closed = True


def keyed(source: ScriptedSource, clock: FrozenClock, **more: Any) -> KeyedCatalogue:
    terms = KeyedTerms(**{"timeout": 60.0, "remember": 300.0, "remember_absent": 30.0, "remember_most": 1000, **more})
    return KeyedCatalogue(source, RowReader("BRL", [1]), terms, CatalogueGuard("shop", "scripted"), clock)


def live(source: ScriptedSource, clock: FrozenClock, state: Path | None = None, **more: Any) -> LiveCatalogue:
    """A whole catalogue that nobody started: the test has it look."""
    terms = LiveTerms(**{"identity": "0123456789abcdef", "state": state, "refresh": 900.0, "timeout": 60.0, **more})
    return LiveCatalogue(source, RowReader("BRL", [1]), terms, CatalogueGuard("shop", "scripted"), clock)
