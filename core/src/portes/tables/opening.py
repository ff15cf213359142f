"""From a file and a format's name to a table ready for use, or to all that is wrong with it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

from portes.errors import Problem, Problems, SettingsError
from portes.tables.compiler import Compiled, Summary, compile_rows
from portes.tables.files import LAYOUT, SUFFIX, map_compiled, write_compiled
from portes.tables.formats import blaming_format, find_format, format_names, rows_of
from portes.tables.protocol import ReadOptions, TableFormat
from portes.tables.sheets import read_source, unreadable
from portes.tables.table import RateTable

FOLDER: Final = "tables"
"""The room for compiled tables in the state folder."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """The result of a file that was only checked."""

    file: Path
    format: str
    problems: tuple[Problem, ...]
    """At most a hundred, and one more that counts the rest."""
    fingerprint: str
    """What the table would be known by; empty when its file or format cannot be opened."""
    summary: Summary | None
    """What the table holds; None when there are problems."""


def open_table(path: Path, format_name: str, options: ReadOptions, state: Path | None = None) -> RateTable:
    """The rate table in a file, read, or mapped from the state folder when it was compiled there before.

    Raises `SettingsError` with every problem of the file, or one of the format or the state folder.
    """
    table_format = find_format(format_name)
    fingerprint = _fingerprint(path, format_name, table_format, options)
    if state is None:
        compiled = _compile(path, format_name, table_format, options)
    else:
        compiled = _shared(state / FOLDER, fingerprint, path, format_name, table_format, options)
    return RateTable(fingerprint, options.country, options.currency, compiled)


def check_table(path: Path, format_name: str, options: ReadOptions) -> TableReport:
    """The report on a file: what is wrong with it, or what it holds; nothing is written, nothing is raised."""
    fingerprint = ""
    try:
        table_format = find_format(format_name)
        fingerprint = _fingerprint(path, format_name, table_format, options)
        summary = _compile(path, format_name, table_format, options).summary
    except SettingsError as error:
        return TableReport(path, format_name, error.problems, fingerprint, None)
    return TableReport(path, format_name, (), fingerprint, summary)


def _fingerprint(path: Path, format_name: str, table_format: TableFormat, options: ReadOptions) -> str:
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SettingsError(unreadable(path, error)) from error
    kind = type(table_format)
    named = [LAYOUT, format_name, kind.__module__, kind.__qualname__, table_format.version, asdict(options), content]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]


def _compile(path: Path, format_name: str, table_format: TableFormat, options: ReadOptions) -> Compiled:
    problems, source = Problems(path), read_source(path)
    with blaming_format(format_name):
        compiled = compile_rows(rows_of(table_format, source, options, problems), options, problems)
    if compiled is None:
        found = problems.all()
        name = _meant_format(source, options) if any(problem.where.endswith("header") for problem in found) else None
        if name:
            fix = f'declare format = "{name}" (--format {name})'
            found = (Problem("header", "", f"is one of the format {name}", fix, path),)
        raise SettingsError(found)
    return compiled


def _meant_format(source: bytes, options: ReadOptions) -> str | None:
    """The installed format that reads a file whose header another one did not understand."""
    return next((name for name in format_names() if _reads_a_row(name, source, options)), None)


def _reads_a_row(name: str, source: bytes, options: ReadOptions) -> bool:
    try:
        return any(True for _ in find_format(name).read(source, options, Problems()))
    except Exception:  # noqa: BLE001 — a stranger's format may fail in any way on a file that was not meant for it
        return False


def _shared(
    folder: Path, fingerprint: str, path: Path, format_name: str, table_format: TableFormat, options: ReadOptions
) -> Compiled:
    """The table in the state folder, compiled first when nobody did; several processes at once compile it once."""
    file = folder / f"{fingerprint}{SUFFIX}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if mapped := map_compiled(file, fingerprint):
            return mapped
        with FileLock(folder / "lock"):
            if mapped := map_compiled(file, fingerprint):
                return mapped
            compiled = _compile(path, format_name, table_format, options)
            write_compiled(file, fingerprint, compiled)
    except OSError as error:
        fix = "let the service write there, or choose another state folder"
        raise SettingsError(Problem("service.state", folder, f"cannot be used: {error}", fix)) from error
    return map_compiled(file, fingerprint) or compiled
