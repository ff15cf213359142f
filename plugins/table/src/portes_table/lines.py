"""Which rows of which file price a service: the tables opened, each once, for a store that they fit."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from portes.calendars import calendar_fault
from portes.errors import Problem, Problems, SettingsError, shown
from portes.tables import Candidates, NoRow, RateTable, find_format
from portes.toolbox import StoreFacts
from portes_table.dated import DatedTable, TableOpener
from portes_table.files import TableName
from portes_table.settings import TableService, TableSettings
from portes_table.stated import check_terms

_NO_FILE: Final = (
    'write file = "tables/my-carrier.csv" in the settings, or a file for each service; or stored = "NAME" for a table'
    " that portes tables import keeps"
)


class Line(NamedTuple):
    """An active service, and where its prices stand."""

    code: str
    table: RateTable
    table_service: str
    version: str = ""
    """The version that the table is, `contract@3`; blank for a file."""

    def find(self, postal_code: str, measure: int, origin: str) -> Candidates | NoRow:
        """The rows that may price a number on the table's axis, or why there is none."""
        return find_rows(self.table, self.table_service, postal_code, measure, origin)


def find_rows(table: RateTable, service: str, postal_code: str, measure: int, origin: str) -> Candidates | NoRow:
    """The rows of a table that may price a number on its axis, or why there is none."""
    if table.overlap == "dearest":
        return table.find_all(service, postal_code, measure, origin)
    found = table.find(service, postal_code, measure, origin)
    return found if isinstance(found, NoRow) else (found,)


def check_store(settings: TableSettings, store: StoreFacts) -> None:
    """Refuse origins that the store does not have, and a calendar of another country. Raises `SettingsError`."""
    problems = Problems()
    for number in settings.origins:
        problems.attempt(partial(store.require_origin, number, "settings.origins"))
    if settings.calendar is not None and (not settings.country or calendar_fault(settings.calendar, settings.country)):
        problems.attempt(partial(store.require_calendar, settings.calendar, "settings.calendar"))
    problems.check()


def open_tables(
    settings: TableSettings, services: Sequence[TableService], opener: TableOpener
) -> Mapping[TableName, tuple[DatedTable, ...]]:
    """Open every table of an active service, once. Raises `SettingsError` with the problems of all of them."""
    tables: dict[TableName, tuple[DatedTable, ...]] = {}
    problems = Problems(most=None)
    for name, where in sorted(_named(settings, services).items()):
        if not any(name):
            problems.add("settings.file", "", "no table is named", _NO_FILE)
            continue
        try:
            tables[name] = opener.open(name, where, settings, "settings", of_fees=False)
            for one in tables[name]:
                _check_format(one, where)
                check_terms(settings, one)
        except SettingsError as error:
            problems.include(error.problems)
    problems.check()
    return tables


def _check_format(one: DatedTable, where: str) -> None:
    """Refuse a format of fees, whose rows state no days. Raises `SettingsError`."""
    if one.options.of_fees or getattr(find_format(one.format), "of_fees", False):
        cause = "is for fees by place: its rows state no days, so nobody can sell by them"
        fix = "name the table in a component of the tariff, and the prices here"
        place, value = (where, one.title) if one.version else ("settings.format", one.format)
        raise SettingsError(Problem(place, value, cause, fix))


def _named(settings: TableSettings, services: Sequence[TableService]) -> Mapping[TableName, str]:
    """The tables of the active services, each with the first key that names it."""
    named: dict[TableName, str] = {}
    for index, service in enumerate(services):
        if service.active:
            own = any(service.table)
            name = service.table if own else settings.table
            named.setdefault(name, f"services.{index}.{name.key}" if own else f"settings.{name.key}")
    return named


def table_lines(
    services: Sequence[TableService], tables: Mapping[TableName, DatedTable | None], default: TableName
) -> tuple[tuple[Line, ...], Mapping[str, str]]:
    """The active services with their tables of a day, and the names of the tables that others lack, by their codes.

    Raises `SettingsError` for each service that its table does not know.
    """
    lines: list[Line] = []
    lacking: dict[str, str] = {}
    problems = Problems(most=None)
    for index, service in enumerate(services):
        if not service.active:
            continue
        name = service.table if any(service.table) else default
        dated = tables[name]
        if dated is None:
            lacking[service.code] = str(name)
            continue
        table = dated.table
        wanted = service.table_service or ("" if table.services == ("",) else service.code)
        if wanted not in table.services:
            fix = f"write table_service = one of {', '.join(filter(None, table.services))}"
            cause = f"is no service of {dated.title}" if dated.version else "is no service of the table"
            problems.add(f"services.{index}.table_service", shown(wanted), cause, fix)
        lines.append(Line(service.code, table, wanted, dated.title if dated.version else ""))
    problems.check()
    return tuple(lines), lacking
