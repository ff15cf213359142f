"""Twice the rate that a service holds, and what comes of it: who is answered in time, who is turned away and how soon.

With a table, and with three far carriers at 150 ms. The service with all its processes has one core, the generator and
the far carriers another; `PORTES_BENCH_SECONDS` is how long the overload lasts, 60 unless it is set.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.http import write_calls
from benchmarks.load_open import Asked
from benchmarks.load_rates import CORE, LIMIT, RUNG, ask, highest_rate, share
from benchmarks.load_stores import far, serving, write_far_store, write_table_store
from benchmarks.report import Report

SECONDS: Final = float(os.environ.get("PORTES_BENCH_SECONDS", "60"))
AFTER: Final = 10.0
"""Seconds of half the rate that holds, behind the overload."""
SERVICE: Final = {0}
OTHERS: Final = {CORE}
"""The cores of the service, and of whoever asks it and is asked by it."""
COLUMNS: Final = ("what", "measured", "aim")


def run() -> Iterator[Report]:
    """Both services in turn."""
    if len(os.sched_getaffinity(0)) < 2:
        yield Report("Overload", ("overload",), [["not measured"]], "it needs two cores")
        return
    with TemporaryDirectory(prefix="portes-bench-") as name, ExitStack() as held:
        folder = Path(name)
        calls = write_calls(folder)
        held.enter_context(pinned(OTHERS))
        carriers = [held.enter_context(far()) for _ in range(3)]
        yield overloaded("a table", write_table_store(folder / "table"), calls)
        yield overloaded("three far carriers at 150 ms", write_far_store(folder / "three", carriers), calls)


@contextmanager
def pinned(cores: set[int]) -> Iterator[None]:
    """Keep this process, and what it starts meanwhile, to some cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def overloaded(title: str, store: Path, calls: Path) -> Report:
    """Find what a service holds, then put twice as much on it, then half."""
    with ExitStack() as held:
        with pinned(SERVICE):
            served = held.enter_context(serving(store))
        rate = highest_rate(served, calls)
        before = served.cpu()
        asked = ask(served, calls, (rate / 2, RUNG), (2 * rate, SECONDS), (rate / 2, AFTER))
        cores = (served.cpu() - before) / (RUNG + SECONDS + AFTER)
    rows = figures(asked, rate)
    remark = f"{cores:.2f} cores on average; load of the machine {os.getloadavg()[0]:.1f}"
    return Report(f"Overload: {title}, {2 * rate:,.0f} a second for {SECONDS:g} s", COLUMNS, rows, remark)


def figures(asked: Sequence[Asked], rate: float) -> list[list[str]]:
    """What is told of the three loads."""
    over = [each for each in asked if each.load == 1]
    answers, early = ([each for each in over if each.status == status] for status in (200, 503))
    good = [each for each in answers if each.caller <= LIMIT]
    odd = sum(each.status not in {200, 503} for each in asked)
    return [
        ["highest rate that holds", f"{rate:,.0f}/s", ""],
        ["answered in time, of that rate", f"{len(good) / SECONDS / rate:.2f}", "0.90"],
        ["answered late, at the caller", f"{len(answers) - len(good)} of {len(answers)}", "0"],
        ["answered late, at the service", str(sum(each.server > LIMIT for each in answers)), "0"],
        ["answered: p50, p99, max ms", times(each.caller for each in answers), "max 400"],
        ["turned away", f"{len(early)} of {len(over)}", ""],
        ["turned away at the service: p50, p99, max ms", times(each.server for each in early), "max 50"],
        ["turned away at the caller: p50, p99, max ms", times(each.caller for each in early), ""],
        ["turned away later than 50 ms at the service", str(sum(each.server > 0.05 for each in early)), "0"],
        ["recovered after", f"{recovery(asked):.2f} s", "2 s"],
        ["neither 200 nor 503, or no answer", str(odd), "0"],
        ["most that the generator was late", f"{1000 * max(each.held for each in asked):.0f} ms", ""],
    ]


def recovery(asked: Sequence[Asked]) -> float:
    """Seconds from the end of the overload to the last call that was not answered in time."""
    end = RUNG + SECONDS
    bad = (each for each in asked if each.load == 2 and (each.status != 200 or each.caller > LIMIT))
    return max((each.due + each.caller - end for each in bad), default=0.0)


def times(seconds: Iterable[float]) -> str:
    """Median, 99 of 100, and the worst, in milliseconds."""
    every = list(seconds)
    return ", ".join(f"{1000 * share(every, part):.0f}" for part in (0.5, 0.99, 1.0))
