"""Twice the rate that a service holds, and what comes of it: who is answered in time, who is turned away and how soon.

With a table, and with three far carriers at 150 ms. The service with all its processes has one core, the generator and
the far carriers another; `PORTES_BENCH_SECONDS` is how long the overload lasts, 60 unless it is set.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.http import write_calls
from benchmarks.load_open import Asked
from benchmarks.load_stores import Served, far, serving, write_far_store, write_table_store
from benchmarks.report import Report

SECONDS: Final = float(os.environ.get("PORTES_BENCH_SECONDS", "60"))
RUNG: Final = 4.0
"""Seconds for each rate that is tried on the way to the highest."""
AFTER: Final = 10.0
"""Seconds of half the rate that holds, behind the overload."""
LIMIT: Final = 0.4
"""Seconds after which a marketplace discards an answer."""
STEPS: Final = (0.5, 0.25, 0.12)
"""By how much a rate that holds is raised, where twice as much did not hold."""
SERVICE: Final = {0}
OTHERS: Final = {1}
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
        rate = highest(served, calls)
        before = served.cpu()
        asked = ask(served, calls, (rate / 2, RUNG), (2 * rate, SECONDS), (rate / 2, AFTER))
        cores = (served.cpu() - before) / (RUNG + SECONDS + AFTER)
    rows = figures(asked, rate)
    remark = f"{cores:.2f} cores on average; load of the machine {os.getloadavg()[0]:.1f}"
    return Report(f"Overload: {title}, {2 * rate:,.0f} a second for {SECONDS:g} s", COLUMNS, rows, remark)


def highest(served: Served, calls: Path) -> float:
    """The highest rate, of those tried, at which 99 of 100 answers are in time and all are answers."""
    ask(served, calls, (20, 2))
    rate = 50.0
    while holds(served, calls, 2 * rate):
        rate *= 2
    for step in STEPS:
        if holds(served, calls, rate * (1 + step)):
            rate *= 1 + step
    return rate


def holds(served: Served, calls: Path, rate: float) -> bool:
    """Whether all are answered at a rate, and 99 of 100 in time; one that fails has a second chance."""
    for _ in range(2):
        asked = ask(served, calls, (rate, RUNG))
        slow = ranked(asked, lambda each: each.caller)
        if all(each.status == 200 for each in asked) and share(slow, 0.99) < LIMIT:
            return True
    return False


def ask(served: Served, calls: Path, *loads: tuple[float, float]) -> list[Asked]:
    """Put one load after the other on a service, each a rate and its seconds."""
    (core,) = OTHERS
    texts = [f"{rate}:{seconds}" for rate, seconds in loads]
    command = [sys.executable, "-m", "benchmarks.load_open", str(calls), str(served.port), str(core), *texts]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [Asked(*json.loads(line)) for line in done.stdout.splitlines()]


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
        ["answered: p50, p99, max ms", times(ranked(answers, lambda each: each.caller)), "max 400"],
        ["turned away", f"{len(early)} of {len(over)}", ""],
        ["turned away at the service: p50, p99, max ms", times(ranked(early, lambda each: each.server)), "max 50"],
        ["turned away at the caller: p50, p99, max ms", times(ranked(early, lambda each: each.caller)), ""],
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


def ranked(asked: Sequence[Asked], seconds: Callable[[Asked], float]) -> list[float]:
    """Their times, the shortest first."""
    return sorted(map(seconds, asked))


def share(ranking: Sequence[float], part: float) -> float:
    """The time that such a part of them stays below."""
    return ranking[round((len(ranking) - 1) * part)] if ranking else 0.0


def times(ranking: Sequence[float]) -> str:
    """Median, 99 of 100, and the worst, in milliseconds."""
    return ", ".join(f"{1000 * share(ranking, part):.0f}" for part in (0.5, 0.99, 1.0))
