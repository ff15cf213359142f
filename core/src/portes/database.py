"""SQLite files in the state folder: made of mode 0600, opened late, let go before a fork, their errors named.

It knows no table; whoever keeps something in such a file brings its `MetaData` and the number of its schema.
"""

import errno
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import URL, Connection, Engine, MetaData, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from portes.errors import DatabaseError
from portes.files import claim_file
from portes.forks.children import ForkLock

_LOCK: Final = "portes_lock"
_BUSY: Final = frozenset({5, 6})
_FULL: Final = frozenset({13})
"""SQLite's primary result codes (sqlite.org/rescode.html): BUSY and LOCKED; FULL, for a disk or a page limit."""

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
WAL: Final = ("journal_mode = WAL", "synchronous = NORMAL", "journal_size_limit = 16777216")


class DatabaseForm(NamedTuple):
    """What a file holds, and how it says that something is wrong with it."""

    metadata: MetaData
    schema: int
    """Kept in the file as SQLite's `user_version`; raise it whenever a table changes."""
    error: type[DatabaseError] = DatabaseError
    """What is raised."""
    pragmas: Sequence[str] = WAL
    """What each connection begins with; a write-ahead log unless it is said otherwise."""


class Database:
    """One connection to a database, for one thread. The file is made when it is first written to.

    No fork happens while it is at work, and before each the connection is closed: SQLite's notes on its own locks would
    be wrong in a child, which could then harm the file by opening it, even by closing it.
    """

    def __init__(
        self, path: Path, form: DatabaseForm, wait: float = 1.0, forget: Callable[[], None] | None = None
    ) -> None:
        """Open no file yet.

        `wait` is how many seconds another process's lock is waited for; `forget` is called when the file is let go, so
        that nobody relies on what was known of its content.
        """
        self.path = path
        self._form = form
        self._forget = forget
        self._file: tuple[int, int] | None = None
        self._engine, self._writing = open_engines(path, wait, form.pragmas)
        self._unforked = ForkLock(self._forget_file)

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """A transaction that sees one state of the database; None where nothing was ever written. Raises the error."""
        with self._named_errors():
            if not self.path.exists():
                yield None
                return
            with self._engine.begin() as connection:
                yield connection if self._has_schema(connection) else None

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction of which all is kept, or nothing when anything is raised in it. Raises the error.

        One that is `alone` has nobody begin to read until it ends, in a file without a write-ahead log.
        """
        with self._named_errors():
            self._open()
            engine = self._writing.execution_options(**{_LOCK: "EXCLUSIVE"}) if alone else self._writing
            with engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Close the connection to the file."""
        self._engine.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            with self._unforked:
                yield
        except (DBAPIError, sqlite3.Error) as error:  # SQLAlchemy leaves what goes wrong at connecting as it is
            self._forget_file()
            raise self._named(error) from None
        except OSError as error:
            kind = "full" if error.errno in _NO_ROOM else "broken"
            raise self._form.error(kind, f"{self.path} cannot be used: {error.strerror}") from None

    def _named(self, error: DBAPIError | sqlite3.Error) -> DatabaseError:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code in _BUSY:
            return self._form.error("locked", f"{self.path} is locked by another process")
        if code in _FULL:
            return self._form.error("full", f"there is no room for {self.path}")
        return self._form.error("broken", f"{self.path} cannot be used: {cause}")

    def _open(self) -> None:
        """Make what is missing, at first and when somebody took the file away."""
        if self._file is not None and self._file == _identity(self.path):
            return
        self._forget_file()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        claim_file(self.path)  # SQLite gives the files beside it the same mode, and follows no link to them
        with self._writing.begin() as connection:
            if not self._has_schema(connection):
                self._form.metadata.create_all(connection)
                write_schema_number(connection, self._form.schema)
        self._file = _identity(self.path)

    def _has_schema(self, connection: Connection) -> bool:
        number = read_schema_number(connection)
        if number not in {0, self._form.schema}:
            cause = f"{self.path} was made by another version of portes; move it away or upgrade"
            raise self._form.error("broken", cause)
        return bool(number)

    def _forget_file(self) -> None:
        self._engine.dispose()
        self._file = None
        if self._forget is not None:
            self._forget()


def open_engines(path: Path, wait: float, pragmas: Sequence[str], *, pooled: bool = True) -> tuple[Engine, Engine]:
    """Two views of one SQLite file, to read by and to write by; neither opens it yet.

    The first begins transactions that see one state, the second such that no other writer comes between. `wait` is in
    seconds. Not `pooled`, each use is a connection of its own: between two of them anybody may take the file away.
    """
    url, driver = URL.create("sqlite", database=str(path)), {"timeout": wait, "isolation_level": None}
    engine = create_engine(url, connect_args=driver, poolclass=None if pooled else NullPool)
    event.listen(engine, "connect", _set_up(pragmas))
    event.listen(engine, "begin", _begin)
    return engine, engine.execution_options(**{_LOCK: "IMMEDIATE"})


def read_schema_number(connection: Connection) -> int:
    """The number of the schema that a file was made with, 0 for an empty one."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def write_schema_number(connection: Connection, number: int) -> None:
    """Note the number of the schema in the file."""
    connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def _set_up(pragmas: Sequence[str]) -> Callable[[Any, object], None]:
    def set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 — sqlite3's connection, as SQLAlchemy hands it over
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return set_up


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(_LOCK, '')}")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
