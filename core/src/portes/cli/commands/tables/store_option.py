"""Options that commands about versions share: whose tables they are, and who acts."""

from pathlib import Path

import click


def _who(_context: click.Context, _option: click.Parameter, given: str | None) -> str:
    from portes.cli.kept_tables import login_name

    return given or login_name()


store_option = click.option(
    "--store",
    "store_path",
    metavar="STORE",
    default=".",
    type=click.Path(path_type=Path),
    help="The file or folder of the store that keeps the table.  [default: this folder]",
)
who_option = click.option("--who", callback=_who, help="Who does it, for the log.  [default: your login name]")
