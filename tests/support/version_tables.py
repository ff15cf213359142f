"""Small tables to be kept as versions, and what a state folder has of them."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from found_rows import cents

from portes.tables import FoundRow, RateTable, ReadOptions, open_version
from portes.tables.versions import NewVersion, TableVersions

BRAZIL = ReadOptions(country="BR", currency="BRL")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"


def table(price: str, rows: int = 1) -> bytes:
    lines = (f"{at:05d}000,{at:05d}999,0,30000,{price},3\n" for at in range(1000, 1000 + rows))
    return (HEADER + "".join(lines)).encode()


def new(price: str = "12.90", name: str = "contract", **more: object) -> NewVersion:
    fields: dict[str, object] = {"options": BRAZIL, "who": "ana", "at": NOON, "origin": "table.csv"}
    return NewVersion(name=name, source=table(price), format="plain", **(fields | more))  # type: ignore[arg-type]


def price_of(rates: RateTable) -> int:
    row = rates.find("", "01000500", 100)
    assert isinstance(row, FoundRow)
    return cents(row.price)


def price_in_force(versions: TableVersions, on: date | None = None) -> int:
    return price_of(open_version(versions.state, "contract", on))


def traces(state: Path) -> list[str]:
    """What an import left behind: rows of the database, and files beside it."""
    left = [path.name for path in state.rglob("*") if path.is_file() and path.name not in {"tables.sqlite", "lock"}]
    if (state / "tables.sqlite").exists():
        with sqlite3.connect(state / "tables.sqlite") as connection:
            for name in ("versions", "contents"):
                left += [f"{name} {row}" for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 — ours
        left = [name for name in left if name != "tables.sqlite-journal"]
    return left
