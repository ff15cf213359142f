"""`portes tables export`: a version as files of a format, such as a marketplace's portal takes."""

from collections.abc import Mapping
from pathlib import Path

import click

from portes.cli.commands.tables.declared import beside_option, read_beside
from portes.cli.commands.tables.store_option import store_option

_SIGNS = {"dot": ".", "comma": ","}
_NAMES = {"via": "via-varejo"}
"""Short names of formats, as people say them."""


@click.command()
@click.argument("words", metavar="NAME[@NUMBER]")
@click.argument("format_name", metavar="FORMAT")
@store_option
@click.option(
    "--to",
    "folder",
    default=".",
    type=click.Path(path_type=Path),
    help="The folder that the files are written to.  [default: this folder]",
)
@click.option("--stem", help="What the files are called before their number.  [default: NAME-NUMBER]")
@click.option("--weight-unit", type=click.Choice(["g", "kg"]), help="Unit of weights, where the format leaves it open.")
@click.option("--decimal", type=click.Choice(["dot", "comma"]), help="Decimal sign of a text file.")
@click.option("--most-rows", type=click.IntRange(min=1), help="Rows of one file at most.  [default: the format's]")
@click.option("--most-megabytes", type=click.IntRange(min=1), help="Megabytes of one file at most, in the same way.")
@click.option("--round-up", is_flag=True, help="Write prices finer than the format's decimals as the next higher one.")
@beside_option
@click.option("--replace", is_flag=True, help="Write over files that are there.")
def export(
    *,
    words: str,
    format_name: str,
    store_path: Path,
    folder: Path,
    stem: str | None,
    weight_unit: str | None,
    decimal: str | None,
    most_rows: int | None,
    most_megabytes: int | None,
    round_up: bool,
    beside: Mapping[str, Path],
    replace: bool,
) -> None:
    """Write a version as files of FORMAT: plain, vtex, via, or mapping with --beside mapping=FILE.toml.

    The version is one (contract@3), or with a name alone the one in force. What the format cannot say is told, and
    nothing is written then: exit code 2.
    """
    from pydantic import TypeAdapter

    from portes.cli.kept_tables import kept_tables
    from portes.cli.logs import log_to_stderr
    from portes.errors import Problems, escaped
    from portes.tables import WriteOptions, write_table

    log_to_stderr()
    with kept_tables(store_path) as kept:
        version = kept.version(words)
        table = kept.opened(version)
    options = TypeAdapter(WriteOptions).validate_python(
        {
            "country": table.country,
            "currency": table.currency,
            "weight_unit": weight_unit,
            "decimal": _SIGNS.get(decimal or ""),
            "stem": stem or f"{version.name}-{version.number}",
            "most_rows": most_rows,
            "most_bytes": most_megabytes and most_megabytes * 10**6,
            "rounding": "up" if round_up else "report",
            "beside": read_beside(beside),
        }
    )
    noted = Problems()
    files = write_table(table.rows(), _NAMES.get(format_name, format_name), options, noted)
    _refuse_existing([folder / file.name for file in files], replace=replace)
    for file in files:
        _write(folder / file.name, file.content)
        click.echo(escaped(f"Wrote {folder / file.name}: {file.rows:,} rows of {version}."))
    for note in noted.notes:
        click.echo(escaped(f"Note: {note}."))


def _refuse_existing(paths: list[Path], *, replace: bool) -> None:
    there = [path for path in paths if path.exists()]
    if there and not replace:
        raise click.BadParameter(f"{there[0]} is there already; write --replace, or another --stem", param_hint="--to")


def _write(path: Path, content: bytes) -> None:
    from portes.files import replace_atomically

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_atomically(path, content, mode=0o644)
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint="--to") from None
