"""What may be declared about a rate table's file, as options of a command."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portes.tables import ReadOptions

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


_OPTIONS = (
    click.option("--country", callback=_country, default="BR", show_default=True, help="Country of its postal codes."),
    click.option("--currency", callback=_currency, default="BRL", show_default=True, help="Currency of its prices."),
    click.option("--encoding", callback=_encoding, help="Its encoding, such as windows-1252.  [default: found out]"),
    click.option(
        "--separator", type=click.Choice(["comma", "semicolon", "tab"]), help="Between cells.  [default: found out]"
    ),
    click.option("--decimal", type=click.Choice(["dot", "comma"]), help="Decimal sign.  [default: found out]"),
    click.option(
        "--weight-unit", type=click.Choice(["g", "kg"]), default="g", show_default=True, help="Unit of weights."
    ),
    click.option(
        "--zero-price",
        type=click.Choice(["report", "free", "refuse"]),
        default="report",
        show_default=True,
        help="What a row that charges nothing means: a mistake, free carriage, or no service.",
    ),
    click.option(
        "--polygons",
        type=click.Choice(["report", "skip"]),
        default="report",
        show_default=True,
        help="What to do with rows for a drawn area instead of postal codes.",
    ),
    click.option(
        "--overlap",
        type=click.Choice(["reject_table", "narrowest", "dearest"]),
        default="reject_table",
        show_default=True,
        help="Ranges that hold the same code are a mistake, or the narrowest or the dearest row counts.",
    ),
    click.option(
        "--hole",
        type=click.Choice(["reject_table", "fail", "next_bracket"]),
        default="reject_table",
        show_default=True,
        help="A hole between brackets is a mistake, has no price, or the next bracket's.",
    ),
    click.option(
        "--above",
        type=click.Choice(["report", "flat", "per_kg"]),
        default="report",
        show_default=True,
        help="Prices above the last weight of a header are a mistake, one price, or for each kg above.",
    ),
    click.option(
        "--toll-per",
        type=click.Choice(["report", "shipment", "100_kg", "started_100_kg"]),
        default="report",
        show_default=True,
        help="What a column of tolls is for each of, where its header does not say.",
    ),
    click.option(
        "--default",
        "defaults",
        callback=_defaults,
        multiple=True,
        metavar="COLUMN=VALUE",
        help="What a column holds that the file lacks, such as days_max=5; repeat it for more.",
    ),
    click.option(
        "--fees", "of_fees", is_flag=True, help="A fee table, whose rows need state neither bracket nor days."
    ),
    click.option(
        "--beside",
        callback=_beside,
        multiple=True,
        metavar="NAME=FILE",
        help="Another file of the table, by the word of its format, such as places=places.csv; repeat it for more.",
    ),
)
"""What may be declared about a file."""


def declared(command: Callable[..., None]) -> Callable[..., None]:
    """The command with all options that say how a file is to be understood."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_options(
    separator: str | None, decimal: str | None, beside: Mapping[str, Path], **others: str | bool | None
) -> "ReadOptions":
    """What is declared about a file, with the files beside it read; one that cannot be read ends the command."""
    from pydantic import TypeAdapter

    from portes.errors import SettingsError
    from portes.tables import LARGEST_TABLE, ReadOptions
    from portes.tables.reading.sheets import read_source

    signs = {"separator": _SIGNS.get(separator or ""), "decimal": _SIGNS.get(decimal or "")}
    options = TypeAdapter(ReadOptions).validate_python({**others, **signs})
    try:
        held = {word: read_source(path, LARGEST_TABLE) for word, path in beside.items()}
    except SettingsError as error:
        click.echo(error)
        sys.exit(2)
    return replace(options, beside=held)
