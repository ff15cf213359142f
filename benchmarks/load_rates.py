"""How much a service holds, found with calls that wait for no answer; it knows no scenario."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.load_open import Asked
from benchmarks.load_stores import Served

CORE: Final = 1
"""That of the generator."""
LIMIT: Final = 0.4
"""Seconds after which a marketplace discards an answer."""
RUNG: Final = 4.0
"""Seconds for each rate that is tried on the way to the highest."""
FIRST: Final = 25.0
"""Calls a second that everything here holds."""
STEPS: Final = (0.5, 0.25, 0.12)
"""By how much a rate that holds is raised, where twice as much did not hold."""


def ask(served: Served, calls: Path, *loads: tuple[float, float]) -> list[Asked]:
    """Put one load after the other on a service, each a rate and its seconds."""
    texts = [f"{rate}:{seconds}" for rate, seconds in loads]
    command = [sys.executable, "-m", "benchmarks.load_open", str(calls), str(served.port), str(CORE), *texts]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [Asked(*json.loads(line)) for line in done.stdout.splitlines()]


def highest_rate(served: Served, calls: Path) -> float:
    """The highest rate, of those tried, at which 99 of 100 are answered in time."""
    ask(served, calls, (FIRST, 2))
    rate = FIRST
    while holds(served, calls, 2 * rate):
        rate *= 2
    for step in STEPS:
        if holds(served, calls, rate * (1 + step)):
            rate *= 1 + step
    return rate


def holds(served: Served, calls: Path, rate: float) -> bool:
    """Whether a service holds a rate; one that fails has a second chance."""
    for _ in range(2):
        asked = ask(served, calls, (rate, RUNG))
        if sum(each.status == 200 and each.caller < LIMIT for each in asked) >= 0.99 * len(asked):
            return True
    return False


def share(seconds: Sequence[float], part: float) -> float:
    """The time that such a part of some times stays below."""
    ranking = sorted(seconds)
    return ranking[round((len(ranking) - 1) * part)] if ranking else 0.0
