"""Random groups of rows whose ranges, ranks, origins and brackets may overlap and have holes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from portes.errors import Problems
from portes.tables import ON_REQUEST, Hole, NoRow, RateTable, ReadOptions, Row, Terms
from portes.tables.index.compiler import compile_rows
from portes.tables.index.files import map_compiled, write_compiled

CODES = range(12)
ORIGINS = range(6)


@dataclass(frozen=True)
class Bracket:
    """A bracket as the test means it, in grams."""

    low: int
    high: int
    price: int


@dataclass(frozen=True)
class Group:
    """Rows of one range."""

    rank: int
    first: int
    last: int
    origin: tuple[int, int] | None
    brackets: tuple[Bracket, ...]
    per_kg: bool
    """Whether the highest bracket goes on."""

    def rows(self, line: int) -> list[Row]:
        origin = [f"{code:08d}" for code in self.origin] if self.origin else ["", ""]
        return [
            Row(line + at, "a", f"{self.first:08d}", f"{self.last:08d}", one.low * 1000, one.high * 1000, one.price,
                one.high * 1000, Terms(1, 2, extra_per_kg=int(self.per_kg)), "", "weight", self.rank, *origin)
            for at, one in enumerate(self.brackets)
        ]  # fmt: skip

    def holds(self, code: int, origin: int | None) -> bool:
        return self.first <= code <= self.last and self.prices_from(origin)

    def prices_from(self, origin: int | None) -> bool:
        return self.origin is None or (origin is not None and self.origin[0] <= origin <= self.origin[1])

    def narrowness(self) -> tuple[int, int]:
        return self.last - self.first, 10**8 if self.origin is None else self.origin[1] - self.origin[0]

    def price(self, weight: int, hole: Hole) -> int | NoRow:
        highs = {one.high for one in self.brackets}
        for one in self.brackets:
            if one.low < weight <= one.high or (weight == one.low and weight not in highs):
                return one.price
        if weight > max(highs):
            return self.brackets[-1].price if self.per_kg else NoRow.ABOVE
        if hole == "next_bracket":
            return next(one.price for one in self.brackets if one.high >= weight)
        return NoRow.BELOW if weight < self.brackets[0].low else NoRow.HOLE


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Bracket, ...]:
    """Brackets that touch, or with holes that nobody takes for a printed gap."""
    low, brackets = draw(st.sampled_from([0, 0, 3])), []
    for _ in range(draw(st.integers(1, 3))):
        high = low + draw(st.integers(1, 4))
        brackets.append(Bracket(low, high, draw(st.one_of(st.integers(1, 99), st.just(ON_REQUEST)))))
        low = high + draw(st.sampled_from([0, 0, 0, 3]))
    return tuple(brackets)


@st.composite
def overlapping_groups(draw: st.DrawFn) -> list[Group]:
    groups: dict[object, Group] = {}
    ranges = st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).map(sorted)
    origins = st.one_of(st.none(), st.tuples(st.sampled_from(ORIGINS), st.sampled_from(ORIGINS)).map(sorted))
    for _ in range(draw(st.integers(1, 6))):
        first, last = draw(ranges)
        origin, rank = draw(st.one_of(st.none(), origins)), draw(st.sampled_from([0, 0, 1, -2]))
        where = (origin[0], origin[1]) if origin else None
        key = (rank, first, last, where)
        groups[key] = Group(rank, first, last, where, draw(ladders()), draw(st.booleans()))
    return list(groups.values())


def compiled(groups: Sequence[Group], options: ReadOptions, *, mapped: bool) -> RateTable | None:
    rows = [row for at, group in enumerate(groups) for row in group.rows(10 * at + 1)]
    table = compile_rows(rows, options, Problems())
    if table is None:
        return None
    if mapped:
        with TemporaryDirectory() as folder:
            write_compiled(Path(folder, "one.rates"), "one", table)
            again = map_compiled(Path(folder, "one.rates"), "one")
        assert again is not None
        table = again
    return RateTable("one", options, table)
