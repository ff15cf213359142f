"""What a folder of cassettes holds, how old it is and whether it can be trusted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portes_testing.recordings.exchange import read_cassette
from portes_testing.recordings.provenance import FILE, OLD, Provenance, read_provenance
from portes_testing.recordings.structure import fingerprint


@dataclass(frozen=True, slots=True)
class ListedCassette:
    """One cassette, its origin and what is wrong with it."""

    folder: str
    name: str
    line: Provenance | None
    calls: int
    age: int | None
    """Days since it was recorded or published."""
    breaches: tuple[str, ...] = ()
    """Why it proves nothing."""
    warnings: tuple[str, ...] = ()
    """What to look at."""


def listed(root: Path, today: dt.date) -> list[ListedCassette]:
    """Every cassette below a folder, with what is wrong with it.

    Raises `ValueError` for a cassette or a `PROVENANCE.toml` that cannot be read.
    """
    folders = sorted({path.parent for path in root.rglob("*.yaml")} | {path.parent for path in root.rglob(FILE)})
    return [each for folder in folders for each in _in_folder(folder, today)]


def _in_folder(folder: Path, today: dt.date) -> Iterator[ListedCassette]:
    lines = read_provenance(folder)
    for name in sorted({path.name for path in folder.glob("*.yaml")} | set(lines)):
        path, line = folder / name, lines.get(name)
        exchanges = read_cassette(path) if path.exists() else ()
        age = line.age(today) if line else None
        breaches = tuple(_breaches(path, line, fingerprint(exchanges)))
        yield ListedCassette(folder.name, name, line, len(exchanges), age, breaches, tuple(_warnings(line, today)))


def _breaches(path: Path, line: Provenance | None, found: str) -> Iterator[str]:
    if line is None:
        yield "nobody knows where it is from"
    elif not path.exists():
        yield "the file is missing"
    elif line.fingerprint != found:
        yield f"its structure is {found}, recorded was {line.fingerprint}"


def _warnings(line: Provenance | None, today: dt.date) -> Iterator[str]:
    if line is not None and line.age(today) > OLD:
        yield "older than a year"
    if line is not None and line.changed is not None:
        yield f"its structure changed on {line.changed}, before it was {line.before}"


__all__ = ["ListedCassette", "listed"]
