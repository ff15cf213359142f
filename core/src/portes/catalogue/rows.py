"""Rows of a database or the like made into entries; what is wrong with one is told, and nobody goes by the rest."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import isfinite
from typing import Any, Final, Literal

import structlog

from portes.catalogue.catalogue import CatalogueEntry
from portes.catalogue.columns import COLUMNS, columns_of, entry_of
from portes.catalogue.packed import size_of
from portes.catalogue.protocol import Row, Rows
from portes.contract import Dimensions
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_SIDE
from portes.contract.suggestions import did_you_mean
from portes.errors import CatalogueError, cut, shown
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import CellError, Cells
from portes.tables.reading.columns import Column

MEASURES: Final = ("weight_g", "length_mm", "width_mm", "height_mm")
"""Words that a row may have in place of `weight` and `size`: whole grams and millimetres, as databases keep them."""

_KNOWN: Final = frozenset((*COLUMNS, *MEASURES))
_SIDES: Final = MEASURES[1:]
_WEIGHT, _SIZE = COLUMNS.index("weight") - 1, COLUMNS.index("size") - 1
_MOST_TOLD: Final = 20
_REMEMBERED: Final = 1 << 16
_DECLARED: Final = ('decimal = ","', 'decimal = "."')

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row."""

    sku: str
    """Empty where not even that can be read."""
    column: str
    value: str
    """As it stands there, at most 80 characters."""
    cause: str
    fix: str

    def __str__(self) -> str:
        value = f" (got '{self.value}')" if self.value else ""
        return f"{self.column}: {self.cause}{value}; {self.fix}"


@dataclass(slots=True)
class ReadRows:
    """The entries of some rows as they come, and what was wrong with others."""

    columns: tuple[str, ...] = ()
    """Those that the rows have, in their order; empty before the first."""
    left_out: int = 0
    """Rows without a SKU that can be read."""
    has_measures: bool = False
    """Whether any of `MEASURES` is among the columns."""
    problems: list[RowProblem] = field(default_factory=list)
    """The first of each column, and twenty of them at most."""


class RowReader:
    """Reads rows for one store. Thread-safe; each `read` counts for itself."""

    def __init__(
        self, currency: str, origins: Collection[int] | None = None, decimal: Literal[".", ","] = ".", store: str = ""
    ) -> None:
        """Note what decides how cells are read.

        `origins` are the numbers there are, when they are to be checked; `decimal` is the sign of amounts in texts.
        """
        self.currency, self._store = currency, store
        options = ReadOptions(country="", currency=currency, decimal=decimal, declared=_DECLARED)
        self._cells = Cells(options, tuple)
        self._columns = {column.name: column for column in columns_of(origins)}
        self._caches: dict[str, dict[object, Any]] = {name: {} for name in COLUMNS[1:]}
        """What cells of each column mean: those of a shop repeat themselves, so each is read once."""

    def read(self, rows: Rows, into: ReadRows) -> Iterator[tuple[str, CatalogueEntry]]:
        """Each row's SKU and entry. One with a wrong cell has a `problem`, so that nobody goes by the rest of it.

        Raises `CatalogueError` for a column that nobody knows, and for rows without SKUs: nothing of them can be meant.
        """
        for row in rows:
            if isinstance(row, Mapping):
                sku, entry = self._read(row, into)
                if sku:
                    yield sku, entry
            else:
                yield row

    def _read(self, row: Row, into: ReadRows) -> tuple[str, CatalogueEntry]:
        if not into.columns:
            into.columns = self._checked(row)
            into.has_measures = any(name in row for name in MEASURES)
        sku = ""
        try:
            sku = self._cell(row, "sku")
            values = [self._cell(row, name) for name in COLUMNS[1:]]
            if into.has_measures:
                values[_WEIGHT], values[_SIZE] = _measured(values[_WEIGHT], values[_SIZE], row)
            return sku, entry_of(values)
        except _CellProblem as found:
            problem = replace(found.problem, sku=sku)
        if not sku:
            into.left_out += 1
        self._tell(problem, into)
        return sku, CatalogueEntry(problem=cut(f"its row in the catalogue is wrong: {problem}", 300))

    def _checked(self, row: Row) -> tuple[str, ...]:
        strange = next((name for name in row if name not in _KNOWN), None)
        if strange is not None:
            fix = did_you_mean(str(strange), _KNOWN) or f"known are {', '.join((*COLUMNS, *MEASURES))}"
            hint = f"the catalogue has a column {shown(strange)}, which means nothing: {fix}"
            raise CatalogueError("garbled", hint)
        if "sku" not in row:
            raise CatalogueError("garbled", "the catalogue has no column sku: select it, by that name")
        return tuple(row)

    def _cell(self, row: Row, name: str) -> Any:  # noqa: ANN401 — each column has its own kind of value
        value, column = row.get(name), self._columns[name]
        if value is None or (isinstance(value, str) and not value.strip()):
            if name == "sku":
                raise _CellProblem(name, value, "is blank", "give every row its SKU")
            return column.blank
        known = self._caches.get(name, {})
        try:
            if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool) and value in known:
                return known[value]
            found = _read(column, self._cells, value)
        except CellError as error:
            raise _CellProblem(name, value, str(error), error.fix) from None
        if name != "sku" and not isinstance(value, list | tuple):
            if len(known) >= _REMEMBERED:
                known.clear()
            known[value] = found
        return found

    def _tell(self, problem: RowProblem, into: ReadRows) -> None:
        """Log what is wrong, once a column."""
        if len(into.problems) < _MOST_TOLD and all(known.column != problem.column for known in into.problems):
            into.problems.append(problem)
            _log.warning(
                "a row of the catalogue cannot be used",
                store=self._store,
                sku=problem.sku,
                column=problem.column,
                value=problem.value,
                cause=problem.cause,
                fix=problem.fix,
            )


