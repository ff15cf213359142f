"""Looking a row of a rate table up: our compiled index against SQLite's best index and a linear scan, in one run.

Tables are made for it: two services, postal ranges side by side, weight brackets, prices that differ from row to
row. All three are asked the same questions and must agree.
"""

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, perf_counter_ns
from typing import TypeVar

from benchmarks.report import Report

from portes.tables import MICROS, FoundRow, RateTable, ReadOptions, open_table

QUESTIONS = 20_000
SCANS = 7
BRAZIL = ReadOptions(country="BR", currency="BRL")
SERVICES = ("economy", "express")
COLUMNS = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,days_max"
HEADINGS = ("table", "ours", "SQLite", "scan", "ours/SQLite", "scan/ours", "bytes a row", "compiled in", "opened again")

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

Row = tuple[str, int, int, int, int, int]
"""Service, first and last postal code, lower and upper border in grams, price in minor units."""
Question = tuple[str, str, int]
"""Service, postal code, weight."""
Ask = Callable[[str, str, int], object]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Shape:
    """How large a table is."""

    ranges: int
    """Of each service."""
    brackets: int
    """Of each range."""

    @property
    def limits(self) -> Sequence[int]:
        """Upper borders of the brackets, in grams."""
        return [300, 500, *range(1000, 1000 * self.brackets, 1000)][: self.brackets]

    @property
    def rows(self) -> int:
        """Of the whole table."""
        return len(SERVICES) * self.ranges * self.brackets


SHAPES = (Shape(1_000, 15), Shape(50_000, 20), Shape(1_000_000, 1))


def run() -> Iterator[Report]:
    """Measure every shape."""
    title = f"Look-up in a rate table: median of {QUESTIONS:,} single questions (of the scan: {SCANS})"
    remark = "To open a table again, its content is hashed, its compiled file checked and mapped."
    yield Report(title, HEADINGS, [_measured(shape) for shape in SHAPES], remark)


def _measured(shape: Shape) -> Sequence[str]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = _written(_rows(shape), folder / "table.csv")
        compiled_in, _ = _timed(lambda: open_table(path, "plain", BRAZIL, folder))
        opened_in, table = _timed(lambda: open_table(path, "plain", BRAZIL, folder))
        rows = list(_rows(shape))
        times = _times(shape, table, _sqlite(rows, folder / "rates.db"), _scan(rows))
    ours, sqlite, scan = times
    ranges = f"{shape.brackets} bracket{'s' * (shape.brackets > 1)} a range"
    speed = (f"{ours:.2f} µs", f"{sqlite:.2f} µs", f"{scan:,.0f} µs", f"{ours / sqlite:.2f}", f"{scan / ours:,.0f}")
    size = f"{table.size / shape.rows:.1f}"
    return (f"{shape.rows:,} rows, {ranges}", *speed, size, f"{compiled_in:.1f} s", f"{opened_in:.3f} s")


def _times(shape: Shape, table: RateTable, sqlite: Ask, scan: Ask) -> tuple[float, float, float]:
    """Median microseconds of each, after it agreed with ours."""
    questions = _questions(shape)
    few = questions[:SCANS]
    for ask, asked in ((sqlite, questions), (scan, few)):
        for question in asked:
            assert _price(ask(*question)) == _price(table.find(*question)), question
    return _median(table.find, questions), _median(sqlite, questions), _median(scan, few)


def _price(answer: object) -> int | None:
    if isinstance(answer, FoundRow):
        return answer.price // MICROS
    return answer if isinstance(answer, int) else None


def _median(ask: Ask, questions: Sequence[Question]) -> float:
    spans = []
    for service, postal_code, weight in questions:
        begun = perf_counter_ns()
        ask(service, postal_code, weight)
        spans.append(perf_counter_ns() - begun)
    return median(spans) / 1000


def _timed(make: Callable[[], Made]) -> tuple[float, Made]:
    begun = perf_counter()
    made = make()
    return perf_counter() - begun, made


def _rows(shape: Shape) -> Iterator[Row]:
    chance, width = random.Random(7), 10**8 // shape.ranges
    for service in SERVICES:
        for first in range(0, width * shape.ranges, width):
            base = chance.randrange(800, 6000)
            for low, high in zip([0, *shape.limits], shape.limits, strict=False):
                yield service, first, first + width - 1, low, high, base + high // 20 + chance.randrange(50)


def _written(rows: Iterator[Row], path: Path) -> Path:
    chance = random.Random(11)
    terms = [f"{per_kg},{percent},{days}" for per_kg in (0.703, 0.865) for percent in (0.3, 1) for days in range(2, 15)]
    with path.open("w") as file:
        file.write(COLUMNS + "\n")
        for service, first, last, low, high, price in rows:
            amount = f"{price // 100}.{price % 100:02d}"
            file.write(f"{service},{first:08d},{last:08d},{low},{high},{amount},{chance.choice(terms)}\n")
    return path


def _questions(shape: Shape) -> Sequence[Question]:
    chance, heaviest = random.Random(13), shape.limits[-1]
    return [
        (chance.choice(SERVICES), f"{chance.randrange(10**8):08d}", chance.randint(1, heaviest))
        for _ in range(QUESTIONS)
    ]


def _sqlite(rows: Sequence[Row], path: Path) -> Ask:
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


def _scan(rows: Sequence[Row]) -> Ask:
    def find(service: str, postal_code: str, weight: int) -> int | None:
        code = int(postal_code)
        for name, first, last, low, high, price in rows:
            if name == service and first <= code <= last and low < weight <= high:
                return price
        return None

    return find


if __name__ == "__main__":
    for report in run():
        print(report)
