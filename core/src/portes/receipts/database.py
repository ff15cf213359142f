"""The database of receipts: one SQLite file in the state folder, of mode 0600.

Many processes write to it at once, a page of receipts per transaction:
    pages       receipts of one store, written together and compressed; the day after which they are deleted
    receipts    where each one stands: its page and place, by our id and by the asker's
    versions    which settings, tariffs and plugins were at work, one row for each change of any of them
"""

import errno
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.exc import DBAPIError

from portes.errors import PortesError
from portes.files import claim_file
from portes.forks.children import ForkLock
from portes.receipts.codec import Entry, lines_of, packed, receipt
from portes.receipts.receipt import Receipt

FILE_NAME: Final = "receipts.sqlite"
MOST_ON_A_PAGE: Final = 500
"""Receipts written together: the more, the better they pack, and the less often answering threads are interrupted."""

_SCHEMA: Final = 1
_ROOM: Final = 1000
"""A receipt's number is its page's number times this, and its place."""
_WAIT_FOR_LOCK: Final = 1.0
_DAY: Final = 86_400_000
_LONGEST_PAGE: Final = 60_000
"""Milliseconds from a page's first question to its last; they gather for seconds, unless the file is locked."""
_PAGES_AT_ONCE: Final = 8
"""Read in one go: some megabytes of memory, and no writer waits long for its journal to be put away."""
_WRITES: Final = "portes_writes"
_BUSY: Final = frozenset({5, 6})
_FULL: Final = frozenset({13})
"""SQLite's primary result codes (sqlite.org/rescode.html): BUSY and LOCKED; FULL, for a disk or a page limit."""

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_METADATA: Final = MetaData()
_PAGES: Final = Table(
    "pages",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("store", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("until", Integer, nullable=False),
    Column("versions", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("pages_by_age", "store", "at"),
    Index("pages_by_end", "until"),
)
_RECEIPTS: Final = Table(
    "receipts",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("asked", Text, nullable=False),
    # our ids sort by time, so this index grows at its end; one by the askers' ids, which are random, would have a page
    # of the file written again for almost every receipt: they are searched for row by row
    Index("receipts_by_id", "id", unique=True),
)
_VERSIONS: Final = Table(
    "versions",
    _METADATA,
    Column("fingerprint", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

# One statement a page: a row at a time would fight the answering threads for the interpreter once a row.
_ROWS: Final = func.json_each(bindparam("rows")).table_valued("key", "value").alias("entries")
_KEEP_ROWS: Final = (
    insert(_RECEIPTS)
    .from_select(
        ["number", "id", "asked"],
        select(
            bindparam("page", type_=Integer) * _ROOM + _ROWS.c.key,
            func.json_extract(_ROWS.c.value, "$[0]"),
            func.json_extract(_ROWS.c.value, "$[1]"),
        ),
    )
    .prefix_with("OR REPLACE")
)
_KEEP_PAGE: Final = insert(_PAGES)
_KEEP_VERSIONS: Final = insert(_VERSIONS).prefix_with("OR IGNORE")


class ReceiptDatabaseError(PortesError):
    """The database could not be read or written; what was to be written is not."""

    def __init__(self, kind: str, cause: str) -> None:
        super().__init__(cause)
        self.kind = kind
        """`locked`, `full` or `broken`."""


class Page(NamedTuple):
    """Receipts to be written together: those of one store, made under the same versions."""

    store: str
    days: int
    """How long they are kept."""
    versions: Mapping[str, str]
    entries: Sequence[Entry]


class ReceiptPlace(NamedTuple):
    """A receipt that was looked for, not yet read."""

    id: str
    number: int


class ReceiptDatabase:
    """One connection to the database, for one thread. The file is made when it is first written to.

    No fork happens while it is at work, and before each the connection is closed: SQLite's notes on its own locks would
    be wrong in a child, which could then harm the file by opening it, even by closing it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: tuple[int, int] | None = None
        self._versions: frozenset[str] = frozenset()
        """Fingerprints that are known to be kept."""
        url = URL.create("sqlite", database=str(path))
        self._engine = create_engine(url, connect_args={"timeout": _WAIT_FOR_LOCK})
        event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", _begin)
        self._unforked = ForkLock(self._forget_file)
        self._writing = self._engine.execution_options(**{_WRITES: True})

    def write(self, pages: Sequence[Page]) -> None:
        """Keep some pages, all of them or none. Raises `ReceiptDatabaseError`."""
        with self._named_errors():
            self._open()
            with self._writing.begin() as connection:
                kept = frozenset(_write(connection, page, self._versions) for page in pages)
            self._versions |= kept

    def forget(self, store: str, now: int, days: int, most: int = 20) -> bool:
        """Delete a few pages that are due: of this store older than `days`, of any store past their own end.

        `now` is in milliseconds since 1970. Returns whether there may be more. Raises `ReceiptDatabaseError`.
        """
        own = and_(_PAGES.c.store == store, _PAGES.c.at < now - days * _DAY)
        due = select(_PAGES.c.id).where(or_(_PAGES.c.until < now, own)).limit(most)
        with self._named_errors():
            self._open()
            with self._writing.begin() as connection:
                gone = list(connection.scalars(due))
                for page in gone:
                    connection.execute(delete(_RECEIPTS).where(_on_page(page)))
                connection.execute(delete(_PAGES).where(_PAGES.c.id.in_(gone)))
        return len(gone) == most

    def find(self, name: str, most: int = 20) -> list[ReceiptPlace]:
        """The receipts with our id, else those with the asker's, newest first. Raises `ReceiptDatabaseError`.

        The asker's takes a second or so for each five million receipts.
        """
        if not self.path.exists():
            return []
        receipts = select(_RECEIPTS.c.id, _RECEIPTS.c.number)
        own = receipts.where(_RECEIPTS.c.id == name)
        theirs = receipts.where(_RECEIPTS.c.asked == name, _RECEIPTS.c.asked != "")
        newest = theirs.order_by(_RECEIPTS.c.number.desc()).limit(most)
        with self._named_errors(), self._engine.begin() as connection:
            if not _has_schema(connection, self.path):
                return []
            return _found(connection, own) or _found(connection, newest)

    def read(self, found: ReceiptPlace) -> Receipt | None:
        """One receipt; None when it was deleted meanwhile. Raises `ReceiptDatabaseError`."""
        number, place = divmod(found.number, _ROOM)
        page = (
            select(_PAGES.c.body, _VERSIONS.c.body)
            .join_from(_PAGES, _VERSIONS, _PAGES.c.versions == _VERSIONS.c.fingerprint)
            .where(_PAGES.c.id == number)
        )
        with self._named_errors(), self._engine.begin() as connection:
            row = connection.execute(page).one_or_none()
        try:
            return None if row is None else receipt(row[0], place, row[1])
        except ValueError:
            raise ReceiptDatabaseError(
                "broken", f"receipt {found.id} was written by another version of portes"
            ) from None

    def lines(self, store: str, since: int, until: int) -> Iterator[bytes]:
        """The receipts of a store about the time between two moments, oldest page first, as `Entry.line` has each.

        Moments are in milliseconds since 1970. Some receipts from a minute before and after may come too. A few
        pages are in memory at a time, and no lock is held between them. Raises `ReceiptDatabaseError`.
        """
        last = since - _LONGEST_PAGE, 0
        while pages := self._pages_after(store, last, until):
            for _, _, body in pages:
                yield from self._unpacked(body)
            last = pages[-1][:2]

    def _pages_after(self, store: str, last: tuple[int, int], until: int) -> list[tuple[int, int, bytes]]:
        """The next pages by moment and number, with their bodies; none when there is nothing more."""
        if not self.path.exists():
            return []
        at, number = _PAGES.c.at, _PAGES.c.id
        later = or_(at > last[0], and_(at == last[0], number > last[1]))
        pages = select(at, number, _PAGES.c.body).where(_PAGES.c.store == store, later, at <= until)
        with self._named_errors(), self._engine.begin() as connection:
            if not _has_schema(connection, self.path):
                return []
            return [(*row,) for row in connection.execute(pages.order_by(at, number).limit(_PAGES_AT_ONCE))]

    def _unpacked(self, body: bytes) -> list[bytes]:
        try:
            return lines_of(body)
        except ValueError:
            raise ReceiptDatabaseError("broken", f"{self.path} holds a page that cannot be read") from None

    def close(self) -> None:
        """Close the connection to the database file."""
        self._engine.dispose()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            with self._unforked:
                yield
        except (DBAPIError, sqlite3.Error) as error:  # SQLAlchemy leaves what goes wrong at connecting as it is
            self._forget_file()
            raise _database_error(error, self.path) from None
        except OSError as error:
            kind = "full" if error.errno in _NO_ROOM else "broken"
            raise ReceiptDatabaseError(kind, f"{self.path} cannot be used: {error.strerror}") from None

    def _open(self) -> None:
        """Make what is missing, at first and when somebody took the file away."""
        if self._file is not None and self._file == _identity(self.path):
            return
        self._forget_file()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        claim_file(self.path)  # SQLite gives the files beside it the same mode, and follows no link to them
        with self._writing.begin() as connection:
            if not _has_schema(connection, self.path):
                _METADATA.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {_SCHEMA}")
        self._file = _identity(self.path)

    def _forget_file(self) -> None:
        self._engine.dispose()
        self._file = None
        self._versions = frozenset()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 — sqlite3's connection, as SQLAlchemy hands it over
    connection.isolation_level = None  # transactions begin where we say so
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA journal_size_limit = 16777216")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _has_schema(connection: Connection, path: Path) -> bool:
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version not in {0, _SCHEMA}:
        raise ReceiptDatabaseError("broken", f"{path} was made by another version of portes; move it away or upgrade")
    return bool(version)


def _on_page(page: int) -> ColumnElement[bool]:
    return _RECEIPTS.c.number.between(page * _ROOM, page * _ROOM + _ROOM - 1)


def _write(connection: Connection, page: Page, known: frozenset[str]) -> str:
    """Write a page; the fingerprint of its versions, which are kept from now on."""
    versions = json.dumps(page.versions, sort_keys=True)
    fingerprint = sha256(versions.encode()).hexdigest()[:16]
    if fingerprint not in known:
        connection.execute(_KEEP_VERSIONS, {"fingerprint": fingerprint, "body": versions})
    at = int(page.entries[0].moment.timestamp() * 1000)
    row = {
        "store": page.store,
        "at": at,
        "until": at + page.days * _DAY,
        "versions": fingerprint,
        "body": packed([entry.line for entry in page.entries]),
    }
    (number,) = connection.execute(_KEEP_PAGE, row).inserted_primary_key or (0,)
    rows = json.dumps([(entry.id, entry.asked) for entry in page.entries])
    connection.execute(_KEEP_ROWS, {"page": number, "rows": rows})
    return fingerprint


def _found(connection: Connection, rows: Select[Any]) -> list[ReceiptPlace]:
    return [ReceiptPlace(*row) for row in connection.execute(rows)]


def _database_error(error: DBAPIError | sqlite3.Error, path: Path) -> ReceiptDatabaseError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return ReceiptDatabaseError("locked", f"{path} is locked by another process")
    if code in _FULL:
        return ReceiptDatabaseError("full", f"there is no room for {path}")
    return ReceiptDatabaseError("broken", f"{path} cannot be used: {cause}")
