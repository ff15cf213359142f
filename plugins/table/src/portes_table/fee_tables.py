"""Fees by place: the tables of a tariff's components, opened, and their rows for a shipment; it adds nothing up."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from portes.errors import Problems, shown
from portes.tables import Candidates, FactNeededError, FeeRows, NoRow, RateTable
from portes_table.dated import DatedTable, TableOpener
from portes_table.lines import Line, find_rows
from portes_table.priceless import measured, unstated
from portes_table.settings import TableSettings
from portes_table.weighing import Piece

_ELSEWHERE: Final = frozenset([NoRow.RANGE, NoRow.ORIGIN, NoRow.SERVICE])
"""What a fee table says of a place that it does not name, so that no such fee is charged."""
_TOO_LARGE: Final = "larger than the largest volume of its row"


class NotCarriedError(ValueError):
    """A row of a fee table that says: no service there. Its words name the component and its table."""


class FeeTable(NamedTuple):
    """The table of one component."""

    component: str
    title: str
    """Its file, or its version."""
    table: RateTable
    services: Mapping[str, str]
    """What it calls each service that it has, by the service's code."""

    @property
    def name(self) -> str:
        """Which table it is, for people: the component and its table."""
        return f"{self.component} ({self.title})"

    def rows(self, code: str, postal_code: str, origin: str, piece: Piece) -> Candidates:
        """The rows that a piece is charged by; none where the table does not name the place.

        Raises `NotCarriedError` where it says that there is no service, and `FactNeededError` where it names the
        place and has no price.
        """
        service = self.services.get(code)
        if service is None:
            return ()
        measure = measured(piece, self.table.axis)
        found = find_rows(self.table, service, postal_code, measure or 0, origin)
        if found in _ELSEWHERE:
            return ()
        if measure is None:
            raise FactNeededError(f"{self.name}: its {unstated(self.table)}")
        if found is NoRow.REFUSED:
            raise NotCarriedError(f"{self.name}: {found.value}")
        if isinstance(found, NoRow):
            raise FactNeededError(f"{self.name}: {found.value}")
        if any(row.terms.max_volume and piece.volume > row.terms.max_volume for row in found):
            raise FactNeededError(f"{self.name}: {_TOO_LARGE}")
        return found


class FeeTables:
    """The fee tables of a carrier on some days, by the number of their component."""

    def __init__(self, settings: TableSettings, tables: Mapping[int, DatedTable], lines: Sequence[Line]) -> None:
        """Take tables that are open. Raises `SettingsError` for those that have none of the services."""
        components = settings.tariff.components if settings.tariff else ()
        self._tables: dict[int, FeeTable] = {}
        problems = Problems(most=None)
        for at, dated in tables.items():
            services = dict(_services(dated.table, lines))
            if lines and not services:
                wanted = ", ".join(line.table_service or line.code for line in lines)
                fix = f"name a service of the carrier in its rows ({wanted}), or none"
                where = f"settings.tariff.components.{at}.{components[at].table.key}"
                problems.add(where, shown(dated.title), "has fees for other services only", fix)
            self._tables[at] = FeeTable(components[at].name, dated.title, dated.table, services)
        problems.check()

    def __iter__(self) -> Iterator[FeeTable]:
        """The tables, in the order of their components."""
        return iter(self._tables.values())

    def finder(self, code: str, postal_code: str, origin: str, piece: Piece) -> FeeRows | None:
        """What finds the rows that a piece of a service is charged by; None where there are no fee tables."""
        return partial(self._rows, code, postal_code, origin, piece) if self._tables else None

    def _rows(self, code: str, postal_code: str, origin: str, piece: Piece, table: int) -> Candidates:
        return self._tables[table].rows(code, postal_code, origin, piece)


def open_fee_tables(settings: TableSettings, opener: TableOpener) -> Mapping[int, tuple[DatedTable, ...]]:
    """Open the fee table of every component that has one. Raises `SettingsError` with the problems of all."""
    tables: dict[int, tuple[DatedTable, ...]] = {}
    problems = Problems(most=None)
    for at, component in enumerate(settings.tariff.components if settings.tariff else ()):
        if any(component.table):
            where = f"settings.tariff.components.{at}"
            key = f"{where}.{component.table.key}"
            opened = partial(opener.open, component.table, key, component, where, of_fees=True)
            tables[at] = problems.attempt(opened) or ()
    problems.check()
    return tables


def _services(table: RateTable, lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The codes of the services that a fee table has, and what it calls them; a nameless one stands for all."""
    for line in lines:
        name = next((each for each in (line.table_service, line.code, "") if each in table.services), None)
        if name is not None:
            yield line.code, name
