"""`portes tables rollback`: puts the version in force again that was before."""

from pathlib import Path

import click

from portes.cli.commands.tables.store_option import store_option, who_option


@click.command()
@click.argument("name")
@store_option
@who_option
def rollback(*, name: str, store_path: Path, who: str) -> None:
    """Take the last activation of the table NAME back: the version before it is in force again.

    What is taken back prices nothing any more, not even days for which nothing else is valid.
    """
    from portes.cli.commands.tables.activate import in_force_lines
    from portes.cli.kept_tables import kept_tables
    from portes.cli.logs import log_to_stderr
    from portes.clock import SystemClock
    from portes.errors import escaped

    log_to_stderr()
    with kept_tables(store_path) as kept:
        before = kept.versions.active(name)
        version = kept.versions.rollback(name, who, SystemClock().now())
        for line in in_force_lines(kept, version, before):
            click.echo(escaped(line))
