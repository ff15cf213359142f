"""Which of Brazil's 27 states a CEP lies in, by the public ranges; it knows no town."""

import csv
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Range(NamedTuple):
    """The first and last five digits of a state's CEPs; some states have several such ranges."""

    first: str
    last: str
    state: str


@cache
def ranges() -> tuple[Range, ...]:
    """All of them, in order and without a gap between them."""
    text = files(__package__).joinpath("states.csv").read_text(encoding="utf-8")
    return tuple(Range(*row) for row in [*csv.reader(text.splitlines())][1:])


def state_of(cep: str) -> str | None:
    """The state of a CEP of eight digits, by its two letters; None for one below the first range."""
    index = bisect_right(ranges(), cep[:5], key=lambda each: each.first) - 1
    return ranges()[index].state if index >= 0 else None


__all__ = ["Range", "ranges", "state_of"]
