"""`portes catalogue`: what a store knows of its SKUs, and what it lacks."""

import click

from portes.cli.commands.catalogue.check import check
from portes.cli.commands.catalogue.missing import missing


@click.group()
def catalogue() -> None:
    """Look after what the store knows of its SKUs: the source, and what is missing."""


catalogue.add_command(check)
catalogue.add_command(missing)
