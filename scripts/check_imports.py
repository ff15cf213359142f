"""Runs import-linter over the core, the contract kit and every plugin; it knows the plugins by their place on disk.

import-linter wants every package by name. So that a new plugin touches its own folder only, the contracts
in `pyproject.toml` say PLUGINS, and a copy with the names in its place is what is checked.
"""

import re
import sys
import tempfile
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]


def plugins(root: Path) -> list[str]:
    """The importable package of every plugin under a workspace."""
    return sorted(init.parent.name for init in root.glob("plugins/*/src/*/__init__.py"))


def spelled_out(settings: str, names: list[str]) -> str:
    """The settings with every text that says PLUGINS repeated for each plugin."""
    return re.sub(
        r'"([^"\n]*)PLUGINS([^"\n]*)"', lambda at: ", ".join(f'"{at[1]}{name}{at[2]}"' for name in names), settings
    )


def main() -> int:
    """Check all contracts, or those whose names are given; 0 when they are kept."""
    sys.path[:0] = [str(source) for source in ROOT.glob("plugins/*/src")]  # also a plugin that is not installed yet
    settings = spelled_out((ROOT / "pyproject.toml").read_text(encoding="utf-8"), plugins(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "pyproject.toml")
        copy.write_text(settings, encoding="utf-8")
        return lint_imports(config_filename=str(copy), no_cache=True, no_logo=True)


if __name__ == "__main__":
    sys.exit(main())
