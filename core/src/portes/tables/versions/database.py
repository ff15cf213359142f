"""The database of table versions: one SQLite file in the state folder, of mode 0600.

    versions      what is known of each, one row a version; numbers begin at 1 for each name
    contents      its bytes and those of the files beside it, in compressed pieces
    activations   the log of what was put in force; the last line of a name counts

An import is one transaction, and so is an activation: of what failed or was killed, nothing is ever seen.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
)

from portes.database import Database, DatabaseForm
from portes.errors import DatabaseError
from portes.files import ACTIVE_TABLES, replace_atomically
from portes.tables.index.compiler import Summary
from portes.tables.opening import HeldTable, digests_of, told_options
from portes.tables.progress import tell
from portes.tables.protocol import ReadOptions
from portes.tables.versions.kept import FILE_NAME, Activation, NewVersion, TableVersion, fingerprint_of

_SCHEMA: Final = 1
_PIECE: Final = 4 << 20
"""Bytes of a table that are compressed and kept together."""
_QUICK: Final = 1
"""The level of compression: higher ones take several times as long for a few hundredths of the size."""
_WAIT: Final = 15.0
"""Seconds that another process's import or activation is waited for: a large one takes about one to write."""
_SIGNAL: Final = (
    "{0.name}@{0.number} was asked for at {0.at:%Y-%m-%d %H:%M:%S}Z; portes tables list says what is in force\n"
)
_METADATA: Final = MetaData()
_VERSIONS: Final = Table(
    "versions",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("digests", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    Column("valid_from", Text),
    Column("valid_to", Text),
    Column("report", Text, nullable=False),
    UniqueConstraint("name", "number"),
)
_CONTENTS: Final = Table(
    "contents",
    _METADATA,
    Column("version", Integer, primary_key=True),
    Column("word", Text, primary_key=True),
    Column("piece", Integer, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
_ACTIVATIONS: Final = Table(
    "activations",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Integer, nullable=False),
    Column("back", Boolean, nullable=False),
)
# a rollback journal in place of a write-ahead log: stores read the file where the state folder takes nothing, which a
# log's shared memory could not; nobody but a commit is waited for, since pages that changed stay in memory until then
_FORM: Final = DatabaseForm(_METADATA, _SCHEMA, pragmas=("synchronous = NORMAL", "cache_spill = OFF"))
_SUMMARY: Final = TypeAdapter(Summary)
_OPTIONS: Final = TypeAdapter(ReadOptions)

Pieces = Sequence[tuple[str, int, bytes]]
"""Compressed pieces: the word of the file, blank for the table itself, and the number of the piece."""


class VersionDatabase:
    """One connection to the database, for one thread. Raises `DatabaseError` for what cannot be read or written."""

    def __init__(self, state: Path) -> None:
        self.path = state / FILE_NAME
        self._database = Database(self.path, _FORM, _WAIT)

    def keep(self, new: NewVersion, summary: Summary, pieces: Pieces, digests: Mapping[str, str]) -> TableVersion:
        """Keep a version in one step, under the next number of its name."""
        with self._database.writing() as connection:
            last = connection.scalar(select(func.max(_VERSIONS.c.number)).where(_VERSIONS.c.name == new.name)) or 0
            row = {
                "name": new.name,
                "number": last + 1,
                "fingerprint": fingerprint_of(new.format, new.options, digests),
                "format": new.format,
                "options": json.dumps(told_options(new.options)),
                "digests": json.dumps(dict(digests)),
                "summary": json.dumps(asdict(summary)),
                "who": new.who,
                "at": _milliseconds(new.at),
                "origin": new.origin,
                "valid_from": _day(new.valid_from),
                "valid_to": _day(new.valid_to),
                "report": json.dumps(dict(new.report), ensure_ascii=False),
            }
            (key,) = connection.execute(insert(_VERSIONS), row).inserted_primary_key or (0,)
            for at, (word, number, body) in enumerate(pieces, start=1):
                piece = {"version": key, "word": word, "piece": number, "body": body}
                connection.execute(insert(_CONTENTS), piece)
                tell("kept", at, len(pieces))
            return _found(connection, key)

    def versions(self, name: str = "") -> list[TableVersion]:
        """All versions, or those of a name, by name and number."""
        wanted = select(_VERSIONS).order_by(_VERSIONS.c.name, _VERSIONS.c.number)
        if name:
            wanted = wanted.where(_VERSIONS.c.name == name)
        with self._database.reading() as connection:
            return [] if connection is None else [_version(row) for row in connection.execute(wanted)]

    def log(self, name: str = "") -> list[Activation]:
        """The log of activations, or that of a name, in order."""
        with self._database.reading() as connection:
            return [] if connection is None else _log(connection, name)

    def content(self, version: TableVersion) -> HeldTable:
        """The bytes of a version. Raises `DatabaseError` also for some that are not what was kept."""
        held: dict[str, list[bytes]] = {word: [] for word in version.digests}
        wanted = select(_CONTENTS.c.word, _CONTENTS.c.body).where(_CONTENTS.c.version == version.key)
        with self._database.reading() as connection:
            if connection is not None:
                for word, body in connection.execute(wanted.order_by(_CONTENTS.c.word, _CONTENTS.c.piece)):
                    held.setdefault(word, []).append(_unpacked(body))
        files = {word: b"".join(pieces) for word, pieces in held.items()}
        read = HeldTable(files.pop("", b""), files)
        if digests_of(read) != version.digests:
            raise DatabaseError("broken", f"{self.path} has other bytes of {version} than were kept; import it again")
        return read

    def activate(self, line: Activation, expected: Sequence[Activation]) -> bool:
        """Write a line of the log, unless it is not as `expected` any more; whether it was written.

        The file that running services watch is written first, while nobody can read the log: who sees it change waits
        for this to end, and finds the line, or the log as it was where this failed or was killed.
        """
        with self._database.writing(alone=True) as connection:
            if _log(connection, line.name) != list(expected):
                return False
            connection.execute(insert(_ACTIVATIONS), {**asdict(line), "at": _milliseconds(line.at)})
            replace_atomically(self.path.with_name(ACTIVE_TABLES), _SIGNAL.format(line).encode())
            return True

    def close(self) -> None:
        """Close the connection to the file."""
        self._database.close()


def packed(content: HeldTable) -> Pieces:
    """Bytes as pieces that the database takes."""
    return [
        (word, number, zlib.compress(held[at : at + _PIECE], _QUICK))
        for word, held in {"": content.source, **content.beside}.items()
        for number, at in enumerate(range(0, len(held), _PIECE))
    ]


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return b""  # the digest tells


def _found(connection: Connection, key: int) -> TableVersion:
    return _version(connection.execute(select(_VERSIONS).where(_VERSIONS.c.id == key)).one())


def _version(row: Row[Any]) -> TableVersion:
    return TableVersion(
        key=row.id,
        name=row.name,
        number=row.number,
        fingerprint=row.fingerprint,
        format=row.format,
        options=_OPTIONS.validate_json(row.options),
        digests=json.loads(row.digests),
        summary=_SUMMARY.validate_json(row.summary),
        who=row.who,
        at=_moment(row.at),
        origin=row.origin,
        valid_from=date.fromisoformat(row.valid_from) if row.valid_from else None,
        valid_to=date.fromisoformat(row.valid_to) if row.valid_to else None,
        report=json.loads(row.report),
    )


def _log(connection: Connection, name: str) -> list[Activation]:
    wanted = select(_ACTIVATIONS).order_by(_ACTIVATIONS.c.id)
    if name:
        wanted = wanted.where(_ACTIVATIONS.c.name == name)
    return [*map(_activation, connection.execute(wanted))]


def _activation(row: Row[Any]) -> Activation:
    return Activation(row.name, row.number, row.who, _moment(row.at), row.back)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
