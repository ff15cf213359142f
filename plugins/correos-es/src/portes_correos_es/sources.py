"""Files of rows, the shop's and this package's: bytes to typed values, or all that is wrong; it knows no column."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Final

from portes.errors import Problems, SettingsError
from portes.tables import ReadOptions
from portes.tables.reading.cells import Cell, CellError, Cells
from portes.tables.reading.columns import Column, Values, read_lines
from portes.tables.reading.sheets import Sheet, open_sheets, read_source
from portes.toolbox import StoreFacts

OPTIONS: Final = ReadOptions(country="ES", currency="EUR", weight_unit="kg", declared=())
"""Weights in kilograms and money in euros, with a dot or a comma before the decimals: the file shows which."""


_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T00:00:00)?")
"""A workbook gives a date with the hour that it has none of."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, read whole."""

    name: str
    """How problems name it."""
    content: bytes

    @property
    def fingerprint(self) -> str:
        """Changes with any byte."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def sheets(self, problems: Problems) -> Sequence[Sheet]:
        """Its sheets, without comments; one that cannot be opened becomes a problem."""
        return open_sheets(self.content, OPTIONS, problems, comment="#")

    def lines(self, columns: Sequence[Column], problems: Problems) -> Iterator[tuple[int, Values]]:
        """Line numbers and values of every line that can be read; the others become problems."""
        return ((line, values) for _, line, values in read_lines(self.sheets(problems), columns, OPTIONS, problems))


def own_file(name: str, store: StoreFacts, where: str) -> Source:
    """The shop's file, by its path from the store's folder. Raises `SettingsError` naming the setting, `where`."""
    path = store.folder / name
    try:
        return Source(str(path), read_source(path, within=store.links_within))
    except SettingsError as error:
        raise SettingsError(problem.at(where) for problem in error.problems) from error


def packaged(name: str) -> Source:
    """A file of this package's data."""
    return Source(f"portes_correos_es/data/{name}", files("portes_correos_es").joinpath("data", name).read_bytes())


def day(_cells: Cells, cell: Cell) -> date:
    """A reader of cells: a day as `2026-12-31`, or a workbook's date; never a number that looks like one."""
    written = _DAY.fullmatch(str(cell).strip())
    try:
        return date.fromisoformat(written[1] if written else "")
    except ValueError:
        raise CellError("is no day", "write it as 2026-12-31") from None


__all__ = ["OPTIONS", "Source", "day", "own_file", "packaged"]
