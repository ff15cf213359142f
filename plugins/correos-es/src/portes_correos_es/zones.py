"""The map of tariff zones: which zone a pair of places is priced in; it knows no price."""

from itertools import product
from typing import Final, NamedTuple

from portes.contract import Place
from portes.errors import Problems
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column
from portes_correos_es.lanes import Lanes, destination_fix, origin_fix
from portes_correos_es.sources import Source
from portes_correos_es.territories import Area, territory

COLUMNS: Final = (
    Column("origin", Cells.text),
    Column("destination", Cells.text),
    Column("zone", Cells.text, blank=""),
    Column("note", Cells.text, blank=""),
)
"""Every column of a zone map; docs/correos-es.md says what each means."""

_ONE_OF_EACH: Final = {
    Area.PENINSULA: Place(country="ES", postal_code="28013"),
    Area.BALEARES: Place(country="ES", postal_code="07001"),
    Area.CANARIAS: Place(country="ES", postal_code="35001"),
    Area.CEUTA: Place(country="ES", postal_code="51001"),
    Area.MELILLA: Place(country="ES", postal_code="52001"),
    Area.ANDORRA: Place(country="AD", postal_code="AD500"),
    Area.PORTUGAL: Place(country="PT", postal_code="1100"),
    Area.PORTUGAL_ISLANDS: Place(country="PT", postal_code="9000"),
}


class Zone(NamedTuple):
    """A row of the map."""

    name: str
    """The tariff's name of the zone, such as `5`; empty where nobody knows it."""
    note: str


def read_zones(source: Source, problems: Problems) -> Lanes[Zone]:
    """Read a map and hold it to its one law: every pair of areas has its row, if only to say that it is not known."""
    rows: dict[tuple[str, str], Zone] = {}
    for line, (origin, destination, zone, note) in source.lines(COLUMNS, problems):
        if fix := origin_fix(origin):
            problems.add("origin", origin, "is no place", fix, line)
        elif fix := destination_fix(destination):
            problems.add("destination", destination, "is no place", fix, line)
        elif (origin, destination) in rows:
            problems.add("destination", destination, f"has a zone from {origin} already", "keep one of the rows", line)
        else:
            rows[origin, destination] = Zone(zone, note)
    zones = Lanes(rows)
    if not problems.count:
        _check_total(zones, problems)
    return zones


def _check_total(zones: Lanes[Zone], problems: Problems) -> None:
    for (here, one), (there, other) in product(_ONE_OF_EACH.items(), repeat=2):
        if zones.find(territory(one), territory(other)) is None:
            fix = f"add the row {here},{there} with its zone, or with none if the contract has none"
            problems.add("zone", None, f"nothing says the zone from {here} to {there}", fix)


__all__ = ["COLUMNS", "Zone", "read_zones"]
