"""`portes tables diff`: what became dearer, cheaper, slower, what came and what went between two tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.commands.tables.declared import declared_in_store
from portes.cli.commands.tables.store_option import store_option

if TYPE_CHECKING:
    from portes.cli.kept_tables import KeptTables
    from portes.tables import RateTable


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@store_option
@declared_in_store
@click.option("--json", "as_json", is_flag=True, help="Print every region and bracket as JSON.")
def diff(
    *,
    before: str,
    after: str,
    store_path: Path,
    as_json: bool,
    **declared: Any,  # noqa: ANN401 — see read_options
) -> None:
    """Say what differs from the table A to the table B, lane by lane.

    Each is a version (contract@3), a name for the version in force (contract), or a file, whose format is found out.
    """
    from portes.cli.kept_tables import kept_tables
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.progress import shown_progress
    from portes.cli.render.table_difference import difference_json, show_difference
    from portes.tables.comparison import compare_tables

    log_to_stderr()
    with kept_tables(store_path) as kept:
        (earlier, one), (later, other) = (_opened(kept, words, declared) for words in (before, after))
    with shown_progress() as progress:
        difference = compare_tables(one, other, progress)
    if as_json:
        click.echo(difference_json(earlier, later, difference))
    else:
        show_difference(earlier, later, difference)


def _opened(kept: "KeptTables", words: str, declared: dict[str, Any]) -> "tuple[str, RateTable]":
    """The table that is meant, with its title."""
    from portes.cli.kept_tables import means_version
    from portes.errors import Problem, SettingsError
    from portes.tables import LARGEST_TABLE, open_table
    from portes.tables.detection.detect import format_of
    from portes.tables.reading.sheets import read_source

    path = Path(words)
    if means_version(words):
        version = kept.version(words)
        return str(version), kept.opened(version)
    options = kept.options(declared)
    found = format_of(read_source(path, LARGEST_TABLE), options)
    if not found:
        fix = f"see portes tables detect {words}"
        raise SettingsError(Problem("file", path, "is in no installed format", fix))
    return words, open_table(path, found, options, kept.state)
