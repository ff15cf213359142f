"""The database of receipts: one SQLite file in the state folder, of mode 0600.

Many processes write to it at once, a page of receipts per transaction:
    pages       receipts of one store, written together and compressed; the day after which they are deleted
    receipts    where each one stands: its page and place, by our id and by the asker's
    versions    which settings, tariffs and plugins were at work, one row for each change of any of them
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import (
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
    delete,
    func,
    insert,
    or_,
    select,
)

from portes.database import Database, DatabaseForm
from portes.errors import DatabaseError
from portes.receipts.codec import Entry, packed, receipt
from portes.receipts.receipt import Receipt

FILE_NAME: Final = "receipts.sqlite"
MOST_ON_A_PAGE: Final = 500
"""Receipts written together: the more, the better they pack, and the less often answering threads are interrupted."""

_SCHEMA: Final = 1
_ROOM: Final = 1000
"""A receipt's number is its page's number times this, and its place."""
_DAY: Final = 86_400_000

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


class ReceiptDatabaseError(DatabaseError):
    """The database of receipts could not be read or written; what was to be written is not."""


_FORM: Final = DatabaseForm(_METADATA, _SCHEMA, ReceiptDatabaseError)


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
    """One connection to the database, for one thread. The file is made when it is first written to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, _FORM, forget=self._forget_versions)
        self._versions: frozenset[str] = frozenset()
        """Fingerprints that are known to be kept."""

    def write(self, pages: Sequence[Page]) -> None:
        """Keep some pages, all of them or none. Raises `ReceiptDatabaseError`."""
        with self._database.writing() as connection:
            kept = frozenset(_write(connection, page, self._versions) for page in pages)
        self._versions |= kept

    def forget(self, store: str, now: int, days: int, most: int = 20) -> bool:
        """Delete a few pages that are due: of this store older than `days`, of any store past their own end.

        `now` is in milliseconds since 1970. Returns whether there may be more. Raises `ReceiptDatabaseError`.
        """
        own = and_(_PAGES.c.store == store, _PAGES.c.at < now - days * _DAY)
        due = select(_PAGES.c.id).where(or_(_PAGES.c.until < now, own)).limit(most)
        with self._database.writing() as connection:
            gone = list(connection.scalars(due))
            for page in gone:
                connection.execute(delete(_RECEIPTS).where(_on_page(page)))
            connection.execute(delete(_PAGES).where(_PAGES.c.id.in_(gone)))
        return len(gone) == most

    def find(self, name: str, most: int = 20) -> list[ReceiptPlace]:
        """The receipts with our id, else those with the asker's, newest first. Raises `ReceiptDatabaseError`.

        The asker's takes a second or so for each five million receipts.
        """
        receipts = select(_RECEIPTS.c.id, _RECEIPTS.c.number)
        own = receipts.where(_RECEIPTS.c.id == name)
        theirs = receipts.where(_RECEIPTS.c.asked == name, _RECEIPTS.c.asked != "")
        newest = theirs.order_by(_RECEIPTS.c.number.desc()).limit(most)
        with self._database.reading() as connection:
            return [] if connection is None else _found(connection, own) or _found(connection, newest)

    def read(self, found: ReceiptPlace) -> Receipt | None:
        """One receipt; None when it was deleted meanwhile. Raises `ReceiptDatabaseError`."""
        number, place = divmod(found.number, _ROOM)
        page = (
            select(_PAGES.c.body, _VERSIONS.c.body)
            .join_from(_PAGES, _VERSIONS, _PAGES.c.versions == _VERSIONS.c.fingerprint)
            .where(_PAGES.c.id == number)
        )
        with self._database.reading() as connection:
            row = None if connection is None else connection.execute(page).one_or_none()
        try:
            return None if row is None else receipt(row[0], place, row[1])
        except ValueError:
            raise ReceiptDatabaseError(
                "broken", f"receipt {found.id} was written by another version of portes"
            ) from None

    def close(self) -> None:
        """Close the connection to the database file."""
        self._database.close()

    def _forget_versions(self) -> None:
        self._versions = frozenset()


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
