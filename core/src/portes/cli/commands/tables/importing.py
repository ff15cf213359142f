"""`portes tables import`: keeps a table's file as a new version; nothing is in force by that."""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.commands.tables.declared import declared_in_store
from portes.cli.commands.tables.store_option import store_option, who_option

if TYPE_CHECKING:
    from portes.cli.kept_tables import KeptTables
    from portes.tables import ReadOptions
    from portes.tables.versions import TableVersion

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def _day(_context: click.Context, _option: click.Parameter, given: datetime | None) -> date | None:
    return given.date() if given else None


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@store_option
@click.option("--as", "name", help="The table's name, by which carriers call it (stored).  [default: the file's]")
@click.option("--format", "format_name", help="How the file is laid out.  [default: found out]")
@click.option("--valid-from", type=_DAY, callback=_day, metavar="DAY", help="First dispatch day that it prices.")
@click.option("--valid-to", type=_DAY, callback=_day, metavar="DAY", help="Last dispatch day that it prices.")
@click.option("--note", default="", help="What is to be known of it later.")
@who_option
@declared_in_store
def import_table(
    *,
    file: Path,
    store_path: Path,
    name: str | None,
    format_name: str | None,
    valid_from: date | None,
    valid_to: date | None,
    note: str,
    who: str,
    **declared: Any,  # noqa: ANN401 — see read_options
) -> None:
    """Keep the table FILE as the next version of its name.

    It is read and checked as by `portes tables check`, in the store's country and currency. Nothing is in force by
    that: `portes tables activate` does it. Exit code 2 when there is any problem; then nothing is kept.
    """
    from portes.cli.kept_tables import kept_tables
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.progress import shown_progress
    from portes.clock import SystemClock
    from portes.errors import escaped
    from portes.tables import LARGEST_TABLE
    from portes.tables.reading.sheets import read_source
    from portes.tables.versions import NewVersion

    log_to_stderr()
    with kept_tables(store_path) as kept:
        options = kept.options(declared)
        source = read_source(file, LARGEST_TABLE)
        new = NewVersion(
            name=name or file.stem,
            source=source,
            format=format_name or _format_of(file, source, options),
            options=options,
            who=who,
            at=SystemClock().now(),
            origin=file.name,
            valid_from=valid_from,
            valid_to=valid_to,
            report={"note": note} if note else {},
        )
        before = kept.versions.versions(new.name)
        with shown_progress() as progress:
            version = kept.versions.keep(new, progress)
        for line in _told(kept, version, new=version not in before):
            click.echo(escaped(line))


def _format_of(file: Path, source: bytes, options: "ReadOptions") -> str:
    """The file's format, found out; one in none ends the command with what can be done."""
    from portes.cli.commands.tables.declared import detected
    from portes.cli.render.tables import unknown_words
    from portes.errors import escaped
    from portes.tables.detection.detect import format_of

    found = format_of(source, options)
    if not found:
        click.echo(escaped(unknown_words(file, detected(file, options))), err=True)
        sys.exit(2)
    return found


def _told(kept: "KeptTables", version: "TableVersion", *, new: bool) -> Iterator[str]:
    from portes.cli.render.progress import shown_progress
    from portes.cli.render.table_difference import difference_line
    from portes.cli.render.table_versions import kept_lines
    from portes.errors import SettingsError
    from portes.tables.comparison import compare_tables

    yield from kept_lines(version, new=new)
    active = kept.versions.active(version.name)
    if active is not None and active.number == version.number:
        yield f"{version} is in force."
        return
    if active is None:
        yield f"No version of it is in force yet. To sell by this one: portes tables activate {version}"
    else:
        try:
            with shown_progress() as progress:
                difference = compare_tables(kept.opened(active), kept.opened(version), progress)
            yield f"Beside {active}, which is in force: {difference_line(difference)}."
        except SettingsError as error:
            yield f"It does not compare with {active}, which is in force: {error}"
        yield f"{active} stays in force. To sell by the new one: portes tables activate {version}"
