"""What a look at a workbook's XML finds beside its values, and how large a sheet may be."""

import re
from collections import defaultdict
from typing import Final

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
MOST_CELLS: Final = 8_000_000
"""Rows times columns of a sheet, from the first cell with anything in it to the last: they are kept side by side."""

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a format shows as it stands: a percent sign in quotes multiplies nothing."""

Oddity = dict[str, str]
"""A cell that is neither a value nor blank: `kind` is `error`, `formula`, `infinite` or `empty`, `text` what stands."""


class BookRefusedError(Exception):
    """A workbook that is not read: cause and fix, and where the fault is, as far as that is known."""

    def __init__(self, cause: str, fix: str = "", sheet: str = "", line: int = 0, cell: str = "") -> None:
        super().__init__(cause)
        self.told = {"cause": cause, "fix": fix, "sheet": sheet, "line": line, "cell": cell}


def oddity(kind: str, text: str = "") -> Oddity:
    """A cell of that kind, and the text that stands there."""
    return {"kind": kind, "text": text[:80]}


def shows_percent(code: str) -> bool:
    """Whether a number in the format of a cell, such as `0.00%`, is shown as a percentage."""
    return "%" in _LITERAL.sub("", code)


class Marks:
    """The odd cells of a sheet, its formulas and percentages, by line from 1 and column from 0, within the bounds."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.odd: dict[int, dict[int, Oddity]] = defaultdict(dict)
        self.percents: dict[int, set[int]] = defaultdict(set)
        self.formulas: dict[int, set[int]] = defaultdict(set)
        """Those that have a value, unless it is a text."""
        self._top, self._bottom, self._left, self._right = MOST_ROWS, 0, MOST_COLUMNS, -1

    def reach(self, line: int, column: int) -> None:
        """Note that a cell has something in it. Raises `BookRefusedError` when the sheet becomes too large."""
        if self._top <= line <= self._bottom and self._left <= column <= self._right:
            return
        self._top, self._bottom = min(self._top, line), max(self._bottom, line)
        self._left, self._right = min(self._left, column), max(self._right, column)
        height, width = self._bottom - self._top + 1, self._right - self._left + 1
        if line > MOST_ROWS or column >= MOST_COLUMNS or height * width > MOST_CELLS:
            cause = f"makes the sheet too large: {height} lines by {width} columns"
            fix = f"clear it if it stands far from the table; a sheet may hold {MOST_CELLS} cells"
            raise BookRefusedError(cause, fix, self.sheet, line, name(line, column))


def name(line: int, column: int) -> str:
    """What spreadsheets call a cell: `C7` for line 7 and column 2."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{line}"
