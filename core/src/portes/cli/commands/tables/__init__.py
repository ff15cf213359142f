"""`portes tables`: rate tables as files, and their versions in a store's state folder."""

import click

from portes.cli.commands.tables.activate import activate
from portes.cli.commands.tables.audit import audit
from portes.cli.commands.tables.check import check
from portes.cli.commands.tables.detect import detect
from portes.cli.commands.tables.diff import diff
from portes.cli.commands.tables.export import export
from portes.cli.commands.tables.importing import import_table
from portes.cli.commands.tables.listing import list_versions
from portes.cli.commands.tables.rollback import rollback

__all__ = ["check", "detect", "tables"]


@click.group()
def tables() -> None:
    """Rate tables: files of postal ranges, weight brackets and prices, and their versions that a store keeps."""


for command in (check, detect, audit, import_table, list_versions, diff, activate, rollback, export):
    tables.add_command(command)
