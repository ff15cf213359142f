"""A TOML file as tables, or the place where it stops being one."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from portes.errors import Problem, SettingsError
from portes.files import RefusedFileError, read_limited
from portes.settings.source import below
from portes.settings.toml_mistakes import find_mistake

_LARGEST: Final = 4 << 20  # bytes
_DEEPEST: Final = 32
"""Levels of tables and lists: no setting has a third of it."""
_MOST_BITS: Final = 256
"""Of a whole number: Python writes no more than 4,300 digits, and reads more than that in hexadecimal."""
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file. Raises `SettingsError` with line and column, or with what keeps it from being read."""
    text = ""
    try:
        text = read_limited(path, _LARGEST).decode("utf-8-sig")  # some editors begin a file with a byte order mark
        tables = tomllib.loads(text)
        problem = _excess(tables, path)
        if problem is None:
            return tables
    except OSError as error:
        fix = error.fix if isinstance(error, RefusedFileError) else "name a file that is there"
        problem = Problem("", "", f"cannot be read ({error.strerror})", fix, file=str(path))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem("", "", "is not UTF-8 text", "save the file as UTF-8", file=str(path), line=line)
    except tomllib.TOMLDecodeError as error:
        problem = _syntax(str(error), text, path)
    except (RecursionError, MemoryError):
        problem = _too_deep("", path)
    except ValueError:  # Python makes no number of more digits
        cause = "is not TOML that can be read: a number has more than 4,300 digits"
        problem = Problem("", "", cause, "write fewer digits, or the text in quotes", file=str(path))
    raise SettingsError(problem)


def _excess(tables: dict[str, Any], path: Path) -> Problem | None:
    """What the parser takes and nobody means: it would be too much for whoever walks the tables."""
    level: list[tuple[str, object]] = list(tables.items())
    for _ in range(_DEEPEST):
        large = next((where for where, value in level if _is_beyond(value)), None)
        if large is not None:
            cause, fix = f"is a number of more than {_MOST_BITS} bits", "correct it, or write it in quotes"
            return Problem(large, "", cause, fix, file=str(path))
        level = [(below(where, key), inner) for where, value in level for key, inner in _parts(value)]
        if not level:
            return None
    return _too_deep(level[0][0].split(".")[0], path)


def _is_beyond(value: object) -> bool:
    return isinstance(value, int) and value.bit_length() > _MOST_BITS


def _parts(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _too_deep(where: str, path: Path) -> Problem:
    cause = f"is not TOML that can be read: tables or lists stand in each other more than {_DEEPEST} deep"
    return Problem(where, "", cause, "take out what nobody needs, or close each [ and { where it ends", file=str(path))


def _syntax(message: str, text: str, path: Path) -> Problem:
    place = _PLACE.search(message)
    cause = message[: place.start()] if place else message
    line, column = (int(place[1]), place[2]) if place and place[1] else (0, "")
    known = find_mistake(text, line, cause, path)
    if known is not None:
        return known
    where = f" at column {column}" if column else " at the end of the file"
    return Problem("", "", f"is not TOML{where}: {cause}", "mend that line", file=str(path), line=line)
