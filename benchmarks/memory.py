"""Whether resident memory stays flat: every question new, answers remembered up to the bound, receipts kept.

`PORTES_BENCH_SECONDS` is how long it runs, 60 unless it is set.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.http import load, write_calls
from benchmarks.load_scenarios import CONNECTIONS, SECONDS
from benchmarks.load_stores import Memory, far, serving, write_far_store
from benchmarks.report import Report

RATE: Final = 60.0
CARRIERS: Final = 3
TENTHS: Final = 10
BOUND: Final = int(SECONDS * RATE * CARRIERS / 5)
"""Questions to carriers that are remembered: memory is full after a fifth of the run."""
KEEPING: Final = '\n[service]\nstate = "state"\n'


def run() -> Iterator[Report]:
    """Ask so many new questions a second, and look at the memory after every tenth of the run."""
    with TemporaryDirectory(prefix="portes-bench-") as name, far() as port:
        store = write_far_store(Path(name) / "store", [port] * CARRIERS, more="")
        settings = store / "portes.toml"
        text = settings.read_text(encoding="utf-8").replace("[store]", f"[store]\ncache_size = {BOUND}", 1)
        settings.write_text(text + KEEPING, encoding="utf-8")
        calls = write_calls(store, int(SECONDS * RATE) + 1)
        with serving(store) as served:
            memory = Memory(served, TENTHS)
            with memory.watched(SECONDS):
                figures = load(calls, served.port, SECONDS, RATE, connections=CONNECTIONS)
    yield flat(memory.megabytes, figures["calls"], figures["errors"])


def flat(megabytes: list[float], calls: float, errors: float) -> Report:
    """How much it grew once memory was full, from two fifths of the run to its end."""
    full, end = megabytes[2 * TENTHS // 5], megabytes[-1]
    columns = ("answered", "not 200", *(f"{tenth * SECONDS / TENTHS:g} s" for tenth in range(TENTHS + 1)))
    row = [f"{calls:,.0f}", f"{errors:.0f}", *(f"{each:.0f}" for each in megabytes)]
    title = f"Memory: resident MB at {RATE:g} new questions a second to {CARRIERS} carriers, {BOUND:,} remembered"
    return Report(title, columns, [row], f"{end - full:+.1f} MB after {full:.0f} MB once it was full (aim: flat)")


if __name__ == "__main__":
    for each in run():
        print(each)
