"""`portes tables list`: the versions that a store keeps, and which are in force."""

from pathlib import Path

import click

from portes.cli.commands.tables.store_option import store_option


@click.command("list")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def list_versions(*, store_path: Path, as_json: bool) -> None:
    """List every version of every table that the store keeps: who imported it when, and which is in force."""
    from portes.cli.kept_tables import kept_tables
    from portes.cli.render.table_versions import listed_versions, show_versions, versions_json

    with kept_tables(store_path) as kept:
        listed = listed_versions(kept)
        if as_json:
            click.echo(versions_json(listed))
        elif listed:
            show_versions(kept, listed)
        else:
            click.echo("No table is kept yet; import one: portes tables import FILE")
