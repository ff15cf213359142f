"""Short phrases of cells: spans of days, a yes or a no, two postal codes in one cell."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from portes.contract.postal import postal_prefix, read_range_end
from portes.tables.reading.headings import plain_letters

_DAYS: Final = re.compile(
    r"(\d{1,3})(?: ?(?:a|ate|to|hasta|-|\u2013) ?(\d{1,3}))?"
    r"(?: ?(?:d\.? ?u\.?|(?:dias?|days?)(?: (?:uteis|habiles|util|habil))?|(?:business|working) days?))?",
    re.ASCII,
)
_YES: Final = frozenset({"s", "sim", "si", "y", "yes", "true", "verdadeiro", "verdadero"})
_NO: Final = frozenset({"n", "nao", "no", "false", "falso"})
_BETWEEN: Final = re.compile(
    r"\s+(?:a|à|até|ate|al|hasta|to|e|y)\s+|\s*(?:\.\.+|[\u2013\u2014;/])\s*|\s*-\s*", re.IGNORECASE
)


def days_of(text: str) -> tuple[int, int] | None:
    """The least and the most business days: `3`, `3 a 5 dias úteis`, `2-4`, `5 d.u.`; None for anything else."""
    match = _DAYS.fullmatch(" ".join(plain_letters(text).lower().split()))
    return (int(match[1]), int(match[2] or match[1])) if match else None


def truth_of(text: str) -> bool | None:
    """A yes or a no in Portuguese, Spanish or English: `S`, `não`, `sí`, `TRUE`; None for anything else."""
    word = plain_letters(text).strip().lower()
    return True if word in _YES else False if word in _NO else None


def range_of(text: str, country: str) -> tuple[str, str] | None:
    """The first and the last code of a range: `01000-000 a 05999-999`, `28001..28080`, `28*`, or one code alone.

    None when it can be read in no way, or in more than one.
    """
    ways = set(_ranges(text, country))
    return ways.pop() if len(ways) == 1 else None


def _ranges(text: str, country: str) -> Iterator[tuple[str, str]]:
    """All ways to read a text as a range; a hyphen may stand inside a code or between two."""
    prefix = postal_prefix(text, country)
    if prefix is not None:
        yield prefix
        return
    for match in _BETWEEN.finditer(text):
        with suppress(ValueError):
            first, last = (read_range_end(end, country) for end in (text[: match.start()], text[match.end() :]))
            yield first, last
    with suppress(ValueError):
        code = read_range_end(text, country)
        yield code, code
