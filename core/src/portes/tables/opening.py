"""From a file and a format's name to a table ready for use, or to all that is wrong with it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final, cast

import structlog
from filelock import FileLock

from portes.errors import Problem, Problems, SettingsError
from portes.files import UNKEPT, claim_folder
from portes.tables.bulk.form import BulkFormat
from portes.tables.detection.headers_seen import guess_format
from portes.tables.formats.finding import blaming_format, find_format, in_own_unit, is_of_fees, rows_of
from portes.tables.formats.mapping.description import WORD
from portes.tables.index.compiler import Compiled, Summary, compile_rows
from portes.tables.index.files import LAYOUT, SUFFIX, map_compiled, write_compiled
from portes.tables.index.table import RateTable
from portes.tables.protocol import ReadOptions, TableFormat
from portes.tables.reading.header_checks import is_settled_by_declaring
from portes.tables.reading.sheets import read_source
from portes.tables.reading.workbooks import read_once

LARGEST_TABLE: Final = 256 << 20
"""Bytes of a table's file: some two million rows as text."""
LARGE_TABLE: Final = 2 << 20
"""Bytes of a text file that is worth loading the libraries for that read it by columns: some 20,000 rows."""
FOLDER: Final = "tables"
"""The room for compiled tables in the state folder."""
_WAIT_FOR_LOCK: Final = 120
"""Seconds for another process to compile the same table; after that it is taken to stand still."""

_log = structlog.get_logger(__name__)


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
    of_fees: bool = False
    """Whether it is one of fees by place, which state no days."""


def open_table(
    path: Path, format_name: str, options: ReadOptions, state: Path | None = None, within: Path | None = None
) -> RateTable:
    """The rate table in a file, read, or mapped from the state folder when it was compiled there before.

    No link may lead out of the folder `within`, when one is given.
    Raises `SettingsError` with every problem of the file, or one of the format.
    """
    file = _TableFile(path, read_source(path, LARGEST_TABLE, within), format_name, find_format(format_name), options)
    compiled = file.compiled() if state is None else _shared(state, file)
    return RateTable(file.fingerprint, options, compiled)


def check_table(path: Path, format_name: str, options: ReadOptions) -> TableReport:
    """The report on a file: what is wrong with it, or what it holds; nothing is written, nothing is raised."""
    fingerprint, of_fees = "", options.of_fees
    try:
        table_format = find_format(format_name)
        of_fees = of_fees or is_of_fees(table_format)
        options = replace(options, of_fees=of_fees)
        file = _TableFile(path, read_source(path, LARGEST_TABLE), format_name, table_format, options)
        fingerprint = file.fingerprint
        summary = file.compiled().summary
    except SettingsError as error:
        return TableReport(path, format_name, error.problems, fingerprint, None, of_fees)
    return TableReport(path, format_name, (), fingerprint, summary, of_fees)


@dataclass(frozen=True)
class _TableFile:
    """A file, read whole, and what is declared about it."""

    path: Path
    source: bytes
    format_name: str
    format: TableFormat
    options: ReadOptions

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the file's content, its format and how it is read."""
        kind, content = type(self.format), hashlib.sha256(self.source).hexdigest()
        options = asdict(replace(self.options, beside={}, defaults=dict(sorted(self.options.defaults.items()))))
        beside = {word: hashlib.sha256(held).hexdigest() for word, held in sorted(self.options.beside.items())}
        how = [self.format_name, kind.__module__, kind.__qualname__, self.format.version, options, beside]
        return hashlib.sha256(json.dumps([LAYOUT, *how, content]).encode()).hexdigest()[:32]

    def compiled(self) -> Compiled:
        """The table. Raises `SettingsError` with every problem of the file."""
        problems = Problems(self.path)
        with read_once(), blaming_format(self.format_name):
            compiled = self._in_bulk()
            if compiled is None:
                rows = rows_of(self.format, self.source, self.options, problems)
                compiled = compile_rows(rows, in_own_unit(self.format, self.options), problems)
            if compiled is None:
                raise SettingsError(self._meant_otherwise(problems.all()))
        return compiled

    def _in_bulk(self) -> Compiled | None:
        """A large table, read by its columns; None where its lines are to be read."""
        # a class that only inherits `column_form` may read its lines otherwise
        if len(self.source) < LARGE_TABLE or "column_form" not in vars(type(self.format)):
            return None
        if self.options.defaults or self.options.of_fees:
            return None
        try:
            from portes.tables.bulk.packing import compile_in_bulk
        except ModuleNotFoundError:  # without the extra `portes[bulk]` it only takes longer
            return None
        return compile_in_bulk(cast("BulkFormat", self.format), self.source, self.options)

    def _meant_otherwise(self, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """The problems of the file, or the one that its format is another than the one declared."""
        strange = any(one.where.endswith("header") and not is_settled_by_declaring(one) for one in found)
        mapped = WORD in self.options.beside
        guess = guess_format(self.source, self.options) if strange and not mapped else None
        if guess is None or guess.name == self.format_name:
            return found
        fix = f'declare format = "{guess.name}" (--format {guess.name})'
        return (Problem("header", "", f"is one of the format {guess.name}", fix, self.path),)


def _shared(state: Path, source: _TableFile) -> Compiled:
    """The table in the state folder, compiled first when nobody did; several processes at once compile it once.

    In a folder that takes nothing it is compiled in memory.
    """
    make = cache(source.compiled)  # it may be done by the time that it cannot be written
    try:
        compiled = _mapped(state / FOLDER, source.fingerprint, make)
    except (OSError, NotImplementedError) as error:  # filelock has the latter for file systems without locks
        cause = str(error)
        if UNKEPT.note(state, FOLDER, cause):
            _log.warning("compiled tables are not kept and take memory in each process", cause=cause)
        return make()
    if UNKEPT.over(state, FOLDER):
        _log.info("compiled tables are kept again")
    return compiled


def _mapped(folder: Path, fingerprint: str, make: Callable[[], Compiled]) -> Compiled:
    file = folder / f"{fingerprint}{SUFFIX}"
    claim_folder(folder)
    if mapped := map_compiled(file, fingerprint):
        return mapped
    with FileLock(folder / "lock", mode=0o600).acquire(_WAIT_FOR_LOCK):
        if mapped := map_compiled(file, fingerprint):
            return mapped
        compiled = make()
        write_compiled(file, fingerprint, compiled)
    return map_compiled(file, fingerprint) or compiled
