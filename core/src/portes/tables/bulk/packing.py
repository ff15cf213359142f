"""Rows as columns of numbers, sorted and packed as the compiler packs rows."""

import os
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import polars as pl

from portes.errors import Problems
from portes.tables.bulk.form import LIMITS, BulkError, BulkFormat, BulkLimits
from portes.tables.bulk.rows import BulkRows, read_rows
from portes.tables.index.compiler import TERMS_WIDTH, Compiled, Summary, ladder_arrays
from portes.tables.index.ladders import Bracket, Ladder, build_ladder
from portes.tables.index.ranges import Numbers, RangeWriter
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, ReadOptions
from portes.tables.reading.cells import CellError

_PROCESS: Final = os.getpid()
"""Who loaded Polars: its threads are not there in a child forked afterwards, which would wait for them for ever."""
_LARGEST: Final = 2**63
_FEE: Final = ("ad_valorem", "shipment")
"""Name of the one fee that such rows have, and what it is charged for each of."""

_Code = Literal["I", "Q", "q"]
_TYPES: Final[dict[_Code, type[pl.DataType]]] = {"I": pl.UInt32, "Q": pl.UInt64, "q": pl.Int64}
"""By the type of an array."""


def compile_in_bulk(
    table_format: BulkFormat, source: bytes, options: ReadOptions, limits: BulkLimits = LIMITS
) -> Compiled | None:
    """The table in a text file; None when it must be read line by line.

    That is when something in it is wrong or unusual, and in a process that was forked from one that loaded Polars.
    """
    if os.getpid() != _PROCESS:
        return None
    problems = Problems()
    try:
        packer = _BulkPacker(read_rows(table_format, source, options, problems, limits))
        compiled = packer.compiled()
    except (BulkError, CellError):
        return None
    return None if problems.count else compiled


