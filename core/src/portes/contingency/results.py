"""From sampled rows to files for a portal and a version in the state folder; it asks nobody.

The version is kept in the format `plain`, which says all that a row says, so that it can be compared with and written
for any portal again; what a portal takes is written beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from portes.contingency.opening import state_of
from portes.contingency.order import BuildOrder
from portes.contingency.sampling import SampledTable
from portes.contract import Place
from portes.errors import Problem, Problems, SettingsError
from portes.files import replace_atomically
from portes.store import Store
from portes.tables import MICROS, ReadOptions, Row, Terms, WriteOptions, WrittenFile, write_table
from portes.tables.versions import NewVersion, TableVersion, TableVersions

ORIGIN: Final = "portes contingency build"
"""Where such a version comes from, as people see it."""
_MILLIGRAMS: Final = 1000
KEPT_AS: Final = "plain"
"""The format of the version."""


class WrittenTable(NamedTuple):
    """A table as it was kept and written."""

    files: tuple[WrittenFile, ...]
    """What is uploaded, within the portal's limits."""
    version: TableVersion
    report: Mapping[str, Any]


def write_results(
    store: Store,
    order: BuildOrder,
    sampled: SampledTable,
    at: datetime,
    report: Callable[[Sequence[WrittenFile], Sequence[str]], dict[str, Any]],
) -> WrittenTable:
    """Write a table for its portal, and keep it as a version with the report of its files and of their notes.

    Raises `SettingsError` for what the portal's format cannot say, and for a folder that cannot be written to; then the
    version is kept all the same.
    """
    rows = tuple(order.terms.priced(sampled.table_rows()))
    section, notes = store.settings.store, Problems()
    options = WriteOptions(section.country, section.currency, stem=order.table_name, beside=order.portal.beside)
    files = write_table(rows, order.portal.format, options, notes)
    told = report(files, notes.notes)
    version = _kept(store, order, rows, at, told)
    if order.out is not None:
        _put(order.out, files)
    return WrittenTable(files, version, {**told, "version": str(version)})


def check_writable(store: Store, order: BuildOrder, at: datetime) -> None:
    """Try the order's format, name and folder with a row of each delivery type, before anybody is asked for hours.

    Raises `SettingsError` as `write_results` would.
    """
    section, policy = store.settings.store, store.quoter.policy
    types = sorted({service.delivery.value for member in policy.members for service in member.services.values()})
    code = Place.example(section.country).postal_code
    top, terms = max(order.brackets) * _MILLIGRAMS, Terms(1, 2)
    rows = [Row(line, name, code, code, 0, top, MICROS, top, terms) for line, name in enumerate(types, 1)]
    options = WriteOptions(section.country, section.currency, stem=order.table_name, beside=order.portal.beside)
    write_table(rows, order.portal.format, options)
    NewVersion(order.table_name, b"", KEPT_AS, ReadOptions(section.country, section.currency), order.who, at).check()
    if order.out is not None:
        _put(order.out, ())


def _kept(
    store: Store, order: BuildOrder, rows: Sequence[Row], at: datetime, report: Mapping[str, Any]
) -> TableVersion:
    section = store.settings.store
    (whole,) = write_table(rows, KEPT_AS, WriteOptions(section.country, section.currency))
    free = any(not row.price for row in rows)  # meant so: a rule that was asked for made it free
    read_as = ReadOptions(section.country, section.currency, zero_price="free" if free else "report")
    new = NewVersion(order.table_name, whole.content, KEPT_AS, read_as, order.who, at, ORIGIN, report=report)
    with closing(TableVersions(state_of(store))) as versions:
        return versions.keep(new)


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
