"""Opens the table that is to be checked: a version of the state folder, or the file that was uploaded."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from portes.contingency.drift.measure import CheckedTable
from portes.contingency.drift.prices import TablePrices, services_of
from portes.contingency.goods import Goods
from portes.contingency.prices import PriceTerms
from portes.errors import DatabaseError, Problem, SettingsError, shown
from portes.tables import LARGEST_TABLE, ReadOptions, detect_table, find_format, open_table
from portes.tables.opening import open_source
from portes.tables.reading.sheets import read_source
from portes.tables.versions import TableVersion, TableVersions

PREFIX: Final = "contingency-"
"""What the names of tables begin with that a marketplace falls back on."""

_DENSITY: Final = 300
"""kg per m³ of goods that nobody describes: the usual factor of road freight in Brazil."""
_KILOGRAM: Final = 1000


class PortalTerms(NamedTuple):
    """What is said of the portal, where the table does not say it."""

    services: Mapping[str, str]
    """Delivery types by the table's names of its services; by their own names when empty."""
    cubic_factor: Decimal | None
    """kg that the portal bills a cubic metre as."""


def file_table(
    file: Path, format_name: str, options: ReadOptions, terms: PortalTerms, state: Path | None
) -> CheckedTable:
    """The table in a file, in a format by name or found out; its prices are as old as the file.

    Raises `SettingsError` with every problem of the file.
    """
    name = format_name or detect_table(file, options).format
    if not name:
        fix = "name its format with --format, or write a mapping: see portes tables detect"
        raise SettingsError(Problem("--format", "", "the file is in no known format", fix, file=file))
    table = open_table(file, name, options, state)
    factor = terms.cubic_factor if terms.cubic_factor is not None else _stated(file, name, options)
    oldest = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return CheckedTable(file.name, TablePrices(table, services_of(table, terms.services), factor), oldest, "file")


def version_table(state: Path, words: str, terms: PortalTerms, store: str = "") -> CheckedTable:
    """The table of a version, `NAME@NUMBER`, or the newest of a name; without words the newest contingency table.

    Stores that share a state folder have their versions under the same names: without a number, what was built for
    another than `store` is passed over.
    Raises `SettingsError` where there is none, and for a database that cannot be read.
    """
    try:
        with closing(TableVersions(state)) as versions:
            version = _version(versions, words, store)
            table = open_source(versions.table_source(version), state)
    except DatabaseError as error:
        raise SettingsError(Problem("--table", shown(words), str(error), "see docs/tables.md about versions")) from None
    goods = _part(version.report, "goods")
    factor = terms.cubic_factor
    if factor is None:
        factor = Decimal(goods.get("cubic_factor_kg_per_m3", 0))
    prices = TablePrices(table, services_of(table, terms.services), factor, _terms(version.report))
    number, stands_for, rules = version.number, _goods(goods, factor), _asked_for(version.report)
    return CheckedTable(version.name, prices, *_oldest(version), number, stands_for, version.at, rules)


def _version(versions: TableVersions, words: str, store: str) -> TableVersion:
    name, sign, number = words.partition("@")
    if sign:
        if not number.isdecimal():
            raise SettingsError(Problem("--table", shown(words), "is no version", "write NAME@NUMBER, such as a@3"))
        return versions.version(name, int(number))
    kept = [one for one in versions.versions(name) if name or one.name.startswith(PREFIX)]
    known = [one for one in kept if not store or one.report.get("store", store) == store]
    if not known:
        cause = "is no table that is kept" if name else f"no table is kept whose name begins with {PREFIX}"
        if kept:
            cause += f" but those of {', '.join(sorted({str(one.report['store']) for one in kept}))}"
        fix = "build one: portes contingency build; or name the uploaded file with --file"
        raise SettingsError(Problem("--table", shown(words), cause, fix))
    return max(known, key=lambda one: (one.at, one.number))


def _oldest(version: TableVersion) -> tuple[datetime, Any]:
    """When the oldest answer behind a version was given, where its report tells, else when it was kept."""
    told = version.report.get("oldest_answer")
    return (datetime.fromisoformat(told), "row") if isinstance(told, str) else (version.at, "version")


def _stated(file: Path, format_name: str, options: ReadOptions) -> Decimal:
    """The cubic factor that a file states itself, 0 where it states none."""
    stated_terms = getattr(find_format(format_name), "stated_terms", None)
    stated = stated_terms(read_source(file, LARGEST_TABLE), options) if stated_terms else None
    return (stated and stated.cubic_factor) or Decimal(0)


def _part(report: Mapping[str, object], name: str) -> Mapping[str, Any]:
    part = report.get(name)
    return part if isinstance(part, Mapping) else {}


def _asked_for(report: Mapping[str, object]) -> tuple[str, ...]:
    told = report.get("rules_asked_for")
    return tuple(map(str, told)) if isinstance(told, list) else ()


def _goods(told: Mapping[str, Any], factor: Decimal) -> Goods:
    """What the weights of a table stand for, as far as its report tells."""
    density = int(Decimal(told.get("density_kg_per_m3", 0)) * _KILOGRAM) or _DENSITY * _KILOGRAM
    return Goods(density, told.get("value"), told.get("value_per_kg"), int(factor * _KILOGRAM))


def _terms(report: Mapping[str, Any]) -> PriceTerms | None:
    """What the seller added to live prices, as the report of a build tells."""
    terms = PriceTerms(Decimal(report.get("margin_percent", 0)), report.get("round_to", 1), report.get("least", 0))
    return None if terms == PriceTerms() else terms
