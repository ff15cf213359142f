"""The parts of a compiled table as values, made of its arrays when they are first asked for."""

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar, cast

from portes.tables.index.compiler import FEES, TERMS, Compiled
from portes.tables.index.overlaps import Layers
from portes.tables.protocol import Fee, Milligrams, Per, Terms

_REMEMBERED: Final = 1 << 16
_FEES_AT: Final = Terms._fields.index("fees")

Value = TypeVar("Value")


class LadderRungs(NamedTuple):
    """A ladder of brackets, as the compiler's `Ladder` has it."""

    floors: tuple[int, ...]
    limits: tuple[int, ...]
    extra_from: tuple[Milligrams, ...]


class LazyValues(dict[int, Value]):
    """What a number stands for, made when it is first asked for and kept while there is room."""

    def __init__(self, make: Callable[[int], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, number: int) -> Value:
        if len(self) >= _REMEMBERED:
            self.clear()
        made = self[number] = self._make(number)
        return made


class TableParts:
    """Ladders, terms and chains of a compiled table, each by its number."""

    def __init__(self, compiled: Compiled) -> None:
        self._arrays, self._words = compiled.arrays, compiled.words
        self.ladders = LazyValues(self._make_rungs)
        self.terms = LazyValues(self._make_terms)
        self.chains = LazyValues(self._make_layers)

    def _make_layers(self, number: int) -> Layers:
        first, after = self._arrays["chains"][number : number + 2]
        links = zip(self._arrays["links"][first:after], self._arrays["layers"][first:after], strict=True)
        return tuple(tuple(group for group, _ in layer) for _, layer in groupby(links, itemgetter(1)))

    def _make_rungs(self, number: int) -> LadderRungs:
        first, after = self._arrays["rungs"][number : number + 2]
        parts = (self._arrays[name][first:after] for name in ("floors", "limits", "extras"))
        return LadderRungs._make(map(tuple, parts))

    def _make_terms(self, number: int) -> Terms:
        numbers = [self._arrays[f"terms.{name}"][number] for name in TERMS]
        first, after = self._arrays["fee_posts"][number : number + 2]
        fees = tuple(map(self._make_fee, range(first, after)))
        return Terms._make((*numbers[:_FEES_AT], fees, *numbers[_FEES_AT:]))

    def _make_fee(self, number: int) -> Fee:
        name, amount, per, percent, least, larger = (self._arrays[f"fees.{part}"][number] for part in FEES)
        return Fee(self._words[name], amount, cast("Per", self._words[per]), percent, least, bool(larger))
