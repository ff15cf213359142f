"""A TOML file as tables, or the place where it stops being one."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from portes.errors import Problem, SettingsError
from portes.files import RefusedFileError, read_limited
from portes.settings.toml_mistakes import find_mistake

_LARGEST: Final = 4 << 20  # bytes
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file. Raises `SettingsError` with line and column, or with what keeps it from being read."""
    text = ""
    try:
        text = read_limited(path, _LARGEST).decode("utf-8-sig")  # some editors begin a file with a byte order mark
        return tomllib.loads(text)
    except OSError as error:
        fix = error.fix if isinstance(error, RefusedFileError) else "name a file that is there"
        problem = Problem("", "", f"cannot be read ({error.strerror})", fix, file=str(path))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem("", "", "is not UTF-8 text", "save the file as UTF-8", file=str(path), line=line)
    except tomllib.TOMLDecodeError as error:
        problem = _syntax(str(error), text, path)
    raise SettingsError(problem)


def _syntax(message: str, text: str, path: Path) -> Problem:
    place = _PLACE.search(message)
    cause = message[: place.start()] if place else message
    line, column = (int(place[1]), place[2]) if place and place[1] else (0, "")
    known = find_mistake(text, line, cause, path)
    if known is not None:
        return known
    where = f" at column {column}" if column else " at the end of the file"
    return Problem("", "", f"is not TOML{where}: {cause}", "mend that line", file=str(path), line=line)