class _CellProblem(Exception):  # noqa: N818 — told as a problem, and never seen outside
    def __init__(self, column: str, value: object, cause: str, fix: str) -> None:
        super().__init__(cause)
        self.problem = RowProblem("", column, shown("" if value is None else value), cause, fix)


def _read(column: Column, cells: Cells, value: object) -> Any:  # noqa: ANN401 — each column has its own kind of value
    """What a cell of a database means: lists stand for words, and exact numbers for their digits."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    elif isinstance(value, Decimal):
        value = format(value, "f")
        cells = _dotted(cells)
    elif isinstance(value, bool) or not isinstance(value, str | int | float):
        raise CellError("is no text and no number", "convert it to one in the query")
    elif isinstance(value, str) and not value.isprintable():
        raise CellError("holds a sign that cannot be printed", "take it out")
    return column.read(cells, value)


def _dotted(cells: Cells) -> Cells:
    return cells if cells.options.decimal == "." else Cells(replace(cells.options, decimal="."), tuple)


def _measured(weight: int | None, size: Dimensions | None, row: Row) -> tuple[int | None, Dimensions | None]:
    """Weight and size of a row that may have them as whole grams and millimetres."""
    grams = _whole(row, "weight_g", HEAVIEST_UNIT)
    sides = [_whole(row, name, LONGEST_SIDE) for name in _SIDES]
    given = [side for side in sides if side is not None]
    if grams is not None and weight is not None:
        raise _CellProblem("weight_g", grams, "stands beside weight", "select one of the two")
    if given and size is not None:
        raise _CellProblem("length_mm", "", "stands beside size", "select one of the two")
    if given and len(given) < len(sides):
        missing = _SIDES[sides.index(None)]
        raise _CellProblem(missing, "", "is blank where other sides are not", "state all three sides, or none")
    return weight if grams is None else grams, size_of(*given) if given else size


def _whole(row: Row, name: str, most: int) -> int | None:
    value = row.get(name)
    if value is None:
        return None
    unit = "grams" if name == "weight_g" else "millimetres"
    fix = f"state whole {unit} of one unit, from 1 to {most}, or nothing"
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float) or not _is_whole(value):
        raise _CellProblem(name, value, f"is no whole number of {unit}", fix)
    if not 0 < value <= most:
        raise _CellProblem(name, value, f"is no number of {unit} that one unit has", fix)
    return int(value)


def _is_whole(value: Decimal | float) -> bool:
    return isfinite(value) and value == int(value)
