"""Writing a large table: ranges of ten brackets, prices of their own, as plain text and as VTEX's workbooks.

Each measurement is a process of its own, beside csv.writer over the same rows. Set `PORTES_BENCH_ROWS` for other sizes.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.report import Report

ROWS = int(os.environ.get("PORTES_BENCH_ROWS", "200000"))
RUNS = 3
HEADINGS = ("written as", "seconds", "by csv.writer", "rows a second", "files", "megabytes", "peak")

MEASURE = """
import csv, io, json, random, resource, sys, time
from portes.tables import Fee, Row, Terms, WriteOptions, write_table
what, rows = sys.argv[1], int(sys.argv[2])
chance, each, known = random.Random(7), 10, [
    Terms(days, days, fees=(Fee("ad_valorem", percent=percent * 10_000),))
    for days in range(1, 15) for percent in (0, 30)
]
def made():
    width = 10**8 // (rows // each)
    for at in range(rows // each):
        first, last, terms = f"{at * width:08d}", f"{at * width + width - 1:08d}", chance.choice(known)
        for low in range(each):
            border = (low + 1) * 10**6
            price = chance.randrange(800, 900000) * 10**6
            yield Row(0, "", first, last, low * 10**6, border, price, border, terms)
begun = time.perf_counter()
for _ in made():
    pass
making, begun = time.perf_counter() - begun, time.perf_counter()
if what == "csv":
    stream = io.StringIO()
    out = csv.writer(stream)
    for row in made():
        terms = row.terms
        out.writerow((row.service, row.postal_from, row.postal_to, row.weight_from // 1000, row.weight_to // 1000,
                      row.price / 10**8, terms.days_min, terms.days_max))
    files, size = 1, stream.tell()
else:
    written = write_table(made(), what, WriteOptions("BR", "BRL"))
    files, size = len(written), sum(len(file.content) for file in written)
taken = time.perf_counter() - begun - making
print(json.dumps([taken, files, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""


def run() -> Iterator[Report]:
    """Measure csv.writer and both formats, by turns."""
    measured: dict[str, list[list[float]]] = {"csv": [], "plain": [], "vtex": []}
    for _ in range(RUNS):
        for name, figures in measured.items():
            figures.append(_figures(name))
    ratios = {
        name: median(own[0] / beside[0] for own, beside in zip(figures, measured["csv"], strict=True))
        for name, figures in measured.items()
    }
    rows = [_row(name, figures, ratios[name]) for name, figures in measured.items()]
    yield Report(f"Writing {ROWS:,} rows: median of {RUNS} runs", HEADINGS, rows, "Making the rows is not counted.")


def _row(name: str, figures: Sequence[Sequence[float]], ratio: float) -> Sequence[str]:
    seconds = median(each[0] for each in figures)
    _, files, size, _ = figures[0]
    peak = max(each[3] for each in figures) / 2**20
    return (
        f"{name}.writer" if name == "csv" else name,
        f"{seconds:.1f} s",
        f"{ratio:.1f}",
        f"{ROWS / seconds:,.0f}",
        f"{files:.0f}",
        f"{size / 1e6:,.0f}",
        f"{peak:,.0f} MiB",
    )


def _figures(name: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, name, str(ROWS)], stdout=subprocess.PIPE, check=True, text=True
    )
    figures: list[float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    for report in run():
        print(report)
