"""`portes tables rollback`: puts the version in force again that was before."""

import sys
from pathlib import Path

import click

from portes.cli.commands.tables.store_option import store_option, who_option


@click.command()
@click.argument("name")
@store_option
@who_option
@click.option("--yes", is_flag=True, help="Do it although the validity of the version before is over.")
def rollback(*, name: str, store_path: Path, who: str, yes: bool) -> None:
    """Take the last activation of the table NAME back: the version before it is in force again.

    What is taken back prices nothing any more, not even days for which nothing else is valid. Exit code 1 when the
    validity of the version before is over, 2 when there is none.
    """
    from portes.cli.kept_tables import kept_tables
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.table_versions import in_force_lines, over_words
    from portes.clock import SystemClock
    from portes.errors import escaped

    log_to_stderr()
    with kept_tables(store_path) as kept:
        over = "" if yes else over_words(kept.versions.rolled_back_to(name), kept.today())
        if over:
            click.echo(escaped(over))
            click.echo("Nothing was rolled back; if it is right all the same: --yes")
            sys.exit(1)
        before = kept.versions.active(name)
        version = kept.versions.rollback(name, who, SystemClock().now())
        for line in in_force_lines(kept, version, before, f"activate {before}"):
            click.echo(escaped(line))
