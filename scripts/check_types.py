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
    """What each run of mypy checks, relative to the root."""
    sources = sorted(ROOT.glob("plugins/*/src"))
    tests = sorted(ROOT.glob("plugins/*/tests"))
    together = [room for room in tests if room.parent.name.isidentifier()]
    yield [room for room in chain((ROOT / room for room in ROOMS), sources, together) if has_python(room)]
    yield from ([room] for room in tests if room not in together and has_python(room))


def has_python(room: Path) -> bool:
    """Whether there is anything to check."""
    return room.is_file() or any(room.rglob("*.py"))


def main() -> int:
    """Run them all; the exit code is the worst."""
    sources = [str(source) for source in ROOT.glob("plugins/*/src")]
    environ = os.environ | {"MYPYPATH": os.pathsep.join(sources)}
    mypy = [sys.executable, "-m", "mypy", "--no-error-summary"]
    codes = [subprocess.run([*mypy, *rooms], cwd=ROOT, env=environ, check=False).returncode for rooms in runs()]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
