"""Finds table formats by name among the installed entry points."""

from importlib.metadata import EntryPoint, entry_points
from typing import Final

from portes.errors import Problem, SettingsError
from portes.tables.protocol import TableFormat

GROUP: Final = "portes.table_formats"


def find_format(name: str) -> TableFormat:
    """Make the format of this name, built in or installed beside Portes.

    Raises `SettingsError` when nobody offers it, when two do, or when it cannot be loaded.
    """
    offered = entry_points(group=GROUP)
    named = [point for point in offered if point.name == name]
    if len(named) != 1:
        raise SettingsError(_none_or_twins(name, named, sorted(offered.names)))
    try:
        made: TableFormat = named[0].load()()
    except Exception as error:  # a stranger's module may fail in any way; the operator is told which
        cause = f"the table format of {_distribution(named[0])} cannot be loaded: {error!r}"
        raise SettingsError(Problem("format", name, cause, "reinstall or update that package")) from error
    return made


def format_names() -> list[str]:
    """The names of the formats that can be chosen, sorted."""
    return sorted(entry_points(group=GROUP).names)


def _none_or_twins(name: str, named: list[EntryPoint], known: list[str]) -> Problem:
    if not named:
        return Problem("format", name, "is no installed table format", f"choose one of {', '.join(known)}")
    twins = " and ".join(_distribution(point) for point in named)
    return Problem("format", name, f"is offered by {twins}", "uninstall one of them")


def _distribution(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
