"""A table as it is compared: its ranges in order, and the columns of its rows; it compares nothing."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from portes.contract.postal import postal_form
from portes.tables.index.compiler import TERMS
from portes.tables.index.origins import ANYWHERE
from portes.tables.index.parts import TableParts
from portes.tables.index.table import FoundRow, RateTable
from portes.tables.protocol import Terms

_COMPARED: Final = ("days_min", "days_max", "extra_per_kg", "extra_step")
"""Terms that are compared by themselves."""
OTHERS: Final = tuple(name for name in TERMS if name not in _COMPARED)
"""Terms that are told together, with the fees."""
_MOST: Final = 1 << 16


class OriginRanges(NamedTuple):
    """The ranges that price from some origins, by their places in the index."""

    origin_first: int
    origin_last: int
    first: int
    after: int


class TableSide:
    """One of the two tables."""

    def __init__(self, table: RateTable) -> None:
        compiled = table.compiled
        arrays = compiled.arrays
        self.table = table
        self.starts, self.ends = arrays["starts"], arrays["ends"]
        self.prices, self.terms_of, self.extras = arrays["prices"], arrays["terms_of"], arrays["extras"]
        self.per_kg, self.days_max = arrays["terms.extra_per_kg"], arrays["terms.days_max"]
        self.steps = arrays["terms.extra_step"]
        self.firsts = arrays["firsts"]
        self.arrays = arrays
        self.group_of, self.groups = arrays["group_of"], len(self.firsts)
        self._form = postal_form(table.country)
        self.charges_extra = any(self.per_kg)
        self.fills = table.fills_holes
        """Whether the next bracket prices what lies in a hole."""
        parts = TableParts(compiled)
        self.rungs = parts.ladders.__getitem__
        """Finds a ladder's brackets, by its number."""
        self.others = lru_cache(_MOST)(lambda terms: others_of(parts.terms[terms]))
        """Finds the terms of a row that are told together, by their number."""
        borders = sorted({*self._begins(), len(self.starts)})
        self._after = dict(pairwise(borders))

    def ranges(self, service: str) -> list[OriginRanges]:
        """Where the ranges of a service stand, by origin; none for a service that the table does not have."""
        compiled = self.table.compiled
        if service in compiled.services:
            first = compiled.services[service][0]
            return [OriginRanges(ANYWHERE, self._form.size - 1, first, self._after[first])]
        spans = compiled.origins.get(service, [])
        return [OriginRanges(one.origin_first, one.origin_last, one.first, self._after[one.first]) for one in spans]

    def group(self, at: int) -> int:
        """The group of rows behind a range; below 0 where several may price it."""
        group = self.group_of[at] if len(self.group_of) else at
        return group if group < self.groups else -1

    def ladder(self, group: int) -> int:
        """The number of a group's ladder."""
        return self.arrays["ladder_of"][group]

    def found(self, service: str, code: int, weight: int, origin: int) -> FoundRow | None:
        """What prices a code at a weight, where several rows may; None for no price."""
        origin_code = "" if origin == ANYWHERE else self._form.text(origin)
        found = self.table.find(service, self._form.text(code), weight, origin_code)
        return found if isinstance(found, FoundRow) else None

    def borders(self, at: int, group: int) -> set[int]:
        """All borders of the brackets behind a range, whose group is below 0 where several may price it."""
        if group >= 0:
            return {border for part in self.rungs(self.ladder(group))[:2] for border in part}
        link = self.group_of[at] - self.groups
        first, after = self.arrays["chains"][link : link + 2]
        rungs = [self.rungs(self.ladder(group)) for group in self.arrays["links"][first:after]]
        return {border for one in rungs for border in (*one.floors, *one.limits)}

    def _begins(self) -> Iterator[int]:
        compiled = self.table.compiled
        yield from (first for first, _ in compiled.services.values())
        yield from (span.first for spans in compiled.origins.values() for span in spans)

    def extra_from(self, ladder: int, rung: int) -> int:
        """From where a rung's extra weight counts, in milligrams."""
        return self.rungs(ladder).extra_from[rung]


def others_of(terms: Terms) -> tuple[object, ...]:
    """What of a row's terms is told together, fees among it."""
    return (*(getattr(terms, name) for name in OTHERS), *[(*fee,) for fee in terms.fees])
