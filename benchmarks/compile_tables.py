"""Compiling the worst large table: each row has a postal range of its own, and hardly any two the same prices or terms.

Each measurement is a process of its own. Compiling and going through the same file with csv.reader take turns, and
ratios are those of neighbours, since other work on the machine slows both. Set `PORTES_BENCH_ROWS` for other sizes.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.report import Report

ROWS = int(os.environ.get("PORTES_BENCH_ROWS", "200000"))
PAIRS = 3
MOST_BY_LINES = 200_000
"""Rows of the largest table that is also compiled without the libraries that read columns: it takes minutes."""
HEADINGS = ("table", "csv.reader", "compiled", "and written", "ratio", "of cores", "peak", "line by line")
PLAIN = (
    "postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,percent_minimum,"
    "days_min,days_max\n"
)
VTEX = (
    "ZipCodeStart,ZipCodeEnd,PolygonName,WeightStart,WeightEnd,AbsoluteMoneyCost,PricePercent,PriceByExtraWeight,"
    "MaxVolume,TimeCost,Country,MinimumValueInsurance\n"
)

MEASURE = """
import csv, json, resource, sys, time
from pathlib import Path
from portes.tables import ReadOptions, open_table
what, path, format_name, state = sys.argv[1:]
begun, used = time.perf_counter(), time.process_time()
if what == "csv":
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            pass
else:
    if what == "lines":
        sys.modules["numpy"] = None
    options = ReadOptions(country="BR", currency="BRL")
    open_table(Path(path), format_name, options, Path(state) if what == "written" else None)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([time.perf_counter() - begun, time.process_time() - used, peak * 1024]))
"""

Figures = tuple[float, float, int]
"""Seconds by the clock, seconds of processor time, peak resident memory in bytes."""


def run() -> Iterator[Report]:
    """Measure both formats."""
    title = f"Compiling {ROWS:,} rows of the worst shape: median of {PAIRS} pairs of processes"
    remark = (
        "Aim: compiled in twice the time of csv.reader, with less than 1 GiB. Of cores: the ratio in processor time."
    )
    formats: Sequence[tuple[str, str, Callable[[random.Random, int, int], str]]] = (
        ("plain", PLAIN, _plain),
        ("vtex", VTEX, _vtex),
    )
    yield Report(title, HEADINGS, [_measured(*each) for each in formats], remark)


def _measured(name: str, header: str, line: Callable[[random.Random, int, int], str]) -> Sequence[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        chance, width = random.Random(7), 10**8 // ROWS
        firsts = [width * at for at in range(ROWS)]
        chance.shuffle(firsts)
        with path.open("w") as file:
            file.write(header)
            file.writelines(line(chance, first, first + width - 1) for first in firsts)
        pairs = [(_figures("csv", path, name), _figures("compiled", path, name)) for _ in range(PAIRS)]
        written = _figures("written", path, name)
        by_lines = _figures("lines", path, name) if ROWS <= MOST_BY_LINES else None
        size = path.stat().st_size
    return (
        f"{name}, {size / 1e6:,.0f} MB",
        f"{median(read[0] for read, _ in pairs):.2f} s",
        f"{median(compiled[0] for _, compiled in pairs):.2f} s",
        f"{written[0]:.2f} s",
        f"{median(compiled[0] / read[0] for read, compiled in pairs):.2f}",
        f"{median(compiled[1] / read[1] for read, compiled in pairs):.2f}",
        f"{max(written[2], *(compiled[2] for _, compiled in pairs)) / 2**20:,.0f} MiB",
        f"{by_lines[0]:.1f} s" if by_lines else "-",
    )


def _figures(what: str, path: Path, name: str) -> Figures:
    with TemporaryDirectory() as state:
        command: list[str | Path] = [sys.executable, "-c", MEASURE, what, path, name, state]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    wall, used, peak = json.loads(done.stdout)
    return wall, used, peak


def _plain(chance: random.Random, first: int, last: int) -> str:
    days = chance.randrange(1, 60)
    return (
        f"{first:08d},{last:08d},0,30000,{chance.randrange(800, 900000) / 100:.2f},"
        f"{chance.randrange(100, 9000) / 1000:.3f},{chance.randrange(1, 50000) / 10000:.4f},"
        f"{chance.randrange(100, 9000) / 100:.2f},{days},{days + chance.randrange(1, 30)}\n"
    )


def _vtex(chance: random.Random, first: int, last: int) -> str:
    return (
        f"{first:08d},{last:08d},,0,30000,{chance.randrange(800, 900000) / 100:.2f},"
        f"{chance.randrange(1, 50000) / 10000:.4f},{chance.randrange(100, 9000) / 1000000:.6f},1000000000,"
        f"{chance.randrange(1, 60):02d}.{chance.randrange(24):02d}:00:00,BRA,{chance.randrange(100, 9000) / 100:.2f}\n"
    )


if __name__ == "__main__":
    for report in run():
        print(report)
