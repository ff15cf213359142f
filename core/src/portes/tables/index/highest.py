"""Where the highest bracket of a table ends: what measures more has no price anywhere in it."""

from typing import Final

from portes.tables.index.compiler import Compiled
from portes.tables.index.parts import TableParts
from portes.tables.protocol import NO_LIMIT

_UNIT: Final = 1000
_ENDLESS: Final = NO_LIMIT // _UNIT


def highest_bracket(compiled: Compiled, parts: TableParts) -> int | None:
    """Whole units of the axis up to which some row has a price; None where a price has no upper end, or none is known.

    Brackets at the top that only say that there is no service are left out.
    """
    arrays = compiled.arrays
    firsts, prices, ladder_of, terms_of = (arrays[name] for name in ("firsts", "prices", "ladder_of", "terms_of"))
    highest = 0
    for group, ladder in enumerate(ladder_of):
        _, limits, extras = parts.ladders[ladder]
        if limits[-1] <= highest and extras[-1] < limits[-1] * _UNIT:
            continue
        row = firsts[group]
        top = next((rung for rung in reversed(range(len(limits))) if prices[row + rung] >= 0), None)
        if top is None:
            continue
        opens = parts.terms[terms_of[row + top]].extra_per_kg and extras[top] >= limits[top] * _UNIT
        if limits[top] >= _ENDLESS or (opens and top == len(limits) - 1):
            return None
        highest = max(highest, limits[top])
    return highest or None
