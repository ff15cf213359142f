"""Rows as columns of numbers, sorted and packed as the compiler packs rows."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

from portes.errors import Problems
from portes.tables.bulk.form import LIMITS, BulkError, BulkFormat, BulkLimits
from portes.tables.bulk.rows import BRACKETS, BulkRows, read_rows
from portes.tables.bulk.spans import Numbers as Column
from portes.tables.bulk.spans import different
from portes.tables.index.compiler import FEES, TERMS, Compiled, Summary, ladder_arrays, narrow, narrow_type
from portes.tables.index.ladders import Bracket, Ladder, build_ladder
from portes.tables.index.ranges import Numbers, RangeWriter
from portes.tables.progress import tell
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, ReadOptions
from portes.tables.reading.cells import CellError

_LARGEST: Final = 2**63
_FEE: Final = ("ad_valorem", "shipment")
"""Name of the one fee that such rows have, and what it is charged for each of."""

_Code = Literal["B", "H", "I", "Q", "q"]
_TYPES: Final[dict[_Code, str]] = {"B": "u1", "H": "u2", "I": "u4", "Q": "u8", "q": "i8"}
"""By the type of an array."""


def compile_in_bulk(
    table_format: BulkFormat, source: bytes, options: ReadOptions, limits: BulkLimits = LIMITS
) -> Compiled | None:
    """The table in a text file; None when it must be read line by line, as something in it is wrong or unusual."""
    problems = Problems()
    try:
        packer = _BulkPacker(read_rows(table_format, source, options, problems, limits))
        tell("checked", 0, 1)
        compiled = packer.compiled()
        tell("checked", 1, 1)
    except (BulkError, CellError):
        return None
    return None if problems.count else compiled


class _BulkPacker:
    """Sorts the rows, joins them to groups and writes the arrays."""

    def __init__(self, rows: BulkRows) -> None:
        self._gathered, self._terms, self._brackets = rows.gathered, rows.terms, rows.brackets
        columns = self._columns = rows.columns
        keys = [columns[name] for name in ("scope", "first", "last")]
        self._order, apart = _order_of(keys, (rows.brackets["weight_to"] // 1000)[columns["bracket"]])
        changes = np.full(len(keys[0]), apart)
        for key in () if apart else keys:
            ordered = self._in_order(key)
            changes[1:] |= ordered[1:] != ordered[:-1]
        changes[0] = True
        self._firsts = np.flatnonzero(changes)
        """The first row of each group."""

    def compiled(self) -> Compiled:
        """The arrays and what they hold. Raises `BulkError` where rows do not fit together."""
        services, origins, shift, ranges = self._ranges().finished()
        ladder_of, ladders = self._ladders()
        summary = self._summary(len(ladders))
        terms, columns = self._terms, self._columns
        charged = (terms["percent"] != 0) | (terms["least"] != 0)
        posts = np.zeros(len(charged) + 1, np.uint32)
        np.cumsum(charged, out=posts[1:])
        fees = {name: terms[name][charged] for name in ("percent", "least")}
        fees |= {
            name: _every(at, len(fees["least"])) for name, at in (("name", 0), ("amount", 0), ("per", 1), ("larger", 0))
        }
        arrays: dict[str, Numbers] = {
            **ranges,
            "firsts": _view("I", self._firsts),
            "ladder_of": ladder_of,
            **ladder_arrays(ladders),
            "prices": _view("q", self._in_order(columns["price"])),
            "terms_of": _view("I", self._in_order(columns["terms"])),
            **{f"terms.{name}": _narrow(terms[name]) for name in TERMS},
            **{f"fees.{name}": _narrow(fees[name]) for name in FEES},
            "fee_posts": _view("I", posts),
        }
        return Compiled(services, origins, arrays, shift, list(_FEE) if charged.any() else [], summary)

    def _in_order(self, column: Column) -> Column:
        """A column in the order of the index."""
        return column if self._order is None else column[self._order]

    def _ranges(self) -> RangeWriter:
        writer = _BulkRangeWriter(self._gathered, _refuse)
        firsts = self._firsts if self._order is None else self._order[self._firsts]
        scope, first, last = (self._columns.pop(name)[firsts] for name in ("scope", "first", "last"))
        borders = np.searchsorted(scope, np.arange(len(self._gathered.scopes) + 1)).tolist()
        writer.add_groups(
            {scope: range(*span) for scope, span in enumerate(pairwise(borders))},
            _array(writer.code, first),
            _array(writer.code, last),
        )
        writer.write()
        return writer

    def _ladders(self) -> tuple[Numbers, list[Ladder]]:
        """The ladder of each group, and all that differ."""
        brackets = [*map(Bracket._make, zip(*(self._brackets[name].tolist() for name in BRACKETS), strict=True))]
        step = self._gathered.border_step
        ladders: dict[Ladder, int] = {}

        def number(printed: Sequence[int]) -> int:
            ladder, faults = build_ladder([brackets[at] for at in printed], step)
            if any(not fault.hole or self._gathered.options.hole == "reject_table" for fault in faults):
                raise BulkError
            return ladders.setdefault(ladder, len(ladders))

        bracket_of = self._in_order(self._columns["bracket"])
        if len(self._firsts) == len(bracket_of):
            seen, _ = different([bracket_of])
            numbered = {at: number([at]) for at in bracket_of[seen].tolist()}
            by_bracket = np.array([numbered[at] for at in range(len(brackets))], np.uint32)
            return _narrow(by_bracket[bracket_of]), list(ladders)
        told = _array("I", bracket_of).tobytes()
        ends = [*(self._firsts * array("I").itemsize).tolist(), len(told)]
        printed = [told[first:after] for first, after in pairwise(ends)]
        numbers = {one: number(array("I", one)) for one in dict.fromkeys(printed)}
        return narrow([*map(numbers.__getitem__, printed)]), list(ladders)

    def _summary(self, ladders: int) -> Summary:
        price, brackets, terms = self._columns["price"], self._brackets, self._terms
        limits = brackets["weight_to"][brackets["weight_to"] < NO_LIMIT]
        priced = price[price >= 0]
        return Summary(
            rows=len(price),
            services=tuple(self._gathered.services),
            ranges=len(self._firsts),
            ladders=ladders,
            lowest_price=_least(priced),
            highest_price=_most(priced),
            lightest=_least(brackets["weight_from"]),
            heaviest=max(_most(brackets["weight_from"]), _most(limits)),
            endless=bool((brackets["weight_to"] == NO_LIMIT).any()),
            lowest_percent=_least(terms["percent"]),
            highest_percent=_most(terms["percent"]),
            days_min=_least(terms["days_min"]),
            days_max=_most(terms["days_max"]),
            refused=int((price == REFUSED).sum()),
            on_request=int((price == ON_REQUEST).sum()),
            left_out=0,
            axis=self._gathered.axis,
            weight_unit=self._gathered.weight_unit,
            notes=self._gathered.problems.notes,
        )


class _BulkRangeWriter(RangeWriter):
    """A range writer that looks at all ranges at once."""

    def apart(self, starts: "array[int]", ends: "array[int]") -> bool:
        """Whether each range ends before the next one starts."""
        return bool((self._numbers(ends)[:-1] < self._numbers(starts)[1:]).all())

    def counted(self, numbers: range) -> "array[int]":
        """Numbers that follow each other, one after the other."""
        return _array("I", np.arange(numbers.start, numbers.stop, dtype=np.uint32))

    def signposts(self, span: tuple[int, int], shift: int, count: int) -> Iterable[int]:
        """For each signpost of a span, the first range that starts there or later."""
        posts = np.arange(count, dtype=np.uint64) << np.uint64(shift)
        starts = self._numbers(self.starts)[slice(*span)].astype(np.uint64)
        found: list[int] = (np.searchsorted(starts, posts) + span[0]).tolist()
        return found

    def _numbers(self, codes: "array[int]") -> "np.ndarray[Any, Any]":
        return np.frombuffer(codes, np.uint32 if self.code == "I" else np.uint64)


def _order_of(keys: Sequence[Column], limits: Column) -> tuple[Column | None, bool]:
    """The order in which rows sort by some keys, the first of them first, and then by the limits of their brackets.

    None where they stand in it already; and whether the first two keys alone tell all rows apart.
    """
    scope, first, _ = keys
    apart = (scope[1:] > scope[:-1]) | ((scope[1:] == scope[:-1]) & (first[1:] > first[:-1]))
    if apart.all():
        return None, True
    bits = len(first).bit_length()
    size = int(first.max()) + 1
    if (int(scope.max()) + 1) * size << bits < _LARGEST:  # numbers are sorted quicker than their order is found
        both = (scope * np.int64(size) + first) << bits
        both |= np.arange(len(first))
        both.sort()
        order = both & ((1 << bits) - 1)
        both >>= bits
        if (both[1:] > both[:-1]).all():
            return order, True
    return np.lexsort((limits, *reversed(keys))), False


def _refuse(group: int) -> int:
    """What is asked for a row only when it is to be reported."""
    raise BulkError(group)


def _array(code: _Code, numbers: Column) -> "array[int]":
    made = array(code)
    made.frombytes(_view(code, numbers).cast("B"))
    return made


def _view(code: _Code, numbers: Column) -> memoryview:
    """Numbers as they stand in memory, without a copy."""
    held = np.ascontiguousarray(numbers, _TYPES[code])
    return held.view(np.uint8).data.cast(code) if len(held) else memoryview(array(code))


def _narrow(numbers: Column) -> memoryview:
    """Numbers in the fewest bytes."""
    return _view(narrow_type(_least(numbers), _most(numbers)), numbers)


def _every(number: int, count: int) -> Column:
    return np.broadcast_to(np.int64(number), count)


def _least(numbers: Column) -> int:
    return int(numbers.min()) if len(numbers) else 0


def _most(numbers: Column) -> int:
    return int(numbers.max(initial=0))
