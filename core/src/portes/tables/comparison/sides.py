"""A table as it is compared: its ranges in order, and the columns of its rows; it compares nothing."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from portes.contract.postal import postal_form
from portes.tables.index.compiler import FEES, TERMS
from portes.tables.index.origins import ANYWHERE
from portes.tables.index.table import FoundRow, RateTable
from portes.tables.protocol import Terms

_COMPARED: Final = ("days_min", "days_max", "extra_per_kg", "extra_step")
"""Terms that are compared by themselves."""
OTHERS: Final = tuple(name for name in TERMS if name not in _COMPARED)
"""Terms that are told together, with the fees."""
_MOST_LADDERS: Final = 1 << 16


class Rungs(NamedTuple):
    """The brackets of a range, in whole units of the axis."""

    floors: tuple[int, ...]
    limits: tuple[int, ...]


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
        self.rungs = lru_cache(_MOST_LADDERS)(self._make_rungs)
        self.others = lru_cache(_MOST_LADDERS)(self._make_others)
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

    def borders(self, at: int) -> set[int]:
        """All borders of the brackets behind a range where several groups may price it."""
        link = self.group_of[at] - self.groups
        first, after = self.arrays["chains"][link : link + 2]
        rungs = [self.rungs(self.ladder(group)) for group in self.arrays["links"][first:after]]
        return {border for one in rungs for border in (*one.floors, *one.limits)}

    def _begins(self) -> Iterator[int]:
        compiled = self.table.compiled
        yield from (first for first, _ in compiled.services.values())
        yield from (span.first for spans in compiled.origins.values() for span in spans)

    def _make_rungs(self, ladder: int) -> Rungs:
        first, after = self.arrays["rungs"][ladder : ladder + 2]
        return Rungs(tuple(self.arrays["floors"][first:after]), tuple(self.arrays["limits"][first:after]))

    def extra_from(self, ladder: int, rung: int) -> int:
        """From where a rung's extra weight counts, in milligrams."""
        return self.extras[self.arrays["rungs"][ladder] + rung]

    def _make_others(self, terms: int) -> tuple[object, ...]:
        """The terms that are told together, fees among them, by their words: the numbers of words differ by table."""
        first, after = self.arrays["fee_posts"][terms : terms + 2]
        words = self.table.compiled.words
        fees = [
            tuple(
                words[number] if name in {"name", "per"} else number
                for name, number in zip(FEES, (self.arrays[f"fees.{each}"][fee] for each in FEES), strict=True)
            )
            for fee in range(first, after)
        ]
        return (*(self.arrays[f"terms.{name}"][terms] for name in OTHERS), *fees)


def others_of(terms: Terms) -> tuple[object, ...]:
    """The same of terms that were found."""
    return (*(getattr(terms, name) for name in OTHERS), *map(tuple, terms.fees))
