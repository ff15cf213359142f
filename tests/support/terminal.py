"""A terminal for tests: runs `portes` in this process, reads its tables, installs little distributions."""

import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from stage import ENVIRON

from portes.cli import main

Portes = Callable[..., Result]


def run(*arguments: str | Path, stdin: bytes = b"", columns: str | None = "200") -> Result:
    """Run `portes` with these arguments, on a screen of so many columns, or into a pipe."""
    runner = CliRunner(env={**ENVIRON, "COLUMNS": columns})
    return runner.invoke(main, list(map(str, arguments)), input=stdin, catch_exceptions=False)


def cells(text: str) -> list[list[str]]:
    """The rows of the tables in a text, their headings left out."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]


def install(folder: Path, name: str, entry_points: str, **modules: str) -> None:
    """Install version 2 of a distribution in a folder of the path."""
    info = folder / f"{name.replace('-', '_')}-2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2\n")
    (info / "entry_points.txt").write_text(entry_points)
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)
        sys.modules.pop(module, None)  # another test may have installed one of this name elsewhere
