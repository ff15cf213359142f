"""The versions of tables in a state folder: kept, put in force, rolled back; nobody is asked whether that is wise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from portes.errors import Problem, SettingsError, shown
from portes.files import claim_folder
from portes.tables.formats.finding import find_format, is_of_fees
from portes.tables.index.files import SUFFIX, write_compiled
from portes.tables.opening import FOLDER, HeldTable, TableSource
from portes.tables.progress import Progress, telling
from portes.tables.protocol import ReadOptions
from portes.tables.versions.kept import Activation, NewVersion, TableVersion, fingerprint_of, in_force, orders_in_force

if TYPE_CHECKING:
    from portes.tables.versions.database import VersionDatabase

_log = structlog.get_logger(__name__)


class TableVersions:
    """The versions in one state folder, for one thread; the database library is loaded when it is first used.

    Raises `SettingsError` for a table, a name or a number that is not there, and `DatabaseError` for a database that
    cannot be read or written.
    """

    def __init__(self, state: Path) -> None:
        self.state = state

    def keep(self, new: NewVersion, progress: Progress | None = None) -> TableVersion:
        """Read a table, and keep it as the next version of its name; nothing is in force by that.

        One with the same content, format, options and validity as an earlier version is not kept again: that version
        is what is returned. Raises `SettingsError` with every problem of the table; then nothing is kept.
        """
        new.check()
        table_format = find_format(new.format)
        new = replace(new, options=replace(new.options, of_fees=new.options.of_fees or is_of_fees(table_format)))
        with telling(progress):
            source = TableSource.of(Path(new.origin or new.name), new.source, new.format, table_format, new.options)
            known = self._twin(new, source.digests)
            if known is not None:
                return known
            compiled = source.compiled()
            from portes.tables.versions.database import packed

            pieces = packed(HeldTable(new.source, new.options.beside))
            version = self._database.keep(new, compiled.summary, pieces, source.digests)
        try:
            claim_folder(self.state / FOLDER)
            write_compiled(self.state / FOLDER / f"{source.fingerprint}{SUFFIX}", source.fingerprint, compiled)
        except OSError as error:  # whoever opens the version compiles it again
            _log.warning("a compiled table is not kept", table=str(version), cause=str(error))
        return version

    def versions(self, name: str = "") -> list[TableVersion]:
        """All versions, or those of a name, by name and number."""
        return self._database.versions(name)

    def version(self, name: str, number: int) -> TableVersion:
        """The version with a name and a number."""
        known = self._known(name)
        for version in known:
            if version.number == number:
                return version
        fix = f"write one of {', '.join(map(str, known))}"
        raise SettingsError(Problem("table", f"{name}@{number}", "is no version of the table", fix))

    def source(self, version: TableVersion) -> bytes:
        """The bytes of a version's table, as they were imported."""
        return self.content(version).source

    def content(self, version: TableVersion) -> HeldTable:
        """The bytes of a version's table and those of the files beside it."""
        return self._database.content(version)

    def options(self, version: TableVersion) -> ReadOptions:
        """What is declared about a version, with the files beside it."""
        return replace(version.options, beside=self.content(version).beside)

    def log(self, name: str = "") -> list[Activation]:
        """The log of activations, or that of a name, in order."""
        return self._database.log(name)

    def in_force(self, name: str) -> list[TableVersion]:
        """The versions that were put in force and not taken back, the one in force first; none where none ever was."""
        numbers = in_force(self.log(name))
        if not numbers:
            return []
        known = {version.number: version for version in self.versions(name)}
        return [known[number] for number in numbers]

    def active(self, name: str) -> TableVersion | None:
        """The version in force, whatever its validity; None where none ever was."""
        return next(iter(self.in_force(name)), None)

    def activate(self, name: str, number: int, who: str, at: datetime) -> TableVersion:
        """Put a version in force, which running services notice; one that is in force already stays so."""
        version = self.version(name, number)
        log = self.log(name)
        if in_force(log)[:1] != (number,):
            self._write(Activation(name, number, who, at, back=False), log)
        return version

    def rollback(self, name: str, who: str, at: datetime) -> TableVersion:
        """Take the last activation back: what it put in force prices nothing any more but what it did before."""
        log = self.log(name)
        version = self._before(name, log)
        self._write(Activation(name, version.number, who, at, back=True), log)
        return version

    def rolled_back_to(self, name: str) -> TableVersion:
        """The version that a rollback would put in force."""
        return self._before(name, self.log(name))

    def close(self) -> None:
        """Close the connection to the database, where one was opened."""
        if "_database" in vars(self):
            self._database.close()

    def table_source(self, version: TableVersion) -> TableSource:
        """The source of a version's table; its bytes are read when they are needed."""
        return TableSource(
            path=Path(str(version)),
            format_name=version.format,
            format=find_format(version.format),
            options=version.options,
            digests=version.digests,
            load=lambda: self.content(version),
        )

    @cached_property
    def _database(self) -> "VersionDatabase":
        from portes.tables.versions.database import VersionDatabase

        return VersionDatabase(self.state)

    def _twin(self, new: NewVersion, digests: Mapping[str, str]) -> TableVersion | None:
        wanted = (fingerprint_of(new.format, new.options, digests), new.valid_from, new.valid_to)
        twins = [one for one in self.versions(new.name) if (one.fingerprint, one.valid_from, one.valid_to) == wanted]
        return twins[-1] if twins else None

    def _known(self, name: str) -> list[TableVersion]:
        known = self.versions(name)
        if known:
            return known
        names = sorted({version.name for version in self.versions()})
        fix = f"write one of {', '.join(names)}" if names else "import one: portes tables import FILE"
        raise SettingsError(Problem("table", shown(name), "is no table that is kept", fix))

    def _before(self, name: str, log: Sequence[Activation]) -> TableVersion:
        """The version in force before the last activation of a log."""
        self._known(name)
        orders = orders_in_force(log)
        if len(orders) < 2:
            cause = "has no version that was in force before" if orders else "has no version in force"
            raise SettingsError(Problem("table", name, cause, f"activate one: portes tables activate {name}@NUMBER"))
        return self.version(name, orders[-2][0])

    def _write(self, line: Activation, log: Sequence[Activation]) -> None:
        if not self._database.activate(line, log):
            cause = "was activated or rolled back by somebody else at this moment"
            raise SettingsError(Problem("table", line.name, cause, "look at portes tables list, and try again"))
