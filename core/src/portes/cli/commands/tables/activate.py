"""`portes tables activate`: puts a version in force, unless it differs too much from the one that is."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from portes.cli.commands.tables.store_option import store_option, who_option

if TYPE_CHECKING:
    from portes.cli.kept_tables import KeptTables
    from portes.tables.comparison import TableDifference
    from portes.tables.versions import TableVersion

_PERCENT = click.IntRange(min=0)
_MOST_OF_REGION = 50
"""Percent of a region's lanes that may have far other prices, as `TableDifference.regions_beyond` has it."""


class _ChangeLimits(NamedTuple):
    rows: int
    lanes: int
    change: int


@click.command()
@click.argument("words", metavar="NAME@NUMBER")
@store_option
@who_option
@click.option("--yes", is_flag=True, help="Put it in force whatever it looks like.")
@click.option(
    "--least-rows",
    type=_PERCENT,
    default=80,
    show_default=True,
    help="Percent of the rows of the version in force that it must have.",
)
@click.option(
    "--least-lanes",
    type=_PERCENT,
    default=80,
    show_default=True,
    help="The same of postal codes with a price, by bracket.",
)
@click.option(
    "--most-change",
    type=_PERCENT,
    default=20,
    show_default=True,
    help="Percent by which the price in the middle of all common lanes may differ, and that of most, also by region.",
)
def activate(
    *, words: str, store_path: Path, who: str, yes: bool, least_rows: int, least_lanes: int, most_change: int
) -> None:
    """Put a version in force: carriers that name the table price by it from the next quote on.

    One with far fewer rows or lanes than the version in force, or far other prices, is refused with the figures,
    and so is one whose validity is over. Exit code 1 when it is refused so, 2 when it is not there.
    """
    from portes.cli.kept_tables import kept_tables
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.table_versions import in_force_lines
    from portes.clock import SystemClock
    from portes.errors import escaped

    log_to_stderr()
    with kept_tables(store_path) as kept:
        version = _meant(kept, words)
        active = kept.versions.active(version.name)
        doubts = (
            [] if yes else list(_doubts(kept, version, active, _ChangeLimits(least_rows, least_lanes, most_change)))
        )
        if doubts:
            for doubt in doubts:
                click.echo(escaped(doubt))
            click.echo(f"{version} was not put in force; if it is right all the same: --yes")
            sys.exit(1)
        kept.versions.activate(version.name, version.number, who, SystemClock().now())
        back = f"rollback {version.name}" if active else ""
        for line in in_force_lines(kept, version, active, back):
            click.echo(escaped(line))


def _meant(kept: "KeptTables", words: str) -> "TableVersion":
    from portes.errors import Problem, SettingsError, shown

    if "@" not in words:
        known = kept.versions.versions(words)
        fix = f"write {known[-1]}, say" if known else "write contract@3, say; portes tables list has all of them"
        raise SettingsError(Problem("NAME@NUMBER", shown(words), "does not say which version", fix))
    return kept.version(words)


def _doubts(
    kept: "KeptTables", version: "TableVersion", active: "TableVersion | None", bounds: _ChangeLimits
) -> Iterator[str]:
    """Every reason to ask again, with its figures."""
    from portes.cli.render.progress import shown_progress
    from portes.cli.render.table_versions import over_words
    from portes.errors import SettingsError
    from portes.tables.comparison import compare_tables

    if over := over_words(version, kept.today()):
        yield over
    if active is None or active.number == version.number:
        return
    rows, before = version.summary.rows, active.summary.rows
    if rows * 100 < before * bounds.rows:
        share = 100 * rows // before
        yield f"It has {rows:,} rows, {share} % of the {before:,} of {active}; at least {bounds.rows} % are expected."
    try:
        with shown_progress() as progress:
            difference = compare_tables(kept.opened(active), kept.opened(version), progress)
    except SettingsError as error:
        yield f"It does not compare with {active}: {error}"
        return
    yield from _far(difference, (active, version), bounds)


def _far(
    difference: "TableDifference", versions: "tuple[TableVersion, TableVersion]", bounds: _ChangeLimits
) -> Iterator[str]:
    from portes.cli.render.table_difference import difference_line

    total, (active, version) = difference.total, versions
    lanes, before = total.common + total.gained, total.common + total.lost
    told = f"Beside {active}: {difference_line(difference)}."
    if lanes * 100 < before * bounds.lanes:
        yield (
            f"It has a price for {lanes:,} lanes, {100 * lanes // before} % of those of {active}; at least"
            f" {bounds.lanes} % are expected. {told}"
        )
    if abs(difference.median) > bounds.change * 100:
        change = f"{difference.median / 100:+.{1 if difference.median % 10 == 0 else 2}f} %"  # 20.01 % is not +20.0 %
        yield f"The price in the middle changes by {change}; up to {bounds.change} % is expected. {told}"
    elif (far := difference.beyond(bounds.change * 100)) * 100 > total.common * (most := max(0, 100 - bounds.lanes)):
        yield (
            f"Of the lanes of both {-(-100 * far // total.common)} % have a price that differs by more than"
            f" {bounds.change} %; up to {most} % are expected. {told}"
        )
    elif regions := difference.regions_beyond(bounds.change):
        (region, (far, common)), *others = regions.items()
        more = f" (and likewise in {len(others)} more)" if others else ""
        yield (
            f"Of the lanes of {region or 'no region'}{more} {-(-100 * far // common)} % have a price that differs by"
            f" more than {bounds.change} %; up to {_MOST_OF_REGION} % of a region are expected. To see them: portes"
            f" tables diff {active} {version}. {told}"
        )
