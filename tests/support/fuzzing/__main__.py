"""`make fuzz`: so many seconds at each door, and a line for each; exit code 1 when anything surprised."""

import logging
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import structlog

from fuzzing.doors import DOORS
from fuzzing.running import Tally, keep, run

KEPT = Path(__file__).parents[2] / "fuzz" / "kept"


def fuzzed(name: str, seed: int, seconds: float, most: int | None) -> Tally:
    """One door, opened and closed again; what surprises is written among the kept inputs."""
    with TemporaryDirectory() as folder:
        door = DOORS[name](Path(folder))
        try:
            tally = run(door, seed, most, seconds)
            _say(str(tally), *keep(door, tally, KEPT))
        finally:
            door.close()
    return tally


def main() -> int:
    """Run the doors that are named, or all of them."""
    asked = ArgumentParser(prog="make fuzz")
    asked.add_argument("doors", nargs="*", metavar="door", help=f"of {', '.join(DOORS)}; all without any")
    asked.add_argument("--seconds", type=float, default=60, help="how long to stay at each door")
    asked.add_argument("--seed", type=int, default=12, help="the same seed makes the same inputs")
    asked.add_argument("--most", type=int, help="inputs for each door, whatever the time")
    found = asked.parse_args()
    if strange := set(found.doors) - set(DOORS):
        asked.error(f"no door is called {', '.join(sorted(strange))}")
    logging.lastResort = None
    structlog.configure(processors=[_drop])
    tallies = [fuzzed(name, found.seed, found.seconds, found.most) for name in found.doors or DOORS]
    return int(any(tally.surprises for tally in tallies))


def _drop(_logger: object, _method: str, _event: object) -> NoReturn:
    raise structlog.DropEvent


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
