"""Rows as columns of numbers, checked all at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from portes.contract.postal import postal_form
from portes.errors import Problems
from portes.tables.bulk.cells import ColumnReader, NumberColumn
from portes.tables.bulk.form import BulkError, BulkFormat, BulkLimits, ColumnForm
from portes.tables.bulk.spans import LONGEST, CellSpans, Numbers, Truths, different, joined, narrowed
from portes.tables.bulk.text import TextColumns
from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.progress import tell
from portes.tables.protocol import REFUSED, Axis, ReadOptions, Row, Terms
from portes.tables.reading.cells import ColumnCells
from portes.tables.reading.columns import cells_of
from portes.tables.reading.fields import Column
from portes.tables.reading.headers import IGNORED, HeaderReader
from portes.tables.reading.sheet_tables import SheetTable, find_tables
from portes.tables.reading.sheets import TextSheet, open_sheets

TERMS: Final = (*(name for name in Terms._fields if name != "fees"), "percent", "least")
"""The numbers of terms, those of the fee `ad_valorem` last."""
BRACKETS: Final = ("weight_from", "weight_to", "extra_from")
"""The numbers of brackets."""
_AT_ONCE: Final = 2
"""Pieces; NumPy lets other threads work meanwhile."""
_DEFAULTS: Final[Mapping[str, int]] = Terms._field_defaults | {"percent": 0, "least": 0}
_NUMBERS: Final = (*BRACKETS, "price", *TERMS)

Columns = dict[str, Numbers]
"""Columns of one length, by name; what is the same in all rows takes no memory."""


@dataclass(frozen=True, slots=True)
class BulkRows:
    """Rows that make sense by themselves, in the order of the file."""

    gathered: GatheredRows
    """Services and scopes, but no rows."""
    columns: Columns
    """`scope`, `first` and `last` code, `price`, and the places of the row's `terms` and `bracket`."""
    terms: Columns
    """Terms that differ, in the order in which they come, a column for each of `TERMS`."""
    brackets: Columns
    """Brackets that differ, in the order in which they come, a column for each of `BRACKETS`."""


def read_rows(
    table_format: BulkFormat, source: bytes, options: ReadOptions, problems: Problems, limits: BulkLimits
) -> BulkRows:
    """The rows of a text file. Raises `BulkError` or `CellError` for one that must be read line by line."""
    sheets = open_sheets(source, options, problems, table_format.comment)
    form = table_format.column_form(sheets, options, problems)
    if form is None:
        raise BulkError
    reader = HeaderReader(form.columns, options, form.ignores)
    tables = [next(iter(found)) for found in find_tables(sheets, reader, problems)]
    if len(tables) != 1 or not tables[0].parts:
        raise BulkError
    gathered = GatheredRows(options, problems)
    rows = _Fields(form, tables[0], reader, limits, gathered).rows()
    price = _price(rows, options)
    brackets, bracket = _taken(rows, BRACKETS)
    terms, terms_of = _taken(rows, TERMS)
    _check(rows, terms, brackets, gathered.axis)
    return BulkRows(gathered, rows | {"price": price, "terms": terms_of, "bracket": bracket}, terms, brackets)


class _BulkLines(dict[str, Numbers]):
    """The numbers of some lines by field, and their services: those that differ, and per line which one it has."""

    services: tuple[list[str], Numbers | None] = ([""], None)


