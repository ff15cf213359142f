"""From a file and a format's name to a table ready for use, or to all that is wrong with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Final, NamedTuple, cast
from weakref import WeakValueDictionary

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
from portes.tables.progress import told
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

_OPEN: Final[WeakValueDictionary[tuple[str, type], RateTable]] = WeakValueDictionary()
"""The tables that somebody uses; two who open one at the same time may each make it, and use the first."""

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
    source = read_source(path, LARGEST_TABLE, within)
    return open_source(TableSource.of(path, source, format_name, find_format(format_name), options), state)


def open_source(source: "TableSource", state: Path | None) -> RateTable:
    """The rate table in some bytes, which are read only where it is not in the state folder compiled.

    A process has one of them for all who read the same bytes in the same way: many stores may sell by one contract.
    Raises `SettingsError` with every problem of them.
    """
    key = (source.fingerprint, type(source.format))
    table = _OPEN.get(key)
    make = cache(partial(_made, source, table))  # it may be done by the time that it cannot be written
    compiled = make() if state is None else _shared(state, source.fingerprint, make)
    return table or _OPEN.setdefault(key, RateTable(source.fingerprint, source.options, compiled))


def check_table(path: Path, format_name: str, options: ReadOptions) -> TableReport:
    """The report on a file: what is wrong with it, or what it holds; nothing is written, nothing is raised."""
    fingerprint, of_fees = "", options.of_fees
    try:
        table_format = find_format(format_name)
        of_fees = of_fees or is_of_fees(table_format)
        options = replace(options, of_fees=of_fees)
        source = TableSource.of(path, read_source(path, LARGEST_TABLE), format_name, table_format, options)
        fingerprint = source.fingerprint
        summary = source.compiled().summary
    except SettingsError as error:
        return TableReport(path, format_name, error.problems, fingerprint, None, of_fees)
    return TableReport(path, format_name, (), fingerprint, summary, of_fees)


class HeldTable(NamedTuple):
    """A table's bytes, and those of the files beside it by their words."""

    source: bytes
    beside: Mapping[str, bytes]


@dataclass(frozen=True)
class TableSource:
    """A table's bytes, which may still have to be read, and what is declared about them."""

    path: Path
    """What problems name."""
    format_name: str
    format: TableFormat
    options: ReadOptions
    """What is declared; the files beside the table come with its bytes."""
    digests: Mapping[str, str]
    """SHA-256 of the table by a blank word, and of each file beside it by its word."""
    load: Callable[[], HeldTable]

    @classmethod
    def of(
        cls, path: Path, source: bytes, format_name: str, table_format: TableFormat, options: ReadOptions
    ) -> "TableSource":
        """The source of a table whose bytes are read already, with those beside it in the options."""
        held = HeldTable(source, options.beside)
        return cls(path, format_name, table_format, options, digests_of(held), lambda: held)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the table's content, its format and how it is read."""
        kind = type(self.format)
        beside = {word: digest for word, digest in sorted(self.digests.items()) if word}
        how = [self.format_name, kind.__module__, kind.__qualname__, self.format.version]
        told = json.dumps([LAYOUT, *how, told_options(self.options), beside, self.digests[""]])
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def compiled(self) -> Compiled:
        """The table. Raises `SettingsError` with every problem of its bytes."""
        problems = Problems(self.path)
        source, beside = self.load()
        options = replace(self.options, beside=beside)
        with read_once(), blaming_format(self.format_name):
            compiled = self._in_bulk(source, options)
            if compiled is None:
                rows = told(rows_of(self.format, source, options, problems), "read", source.count(b"\n"))
                compiled = compile_rows(rows, in_own_unit(self.format, options), problems)
            if compiled is None:
                raise SettingsError(self._meant_otherwise(source, options, problems.all()))
        return compiled

    def _in_bulk(self, source: bytes, options: ReadOptions) -> Compiled | None:
        """A large table, read by its columns; None where its lines are to be read."""
        # a class that only inherits `column_form` may read its lines otherwise
        if len(source) < LARGE_TABLE or "column_form" not in vars(type(self.format)):
            return None
        if options.defaults or options.of_fees:
            return None
        try:
            from portes.tables.bulk.packing import compile_in_bulk
        except ModuleNotFoundError:  # without the extra `portes[bulk]` it only takes longer
            return None
        return compile_in_bulk(cast("BulkFormat", self.format), source, options)

    def _meant_otherwise(self, source: bytes, options: ReadOptions, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """The problems of the file, or the one that its format is another than the one declared."""
        strange = any(one.where.endswith("header") and not is_settled_by_declaring(one) for one in found)
        mapped = WORD in options.beside
        guess = guess_format(source, options) if strange and not mapped else None
        if guess is None or guess.name == self.format_name:
            return found
        fix = f'declare format = "{guess.name}" (--format {guess.name})'
        return (Problem("header", "", f"is one of the format {guess.name}", fix, self.path),)


def digests_of(held: HeldTable) -> dict[str, str]:
    """SHA-256 of a table's bytes by a blank word, and of each file beside it by its word."""
    return {word: hashlib.sha256(each).hexdigest() for word, each in {"": held.source, **held.beside}.items()}


def told_options(options: ReadOptions) -> dict[str, object]:
    """What is declared about a table, as JSON holds it, without the files beside it."""
    return asdict(replace(options, beside={}, defaults=dict(sorted(options.defaults.items()))))


def _made(source: TableSource, table: RateTable | None) -> Compiled:
    """What is to be kept: of a table that another store has open in memory already, the same for the next start."""
    return source.compiled() if table is None else table.compiled


def _shared(state: Path, fingerprint: str, make: Callable[[], Compiled]) -> Compiled:
    """The table in the state folder, compiled first when nobody did; several processes at once compile it once.

    In a folder that takes nothing it is compiled in memory.
    """
    try:
        compiled = _mapped(state / FOLDER, fingerprint, make)
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
