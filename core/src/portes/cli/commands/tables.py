"""`portes tables`: rate tables as files."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "dot": "."}


def _country(_context: click.Context, _option: click.Parameter, code: str) -> str:
    from portes.contract.countries import country_fault

    if fault := country_fault(code):
        raise click.BadParameter("; ".join(fault))
    return code


def _currency(_context: click.Context, _option: click.Parameter, code: str) -> str:
    from portes.contract.money import meant_currency

    if meant_currency(code) != code:
        raise click.BadParameter(f"is no currency; write {meant_currency(code) or 'its three letters, such as BRL'}")
    return code


def _encoding(_context: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    from portes.tables import text_encoding

    try:
        return None if name is None else text_encoding(name)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _beside(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> Mapping[str, Path]:
    files: dict[str, Path] = {}
    for one in given:
        word, _, path = one.partition("=")
        if not word or not path or word in files:
            raise click.BadParameter(f"{one} is no NAME=FILE of its own; write places=places.csv, each name once")
        files[word] = Path(path)
    return files


def _defaults(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for one in given:
        name, _, value = one.partition("=")
        if not name or not value or name in values:
            raise click.BadParameter(f"{one} is no COLUMN=VALUE of its own; write days_max=5, each column once")
        values[name] = value
    return values


@click.group()
def tables() -> None:
    """Rate tables: files of postal ranges, weight brackets and prices."""


@tables.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", default="plain", show_default=True, help="How the file is laid out.")
@click.option("--country", callback=_country, default="BR", show_default=True, help="Country of its postal codes.")
@click.option("--currency", callback=_currency, default="BRL", show_default=True, help="Currency of its prices.")
@click.option("--encoding", callback=_encoding, help="Its encoding, such as windows-1252.  [default: found out]")
@click.option(
    "--separator", type=click.Choice(["comma", "semicolon", "tab"]), help="Between cells.  [default: found out]"
)
@click.option("--decimal", type=click.Choice(["dot", "comma"]), help="Decimal sign.  [default: found out]")
@click.option("--weight-unit", type=click.Choice(["g", "kg"]), default="g", show_default=True, help="Unit of weights.")
@click.option(
    "--zero-price",
    type=click.Choice(["report", "free", "refuse"]),
    default="report",
    show_default=True,
    help="What a row that charges nothing means: a mistake, free carriage, or no service.",
)
@click.option(
    "--polygons",
    type=click.Choice(["report", "skip"]),
    default="report",
    show_default=True,
    help="What to do with rows for a drawn area instead of postal codes.",
)
@click.option(
    "--overlap",
    type=click.Choice(["reject_table", "narrowest", "dearest"]),
    default="reject_table",
    show_default=True,
    help="Ranges that hold the same code are a mistake, or the narrowest or the dearest row counts.",
)
@click.option(
    "--hole",
    type=click.Choice(["reject_table", "fail", "next_bracket"]),
    default="reject_table",
    show_default=True,
    help="A hole between brackets is a mistake, has no price, or the next bracket's.",
)
@click.option(
    "--beside",
    callback=_beside,
    multiple=True,
    metavar="NAME=FILE",
    help="Another file of the table, by the word of its format, such as places=places.csv; repeat it for more.",
)
@click.option(
    "--default",
    "defaults",
    callback=_defaults,
    multiple=True,
    metavar="COLUMN=VALUE",
    help="What a column of the format holds that the file lacks, such as days_max=5; repeat it for more.",
)
def check(
    file: Path,
    format_name: str,
    currency: str,
    separator: str | None,
    decimal: str | None,
    beside: Mapping[str, Path],
    **declared: str | Mapping[str, str] | None,
) -> None:
    """Check the rate table FILE.

    Prints every problem with line, column, value and fix, or what the table holds: look at the spans of its weights
    and prices. Exit code 2 when there is any problem; a question about the unit of the weights is none.
    """
    from pydantic import TypeAdapter

    from portes.cli.render.tables import summary_words
    from portes.errors import SettingsError, escaped
    from portes.tables import LARGEST_TABLE, ReadOptions, check_table, weight_question
    from portes.tables.reading.sheets import read_source

    signs = {"separator": _SIGNS.get(separator or ""), "decimal": _SIGNS.get(decimal or "")}
    options = TypeAdapter(ReadOptions).validate_python({**declared, **signs, "currency": currency})
    try:
        held = {word: read_source(path, LARGEST_TABLE) for word, path in beside.items()}
    except SettingsError as error:
        click.echo(error)
        sys.exit(2)
    report = check_table(file, format_name, replace(options, beside=held))
    for problem in report.problems:
        click.echo(problem)
    if report.summary is None:
        sys.exit(2)
    click.echo(escaped(f"Nothing to mend in {file}: {summary_words(report.summary, options)}."))
    for note in report.summary.notes:
        click.echo(escaped(f"Note: {note}."))
    if question := weight_question(report.summary, options.weight_unit):
        click.echo(escaped(f"Please look: {question}."))
