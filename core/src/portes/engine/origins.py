"""The fewest origins that stock every line of a question: exact within a bound of steps, greedy beyond it; pure."""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final, NamedTuple

STEPS: Final = 2_000
"""Most looks at an origin of a line, to find fewer origins and again to find preferred ones: a few milliseconds.

They are counted and never timed, so that a question has one answer on any machine at any load.
"""


class LineOrigins(NamedTuple):
    """An origin for each line."""

    origins: tuple[int, ...]
    """Per line, its origin."""
    exact: bool
    """Whether they are the fewest for certain; see `Cover`."""


class Cover(NamedTuple):
    """Origins that together stock every line."""

    origins: frozenset[int]
    exact: bool
    """Whether no fewer would do, and none that the lines prefer; False where the search ended at its bound."""


def cover_of(stocked: Sequence[tuple[int, ...]]) -> LineOrigins:
    """An origin for each line, of as few as stock all of them: each line's own first among these."""
    cover = fewest_origins(stocked)
    return LineOrigins(tuple([next(one for one in own if one in cover.origins) for own in stocked]), cover.exact)


def fewest_origins(stocked: Sequence[tuple[int, ...]], steps: int = STEPS) -> Cover:
    """The fewest origins that stock every line; among as few, those that the lines prefer, the first line first.

    `stocked` holds, per line, its origins in order of preference, at least one.
    """
    different = tuple(dict.fromkeys(stocked))
    if len(different) == 1:
        return Cover(frozenset(different[0][:1]), exact=True)
    bits = {origin: 1 << number for number, origin in enumerate(dict.fromkeys(chain.from_iterable(different)))}
    lines = [[bits[origin] for origin in line] for line in different]
    search = _Search(lines, steps)
    few, fewest = _fewest(search)
    best, preferred = _preferred(lines, few, search)
    return Cover(frozenset(origin for origin, bit in bits.items() if bit & best), fewest and preferred)


def _fewest(search: "_Search") -> tuple[int, bool]:
    """As few origins as can be found, and whether no fewer would do: greedy ones, then fewer as long as that can be."""
    search.begin()
    best = search.greedy()
    while fewer := search.cover(0, 0, best.bit_count() - 1):
        best = fewer
    return best, not search.stopped


def _preferred(lines: Sequence[Sequence[int]], best: int, search: "_Search") -> tuple[int, bool]:
    """As few origins that the lines prefer: line by line, the first of its origins that one of the covers may have."""
    search.begin()
    chosen = excluded = 0
    for line in lines:
        for bit in line:
            if bit & excluded:
                continue
            found = best if bit & best else search.cover(chosen | bit, excluded, best.bit_count())
            if search.stopped:
                return best, False
            if found is None:
                excluded |= bit
                continue
            best, chosen = found, chosen | bit
            break
    return best, True


class _Search:
    """A search among the origins of some lines, each origin a bit; `steps` is its bound."""

    def __init__(self, lines: Sequence[Sequence[int]], steps: int) -> None:
        self._steps = self._left = steps
        self._lines = sorted({frozenset(line): line for line in lines}.values(), key=len)
        self._covered: dict[int, int] = {}
        """The lines that an origin stocks, as bits."""
        for number, line in enumerate(self._lines):
            for bit in line:
                self._covered[bit] = self._covered.get(bit, 0) | 1 << number

    def begin(self) -> None:
        """Begin to count steps anew."""
        self._left = self._steps

    @property
    def stopped(self) -> bool:
        """True once the search had no steps left: what it did not find may be there."""
        return self._left < 0

    def greedy(self) -> int:
        """Origins that stock every line, each the one that stocks most of what the others leave."""
        chosen, open_lines = 0, self._open(0)
        while open_lines:
            bit = max(self._covered, key=self._uses(open_lines))
            chosen, open_lines = chosen | bit, open_lines & ~self._covered[bit]
        return chosen

    def cover(self, chosen: int, excluded: int, most: int) -> int | None:
        """At most so many origins that stock every line, the chosen among them; None where none were found."""
        return self._more(self._open(chosen), chosen, excluded, most - chosen.bit_count())

    def _open(self, chosen: int) -> int:
        taken = [covered for bit, covered in self._covered.items() if bit & chosen]
        open_lines = (1 << len(self._lines)) - 1
        for covered in taken:
            open_lines &= ~covered
        return open_lines

    def _more(self, open_lines: int, chosen: int, excluded: int, room: int) -> int | None:
        if not open_lines:
            return chosen if room >= 0 else None
        for bit in self._branches(open_lines, excluded, room):
            found = self._more(open_lines & ~self._covered[bit], chosen | bit, excluded, room - 1)
            if found is not None:
                return found
            excluded |= bit
        return None

    def _branches(self, open_lines: int, excluded: int, room: int) -> Sequence[int]:
        """The origins of the line that has the least choice, the most useful first; none where room must be too little.

        Lines that share no origin need one each. So they are picked one by one, those with few origins first.
        """
        narrowest: Sequence[int] = ()
        left = open_lines
        while left:
            line = self._lines[(left & -left).bit_length() - 1]
            self._left -= 1 + len(line)
            own = [bit for bit in line if not bit & excluded]
            room -= 1
            if room < 0 or not own or self.stopped:
                return ()
            for bit in own:
                left &= ~self._covered[bit]
            if not narrowest or len(own) < len(narrowest):
                narrowest = own
        return sorted(narrowest, key=self._uses(open_lines), reverse=True)

    def _uses(self, open_lines: int) -> Callable[[int], int]:
        """How many of these lines an origin stocks."""
        return lambda bit: (self._covered[bit] & open_lines).bit_count()
