"""`portes tables export`: writes a table as the files that a portal takes."""

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.commands.tables.declared import declared, read_options
from portes.cli.commands.tables.store_option import store_option

if TYPE_CHECKING:
    from portes.tables import RateTable, WrittenFile

_ALIASES = {"via": "via-varejo"}
_MEGABYTE = 1_000_000
_NO_MAPPING = "name its file; portes tables detect FILE --write FILE.toml writes one for a sheet that the portal takes"


@click.command()
@click.argument("source")
@click.option("--for", "target", required=True, metavar="FORMAT", help="Whose files: plain, vtex, via, mapping, ….")
@click.option("--format", "format_name", help="How the file SOURCE is laid out.  [default: found out]")
@click.option("--out", type=click.Path(path_type=Path), default=".", help="Where to write.  [default: this folder]")
@click.option("--stem", help="What the files are called before their number.  [default: as SOURCE]")
@click.option("--most-rows", type=click.IntRange(min=1), help="Rows of one file at most.")
@click.option("--most-megabytes", type=Decimal, metavar="NUMBER", help="Megabytes of one file at most.")
@click.option("--rounding", type=click.Choice(["report", "up"]), default="report", help="Prices finer than a cent.")
@click.option(
    "--written-unit", type=click.Choice(["g", "kg"]), help="Unit of written weights, such as the catalogue's."
)
@click.option("--written-decimal", type=click.Choice(["dot", "comma"]), help="Decimal sign of written text.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Which column is which, for the format mapping.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@store_option
@declared
def export(
    *,
    source: str,
    target: str,
    format_name: str | None,
    out: Path,
    stem: str | None,
    most_rows: int | None,
    most_megabytes: Decimal | None,
    rounding: str,
    written_unit: str | None,
    written_decimal: str | None,
    mapping: Path | None,
    force: bool,
    as_json: bool,
    store_path: Path,
    **declared: Any,  # noqa: ANN401 — see read_options
) -> None:
    """Write the table SOURCE as the files of a format, each within the portal's limits.

    SOURCE is a file, or a version that a store keeps (contract@3, or contract for the one in force). Says what was
    written, and what was understood in a certain way or left out. Exit code 2, and nothing written, where the format
    cannot say something or a file is there already.
    """
    from pydantic import TypeAdapter

    from portes.cli.logs import log_to_stderr
    from portes.cli.render.progress import shown_progress
    from portes.cli.render.tables import written_json, written_lines
    from portes.errors import Problems, SettingsError, escaped
    from portes.tables import WriteOptions, write_table
    from portes.tables.progress import telling, told

    log_to_stderr()
    problems = Problems()
    try:
        with shown_progress() as progress, telling(progress):
            table, name = _opened(source, format_name, store_path, declared)
            options = TypeAdapter(WriteOptions).validate_python(
                {
                    "country": table.country,
                    "currency": table.currency,
                    "weight_unit": written_unit,
                    "decimal": {"dot": ".", "comma": ","}.get(written_decimal or ""),
                    "stem": stem or name,
                    "most_rows": most_rows,
                    "most_bytes": None if most_megabytes is None else int(most_megabytes * _MEGABYTE),
                    "rounding": rounding,
                    "beside": _beside(target, mapping),
                }
            )
            rows = told(table.rows(), "written", table.summary.rows)
            files = write_table(rows, _ALIASES.get(target, target), options, problems)
        _write(files, out, force=force)
    except SettingsError as error:
        click.echo(written_json(out, (), (), error.problems) if as_json else error)
        sys.exit(2)
    if as_json:
        click.echo(written_json(out, files, problems.notes))
        return
    for line in written_lines(out, files, problems.notes):
        click.echo(escaped(line))


def _opened(source: str, format_name: str | None, store: Path, given: Mapping[str, Any]) -> "tuple[RateTable, str]":
    """The table that is meant, and what its files may be called."""
    from portes.cli.kept_tables import kept_tables, means_version

    if not means_version(source):
        return _of_file(Path(source), format_name, given), Path(source).stem
    with kept_tables(store) as kept:
        version = kept.version(source)
        return kept.opened(version), version.name


def _beside(target: str, mapping: Path | None) -> dict[str, bytes]:
    """The files that the format needs beside the rows."""
    from portes.errors import Problem, SettingsError
    from portes.tables.reading.sheets import read_source

    if mapping is None and target == "mapping":
        raise SettingsError(Problem("--mapping", "", "says which column is which, and is missing", _NO_MAPPING))
    return {} if mapping is None else {"mapping": read_source(mapping)}


def _of_file(path: Path, format_name: str | None, given: Mapping[str, Any]) -> "RateTable":
    from portes.errors import Problem, SettingsError
    from portes.tables import LARGEST_TABLE, open_table
    from portes.tables.detection.detect import format_of
    from portes.tables.reading.sheets import read_source

    options = read_options(**given)
    found = format_name or format_of(read_source(path, LARGEST_TABLE), options)
    if not found:
        raise SettingsError(Problem("file", path, "is in no installed format", f"see portes tables detect {path}"))
    return open_table(path, found, options)


def _write(files: "Sequence[WrittenFile]", folder: Path, *, force: bool) -> None:
    """Put all files into a folder, or none. Raises `SettingsError` where one is there already, or cannot be written."""
    from portes.errors import Problem, SettingsError
    from portes.files import replace_atomically

    there = [file.name for file in files if not force and (folder / file.name).exists()]
    if there:
        fix = "name another folder or stem, or write over them with --force"
        raise SettingsError(Problem("--out", folder / name, "is there already", fix) for name in there)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            replace_atomically(folder / file.name, file.content, mode=0o644)
    except OSError as error:
        cause = f"cannot be written: {error.strerror}"
        raise SettingsError(Problem("--out", folder, cause, "correct the folder or its permissions")) from error
