"""Tables as they are in force: a file's on every day, each version of a stored table on the days it is valid."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from portes.errors import DatabaseError, Problem, Problems, SettingsError
from portes.tables import LARGEST_TABLE, RateTable, ReadOptions, open_table
from portes.tables.reading.sheets import read_source
from portes.tables.versions import TableVersion, TableVersions, VersionInForce, open_in_force
from portes.toolbox import StoreFacts
from portes_table.files import TableFile, TableName

_NO_STATE: Final = 'add state = "state" to [service]: tables are kept there'


class DatedTable(NamedTuple):
    """A table and the dispatch days that it may price."""

    title: str
    """Its file, or its version: `contract@3`."""
    table: RateTable
    format: str
    options: ReadOptions
    read: Callable[[], bytes]
    """Reads the bytes that it was made of. Raises `SettingsError`."""
    version: TableVersion | None = None

    def prices(self, day: date) -> bool:
        """Whether it may price what is dispatched on a day."""
        return self.version is None or self.version.valid_on(day)

    @property
    def mark(self) -> str:
        """What changes with the prices, and names the version for people."""
        return self.table.fingerprint if self.version is None else f"{self.version}={self.table.fingerprint}"


class TableOpener:
    """Opens tables of a store by their names, each in all versions that may price a day, the one in force first."""

    def __init__(self, store: StoreFacts, country: str) -> None:
        self._store = store
        self._country = country

    def open(
        self, name: TableName, where: str, declared: TableFile, declared_at: str, *, of_fees: bool
    ) -> tuple[DatedTable, ...]:
        """A table. Raises `SettingsError` with its problems.

        `where` is the key that names it, `declared_at` the table of settings that says how a file is read.
        """
        if name.stored:
            return self._stored(name.stored, where)
        beside = self._beside(declared, declared_at)
        options = declared.options(self._country, self._store.currency, beside, of_fees=of_fees)
        path, store = self._store.folder / name.file, self._store
        try:
            table = open_table(path, declared.format, options, store.state, store.links_within)
        except SettingsError as error:
            keys = {"file": where, "format": f"{declared_at}.format"}
            raise SettingsError([self._placed(one, declared, keys) for one in error.problems]) from None
        read = partial(read_source, path, LARGEST_TABLE, store.links_within)
        return (DatedTable(name.file, table, declared.format, options, read),)

    def _stored(self, name: str, where: str) -> tuple[DatedTable, ...]:
        if self._store.stored is None:
            cause = "is a stored table, and the store has no state folder"
            raise SettingsError(Problem(where, name, cause, _NO_STATE))
        try:
            found = open_in_force(self._store.stored, name, keeps=self._store.state is not None)
        except SettingsError as error:
            raise SettingsError([one if one.file else one.at(where) for one in error.problems]) from None
        problems = Problems()
        for one in found:
            problems.include(self._strange(one, where))
        problems.check()
        return tuple(self._dated(one, self._store.stored) for one in found)

    def _dated(self, one: VersionInForce, state: Path) -> DatedTable:
        version = one.version
        return DatedTable(
            str(version), one.table, version.format, version.options, partial(_read_kept, state, version), version
        )

    def _strange(self, one: VersionInForce, where: str) -> Sequence[Problem]:
        """What keeps a version from being of use to this store."""
        options, told = one.version.options, []
        if options.country != self._country:
            told.append((options.country, f"is the country of {one.version}, and the carrier's is {self._country}"))
        if options.currency != self._store.currency:
            told.append(
                (options.currency, f"is the currency of {one.version}, and the store's is {self._store.currency}")
            )
        return [Problem(where, value, cause, "name another table, or import it again") for value, cause in told]

    def _beside(self, file: TableFile, where: str) -> Mapping[str, bytes]:
        """The files beside a table, read. Raises `SettingsError` with the problems of all of them."""
        problems = Problems()
        read: dict[str, bytes] = {}
        for word, name in file.beside.items():
            try:
                read[word] = read_source(self._store.folder / name, LARGEST_TABLE, self._store.links_within)
            except SettingsError as error:
                problems.include(found.at(f"{where}.beside.{word}") for found in error.problems)
        problems.check()
        return read

    def _placed(self, problem: Problem, declared: TableFile, keys: Mapping[str, str]) -> Problem:
        """A problem where the operator finds it: in a file beside the table, known by its word, or at a key."""
        if problem.file in declared.beside:
            return problem.at(problem.where, self._store.folder / declared.beside[problem.file])
        return problem if problem.file else problem.at(keys.get(problem.where, problem.where))


def _read_kept(state: Path, version: TableVersion) -> bytes:
    versions = TableVersions(state)
    try:
        return versions.source(version)
    except DatabaseError as error:
        raise SettingsError(Problem("stored", str(version), str(error), "import it again")) from None
    finally:
        versions.close()
