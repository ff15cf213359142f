"""Rows as columns of numbers, sorted and packed as the compiler packs rows."""

from array import array
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl

from portes.errors import Problems
from portes.tables.bulk.form import BulkFormat, LineByLineError
from portes.tables.bulk.rows import TERMS, BulkRows, read_rows
from portes.tables.index.compiler import TERMS_WIDTH, Compiled, Summary, ladder_arrays
from portes.tables.index.ladders import Bracket, Ladder, build_ladder
from portes.tables.index.ranges import Numbers, RangeWriter
from portes.tables.protocol import NO_LIMIT, ON_REQUEST, REFUSED, ReadOptions
from portes.tables.reading.cells import CellError

_LARGEST: Final = 2**63
_FEE: Final = ("ad_valorem", "shipment")
"""Name of the one fee that such rows have, and what it is charged for each of."""

Column = np.ndarray[Any, Any]
"""Whole numbers, one for each row or group."""


def compile_in_bulk(table_format: BulkFormat, source: bytes, options: ReadOptions) -> Compiled | None:
    """The table in a text file; None when it must be read line by line: something in it is wrong, or unusual."""
    problems = Problems()
    try:
        rows = read_rows(table_format, source, options, problems)
        compiled = _BulkPacker(rows).compiled()
    except (LineByLineError, CellError):
        return None
    return None if problems.count else compiled


class _BulkPacker:
    """Sorts the rows, joins them to groups and writes the arrays."""

    def __init__(self, rows: BulkRows) -> None:
        self._rows = rows
        self._gathered = rows.gathered
        columns = {name: values.to_numpy() for name, values in zip(rows.columns.columns, rows.columns, strict=True)}
        limits = (rows.brackets["weight_to"] // 1000).to_numpy()[columns["bracket"]]
        size = self._gathered.form.size
        keys = [columns["scope"], columns["first"], columns["last"]]
        if len(self._gathered.scopes) * size * size < _LARGEST:
            keys = [(keys[0] * size + keys[1]) * size + keys[2]]
        order = _sorted_order([*keys, limits])
        self._sorted = {name: values if order is None else values[order] for name, values in columns.items()}
        changes = np.zeros(len(limits), bool)
        changes[0] = True
        for key in keys:
            ordered = key if order is None else key[order]
            changes[1:] |= ordered[1:] != ordered[:-1]
        self._firsts = np.flatnonzero(changes)

    def compiled(self) -> Compiled:
        """The arrays and what they hold. Raises `LineByLineError` where rows do not fit together."""
        services, origins, shift, ranges = self._ranges().finished()
        ladder_of, ladders = self._ladders()
        terms = self._rows.terms
        charged = ((terms["percent"] != 0) | (terms["least"] != 0)).to_numpy()
        fees = terms.filter(pl.Series(charged))
        arrays: dict[str, Numbers] = {
            **ranges,
            "firsts": _array("I", self._firsts),
            "ladder_of": ladder_of,
            **ladder_arrays(ladders),
            "prices": _array("q", self._sorted["price"]),
            "terms_of": _array("I", self._sorted["terms"]),
            "terms": _interleaved([terms[name] for name in TERMS[:TERMS_WIDTH]]),
            "fees": _interleaved([*_same(fees, 0, 0, 1), fees["percent"], fees["least"]]),
            "fee_posts": _array("I", np.concatenate([[0], np.cumsum(charged)])),
        }
        summary = self._summary(len(ladders))
        return Compiled(services, origins, arrays, shift, list(_FEE) if len(fees) else [], summary)

    def _ranges(self) -> RangeWriter:
        writer = RangeWriter(self._gathered, _refuse)
        ends = {name: self._sorted[name][self._firsts] for name in ("scope", "first", "last")}
        borders = np.searchsorted(ends["scope"], np.arange(len(self._gathered.scopes) + 1))
        writer.add_groups(
            {scope: range(*map(int, span)) for scope, span in enumerate(pairwise(borders))},
            _array(writer.code, ends["first"]),
            _array(writer.code, ends["last"]),
        )
        writer.write()
        return writer

    def _ladders(self) -> tuple["array[int]", list[Ladder]]:
        """The ladder of each group, and all that differ."""
        brackets = [*map(Bracket._make, self._rows.brackets.iter_rows())]
        step = self._gathered.options.border_step(self._gathered.axis)
        ladders: dict[Ladder, int] = {}

        def number(printed: Sequence[int]) -> int:
            ladder, faults = build_ladder([brackets[at] for at in printed], step)
            if any(not fault.hole or self._gathered.options.hole == "reject_table" for fault in faults):
                raise LineByLineError
            return ladders.setdefault(ladder, len(ladders))

        bracket_of = self._sorted["bracket"].astype(np.uint32)
        if len(self._firsts) == len(bracket_of):
            known = np.zeros(len(brackets), np.uint32)
            for at in pl.Series(bracket_of).unique(maintain_order=True):
                known[at] = number([at])
            return _array("I", known[bracket_of]), list(ladders)
        told, width = bracket_of.tobytes(), bracket_of.itemsize
        ends = [*(self._firsts * width).tolist(), len(told)]
        printed = [told[first:after] for first, after in pairwise(ends)]
        numbers = {one: number(np.frombuffer(one, np.uint32).tolist()) for one in dict.fromkeys(printed)}
        return array("I", map(numbers.__getitem__, printed)), list(ladders)

    def _summary(self, ladders: int) -> Summary:
        price, brackets, terms = self._sorted["price"], self._rows.brackets, self._rows.terms
        priced = price[price >= 0]
        limits = brackets["weight_to"].filter(brackets["weight_to"] < NO_LIMIT)
        return Summary(
            rows=len(price),
            services=tuple(self._gathered.services),
            ranges=len(self._firsts),
            ladders=ladders,
            lowest_price=int(priced.min()) if len(priced) else 0,
            highest_price=int(priced.max()) if len(priced) else 0,
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
            notes=self._gathered.problems.notes,
        )


def _sorted_order(keys: Sequence[Column]) -> Column | None:
    """The order in which rows sort by some keys, the first of them first; None where they stand in it already."""
    varying = [key for key in keys if key.min() != key.max()]
    if not varying:
        return None
    if len(varying) > 1:
        order: Column = np.lexsort(varying[::-1])
        return order
    key = varying[0]
    return None if (key[1:] >= key[:-1]).all() else np.argsort(key, kind="stable")


def _refuse(group: int) -> int:
    """What is asked for a row only when it is to be reported."""
    raise LineByLineError(group)


def _array(code: str, numbers: Column) -> "array[int]":
    made = array(code)
    made.frombytes(np.ascontiguousarray(numbers, dtype=code).view(np.uint8).data)
    return made


def _interleaved(columns: Sequence[pl.Series]) -> "array[int]":
    return _array("q", np.column_stack([column.to_numpy() for column in columns]).reshape(-1))


def _same(frame: pl.DataFrame, *numbers: int) -> list[pl.Series]:
    return [pl.repeat(number, len(frame), dtype=pl.Int64, eager=True) for number in numbers]


def _least(numbers: pl.Series) -> int:
    least: Any = numbers.min()
    return int(least)


def _most(numbers: pl.Series) -> int:
    most: Any = numbers.max()
    return int(most or 0)
