"""Runs every benchmark of this folder, or those named: `python -m benchmarks [NAME …]`; it knows none of them."""

import sys
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent


def main(names: list[str]) -> None:
    """Run each module that has a `run`; what it returns are reports, printed as they come."""
    for name in names or sorted(path.stem for path in FOLDER.glob("[a-z]*.py")):
        run = getattr(import_module(f"benchmarks.{name}"), "run", None)
        for report in (run() or ()) if run else ():
            print(report, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
