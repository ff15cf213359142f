"""Where each cassette of a folder came from, kept in `PROVENANCE.toml` beside them; it knows no cassette's content."""

import datetime as dt
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FILE: Final = "PROVENANCE.toml"
OLD: Final = 365
"""Days after which a recording is warned about: carriers change without telling."""


class Against(StrEnum):
    """Who answered when a cassette was made."""

    SANDBOX = "sandbox"
    """The plugin's own simulator."""
    PUBLISHED = "published"
    """Nobody: built from a sample that the carrier, or one of its users, published."""
    LIVE = "live"
    """The carrier itself, with a real account."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """The line of one cassette."""

    provenance: Against
    date: dt.date
    """When it was recorded or published."""
    moment: dt.datetime
    """What time it is on replay; tokens in it end by it."""
    fingerprint: str
    """Of its structure; see `structure.fingerprint`."""
    source: str
    """The sandbox, host or document it came from."""
    api_version: str = ""
    changed: dt.date | None = None
    """When a new recording last had another structure than the one before."""
    before: str = ""
    """The fingerprint it had until then."""

    def age(self, today: dt.date) -> int:
        """Days since it was recorded or published."""
        return (today - self.date).days


def read_provenance(folder: Path) -> dict[str, Provenance]:
    """The lines of a folder by the file's name; none when it has no `PROVENANCE.toml`.

    Raises `ValueError` naming file and cassette for a line that lacks a key or has an unknown one.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    state = path.stat()
    return dict(_read(path, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, _size: int) -> Mapping[str, Provenance]:
    # every fault of a recording looks its line up again
    lines = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _line(path, name, keys) for name, keys in lines.items()}


def _line(path: Path, name: str, keys: Mapping[str, Any]) -> Provenance:
    try:
        return Provenance(**{**keys, "provenance": Against(keys["provenance"])})
    except (KeyError, TypeError, ValueError) as problem:
        msg = f"{path}: the line of {name} cannot be read: {problem}"
        raise ValueError(msg) from None


def write_provenance(folder: Path, name: str, line: Provenance) -> Provenance:
    """Put a cassette's line into its folder's file; the line with what changed since the one before."""
    lines = read_provenance(folder)
    lines[name] = _compared(line, lines.get(name))
    text = "# Written by `portes record`. See cassettes/README.md.\n"
    text += "".join(f"\n[{json.dumps(key)}]\n{_toml(lines[key])}" for key in sorted(lines))
    (folder / FILE).write_text(text, encoding="utf-8")
    return lines[name]


def _compared(line: Provenance, before: Provenance | None) -> Provenance:
    if before is None or before.provenance is not line.provenance:
        return line
    keys = {key: getattr(line, key) for key in Provenance.__slots__}
    if before.fingerprint != line.fingerprint:
        return Provenance(**{**keys, "changed": line.date, "before": before.fingerprint})
    return Provenance(**{**keys, "changed": before.changed, "before": before.before})


def _toml(line: Provenance) -> str:
    keys = {key: getattr(line, key) for key in Provenance.__slots__}
    return "".join(f"{key} = {_value(value)}\n" for key, value in keys.items() if value not in {None, ""})


def _value(value: str | dt.date) -> str:
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(str(value), ensure_ascii=False)


__all__ = ["FILE", "OLD", "Against", "Provenance", "read_provenance", "write_provenance"]
