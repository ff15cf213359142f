"""Options that commands about versions share: whose tables they are, and who acts."""

import click

from portes.cli import options


def _who(_context: click.Context, _option: click.Parameter, given: str | None) -> str:
    from portes.cli.kept_tables import login_name

    return given or login_name()


store_option = options.store_option("STORE", "The file or folder of the store that keeps the table")
who_option = click.option("--who", callback=_who, help="Who does it, for the log.  [default: your login name]")
