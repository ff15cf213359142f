"""The files that a store's file may speak of: tables, catalogue, secrets; it opens none of them and knows no key."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from portes.errors import SettingsError
from portes.settings.source import FILE_PREFIX
from portes.settings.toml import read_toml

_LONGEST: Final = 1024
_VARIABLE: Final = re.compile(r"(?<!\$)\$\{([^}]*)\}")


def find_referenced_files(file: Path, environ: Mapping[str, str]) -> frozenset[Path]:
    """Every path that a text in the settings may mean, whether something is there or not.

    A plugin's key may name a file without saying so, hence each text counts; those of `[service]` do not, since
    what stands in the state folder is ours. Empty for a file that is not TOML.
    """
    try:
        tables = read_toml(file)
    except SettingsError:
        return frozenset()
    texts = _texts([table for part, table in tables.items() if part != "service"])
    return frozenset(file.parent / path for text in texts if (path := _path(text, environ)))


def _path(text: str, environ: Mapping[str, str]) -> str:
    path = _VARIABLE.sub(lambda match: environ.get(match[1], match[0]), text.removeprefix(FILE_PREFIX))
    return path if len(path) <= _LONGEST and path.isprintable() else ""


def _texts(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        yield from _texts(list(tree.values()))
    elif isinstance(tree, list):
        for part in tree:
            yield from _texts(part)
