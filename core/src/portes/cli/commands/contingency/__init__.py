"""`portes contingency`: the table that a marketplace falls back on."""

import click

from portes.cli.commands.contingency.build import build
from portes.cli.commands.contingency.drift import drift


@click.group()
def contingency() -> None:
    """The table that your marketplace falls back on, when it discards an answer or gets none."""


contingency.add_command(build)
contingency.add_command(drift)
