"""A stored table opened: the version in force on a day, or every version that may price one."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from portes.errors import DatabaseError, Problem, SettingsError, shown
from portes.tables.index.table import RateTable
from portes.tables.opening import open_source
from portes.tables.versions.kept import TableVersion
from portes.tables.versions.table_versions import TableVersions


class VersionInForce(NamedTuple):
    """A version that may price shipments, and its table."""

    version: TableVersion
    table: RateTable


def open_version(state: Path, name: str, on: date | None = None) -> RateTable:
    """The table that is in force for what is dispatched on a day, or the one in force whatever its validity.

    Raises `SettingsError` where none is, and where it cannot be read.
    """
    for one in open_in_force(state, name):
        if on is None or one.version.valid_on(on):
            return one.table
    fix = f"activate a version that is valid then: portes tables activate {name}@NUMBER"
    raise SettingsError(Problem("stored", shown(name), f"has no version in force that is valid on {on}", fix))


def open_in_force(state: Path, name: str, *, keeps: bool = True) -> list[VersionInForce]:
    """Every version of a table that may price a shipment, the one in force first: a day is the first's that holds it.

    Where nothing may be written, for `keeps` is false, tables are compiled in memory.
    Raises `SettingsError` where there is no such table or none of its versions is in force, and for a database or a
    table that cannot be read.
    """
    versions = TableVersions(state)
    try:
        candidates = _candidates(versions, name)
        sources = map(versions.table_source, candidates)
        tables = [open_source(source, state if keeps else None) for source in sources]
        return [*map(VersionInForce, candidates, tables)]
    except DatabaseError as error:
        fix = "see docs/tables.md about versions; a table that is named as a file needs no database"
        raise SettingsError(Problem("stored", shown(name), str(error), fix)) from None
    finally:
        versions.close()


def _candidates(versions: TableVersions, name: str) -> list[TableVersion]:
    """The versions of which each prices a day that none before it does."""
    in_force = versions.in_force(name)
    if not in_force:
        raise SettingsError(_none_in_force(versions, name))
    unlimited = next((at for at, one in enumerate(in_force) if not (one.valid_from or one.valid_to)), len(in_force))
    return in_force[: unlimited + 1]


def _none_in_force(versions: TableVersions, name: str) -> Problem:
    known = versions.versions(name)
    if known:
        cause = "has no version in force"
        return Problem("stored", shown(name), cause, f"activate one: portes tables activate {known[-1]}")
    names = sorted({version.name for version in versions.versions()})
    fix = f"import it: portes tables import FILE --as {shown(name)}"
    if names:
        fix = f"write one of {', '.join(names)}, or {fix}"
    return Problem("stored", shown(name), "is no table of the state folder", fix)
