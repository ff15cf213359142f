"""From rows to files of a format, or to all that the format cannot say."""

from collections.abc import Iterable
from typing import Final

from portes.errors import Problem, Problems, SettingsError
from portes.tables.formats.finding import blaming_format, find_format, format_names
from portes.tables.protocol import Row
from portes.tables.writing.protocol import WritableFormat, WriteOptions, WrittenFile

_NO_ROWS: Final = "give at least one row with a price"


def write_table(
    rows: Iterable[Row], format_name: str, options: WriteOptions, problems: Problems | None = None
) -> tuple[WrittenFile, ...]:
    """The files of some rows in a format, each within its limits.

    Rows come as `RateTable.rows()` gives them: by service, origin, postal code and bracket, no two ranges of a service
    and origin with the same code. What was understood in a certain way or left out is noted in `problems`, where given.
    Raises `SettingsError` with all that the format cannot say, or where nobody can write it.
    """
    found = problems or Problems()
    if format_name not in format_names():
        raise SettingsError(Problem("format", format_name, "is no installed table format", _writable_words()))
    table_format = find_format(format_name)
    if not isinstance(table_format, WritableFormat):
        raise SettingsError(Problem("format", format_name, "can be read and not written", _writable_words()))
    with blaming_format(format_name):
        files = tuple(table_format.write(rows, options, found))
    if not files and not found.count:
        found.add("rows", None, "there is no row with a price to write", _NO_ROWS)
    found.check()
    return files


def writable_formats() -> list[str]:
    """The names of the installed formats that can be written, sorted."""
    return [name for name in format_names() if isinstance(find_format(name), WritableFormat)]


def _writable_words() -> str:
    return f"choose one of {', '.join(writable_formats())}"
