"""Gathers what is wrong with one table file, so that all of it is told in one go; it knows no format."""

from pathlib import Path
from typing import Final

from portes.errors import Problem, SettingsError, shown

MOST: Final = 100
"""How many problems of one file are named; the rest are counted."""


class Problems:
    """The problems of one file, the first hundred in full."""

    def __init__(self, file: str | Path, most: int = MOST) -> None:
        self._file = str(file)
        self._most = most
        self._named: list[Problem] = []
        self.count = 0
        """How many there are in all."""
        self.left_out = 0
        """How many lines were left out because the operator said so; no problem, but told."""

    def add(self, where: str, value: object, cause: str, fix: str = "", line: int = 0) -> None:
        """Add one problem: the column or part it concerns, the offending value as it stands, cause and remedy."""
        self.count += 1
        if self.count <= self._most:
            text = "" if value is None else shown(value)
            self._named.append(Problem(where, text, cause, fix, self._file, line))

    def all(self) -> tuple[Problem, ...]:
        """The problems that are named, in the order found, and one more that counts the rest."""
        rest = self.count - len(self._named)
        if not rest:
            return tuple(self._named)
        more = Problem("", "", f"{rest} more problems of this file are not shown", "mend these first", self._file)
        return (*self._named, more)

    def check(self) -> None:
        """Raise `SettingsError` with all of them when there is any."""
        if self.count:
            raise SettingsError(self.all())
