"""Jamef's branches by the code that its contracts name, as five public lists agree; it knows no postal code.

The lists are from before the API that is asked today, and its own documents print a code that stands in none of
them. So a code that is not here may still be right: it is worth a warning, and no more.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Branch(NamedTuple):
    """One branch of Jamef's."""

    code: str
    """Two digits, leading zero included: `07`."""
    letters: str
    town: str
    state: str

    def __str__(self) -> str:
        return f"{self.code} ({self.letters}, {self.town})"


@cache
def branches() -> Mapping[str, Branch]:
    """Every known branch, by its code."""
    text = files(__package__).joinpath("branches.csv").read_text(encoding="utf-8")
    return {branch.code: branch for branch in (Branch(*row) for row in [*csv.reader(text.splitlines())][1:])}


def meant(text: str) -> Branch | None:
    """The branch that somebody meant who wrote its letters, its town, or its code with other zeros."""
    word = text.strip().casefold()
    code = word.lstrip("0").zfill(2)
    for branch in branches().values():
        if word in {branch.letters.casefold(), branch.town.casefold()} or code == branch.code:
            return branch
    return None


__all__ = ["Branch", "branches", "meant"]
