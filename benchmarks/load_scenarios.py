"""A marketplace's load on one process: 500 a minute in bursts, 60 a second, and the highest rate that is held.

With a table, with three far carriers at 150 ms, with one of them hanging, with everything cold; beside them karrio's
SDK with the same three carriers, and the same questions out of memory.
`PORTES_BENCH_SECONDS` is how long each run takes, 60 unless it is set.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from socket import create_server
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.http import Figures, load, write_calls
from benchmarks.load_rates import highest_rate
from benchmarks.load_stores import (
    LIVE,
    Memory,
    Served,
    far,
    karrio_environment,
    serving,
    serving_karrio,
    write_far_store,
    write_table_store,
)
from benchmarks.report import Report

SECONDS: Final = float(os.environ.get("PORTES_BENCH_SECONDS", "60"))
RUNG: Final = max(2.0, SECONDS / 6)
"""Seconds of the highest rate."""
CONNECTIONS: Final = 256
AT_ONCE: Final = 16
"""Connections that ask as fast as they are answered, when the question is how much a service takes."""
DEADLINE_MS: Final = 320.0
"""The channel's deadline and 20 ms."""
COLUMNS: Final = ("load", "answers/s", "p50 ms", "p99 ms", "max ms", "late", "not 200", "cores", "MB at quarters")


class Run(NamedTuple):
    """What a load came to, and what it took."""

    figures: Figures
    cores: float
    megabytes: list[float]

    @property
    def rate(self) -> float:
        """Answers a second, those that turn a call away not counted."""
        return self.figures["rate"] * (1 - self.figures["errors"] / max(1, self.figures["calls"]))

    @property
    def per_core(self) -> float:
        """Answers a second for one core's whole time."""
        return self.rate / self.cores

    def row(self, name: str) -> list[str]:
        """As a line of a table."""
        figures = self.figures
        times = [f"{figures[key]:.0f}" for key in ("p50", "p99", "max")]
        counts = [f"{figures[key]:.0f}" for key in ("late", "errors")]
        memory = " ".join(f"{each:.0f}" for each in self.megabytes)
        return [name, f"{self.rate:,.0f}", *times, *counts, f"{self.cores:.2f}", memory]


def put(served: Served, calls: Path, seconds: float, rate: float, burst: int = 1) -> Run:
    """Put a load on a service; without a rate, as much as it takes."""
    memory, before = Memory(served), served.cpu()
    connections = CONNECTIONS if rate else AT_ONCE
    with memory.watched(seconds):
        figures = load(calls, served.port, seconds, rate, burst=burst, connections=connections)
    return Run(figures, (served.cpu() - before) / seconds, memory.megabytes)


def highest(served: Served, calls: Path) -> tuple[float, Run]:
    """The highest rate that holds, and a run at it."""
    rate = highest_rate(served, calls)
    return rate, put(served, calls, RUNG, rate)


def usual(served: Served, calls: Path) -> Iterator[tuple[str, Run]]:
    """The three loads of every scenario."""
    yield "500 a minute, 25 at once", put(served, calls, SECONDS, 500 / 60, 25)
    yield "60 a second", put(served, calls, SECONDS, 60)
    rate, run = highest(served, calls)
    yield f"highest that holds: {rate:,.0f}", run


def run() -> Iterator[Report]:
    """Every scenario in turn."""
    with TemporaryDirectory(prefix="portes-bench-") as name, ExitStack() as held:
        folder = Path(name)
        calls = write_calls(folder)
        healthy = [held.enter_context(far()) for _ in range(3)]
        hanging = [*healthy[:2], held.enter_context(far("never"))]
        yield loaded("table only", serving(write_table_store(folder / "table")), calls)
        yield loaded("three healthy carriers at 150 ms", serving(write_far_store(folder / "three", healthy)), calls)
        yield loaded("one of the three hangs", serving(write_far_store(folder / "hanging", hanging)), calls)
        yield cold(folder, healthy)
        yield remembered(folder, healthy, calls)
        yield karrio(folder, healthy, calls)


def loaded(title: str, service: AbstractContextManager[Served], calls: Path) -> Report:
    """A scenario after a moment's warming."""
    with service as served:
        put(served, calls, 2, 20)
        rows = [run.row(name) for name, run in usual(served, calls)]
    return Report(f"Load: {title}; runs of {SECONDS:g} s", COLUMNS, rows, AIMS[title])


AIMS: Final = {
    "table only": "aim: none late",
    "three healthy carriers at 150 ms": "aim: none late at 9/s; 250 a second for one core with p99 under 400 ms",
    "one of the three hangs": f"aim: none late at 9/s; p99 under {DEADLINE_MS:g} ms",
}


def cold(folder: Path, healthy: list[int]) -> Report:
    """Services that have just started, with memory on and every question new: nothing is open, known or compiled."""
    rows = []
    for number, (name, rate, burst) in enumerate([("500 a minute, 25 at once", 500 / 60, 25), ("60 a second", 60, 1)]):
        store = write_far_store(folder / f"cold{number}", healthy, more="")
        calls = write_calls(store, int(SECONDS * rate) + 1)
        with serving(store) as served:
            rows.append(put(served, calls, SECONDS, rate, burst).row(name))
    title = f"Load: three healthy carriers, everything cold; runs of {SECONDS:g} s"
    return Report(title, COLUMNS, rows, "aim: none late at 9/s")


def remembered(folder: Path, healthy: list[int], calls: Path) -> Report:
    """The same thousand questions asked anew each time, and out of memory."""
    runs = []
    for name, more in (("asked each time", LIVE), ("out of memory", "")):
        with serving(write_far_store(folder / name.replace(" ", "-"), healthy, more=more)) as served:
            put(served, calls, 1000 / 60 + 1, 60)  # every question once
            runs.append((name, put(served, calls, SECONDS / 2, 0)))
    rows = [[*run.row(name)[:-2], f"{run.per_core:,.0f}"] for name, run in runs]
    ratio = runs[1][1].per_core / runs[0][1].per_core
    title = f"Load: as much as it takes, {AT_ONCE} connections, {SECONDS / 2:g} s each"
    return Report(title, (*COLUMNS[:-2], "answers/s per core"), rows, f"ratio {ratio:.1f} per core (aim: at least 20)")


def karrio(folder: Path, healthy: list[int], calls: Path) -> Report:
    """The same questions to the same carriers through karrio's SDK."""
    title = f"Load: three healthy carriers at 150 ms through karrio's SDK; runs of {SECONDS:g} s"
    python = karrio_environment(folder)
    if isinstance(python, str):
        return Report(title, ("karrio",), [["not measured"]], f"it could not be installed: {python}")
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving_karrio(python, healthy, port) as served:
        put(served, calls, 2, 20)
        rows = [run.row(name) for name, run in usual(served, calls)]
    return Report(title, COLUMNS, rows, "for comparison: no memory, no receipts, no checks of the question")
