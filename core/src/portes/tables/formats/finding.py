"""Finds table formats by name among the installed entry points."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint
from inspect import isasyncgenfunction, iscoroutinefunction
from traceback import format_exception
from typing import Final

import structlog

from portes.errors import (
    PortesError,
    Problem,
    Problems,
    SettingsError,
    crash_words,
    cut,
    escaped,
    pass_interrupt,
    shown,
)
from portes.files import entry_points_of
from portes.tables.protocol import ReadOptions, Row, TableFormat

_log = structlog.get_logger(__name__)

GROUP: Final = "portes.table_formats"

_MOST_SAID: Final = 300
"""Characters of a crash that its problem tells."""


def find_format(name: str) -> TableFormat:
    """Make the format of this name, built in or installed beside Portes.

    Raises `SettingsError` when nobody offers it, when two do, or when it cannot be loaded or lacks something.
    """
    point = _point(name)
    with blaming_format(name):
        kind = point.load()
        lacking = lacks_of_format(kind)
        made: TableFormat = kind()
    if lacking:
        cause = f"the table format of {_distribution(point)} is incomplete: {lacking}"
        raise SettingsError(Problem("format", name, cause, f"repair or update {_name(point)}"))
    return made


def rows_of(table_format: TableFormat, source: bytes, options: ReadOptions, problems: Problems) -> Iterator[Row]:
    """The rows that a format reads, in its own unit. Raises `TypeError` when it gives something else."""
    rows = table_format.read(source, in_own_unit(table_format, options), problems)
    for row in rows:
        if not isinstance(row, Row):
            msg = f"read() gave {type(row).__name__}; it must give one Row after the other"
            raise TypeError(msg)
        yield row


def in_own_unit(table_format: TableFormat, options: ReadOptions) -> ReadOptions:
    """The options for a format: where its class has a `weight_unit`, that is the unit, whatever is declared."""
    unit = getattr(table_format, "weight_unit", None)
    return options if unit is None else replace(options, weight_unit=unit)


@contextmanager
def blaming_format(name: str) -> Iterator[None]:
    """A block that a format's code runs in: its crash becomes a `SettingsError` that names its distribution."""
    try:
        yield
    except PortesError:
        raise
    except BaseException as error:
        pass_interrupt(error)
        point = _point(name)
        _log.error("table format crashed", format=name, exception="".join(format_exception(error)))
        words = cut(escaped(crash_words(error, point.module.split(".")[0])), _MOST_SAID)
        cause = f"the table format of {_distribution(point)} crashed: {words}"
        raise SettingsError(Problem("format", name, cause, f"update or report {_name(point)}")) from error


def lacks_of_format(kind: object) -> str:
    """What is missing of what an entry point of the group names, in words; empty when nothing is."""
    version, read, unit = (getattr(kind, name, None) for name in ("version", "read", "weight_unit"))
    if type(version) is not int:
        return f"its version is {shown(version)} and must be a whole number"
    if unit not in (None, "g", "kg"):
        return f'its weight_unit is {shown(unit)} and must be "g" or "kg"'
    for name in ("marks", "titles"):
        words = getattr(kind, name, ())
        if not (isinstance(words, tuple) and all(isinstance(word, str) for word in words)):
            return f"its {name} are {shown(words)} and must be a tuple of texts"
    if not callable(read):
        return "it has no read"
    if iscoroutinefunction(read) or isasyncgenfunction(read):
        return "its read is async, and nobody awaits it: write def in place of async def"
    return ""


def marks_of(table_format: TableFormat) -> tuple[str, ...]:
    """The words of a format's documented header; none when it has no such header."""
    marks: tuple[str, ...] = getattr(table_format, "marks", ())
    return marks


def beside_marks_of(table_format: TableFormat) -> Mapping[str, tuple[str, ...]]:
    """The words of the headers of files beside a table, by the word that names each; none when there are none."""
    marks: Mapping[str, tuple[str, ...]] = getattr(table_format, "beside_marks", {})
    return marks


def is_of_fees(table_format: TableFormat) -> bool:
    """Whether a format's tables are of fees by place, so that no carrier sells by them alone."""
    return bool(getattr(table_format, "of_fees", False))


def titles_of(table_format: TableFormat) -> tuple[str, ...]:
    """The titles of a format's sections; none when it has no sections."""
    titles: tuple[str, ...] = getattr(table_format, "titles", ())
    return titles


def format_names() -> list[str]:
    """The names of the formats that can be chosen, sorted."""
    return sorted(entry_points_of(GROUP).names)


def _point(name: str) -> EntryPoint:
    """The entry point of a format. Raises `SettingsError` when there is none, or more than one."""
    offered = entry_points_of(GROUP)
    named = [point for point in offered if point.name == name]
    if len(named) != 1:
        raise SettingsError(_none_or_twins(name, named, sorted(offered.names)))
    return named[0]


def _none_or_twins(name: str, named: list[EntryPoint], known: list[str]) -> Problem:
    if not named:
        return Problem("format", name, "is no installed table format", f"choose one of {', '.join(known)}")
    twins = " and ".join(_distribution(point) for point in named)
    return Problem("format", name, f"is offered by {twins}", "uninstall one of them")


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def _name(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value
