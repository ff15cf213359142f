"""`portes tables`: rate tables as files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.commands.tables_audit import audit
from portes.cli.commands.tables_declared import declared, read_options

if TYPE_CHECKING:
    from portes.tables import Detection, ReadOptions


def _detected(file: Path, options: "ReadOptions") -> "Detection":
    """What a file looks like; one that cannot be read ends the command."""
    from portes.errors import SettingsError
    from portes.tables import detect_table

    try:
        return detect_table(file, options)
    except SettingsError as error:
        click.echo(error)
        sys.exit(2)


@click.group()
def tables() -> None:
    """Rate tables: files of postal ranges, weight brackets and prices."""


tables.add_command(audit)


@tables.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", help="How the file is laid out.  [default: found out]")
@declared
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(file: Path, format_name: str | None, *, as_json: bool, **others: Any) -> None:  # noqa: ANN401 — see read_options
    """Check the rate table FILE.

    Prints every problem with line, column, value and fix, or what the table holds: look at the spans of its weights
    and prices. Exit code 2 when there is any problem; a question about the unit of the weights is none.
    """
    from portes.cli.render.tables import check_json, check_lines, unknown_words
    from portes.errors import escaped
    from portes.tables import check_table

    options = read_options(**others)
    found = None if format_name else _detected(file, options)
    report = found.report if found else check_table(file, format_name or "", options)
    if as_json:
        click.echo(check_json(file, report, found))
    elif report is None:
        click.echo(escaped(unknown_words(file, found)))
    else:
        for line in check_lines(report, found, options):
            click.echo(escaped(line))
    sys.exit(0 if report and report.summary else 2)


@tables.command()
@click.argument("file", type=click.Path(path_type=Path))
@declared
@click.option(
    "--write", type=click.Path(path_type=Path), help="Write a mapping of the file, to be edited, to this one."
)
@click.option("--json", "as_json", is_flag=True, help="Print what is found as JSON.")
def detect(file: Path, write: Path | None, *, as_json: bool, **others: Any) -> None:  # noqa: ANN401 — see read_options
    """Find out which format the rate table FILE is in.

    Prints the format, why it is taken for that, and what is doubtful, a line each. Exit code 2 when it is in no
    installed format and no mapping was written.
    """
    from portes.cli.render.tables import detection_json, detection_lines
    from portes.errors import escaped

    found = _detected(file, read_options(**others))
    written = write if write and found.draft else None
    if written:
        _write_new(written, found.draft)
    if as_json:
        click.echo(detection_json(found, written))
    else:
        for line in detection_lines(found, written):
            click.echo(escaped(line))
    sys.exit(0 if found.format or written else 2)


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; anything else ends the command."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint="--write") from None
