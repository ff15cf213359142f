"""Which of Brazil's 27 states a CEP lies in, by the public ranges; it knows no town."""

import csv
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class _Range(NamedTuple):
    first: str
    last: str
    state: str


@cache
def _ranges() -> tuple[_Range, ...]:
    text = files(__package__).joinpath("states.csv").read_text(encoding="utf-8")
    return tuple(_Range(*row) for row in [*csv.reader(text.splitlines())][1:])


def state_of(cep: str) -> str | None:
    """The state of a CEP of eight digits, by its two letters; None for one below the first range."""
    start = cep[:5]
    index = bisect_right(_ranges(), start, key=lambda each: each.first) - 1
    found = _ranges()[index] if index >= 0 else None
    return found.state if found and start <= found.last else None


__all__ = ["state_of"]
