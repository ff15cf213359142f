"""`portes tables check`: every problem of a table's file, or what it holds."""

import sys
from pathlib import Path
from typing import Any

import click

from portes.cli.commands.tables.declared import declared as declares
from portes.cli.commands.tables.declared import detected, read_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", help="How the file is laid out.  [default: found out]")
@declares
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(file: Path, format_name: str | None, *, as_json: bool, **declared: Any) -> None:  # noqa: ANN401 — see read_options
    """Check the rate table FILE.

    Prints every problem with line, column, value and fix, or what the table holds: look at the spans of its weights
    and prices. Exit code 2 when there is any problem; a question about the unit of the weights is none.
    """
    from portes.cli.render.tables import check_json, check_lines, unknown_words
    from portes.errors import escaped
    from portes.tables import check_table

    options = read_options(**declared)
    found = None if format_name else detected(file, options)
    report = found.report if found else check_table(file, format_name or "", options)
    if as_json:
        click.echo(check_json(file, report, found))
    elif report is None:
        click.echo(escaped(unknown_words(file, found)))
    else:
        for line in check_lines(report, found, options):
            click.echo(escaped(line))
    sys.exit(0 if report and report.summary else 2)
