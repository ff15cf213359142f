"""What receipts cost: the same store with and without them, asked in turn in one run."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.http import COLUMNS, CONNECTIONS, Figures, load, row, serving_store, write_calls, write_store
from benchmarks.report import Report

ROUNDS, SECONDS = 40, 2.0
KEEPING = '\n[service]\nstate = "state"\n[service.receipts]\nqueue = 100000\n'


def run() -> Iterator[Report]:
    """Compare throughput, then count what was kept."""
    with TemporaryDirectory(prefix="portes-bench-") as name:
        without, keeping = Path(name) / "without", Path(name) / "keeping"
        for folder in (without, keeping):
            folder.mkdir()
            write_store(folder)
        with (keeping / "portes.toml").open("a", encoding="utf-8") as settings:
            settings.write(KEEPING)
        calls = write_calls(without)
        with serving_store(keeping) as on, serving_store(without) as off:
            report, answered = compared(calls, on, off)
        yield report
        yield kept(keeping / "state" / "receipts.sqlite", answered)


def compared(calls: Path, on: int, off: int) -> tuple[Report, float]:
    """Ask both in turn, several times; the ratio is the median of the rounds' ratios."""
    answered = load(calls, on, 1.0)["calls"]
    load(calls, off, 1.0)
    rounds: list[tuple[Figures, Figures]] = []
    for number in range(ROUNDS):  # each goes first as often as the other
        first, second = (on, off) if number % 2 else (off, on)
        figures = {port: load(calls, port, SECONDS) for port in (first, second)}
        rounds.append((figures[on], figures[off]))
    ratio = median(mine["rate"] / theirs["rate"] for mine, theirs in rounds)
    rows = [row("with receipts", [mine for mine, _ in rounds]), row("without", [theirs for _, theirs in rounds])]
    title = f"Receipts: {CONNECTIONS} connections, one process each, {ROUNDS} rounds of {SECONDS:g} s in turn"
    report = Report(title, COLUMNS, rows, f"cost {1 - ratio:.1%} of throughput (aim: under 10 %)")
    return report, answered + sum(mine["calls"] for mine, _ in rounds)


def kept(database: Path, answered: float) -> Report:
    """Count the receipts and what room they take."""
    connection = sqlite3.connect(database)
    (receipts,), (pages, packed) = (
        connection.execute("select count(*) from receipts").fetchone(),
        connection.execute("select count(*), sum(length(body)) from pages").fetchone(),
    )
    connection.close()
    size = database.stat().st_size
    figures = [f"{answered:,.0f}", f"{receipts:,}", f"{pages:,}", f"{packed / receipts:.0f}", f"{size / receipts:.0f}"]
    columns = ("answered", "receipts", "pages", "packed bytes each", "file bytes each")
    return Report("Receipts: what was kept of that run", columns, [figures], "aim: as many receipts as answers")


if __name__ == "__main__":
    for each in run():
        print(each)
