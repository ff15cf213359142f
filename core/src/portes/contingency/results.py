"""From sampled rows to files for a portal and versions in the state folder; it asks nobody."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from portes.contingency.order import BuildOrder
from portes.contingency.portals import Portal
from portes.contingency.sampling import SampledTable
from portes.errors import Problem, SettingsError
from portes.files import replace_atomically
from portes.store import Store
from portes.tables import ReadOptions, Row
from portes.tables.versions import NewVersion, TableVersion, TableVersions
from portes.tables.writing import WriteOptions, WrittenFile, write_table

ORIGIN = "portes contingency build"
"""Where such a version comes from, as people see it."""


class TablePart(NamedTuple):
    """What becomes a version: the whole table, or one delivery type where a sheet holds only one."""

    name: str
    """What the version is called."""
    rows: tuple[Row, ...]
    """As they stand in the file: what is refused or not known has no row there."""


class WrittenTable(NamedTuple):
    """A table as it was kept and written."""

    files: tuple[WrittenFile, ...]
    """What is uploaded, within the portal's limits."""
    versions: tuple[TableVersion, ...]
    """One for each part."""
    report: Mapping[str, Any]


def write_results(
    store: Store,
    order: BuildOrder,
    sampled: SampledTable,
    at: datetime,
    report: Callable[[Sequence[WrittenFile]], dict[str, Any]],
) -> WrittenTable:
    """Write a table's files, and keep each part as a version with the report.

    Raises `SettingsError` for what the format cannot say, and for a table without a single price.
    """
    parts = parts_of(sampled, order)
    if not parts:
        fix = "look at the report's doubts, or at other regions and brackets"
        raise SettingsError(Problem("", "", "no lane has a price, so there is no table to write", fix))
    section = store.settings.store
    files = tuple(file for part in parts for file in _written(part, order.portal, section.country, section.currency))
    told = report(files)
    options = ReadOptions(section.country, section.currency, **_read_as(order.portal))
    versions = tuple(_kept(store, part, order, options, at, told) for part in parts)
    told |= {"versions": [str(version) for version in versions]}
    if order.out is not None:
        _put(order.out, files)
    return WrittenTable(files, versions, told)


def parts_of(sampled: SampledTable, order: BuildOrder) -> tuple[TablePart, ...]:
    """The parts of a table with prices as they are sold; none where nothing has a price."""
    rows = tuple(order.terms.priced(sampled.table_rows()))
    if order.portal.has_service:
        return (TablePart(order.table_name, rows),) if rows else ()
    return tuple(
        TablePart(f"{order.table_name}-{service}", tuple(row._replace(service="") for row in own))
        for service, own in groupby(rows, lambda row: row.service)
    )


def _written(part: TablePart, portal: Portal, country: str, currency: str) -> Iterable[WrittenFile]:
    options = _write_options(part, portal, country, currency)
    return write_table(
        part.rows, portal.format, replace(options, most_rows=portal.most_rows, most_bytes=portal.most_bytes)
    )


def _write_options(part: TablePart, portal: Portal, country: str, currency: str) -> WriteOptions:
    return WriteOptions(country, currency, weight_unit=portal.weight_unit, stem=part.name, beside=portal.beside)


def _read_as(portal: Portal) -> dict[str, Any]:
    unit = {} if portal.weight_unit is None else {"weight_unit": portal.weight_unit}
    return {**unit, "beside": portal.beside}


def _kept(
    store: Store, part: TablePart, order: BuildOrder, options: ReadOptions, at: datetime, report: Mapping[str, Any]
) -> TableVersion:
    """A part kept as one file, however many the portal wants."""
    assert store.settings.state is not None  # noqa: S101 — looked at before anybody was asked
    (whole,) = write_table(
        part.rows, order.portal.format, _write_options(part, order.portal, options.country, options.currency)
    )
    new = NewVersion(part.name, whole.content, order.portal.format, options, order.who, at, ORIGIN, report=report)
    versions = TableVersions(store.settings.state)
    try:
        return versions.keep(new)
    finally:
        versions.close()


def _put(folder: Path, files: Iterable[WrittenFile]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            replace_atomically(folder / file.name, file.content, mode=0o644)
    except OSError as error:
        fix = "the table is kept as a version all the same: write its files with portes tables export"
        raise SettingsError(Problem("--out", folder, f"cannot be written ({error.strerror})", fix)) from None


def told_files(files: Iterable[WrittenFile]) -> Iterator[dict[str, Any]]:
    """Files as a report has them, with what their content is known by."""
    for file in files:
        digest = sha256(file.content).hexdigest()
        yield {"name": file.name, "rows": file.rows, "bytes": len(file.content), "sha256": digest}
