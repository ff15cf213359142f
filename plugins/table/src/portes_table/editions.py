"""What prices a carrier's services, by the dispatch day: its tables in the versions that are in force then."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from portes.contract import Failure, FailureKind
from portes.errors import Problems, SettingsError
from portes.tables import RateTable
from portes_table.dated import DatedTable, TableOpener
from portes_table.fee_tables import FeeTables, open_fee_tables
from portes_table.lines import Line, open_tables, table_lines
from portes_table.settings import TableService, TableSettings

_NONE_VALID: Final = (
    "no version of the table {0} that is in force is valid on {1}; activate one that is: portes tables activate"
    " {0}@NUMBER"
)


class Edition(NamedTuple):
    """What prices services on some days."""

    lines: tuple[Line, ...]
    fees: FeeTables
    lacking: Mapping[str, str]
    """The other services by their codes, each with the table that has no version for these days."""

    def failures(self, day: date) -> Iterator[Failure]:
        """The failures of the services that nothing prices on a day."""
        for code, table in self.lacking.items():
            yield Failure(service=code, kind=FailureKind.INCOMPLETE, hint=_NONE_VALID.format(table, day))


class Editions:
    """All editions of a carrier, in the order of their days. Raises `SettingsError` with the problems of all tables."""

    def __init__(self, settings: TableSettings, services: Sequence[TableService], opener: TableOpener) -> None:
        self._settings = settings
        self._services = services
        self._tables = open_tables(settings, services, opener)
        self._fee_tables = open_fee_tables(settings, opener)
        self._days = sorted(self._borders())
        """The first day of each edition."""
        problems = Problems(most=None)
        self._editions: list[Edition] = []
        for day in self._days:
            try:
                self._editions.append(self._made(day))
            except SettingsError as error:
                problems.include(error.problems)
        problems.check()

    @property
    def named(self) -> Iterator[tuple[str, DatedTable]]:
        """Every table with what people know it by: its file or version, and the component that a fee table is of."""
        yield from ((one.title, one) for tables in self._tables.values() for one in tables)
        components = self._settings.tariff.components if self._settings.tariff else ()
        for at, tables in self._fee_tables.items():
            yield from ((f"{components[at].name} ({one.title})", one) for one in tables)

    def tables_of(self, service: str) -> Iterator[RateTable]:
        """The tables that price a service on any day."""
        yield from (line.table for one in self._editions for line in one.lines if line.code == service)

    @property
    def dated(self) -> bool:
        """Whether the dispatch day changes what prices a shipment."""
        return len(self._days) > 1

    def on(self, day: date) -> Edition:
        """The edition of a dispatch day."""
        return self._editions[bisect_right(self._days, day) - 1]

    def _borders(self) -> Iterator[date]:
        yield date.min
        for _, one in self.named:
            if one.version is not None and one.version.valid_from:
                yield one.version.valid_from
            if one.version is not None and one.version.valid_to and one.version.valid_to < date.max:
                yield one.version.valid_to + timedelta(days=1)

    def _made(self, day: date) -> Edition:
        tables = {name: _in_force(each, day) for name, each in self._tables.items()}
        fees = {at: _in_force(each, day) for at, each in self._fee_tables.items()}
        lines, lacking = table_lines(self._services, tables, self._settings.table)
        components = self._settings.tariff.components if self._settings.tariff else ()
        missing = next((components[at].stored for at, one in fees.items() if one is None), "")
        if missing:  # what it would charge nobody knows, so nothing can be priced
            lacking = {**{line.code: missing for line in lines}, **lacking}
            lines = ()
        return Edition(lines, FeeTables(self._settings, {at: one for at, one in fees.items() if one}, lines), lacking)


def _in_force(tables: Sequence[DatedTable], day: date) -> DatedTable | None:
    return next((one for one in tables if one.prices(day)), None)
