"""The files that a store's file may speak of: tables, catalogue, secrets; it opens none of them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from portes.errors import SettingsError
from portes.files import ACTIVE_TABLES
from portes.settings.source import FILE_PREFIX
from portes.settings.toml import read_toml

_LONGEST: Final = 1024
_VARIABLE: Final = re.compile(r"(?<!\$)\$\{([^}]*)\}")


def find_referenced_files(file: Path, environ: Mapping[str, str]) -> frozenset[Path]:
    """Every path that a text in the settings may mean, whether something is there or not.

    A plugin's key may name a file without saying so, hence each text counts; those of `[service]` do not, since
    what stands in the state folder is ours. A store that names a stored table speaks of the one file there that is
    written anew when a version is activated. Empty for a file that is not TOML.
    """
    try:
        tables = read_toml(file)
    except SettingsError:
        return frozenset()
    others = [table for part, table in tables.items() if part != "service"]
    paths = {path for text in _texts(others) if (path := _path(text, environ))}
    if _names_stored(others):
        paths |= {
            str(Path(path) / ACTIVE_TABLES) for path in (_path(text, environ) for text in _states(tables)) if path
        }
    return frozenset(file.parent / path for path in paths)


def _states(tables: Mapping[str, object]) -> Iterator[str]:
    """The state folder as the file has it; nothing where it has none."""
    service = tables.get("service")
    state = service.get("state") if isinstance(service, dict) else None
    if isinstance(state, str):
        yield state


def _names_stored(tree: object) -> bool:
    """Whether any key says `stored`, by which carriers name tables of the state folder."""
    if isinstance(tree, dict):
        return bool(tree.get("stored")) or _names_stored(list(tree.values()))
    return isinstance(tree, list) and any(map(_names_stored, tree))


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
