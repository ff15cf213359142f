"""Which rows of which file price a service: the tables opened, each once, for a store that they fit."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from portes.calendars import calendar_fault
from portes.errors import Problem, Problems, SettingsError, shown
from portes.tables import LARGEST_TABLE, Candidates, NoRow, RateTable, ReadOptions, open_table
from portes.tables.reading.sheets import read_source
from portes.toolbox import StoreFacts
from portes_table.settings import TableService, TableSettings


class Line(NamedTuple):
    """An active service, and where its prices stand."""

    code: str
    table: RateTable
    table_service: str

    def find(self, postal_code: str, measure: int, origin: str) -> Candidates | NoRow:
        """The rows that may price a number on the table's axis, or why there is none."""
        asked = (self.table_service, postal_code, measure, origin)
        if self.table.overlap == "dearest":
            return self.table.find_all(*asked)
        found = self.table.find(*asked)
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
    options = ReadOptions(
        country=country,
        currency=store.currency,
        encoding=settings.encoding,
        separator=settings.separator,
        decimal=settings.decimal,
        weight_unit=settings.weight_unit,
        zero_price=settings.zero_price,
        polygons=settings.polygons,
        overlap=settings.overlap,
        hole=settings.hole,
        beside=_beside(settings, store),
        defaults=settings.defaults,
    )
    tables: dict[str, RateTable] = {}
    problems: list[Problem] = []
    for name, where in sorted(_named(settings, services).items()):
        try:
            tables[name] = open_table(
                _path(name, store.folder), settings.format, options, store.state, store.links_within
            )
        except SettingsError as error:
            places = {"file": where, "format": "settings.format"}
            problems += [
                found if found.file else found.at(places.get(found.where, found.where)) for found in error.problems
            ]
    if problems:
        raise SettingsError(problems)
    return tables


def _beside(settings: TableSettings, store: StoreFacts) -> Mapping[str, bytes]:
    """The files beside the table, read. Raises `SettingsError` with the problems of all of them."""
    problems = Problems()
    read: dict[str, bytes] = {}
    for word, name in settings.beside.items():
        try:
            read[word] = read_source(store.folder / name, LARGEST_TABLE, store.links_within)
        except SettingsError as error:
            problems.include(found.at(f"settings.beside.{word}") for found in error.problems)
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


def _path(name: str, folder: Path) -> Path:
    if not name:
        fix = 'write file = "tables/my-carrier.csv" in the settings, or a file for each service'
        raise SettingsError(Problem("settings.file", "", "no table is named", fix))
    return folder / name


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
