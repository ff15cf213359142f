"""A catalogue in a database: whatever SQLAlchemy reads, by a query of the operator's own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from pydantic import Field, SecretStr

from portes.carrier import Deadline
from portes.catalogue.protocol import CatalogueFacts, CatalogueSettings, Row
from portes.errors import CatalogueError, Problem, SettingsError
from portes.forks.children import in_each_process

if TYPE_CHECKING:  # slow to import, and needed by stores with a database only
    from sqlalchemy import Connection, Engine, TextClause

_KEYS: Final = "skus"
_PIECE: Final = 500
"""Rows that are taken from a database at a time."""
_STEPS: Final = 10_000
"""Steps of SQLite's machine between two looks at the deadline."""
_CONNECT_SECONDS: Final = 2
"""How long a connection is waited for: what psycopg makes of anything less."""


class SqlSettings(CatalogueSettings):
    """`[catalogue]` with `use = "sql"`."""

    url: SecretStr = Field(
        description="Address of the database as SQLAlchemy has it, a secret for its password: "
        "`postgresql+psycopg://user:password@host/shop`, `sqlite:////srv/shop/skus.db`. Its driver has to be installed."
    )
    query: str = Field(
        min_length=1,
        description="Query whose columns are called as those of a catalogue's file, or `weight_g`, `length_mm`, "
        "`width_mm`, `height_mm`. With `where sku in :skus` it is put once a cart, for the SKUs of the cart; without "
        "`:skus` it gives the whole catalogue.",
    )
    decimal: Literal[".", ","] = Field(".", description="Decimal sign of amounts that the database has as text.")


class SqlSource:
    """Asks a database with a pool of connections that is made anew in each process. Thread-safe."""

    Settings: ClassVar[type[CatalogueSettings]] = SqlSettings

    def __init__(self, settings: SqlSettings, facts: CatalogueFacts) -> None:
        """Make the engine, which connects to nothing yet.

        Raises `SettingsError` for an address that cannot be read, and for a driver that is not installed.
        """
        from sqlalchemy import bindparam, text

        self._settings = settings
        self._store = facts.store
        self._query: TextClause = text(settings.query)
        names = list(self._query.compile().params)
        self.by_key = _KEYS in names
        if self.by_key:
            self._query = self._query.bindparams(bindparam(_KEYS, expanding=True))
        strange = next((name for name in names if name != _KEYS), None)
        if strange is not None:
            fix = r"write values in the query itself, a colon that is meant as one as \:, and the cart's SKUs as :skus"
            raise SettingsError(Problem("query", f":{strange}", "is a value that nobody gives", fix))
        self._engine = self._made()
        in_each_process(self._begin)

    def _begin(self) -> None:
        """Leave a parent's connections to the parent."""
        self._engine.dispose(close=False)

    def _made(self) -> "Engine":
        from sqlalchemy import create_engine
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError, NoSuchModuleError

        try:
            url = make_url(self._settings.url.get_secret_value())
            arguments = {"connect_timeout": _CONNECT_SECONDS} if url.get_backend_name() == "postgresql" else {}
            return create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=0, connect_args=arguments)
        except NoSuchModuleError:
            fix = "write a dialect that SQLAlchemy has, or install the package that brings it"
            raise SettingsError(Problem("url", "", "names a kind of database that nobody installed", fix)) from None
        except ModuleNotFoundError as error:
            cause = f"needs the driver {error.name}, which is not installed"
            raise SettingsError(Problem("url", "", cause, f"install {error.name}")) from None
        except (ArgumentError, ValueError, TypeError):
            fix = "write one such as postgresql+psycopg://user:password@host/shop"
            raise SettingsError(Problem("url", "", "is no address of a database", fix)) from None

    def rows(self, deadline: Deadline) -> Iterator[Row]:
        """Every row of the query, some thousands at a time. Raises `CatalogueError`."""
        with self._asking(deadline) as connection:
            streaming = connection.execution_options(stream_results=True, yield_per=_PIECE)
            for row in streaming.execute(self._query).mappings():
                deadline_passed(deadline)
                yield dict(row)

    def fetch(self, skus: Sequence[str], deadline: Deadline) -> list[Row]:
        """The rows of some SKUs, by one query. Raises `CatalogueError`."""
        with self._asking(deadline) as connection:
            return [dict(row) for row in connection.execute(self._query, {_KEYS: list(skus)}).mappings()]

    def close(self) -> None:
        """Close the connections that are not in use; the others as soon as they are given back."""
        self._engine.dispose()

    @contextmanager
    def _asking(self, deadline: Deadline) -> "Iterator[Connection]":
        """A connection that only reads, whose database is told how much time it has where it can be told."""
        from sqlalchemy.exc import DBAPIError, SQLAlchemyError

        deadline_passed(deadline)
        try:
            with self._engine.connect() as connection:
                with _bounded(connection, deadline):
                    yield connection
                connection.rollback()
        except DBAPIError as error:
            raise self._named(error, deadline) from None
        except SQLAlchemyError as error:
            raise CatalogueError("unreachable", f"the catalogue's database: {type(error).__name__}") from None
        except UnicodeError:
            raise CatalogueError("garbled", "the catalogue's database gave text that is no UTF-8") from None

    def _named(self, error: Any, deadline: Deadline) -> CatalogueError:  # noqa: ANN401 — SQLAlchemy's DBAPIError
        """What went wrong, without the driver's words: they may tell the query, rows, the user and the host."""
        if deadline.passed:
            return CatalogueError("late", f"the catalogue's database did not answer within {deadline.seconds:g} s")
        kind, state = type(error.orig).__name__, str(getattr(error.orig, "sqlstate", "") or "")
        told = f"the catalogue's database: {kind}{f' {state}' if state else ''}"
        if state.startswith("28"):  # invalid authorization, by the SQL standard's classes of SQLSTATE
            return CatalogueError("rejected_credentials", f"{told}; correct user and password in url")
        if state.startswith("42") or kind == "ProgrammingError":
            return CatalogueError("garbled", f"{told}; correct the query")
        return CatalogueError("unreachable", told)


def deadline_passed(deadline: Deadline) -> None:
    """Raise `CatalogueError` when no time is left."""
    if deadline.passed:
        raise CatalogueError("late", f"the catalogue was not read within {deadline.seconds:g} s")


@contextmanager
def _bounded(connection: "Connection", deadline: Deadline) -> "Iterator[None]":
    """Have a database give up by itself once the deadline has passed, as far as we know how to tell it."""
    backend = connection.dialect.name
    milliseconds = max(1, int(deadline.remaining() * 1000))
    if backend == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds}")
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        yield
    elif backend == "sqlite":
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
        raw: Any = connection.connection.driver_connection
        raw.set_progress_handler(lambda: deadline.passed, _STEPS)
        try:
            yield
        finally:
            with suppress(Exception):
                raw.set_progress_handler(None, 0)
    else:
        yield


__all__ = ["SqlSettings", "SqlSource"]
