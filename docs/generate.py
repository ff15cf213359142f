"""Writes every page and file that is made from the code; `--check` only says which of them are stale.

A maker gives texts by path. Whoever adds a page adds its maker to `MAKERS`.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docs import schemas
from docs.settings_page import settings_page
from docs.verdicts_page import verdicts_page

ROOT: Final = Path(__file__).parents[1]

Texts = Mapping[str, str]
"""Path from the repository's root → text."""


def _settings() -> Texts:
    return {"docs/settings.md": settings_page()}


def _verdicts() -> Texts:
    return {"docs/channels/verdicts.md": verdicts_page()}


def _schemas() -> Texts:
    return {f"contracts/schemas/{schemas.VERSION}/{name}": text for name, text in schemas.texts().items()}


MAKERS: Final[tuple[Callable[[], Texts], ...]] = (_settings, _verdicts, _schemas)


def made() -> dict[Path, str]:
    """Every generated file and what it should hold."""
    return {ROOT / path: text for maker in MAKERS for path, text in maker().items()}


def stale() -> dict[Path, str]:
    """The generated files that are missing or hold something else."""
    return {path: text for path, text in made().items() if not path.is_file() or path.read_text("utf-8") != text}


def main(arguments: list[str]) -> int:
    """Write what is stale, or with `--check` name it; 1 when something is."""
    found = stale()
    if "--check" in arguments:
        for path in found:
            print(f"{path.relative_to(ROOT)} is stale; run `make docs`")
        return 1 if found else 0
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
