"""Runs mypy over every room of the workspace; it knows the rooms by their place on disk, not by name.

A test room under a folder whose name is no Python identifier (`plugins/correios-br/tests`) gets a run of
its own: outside a package its modules have bare names, and several rooms have a `test_contract.py`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = (
    "conftest.py",
    "core/src",
    "contracts/src",
    "contracts/tests",
    "tests",
    "benchmarks",
    "docs",
    "examples",
    "scripts",
)


def runs() -> Iterator[Sequence[Path]]:
    """What each run of mypy checks."""
    sources = sorted(ROOT.glob("plugins/*/src"))
    tests = sorted(ROOT.glob("plugins/*/tests"))
    together = [room for room in tests if room.parent.name.isidentifier()]
    yield [room for room in chain((ROOT / room for room in ROOMS), sources, together) if any(room.rglob("*.py"))]
    yield from ([room] for room in tests if room not in together and any(room.rglob("*.py")))
    yield [ROOT / "conftest.py"]


def checked(rooms: Sequence[Path]) -> int:
    """Run mypy; a plugin's tests may import the modules in their `support` folder by bare name."""
    bases = [*ROOT.glob("plugins/*/src"), *ROOT.glob("plugins/*/tests/support")]
    environ = os.environ | {"MYPYPATH": os.pathsep.join(map(str, bases))}
    mypy = [sys.executable, "-m", "mypy", "--no-error-summary"]
    return subprocess.run([*mypy, *rooms], cwd=ROOT, env=environ, check=False).returncode


def main() -> int:
    """Run them all; the exit code is the worst."""
    return max([checked(rooms) for rooms in runs()])


if __name__ == "__main__":
    sys.exit(main())