class _BulkPacker:
    """Sorts the rows, joins them to groups and writes the arrays."""

    def __init__(self, rows: BulkRows) -> None:
        self._gathered, self._terms, self._brackets = rows.gathered, rows.terms, rows.brackets
        columns = rows.columns
        limits = (rows.brackets["weight_to"] // 1000).gather(columns["bracket"])
        size = self._gathered.form.size
        keys = [columns["scope"], columns["first"], columns["last"]]
        if len(self._gathered.scopes) * size * size < _LARGEST:
            keys = [(keys[0] * size + keys[1]) * size + keys[2]]
        order = _sorted_order([*keys, limits])
        self._sorted = columns if order is None else columns[order]
        changes = pl.repeat(value=False, n=len(columns), dtype=pl.Boolean, eager=True)
        for key in keys:
            ordered = key if order is None else key.gather(order)
            changes |= ordered != ordered.shift(1)
        changes[0] = True
        self._firsts = changes.arg_true()
        """The first row of each group."""

    def compiled(self) -> Compiled:
        """The arrays and what they hold. Raises `BulkError` where rows do not fit together."""
        services, origins, shift, ranges = self._ranges().finished()
        ladder_of, ladders = self._ladders()
        terms = self._terms
        charged = (terms["percent"] != 0) | (terms["least"] != 0)
        fees = terms.filter(charged).select(
            pl.lit(0), pl.lit(0).alias("amount"), pl.lit(1).alias("per"), "percent", "least", pl.lit(0).alias("larger")
        )
        arrays: dict[str, Numbers] = {
            **ranges,
            "firsts": _view("I", self._firsts),
            "ladder_of": ladder_of,
            **ladder_arrays(ladders),
            "prices": _view("q", self._sorted["price"]),
            "terms_of": _view("I", self._sorted["terms"]),
            "terms": _interleaved(terms[:, :TERMS_WIDTH]),
            "fees": _interleaved(fees),
            "fee_posts": _view("I", pl.concat([pl.Series([0], dtype=pl.UInt32), charged.cum_sum().cast(pl.UInt32)])),
        }
        summary = self._summary(len(ladders))
        return Compiled(services, origins, arrays, shift, list(_FEE) if len(fees) else [], summary)

    def _ranges(self) -> RangeWriter:
        writer = _BulkRangeWriter(self._gathered, _refuse)
        ends = self._sorted.select("scope", "first", "last")
        if len(self._firsts) < len(ends):
            ends = ends[self._firsts]
        scopes = range(len(self._gathered.scopes) + 1)
        borders = [ends["scope"].search_sorted(scope) for scope in scopes]
        writer.add_groups(
            {scope: range(*span) for scope, span in enumerate(pairwise(borders))},
            _array(writer.code, ends["first"]),
            _array(writer.code, ends["last"]),
        )
        writer.write()
        return writer

    def _ladders(self) -> tuple[Numbers, list[Ladder]]:
        """The ladder of each group, and all that differ."""
        brackets = [*map(Bracket._make, self._brackets.iter_rows())]
        step = self._gathered.border_step
        ladders: dict[Ladder, int] = {}

        def number(printed: Sequence[int]) -> int:
            ladder, faults = build_ladder([brackets[at] for at in printed], step)
            if any(not fault.hole or self._gathered.options.hole == "reject_table" for fault in faults):
                raise BulkError
            return ladders.setdefault(ladder, len(ladders))

        bracket_of = self._sorted["bracket"]
        if len(self._firsts) == len(bracket_of):
            numbered = {at: number([at]) for at in bracket_of.unique(maintain_order=True)}
            by_bracket = pl.Series([numbered[at] for at in range(len(brackets))], dtype=pl.UInt32)
            return _view("I", by_bracket.gather(bracket_of)), list(ladders)
        told = _array("I", bracket_of).tobytes()
        ends = [*(self._firsts * array("I").itemsize).to_list(), len(told)]
        printed = [told[first:after] for first, after in pairwise(ends)]
        numbers = {one: number(array("I", one)) for one in dict.fromkeys(printed)}
        return array("I", map(numbers.__getitem__, printed)), list(ladders)

    def _summary(self, ladders: int) -> Summary:
        price, brackets, terms = self._sorted["price"], self._brackets, self._terms
        priced = price.filter(price >= 0)
        limits = brackets["weight_to"].filter(brackets["weight_to"] < NO_LIMIT)
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

    def signposts(self, span: tuple[int, int], shift: int, count: int) -> Iterable[int]:
        """For each signpost of a span, the first range that starts there or later."""
        posts = np.arange(count, dtype=np.uint64) << np.uint64(shift)
        starts = self._numbers(self.starts)[slice(*span)].astype(np.uint64)
        found: list[int] = (np.searchsorted(starts, posts) + span[0]).tolist()
        return found

    def _numbers(self, codes: "array[int]") -> "np.ndarray[Any, Any]":
        return np.frombuffer(codes, np.uint32 if self.code == "I" else np.uint64)


def _sorted_order(keys: Sequence[pl.Series]) -> pl.Series | None:
    """The order in which rows sort by some keys, the first of them first; None where they stand in it already."""
    varying = [key for key in keys if key.min() != key.max()]
    if not varying or (len(varying) == 1 and varying[0].is_sorted()):
        return None
    if len(varying) == 1:
        return varying[0].arg_sort()
    frame = pl.DataFrame({str(at): key for at, key in enumerate(varying)})
    return frame.select(pl.arg_sort_by(frame.columns, maintain_order=True)).to_series()


def _refuse(group: int) -> int:
    """What is asked for a row only when it is to be reported."""
    raise BulkError(group)


def _array(code: _Code, numbers: pl.Series) -> "array[int]":
    made = array(code)
    made.frombytes(_view(code, numbers).cast("B"))
    return made


def _view(code: _Code, numbers: pl.Series) -> memoryview:
    """Numbers as they stand in memory, without a copy."""
    held = numbers.cast(_TYPES[code]).to_numpy()
    return held.view(np.uint8).data.cast(code) if len(held) else memoryview(array(code))


def _interleaved(frame: pl.DataFrame) -> memoryview:
    """The numbers of a frame, row after row."""
    return _view("q", frame.select(pl.concat_arr(pl.all().cast(pl.Int64)).explode()).to_series())


def _least(numbers: pl.Series) -> int:
    least: Any = numbers.min()
    return int(least or 0)


def _most(numbers: pl.Series) -> int:
    most: Any = numbers.max()
    return int(most or 0)
