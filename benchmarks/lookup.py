"""Looking a row of a rate table up: our compiled index against SQLite, DuckDB, a linear scan and karrio, in one run.

Tables are made for it: two services, postal ranges side by side, weight brackets, prices that differ from row to
row. All are asked the same questions and must agree.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, perf_counter_ns
from typing import TypeVar

from benchmarks.load_stores import karrio_environment
from benchmarks.lookup_others import Ask, Question, Row, duckdb, karrio, scan, sqlite
from benchmarks.report import Report

from portes.tables import MICROS, FoundRow, RateTable, ReadOptions, open_table

QUESTIONS = 20_000
SCANS = 7
DUCKDB_QUESTIONS = 300
"""A thousand times as slow as the others, it is asked less."""
KARRIO_ROWS = 50_000
"""It goes through all rows for each question; larger tables are not put to it."""
BRAZIL = ReadOptions(country="BR", currency="BRL")
SERVICES = ("economy", "express")
COLUMNS = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,days_max"
HEADINGS = ("table", "ours", "SQLite", "DuckDB", "scan", "karrio", "ours/SQLite", "scan/ours")
SIZES = ("table", "bytes a row", "compiled in", "opened again")

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
    with TemporaryDirectory() as name:
        python = karrio_environment(Path(name))
        measured = [_measured(shape, python) for shape in SHAPES]
    title = (
        f"Look-up in a rate table: median of {QUESTIONS:,} single questions, in µs "
        f"(DuckDB: {DUCKDB_QUESTIONS}; scan and karrio: {SCANS})"
    )
    remark = "Aim: ours at most 0.2 of SQLite. All agree; karrio's zones list the codes that are asked, not ranges."
    if isinstance(python, str):
        remark += f" karrio could not be installed: {python}"
    yield Report(title, HEADINGS, [times for times, _ in measured], remark)
    remark = "To open a table again, its content is hashed, its compiled file checked and mapped."
    yield Report("Size of these tables", SIZES, [sizes for _, sizes in measured], remark)


def _measured(shape: Shape, python: Path | str) -> tuple[Sequence[str], Sequence[str]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = _written(_rows(shape), folder / "table.csv")
        compiled_in, _ = _timed(lambda: open_table(path, "plain", BRAZIL, folder))
        opened_in, table = _timed(lambda: open_table(path, "plain", BRAZIL, folder))
        times = _times(shape, table, folder, python)
    ours, by_sqlite, _, by_scan, _ = times
    ranges = f"{shape.brackets} bracket{'s' * (shape.brackets > 1)} a range"
    ratios = (f"{ours / by_sqlite:.2f}", f"{by_scan / ours:,.0f}") if by_sqlite and by_scan and ours else ("", "")
    told = [f"{time:,.2f}" if time else "-" for time in times]
    label = f"{shape.rows:,} rows, {ranges}"
    sizes = (label, f"{table.size / shape.rows:.1f}", f"{compiled_in:.1f} s", f"{opened_in:.3f} s")
    return (label, *told, *ratios), sizes


def _times(shape: Shape, table: RateTable, folder: Path, python: Path | str) -> Sequence[float | None]:
    """Median microseconds of ours and of each other, after it agreed with ours; None of what is not there."""
    rows = list(_rows(shape))
    questions = _questions(shape)
    few = questions[:SCANS]
    others = (
        (sqlite(rows, folder / "rates.db"), questions),
        (duckdb(rows, folder), questions[:DUCKDB_QUESTIONS]),
        (scan(rows), few),
    )
    times = [_median(table.find, questions), *(_agreeing(table, *other) for other in others)]
    if isinstance(python, str) or shape.rows > KARRIO_ROWS:
        return [*times, None]
    prices, by_karrio = karrio(python, rows, few)
    assert prices == [_price(table.find(*question)) for question in few], prices
    return [*times, by_karrio]


def _agreeing(table: RateTable, ask: Ask | None, questions: Sequence[Question]) -> float | None:
    if ask is None:
        return None
    for question in questions:
        assert _price(ask(*question)) == _price(table.find(*question)), question
    return _median(ask, questions)


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


if __name__ == "__main__":
    for report in run():
        print(report)
