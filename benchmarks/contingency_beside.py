"""A service at 9 questions a second, without and with a build of a contingency table beside it: how many are late.

Service and build share the machine and three far carriers that take 150 ms; each is a process of its own.
`PORTES_BENCH_SECONDS` is how long each run takes, 60 unless it is set.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.http import SECRET, Figures, load, stopping, write_calls
from benchmarks.load_stores import LIVE, ROOT, far, serving, write_far_store
from benchmarks.report import Report

SECONDS: Final = float(os.environ.get("PORTES_BENCH_SECONDS", "60"))
RATE: Final = 9.0
PACES: Final = (60, 600, 100_000)
"""Calls a minute of each carrier: as when nothing is set, ten times that, and as many as two threads make."""
COLUMNS: Final = ("beside the service", "answers/s", "p50 ms", "p99 ms", "max ms", "late", "p99 / alone", "build")


def run() -> Iterator[Report]:
    """The service alone, then beside a build at each pace."""
    with TemporaryDirectory(prefix="portes-bench-") as name, ExitStack() as held:
        folder = Path(name)
        calls, ports = write_calls(folder), [held.enter_context(far()) for _ in range(3)]
        with serving(_store(folder / "alone", ports, PACES[0])) as served:
            load(calls, served.port, 2, RATE)
            alone = load(calls, served.port, SECONDS, RATE)
        rows = [_row("nothing", alone, alone, "")]
        for pace in PACES:
            store = _store(folder / str(pace), ports, pace)
            with serving(store) as served:
                load(calls, served.port, 2, RATE)
                with _building(store) as build:
                    figures = load(calls, served.port, SECONDS, RATE)
                    state = "under way" if build.poll() is None else "ended before"
            rows.append(_row(f"a build at {pace:,} calls a minute", figures, alone, state))
    yield Report(f"A build beside {RATE:g} questions a second, {SECONDS:g} s each", COLUMNS, rows, "aim: none late")


def _store(folder: Path, ports: list[int], pace: int) -> Path:
    write_far_store(folder, ports, more=f"{LIVE}\nbulk = {{ calls_a_minute = {pace} }}")
    file = folder / "portes.toml"
    file.write_text(f'[service]\nstate = "state"\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
    return folder


@contextmanager
def _building(store: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Build a table of the whole country while the block runs."""
    command = [sys.executable, "-c", "from portes.cli import main; main()", "contingency", "build", str(store)]
    flags = ["--for", "plain", "--density", "200", "--value", "100.00", "--calls", "1000000"]
    environ = {**os.environ, "SECRET": SECRET, "PYTHONPATH": str(ROOT / "benchmarks" / "remote")}
    with (store / "build").open("w") as told:
        process = subprocess.Popen([*command, *flags], env=environ, stdout=told, stderr=told)
    with stopping(process):
        yield process


def _row(name: str, figures: Figures, alone: Figures, state: str) -> list[str]:
    times = [f"{figures[key]:.0f}" for key in ("p50", "p99", "max")]
    ratio = f"{figures['p99'] / alone['p99']:.2f}"
    return [name, f"{figures['rate']:.1f}", *times, f"{figures['late'] + figures['errors']:.0f}", ratio, state]


if __name__ == "__main__":
    for each in run():
        print(each)
