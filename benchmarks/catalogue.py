"""A catalogue of a million SKUs out of a database: what it takes of memory in two processes, and a look-up of time.

Also what each kind of catalogue adds to a quote from a table. `PORTES_BENCH_ROWS` is how many SKUs there are.
"""

import multiprocessing
import os
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, process_time_ns
from typing import Any, Final, NamedTuple

from benchmarks.report import Report

from portes.contract import Dimensions, Item, Place, QuoteRequest, RequestLine
from portes.store import Store, open_store

ROWS: Final = int(os.environ.get("PORTES_BENCH_ROWS", "1000000"))
WORKERS: Final = 2
LOOK_UPS: Final = 20_000
ROUNDS: Final = 7
QUOTES: Final = 2_000
AIM_MEGABYTES: Final = 300
AIM_MICROSECONDS: Final = 5
PATIENCE: Final = 600.0

TABLE: Final = """service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max
n,01000000,19999999,0,100000,10.00,2,3
"""
STORE: Final = """
[service]
state = "state"
[service.receipts]
keep = false
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
{short}
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
WHOLE: Final = """
[catalogue]
use = "sql"
url = "${DATABASE}"
query = "select sku, weight_g, length_mm, width_mm, height_mm, price, list_price, origins from skus"
"""
BY_KEY: Final = WHOLE.replace("from skus", "from skus where sku in :skus")


class Worker(NamedTuple):
    """What one process says of itself."""

    megabytes: float
    """Of memory that came with the catalogue, what is shared counted in equal parts."""
    peak: float
    """Most that was ever resident, in MB."""
    found: float
    """Microseconds to look up a SKU that is there, one after the other in random order."""
    lacking: float
    """The same for one that is not."""


def run() -> Iterator[Report]:
    """Fill a database, have two processes share its catalogue, then quote by every kind of catalogue."""
    with TemporaryDirectory(prefix="portes-bench-") as name:
        folder = Path(name)
        _fill(folder / "skus.db")
        write_store(folder, WHOLE)
        yield shared(folder)
        yield quoted(folder)


def shared(folder: Path) -> Report:
    """Two processes with the same catalogue: the first reads it, the second takes it over."""
    context = multiprocessing.get_context("spawn")
    pipes, processes, said = [], [], []
    for _ in range(WORKERS):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(folder, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
        said.append(_hear(ours))  # one after the other: the second finds what the first wrote
    for pipe in pipes:
        pipe.send("measure")
    workers = [_hear(pipe) for pipe in pipes]
    for pipe, process in zip(pipes, processes, strict=True):
        pipe.send("end")
        process.join()
    megabytes = sum(one.megabytes for one in workers)
    slowest = max(max(one.found, one.lacking) for one in workers)
    rows = [
        [
            f"worker {number}",
            f"{start:.1f}",
            f"{one.megabytes:.0f}",
            f"{one.peak:.0f}",
            f"{one.found:.2f}",
            f"{one.lacking:.2f}",
        ]
        for number, (start, one) in enumerate(zip(said, workers, strict=True), 1)
    ]
    file = next((folder / "state" / "catalogue").glob("*.skus"))
    remark = (
        f"{megabytes:.0f} MB in both together (aim: {AIM_MEGABYTES} for a million), of which the file has"
        f" {file.stat().st_size / 1e6:.0f}; {slowest:.2f} µs a look-up (aim: below {AIM_MICROSECONDS})"
    )
    columns = ("", "ready after s", "MB of the catalogue", "peak MB", "µs found", "µs not there")
    return Report(f"Catalogue: {ROWS:,} SKUs out of a database, shared by {WORKERS} processes", columns, rows, remark)


def quoted(folder: Path) -> Report:
    """What a quote from a table takes by each kind of catalogue, for a line that tells its weight and size."""
    (folder / "few.csv").write_text(
        "sku,weight,size\n" + "".join(f"{_sku(one)},500g,10x10x25cm\n" for one in range(9_000))
    )
    kinds = {
        "no catalogue": ("", ""),
        "a file of 9,000 SKUs": ("", 'catalogue = "few.csv"'),
        "a database, whole": (WHOLE, ""),
        "a database, by key, remembered": (BY_KEY, ""),
    }
    seconds: dict[str, float] = {}
    for kind, (catalogue, short) in kinds.items():
        write_store(folder, catalogue, short)
        with _opened(folder) as store:
            seconds[kind] = _quotes(store, [_sku(number % 100) for number in range(QUOTES)])
    write_store(folder, BY_KEY)
    with _opened(folder) as store:
        seconds["a database, by key, each asked for"] = _quotes(
            store, [_sku(one) for one in range(1000, 1000 + QUOTES)]
        )
    bare = seconds["no catalogue"]
    rows = [[kind, f"{each * 1e6:.0f}", f"{each / bare:.2f}"] for kind, each in seconds.items()]
    remark = "a catalogue in memory is to cost a quote nothing that can be seen"
    return Report("Catalogue: a quote of one line from a table", ("catalogue", "µs", "times as long"), rows, remark)


def write_store(folder: Path, catalogue: str, short: str = "") -> None:
    """A store with one table and this catalogue."""
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    (folder / "portes.toml").write_text(STORE.format(catalogue=catalogue, short=short), encoding="utf-8")


def _opened(folder: Path) -> Store:
    return open_store(folder, environ={"DATABASE": f"sqlite:///{folder / 'skus.db'}"})


def _quotes(store: Store, skus: Sequence[str]) -> float:
    """Seconds of processor time of a quote, its threads' among them: the median."""
    place = Place(country="BR", postal_code="01512651")
    size = Dimensions(length=250, width=100, height=100)
    took = []
    for sku in skus:
        line: RequestLine = Item(sku=sku, quantity=1, weight=500, size=size)
        asked = QuoteRequest(channel="bench", store="shop", destination=place, lines=(line,), currency="BRL")
        started = process_time()
        store.quote(asked)
        took.append(process_time() - started)
    return median(took)


