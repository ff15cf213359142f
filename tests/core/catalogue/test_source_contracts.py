"""The built-in sources of catalogues pass the suite that everybody's do: files, real SQLite, real PostgreSQL."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgres import running_server

from portes.catalogue import CatalogueEntry
from portes.contract import Dimensions, Money
from portes_testing import CatalogueCase, CatalogueContract

KNOWN = {
    "sku-1": CatalogueEntry(
        weight=500,
        size=Dimensions(length=100, width=100, height=250),
        price=Money(minor=12_990, currency="BRL"),
        list_price=Money(minor=15_990, currency="BRL"),
        origins=(1, 2),
        units=(10, None),
        handling_days=2,
        tags=("fragile", "heavy"),
        seller="shop-2",
    ),
    "São João 2": CatalogueEntry(declared_value=Money(minor=990, currency="BRL")),
}
CREATE = (
    "create table skus (sku varchar(200) primary key, weight_g integer, length_mm integer, width_mm integer,"
    " height_mm integer, price numeric(12, 4), list_price varchar(20), declared_value numeric(12, 2),"
    " origins varchar(50), handling_days smallint, tags varchar(100), seller varchar(50))"
)
ROWS = (
    ("sku-1", 500, 100, 100, 250, "129.9000", "159.90", None, "1:10 2", 2, "fragile heavy", "shop-2"),
    ("São João 2", None, None, None, None, None, None, "9.90", None, None, "", None),
)
INTO = "insert into skus values ({})"
QUERY = "select * from skus"
ENDLESS = (
    "select * from skus where"
    " (with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n) > 0"
)
ADDRESS: dict[str, str] = {}
"""That of the PostgreSQL server, once it runs."""
FILE = (
    "sku;weight;size;price;list_price;declared_value;origins;handling_days;tags;seller\n"
    "sku-1;500g;10x10x25cm;129,90;159,90;;1:10 2;2;fragile heavy;shop-2\n"
    "São João 2;;;;;9,90;;;;\n"
)


def of_file(folder: Path) -> Mapping[str, Any]:
    (folder / "skus.csv").write_text(FILE, encoding="utf-8")
    return {"path": "skus.csv"}


def of_sqlite(query: str) -> Any:
    def made(folder: Path) -> Mapping[str, Any]:
        with closing(sqlite3.connect(folder / "skus.db")) as connection, connection:
            connection.execute(CREATE)
            connection.executemany(INTO.format(", ".join("?" * 12)), ROWS)
        return {"url": f"sqlite:///{folder / 'skus.db'}", "query": query}

    return made


def no_sqlite(folder: Path) -> Mapping[str, Any]:
    return {"url": f"sqlite:///{folder / 'nowhere' / 'canary-4711.db'}", "query": QUERY}


def of_postgres(query: str) -> Any:
    return lambda _folder: {"url": ADDRESS["url"], "query": query}


def no_postgres(_folder: Path) -> Mapping[str, Any]:
    return {"url": "postgresql+psycopg://shop:canary-4711@127.0.0.1:1/shop", "query": QUERY}


SECRETS = ("canary-4711",)


class TestFile(CatalogueContract):
    """A file that the store's own reader reads."""

    case = CatalogueCase("file", of_file, KNOWN, lambda _folder: {"path": "nowhere.csv"})


class TestSqlWhole(CatalogueContract):
    """SQLite, read as a whole."""

    case = CatalogueCase("sql", of_sqlite(QUERY), KNOWN, no_sqlite, of_sqlite(ENDLESS), SECRETS)


class TestSqlByKey(CatalogueContract):
    """SQLite, asked for the SKUs of a cart."""

    case = CatalogueCase(
        "sql",
        of_sqlite(f"{QUERY} where sku in :skus"),
        KNOWN,
        no_sqlite,
        of_sqlite(f"{ENDLESS} and sku in :skus"),
        SECRETS,
    )


@pytest.fixture(scope="module")
def postgres_goods() -> Iterator[None]:
    """A server with the goods in it; where no PostgreSQL is installed there is nothing to ask."""
    with running_server() as server:
        server.run(CREATE)
        for row in ROWS:
            server.run(INTO.format(", ".join(["%s"] * 12)), row)
        ADDRESS["url"] = server.url
        yield


@pytest.mark.exhaustive
@pytest.mark.usefixtures("postgres_goods")
class TestPostgreSqlWhole(CatalogueContract):
    """PostgreSQL, read as a whole."""

    case = CatalogueCase(
        "sql",
        of_postgres(QUERY),
        KNOWN,
        no_postgres,
        of_postgres(f"{QUERY} where pg_sleep(3600) is null"),
        SECRETS,
    )


@pytest.mark.exhaustive
@pytest.mark.usefixtures("postgres_goods")
class TestPostgreSqlByKey(CatalogueContract):
    """PostgreSQL, asked for the SKUs of a cart."""

    case = CatalogueCase(
        "sql",
        of_postgres(f"{QUERY} where sku in :skus"),
        KNOWN,
        no_postgres,
        of_postgres(f"{QUERY} where sku in :skus and pg_sleep(3600) is null"),
        SECRETS,
    )
