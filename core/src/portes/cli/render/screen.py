"""Tables that lose nothing, whether a person reads them or a pipe."""

import os
from typing import TYPE_CHECKING, Final

from portes.errors import escaped

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_WIDE: Final = 10_000
"""Columns of a pipe or a file, where nothing needs to be broken."""


def screen() -> "Console":
    """Standard output: as wide as the terminal or COLUMNS, and without an end where there is neither."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDE
    return console


def plain(text: str, style: str = "") -> "Text":
    """A foreign text as it is: no markup is read in it, and what cannot be printed is escaped."""
    from rich.text import Text

    return Text(escaped(text), style)


def folding(table: "Table") -> "Table":
    """The table, with words broken where they do not fit, instead of cut."""
    for column in table.columns:
        column.overflow = "fold"
    return table
