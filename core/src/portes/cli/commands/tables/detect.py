"""`portes tables detect`: which format a table's file is in, and a mapping for one in none."""

import sys
from pathlib import Path
from typing import Any

import click

from portes.cli.commands.tables.declared import declared as declares
from portes.cli.commands.tables.declared import detected, read_options


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@declares
@click.option(
    "--write", type=click.Path(path_type=Path), help="Write a mapping of the file, to be edited, to this one."
)
@click.option("--json", "as_json", is_flag=True, help="Print what is found as JSON.")
def detect(file: Path, write: Path | None, *, as_json: bool, **declared: Any) -> None:  # noqa: ANN401 — see read_options
    """Find out which format the rate table FILE is in.

    Prints the format, why it is taken for that, and what is doubtful, a line each. Exit code 2 when it is in no
    installed format and no mapping was written.
    """
    from portes.cli.render.tables import detection_json, detection_lines
    from portes.errors import escaped

    found = detected(file, read_options(**declared))
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