def _work(folder: Path, pipe: Connection) -> None:
    """Open the store, say how long that took, then what it takes; in a process of its own."""
    import_module("numpy")  # the store loads it for its table, and it is not the catalogue's
    before, started = _megabytes(), perf_counter()
    with _opened(folder) as store:
        catalogue: Any = store.quoter.policy.catalogue
        while not len(catalogue):
            catalogue.wait([_sku(0)])
        pipe.send(perf_counter() - started)
        pipe.recv()
        chosen = random.Random(12)
        there = [_sku(chosen.randrange(ROWS)) for _ in range(LOOK_UPS)]
        found = _look_ups(catalogue.get, there)
        lacking = _look_ups(catalogue.get, [f"{sku}-x" for sku in there])
        pipe.send(Worker(_megabytes() - before, _peak(), found, lacking))
        pipe.recv()


def _look_ups(get: Callable[[str], object], skus: Sequence[str]) -> float:
    """Microseconds of processor time that a look-up takes: the median of several rounds."""
    took = []
    for _ in range(ROUNDS):
        started = process_time_ns()
        for sku in skus:
            get(sku)
        took.append((process_time_ns() - started) / len(skus) / 1000)
    return median(took)


def _hear(pipe: Connection) -> Any:  # noqa: ANN401 — whatever the worker says
    if not pipe.poll(PATIENCE):
        raise SystemExit("a worker did not answer")
    return pipe.recv()


def _megabytes() -> float:
    """Resident memory of this process, each page counted by the part of it that is this process's."""
    text = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8")
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1]) / 1000


def _peak() -> float:
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in text.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1000


def _sku(number: int) -> str:
    return f"SKU-{number:07d}-BR"


def _fill(database: Path) -> None:
    chosen = random.Random(12)
    sizes = [tuple(chosen.randrange(50, 900) for _ in range(3)) for _ in range(500)]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "create table skus (sku text primary key, weight_g integer, length_mm integer, width_mm integer,"
            " height_mm integer, price text, list_price text, origins text)"
        )
        rows = (_row(number, chosen, sizes) for number in range(ROWS))
        connection.executemany("insert into skus values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _row(number: int, chosen: random.Random, sizes: Sequence[tuple[int, ...]]) -> tuple[object, ...]:
    price = chosen.randrange(99, 9_999) * 10 + 9
    origins = f"1:{chosen.randrange(200)}" if number % 3 else "1"
    amounts = (f"{cents // 100}.{cents % 100:02d}" for cents in (price, price * 5 // 4))
    return (_sku(number), chosen.randrange(10, 30_000), *chosen.choice(sizes), *amounts, origins)


if __name__ == "__main__":
    for each in run():
        print(each)