class _Fields:
    """The fields of rows, read from the cells of the columns that they come from."""

    def __init__(
        self, form: ColumnForm, table: SheetTable, reader: HeaderReader, limits: BulkLimits, gathered: GatheredRows
    ) -> None:
        if not isinstance(table.sheet, TextSheet) or any(part.bracket for part in table.parts):
            raise BulkError
        self._form = form
        self._gathered = gathered
        self._ordered = postal_form(reader.options.country).ordered
        self._unread = [at for at, part in enumerate(table.parts) if part.column is IGNORED]
        self._places = {part.column.name: at for at, part in enumerate(table.parts) if part.column is not IGNORED}
        self._text = TextColumns(table.sheet, table.line, len(table.parts), limits.piece)
        self._readers = {
            part.column.name: ColumnReader(part, cells_of(part, table, reader, self._below))
            for part in table.parts
            if part.column is not IGNORED
        }
        self._blanks = {column.name: column.blank for column in form.columns if column.name not in self._places}
        self._same = {name: self._default(name) for name in _NUMBERS if not self._columns(name)}
        """Numbers that all rows have."""

    def rows(self) -> Columns:
        """The numbers of all rows by field, with `scope`, `first` and `last`. Raises `BulkError` where a row has none.

        The file's bytes are not needed afterwards.
        """
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                pieces = [piece for piece in self._told(pool.map(self._piece, self._text.pieces())) if piece]
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        if not pieces:
            raise BulkError
        scope = self._scopes(pieces)
        rows = {name: joined([piece.pop(name) for piece in pieces]) for name in list(pieces[0])}
        same = {name: np.broadcast_to(np.int64(value), len(scope)) for name, value in self._same.items()}
        return rows | same | {"scope": scope}

    def _told(self, pieces: Iterable[_BulkLines]) -> Iterator[_BulkLines]:
        """The pieces as they are read, with a word of each."""
        for part, piece in zip(self._text.pieces(), pieces, strict=True):
            tell("read", part.stop, self._text.size)
            yield piece

    def _piece(self, piece: slice) -> _BulkLines:
        """The numbers of the lines of a piece; nothing where all are blank."""
        columns, read = self._text.split(piece), _BulkLines()
        if not len(columns[0]):
            return read
        if any((columns[at].lengths > LONGEST).any() for at in self._unread):
            raise BulkError
        cells = {name: columns[at] for name, at in self._places.items()}
        for name, words in self._form.only.items():
            if name in cells and not {word.upper() for word in self._readers[name].words(cells[name])[0]} <= set(words):
                raise BulkError
        numbers: dict[str, NumberColumn] = {}
        for name in _NUMBERS:
            for column in self._columns(name):
                if column not in numbers:
                    numbers[column] = self._readers[column].numbers(cells[column])
        read.update((name, self._first(name, numbers)) for name in _NUMBERS if name not in self._same)
        read.update(self._codes(cells))
        read.update({name: narrowed(column) for name, column in read.items()})
        for column in self._columns("service"):
            read.services = self._readers[column].words(cells[column])
        return read

    def _codes(self, cells: Mapping[str, CellSpans]) -> dict[str, Numbers]:
        """First and last codes. Raises `BulkError` where those of a row do not compare, or one is blank."""
        ((one,), (other,)) = (self._form.fields[name] for name in ("postal_from", "postal_to"))
        first = self._readers[one].codes(cells[one], last=False)
        last = self._readers[other].codes(cells[other], last=True)
        if not (first.restored == last.restored).all():
            raise BulkError
        if not (self._ordered or (first.lengths == last.lengths).all()):
            raise BulkError
        return {"first": first.numbers, "last": last.numbers}

    def _first(self, name: str, read: Mapping[str, NumberColumn]) -> Numbers:
        """The first of a field's columns that has a value, row by row. Raises `BulkError` where none has one."""
        columns = self._columns(name)
        found, blank = read[columns[0]]
        for column in columns[1:]:
            if blank is not None:
                others, other_blank = read[column]
                found = np.where(blank, others, found)
                blank = None if other_blank is None else _some(blank & other_blank)
        if blank is not None:
            found = np.where(blank, np.int64(self._default(name)), found)
        return found

    def _columns(self, name: str) -> list[str]:
        """The columns of the table that a field may come from."""
        return [column for column in self._form.fields.get(name, ()) if column in self._readers]

    def _default(self, name: str) -> int:
        """What a field is where no column says. Raises `BulkError` where there is no such value."""
        columns = self._form.fields.get(name)
        if columns is None:
            return _DEFAULTS[name]
        blanks = [self._blanks[column] for column in columns if column in self._blanks]
        for blank in blanks:
            if isinstance(blank, int):
                return blank
        raise BulkError

    def _below(self, column: Column) -> ColumnCells:
        """All cells of a column, to look for what a number's separator means."""
        place = self._places.get(column.name)
        return tuple if place is None else partial(self._text.cells, place)

    def _scopes(self, pieces: Sequence[_BulkLines]) -> Numbers:
        """The number of each row's scope. Raises `BulkError` where some rows name their service and others do not."""
        names: dict[str, int] = {}
        scopes = []
        for piece in pieces:
            services, like = piece.services
            numbers = np.array([names.setdefault(name, len(names)) for name in services], np.int64)
            scopes.append(np.broadcast_to(numbers[0], len(piece["first"])) if like is None else numbers[like])
        if "" in names and len(names) > 1:
            raise BulkError
        for name in names:
            self._gathered.scope_number(Row(0, name, "", "", 0, 0, 0, 0, Terms(0, 0), axis=self._form.axis))
        return joined(scopes)


def _some(truths: Truths) -> Truths | None:
    """Which ones are true; None where none is."""
    return truths if truths.any() else None


def _taken(rows: Columns, names: Sequence[str]) -> tuple[Columns, Numbers]:
    """Some columns of rows, taken out of them: what differs, in the order in which it comes, and per row its place."""
    firsts, like = different([rows[name] for name in names])
    if firsts is like:  # no two rows are the same
        return {name: rows.pop(name) for name in names}, firsts
    count = len(rows["first"])
    taken = {name: rows.pop(name)[firsts] for name in names}
    return taken, np.broadcast_to(np.int64(0), count) if like is None else like


def _check(rows: Columns, terms: Columns, brackets: Columns, axis: Axis) -> None:
    """See that each row makes sense. Raises `BulkError` where one does not."""
    backwards = (rows["first"] > rows["last"]).any() or (terms["days_min"] > terms["days_max"]).any()
    empty = (brackets["weight_from"] // 1000 >= brackets["weight_to"] // 1000).any()
    odd = axis != "weight" and (terms["extra_per_kg"] != 0).any()
    if backwards or empty or odd:
        raise BulkError


def _price(rows: Columns, options: ReadOptions) -> Numbers:
    """The price of each row. Raises `BulkError` where one charges nothing and that is to be reported."""
    price = rows["price"]
    nothing = price == 0
    if not nothing.any():
        return price
    nothing &= (rows["extra_per_kg"] == 0) | (rows["extra_from"] >= rows["weight_to"])
    for name in ("minimum", "percent", "least"):
        nothing &= rows[name] == 0
    if options.zero_price == "report" and nothing.any():
        raise BulkError
    return np.where(nothing, REFUSED, price.astype(np.int64)) if options.zero_price == "refuse" else price
