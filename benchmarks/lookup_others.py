"""What else looks a row of a rate table up: SQLite and DuckDB at their best, a linear scan, and karrio's rate sheet.

Each is made from the same rows and asked the same questions.
"""

import json
import sqlite3
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

# WITHOUT ROWID keeps the rows in the key's own tree: one descent for the range, one for the bracket.
CREATE = """
CREATE TABLE rates (service TEXT, postal_from INTEGER, weight_to INTEGER, postal_to INTEGER, price INTEGER,
                    PRIMARY KEY (service, postal_from, weight_to)) WITHOUT ROWID
"""
SELECT = """
SELECT postal_to, price FROM rates WHERE service = ?1 AND weight_to >= ?3 AND postal_from =
    (SELECT postal_from FROM rates WHERE service = ?1 AND postal_from <= ?2 ORDER BY postal_from DESC LIMIT 1)
ORDER BY weight_to LIMIT 1
"""

# Sorted rows without an index: DuckDB leaves out blocks by their least and greatest values, and takes longer with one.
DUCK_CREATE = """
CREATE TABLE rates AS SELECT column0 AS service, column1::INTEGER AS postal_from, column2::INTEGER AS postal_to,
    column4::INTEGER AS weight_to, column5::BIGINT AS price
FROM read_csv(?, header = false, all_varchar = true) ORDER BY service, postal_from, weight_to
"""
DUCK_SELECT = """
SELECT price FROM rates WHERE service = $1 AND postal_from <= $2 AND postal_to >= $2 AND weight_to >= $3
ORDER BY weight_to LIMIT 1
"""

Row = tuple[str, int, int, int, int, int]
"""Service, first and last postal code, lower and upper border in grams, price in minor units."""
Question = tuple[str, str, int]
"""Service, postal code, weight."""
Ask = Callable[[str, str, int], object]


def sqlite(rows: Sequence[Row], path: Path) -> Ask:
    """SQLite's answer to one question after the other."""
    database = sqlite3.connect(path)
    database.execute(CREATE)
    database.executemany(
        "INSERT INTO rates (service, postal_from, postal_to, weight_to, price) VALUES (?, ?, ?, ?, ?)",
        ((service, first, last, high, price) for service, first, last, _, high, price in rows),
    )
    database.commit()
    ask = database.cursor().execute

    def find(service: str, postal_code: str, weight: int) -> int | None:
        code = int(postal_code)
        row = ask(SELECT, (service, code, weight)).fetchone()
        return row[1] if row and row[0] >= code else None

    return find


def duckdb(rows: Sequence[Row], folder: Path) -> Ask | None:
    """DuckDB's answer to one question after the other; None where it is not installed."""
    try:
        connect: Any = import_module("duckdb").connect
    except ImportError:
        return None
    path = folder / "rows.csv"
    with path.open("w") as file:
        file.writelines(f"{','.join(map(str, row))}\n" for row in rows)
    database = connect(folder / "rates.duckdb")
    database.execute(DUCK_CREATE, [str(path)])

    def find(service: str, postal_code: str, weight: int) -> int | None:
        row = database.execute(DUCK_SELECT, (service, int(postal_code), weight)).fetchone()
        return row[0] if row else None

    return find


def scan(rows: Sequence[Row]) -> Ask:
    """The answer of going through all rows."""

    def find(service: str, postal_code: str, weight: int) -> int | None:
        code = int(postal_code)
        for name, first, last, low, high, price in rows:
            if name == service and first <= code <= last and low < weight <= high:
                return price
        return None

    return find


def karrio(python: Path, rows: Sequence[Row], questions: Sequence[Question]) -> tuple[list[int | None], float]:
    """The prices that karrio's rate sheet gives, and its median in microseconds."""
    codes = sorted({code for _, code, _ in questions})
    numbers = [*map(int, codes)]

    def asked(first: int, last: int) -> list[str]:
        return codes[bisect_right(numbers, first - 1) : bisect_right(numbers, last)] or [f"{first:08d}"]

    services = {
        service: [(asked(first, last), low, high, price) for _, first, last, low, high, price in held]
        for service, held in groupby(rows, itemgetter(0))
    }
    done = subprocess.run(
        [python, "-P", Path(__file__).parent / "lookup_karrio.py"],
        input=json.dumps({"services": services, "questions": questions}),
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return told["prices"], told["median"] / 1000
