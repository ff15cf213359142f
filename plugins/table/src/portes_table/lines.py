"""Which rows of which file price a service: the tables opened, each once, for a store that they fit."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from portes.calendars import calendar_fault
from portes.errors import Problem, Problems, SettingsError, shown
from portes.tables import LARGEST_TABLE, Candidates, NoRow, RateTable, ReadOptions, find_format, open_table
from portes.tables.reading.sheets import read_source
from portes.toolbox import StoreFacts
from portes_table.files import TableFile
from portes_table.settings import TableService, TableSettings
from portes_table.stated import check_terms

_NO_FILE: Final = 'write file = "tables/my-carrier.csv" in the settings, or a file for each service'


class Line(NamedTuple):
    """An active service, and where its prices stand."""

    code: str
    table: RateTable
    table_service: str

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
    settings: TableSettings, services: Sequence[TableService], store: StoreFacts, country: str
) -> Mapping[str, RateTable]:
    """Open every file of an active service, once. Raises `SettingsError` with the problems of all of them."""
    options = settings.options(country, store.currency, read_beside(settings, store, "settings"), of_fees=False)
    tables: dict[str, RateTable] = {}
    problems: list[Problem] = []
    for name, where in sorted(_named(settings, services).items()):
        if not name:
            problems.append(Problem("settings.file", "", "no table is named", _NO_FILE))
            continue
        try:
            tables[name] = open_file(name, settings, options, store, {"file": where, "format": "settings.format"})
            _check_format(settings.format)
            check_terms(settings, name, options, store)
        except SettingsError as error:
            problems += error.problems
    if problems:
        raise SettingsError(problems)
    return tables


def _check_format(name: str) -> None:
    """Refuse a format of fees, whose rows state no days. Raises `SettingsError`."""
    if getattr(find_format(name), "of_fees", False):
        cause = "is for fees by place: its rows state no days, so nobody can sell by them"
        fix = "name the file in a component of the tariff, and the prices here"
        raise SettingsError(Problem("settings.format", name, cause, fix))


def open_file(
    name: str, declared: TableFile, options: ReadOptions, store: StoreFacts, keys: Mapping[str, str]
) -> RateTable:
    """A table of the store's folder. Raises `SettingsError` with its problems.

    `keys` are those of the settings that name its `file` and its `format`.
    """
    try:
        return open_table(store.folder / name, declared.format, options, store.state, store.links_within)
    except SettingsError as error:
        raise SettingsError([_placed(one, declared, store, keys) for one in error.problems]) from None


def _placed(problem: Problem, declared: TableFile, store: StoreFacts, keys: Mapping[str, str]) -> Problem:
    """A problem where the operator finds it: in a file beside the table, known by its word, or at a key."""
    if problem.file in declared.beside:
        return problem.at(problem.where, store.folder / declared.beside[problem.file])
    return problem if problem.file else problem.at(keys.get(problem.where, problem.where))


def read_beside(file: TableFile, store: StoreFacts, where: str) -> Mapping[str, bytes]:
    """The files beside a table, read. Raises `SettingsError` with the problems of all of them."""
    problems = Problems()
    read: dict[str, bytes] = {}
    for word, name in file.beside.items():
        try:
            read[word] = read_source(store.folder / name, LARGEST_TABLE, store.links_within)
        except SettingsError as error:
            problems.include(found.at(f"{where}.beside.{word}") for found in error.problems)
    problems.check()
    return read


def _named(settings: TableSettings, services: Sequence[TableService]) -> Mapping[str, str]:
    """The files of the active services, each with the first key that names it."""
    named: dict[str, str] = {}
    for index, service in enumerate(services):
        if service.active:
            named.setdefault(
                service.file or settings.file, f"services.{index}.file" if service.file else "settings.file"
            )
    return named


def table_lines(services: Sequence[TableService], tables: Mapping[str, RateTable], default: str) -> tuple[Line, ...]:
    """The active services with their tables. Raises `SettingsError` for each that its table does not know."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for index, service in enumerate(services):
        if not service.active:
            continue
        table = tables[service.file or default]
        wanted = service.table_service or ("" if table.services == ("",) else service.code)
        if wanted not in table.services:
            fix = f"write table_service = one of {', '.join(filter(None, table.services))}"
            where = f"services.{index}.table_service"
            problems.append(Problem(where, shown(wanted), "is no service of the table", fix))
        lines.append(Line(service.code, table, wanted))
    if problems:
        raise SettingsError(problems)
    return tuple(lines)
