"""Rows as columns of numbers, checked all at once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import polars as pl

from portes.contract.postal import postal_form
from portes.errors import Problems
from portes.tables.bulk.cells import LONGEST, ColumnReader
from portes.tables.bulk.form import BulkError, BulkFormat, BulkLimits, ColumnForm
from portes.tables.bulk.text import TextColumns
from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.protocol import REFUSED, Axis, ReadOptions, Row, Terms
from portes.tables.reading.cells import ColumnCells
from portes.tables.reading.columns import cells_of
from portes.tables.reading.fields import Column
from portes.tables.reading.headers import IGNORED, HeaderReader
from portes.tables.reading.sheet_tables import SheetTable, find_tables
from portes.tables.reading.sheets import TextSheet, open_sheets

TERMS: Final = (*(name for name in Terms._fields if name != "fees"), "percent", "least")
"""The numbers of terms, those of the fee `ad_valorem` last."""
_AT_ONCE: Final = 2
"""Pieces; each takes some ten times its size in memory."""
_DEFAULTS: Final[Mapping[str, int]] = Terms._field_defaults | {"percent": 0, "least": 0}
_NUMBERS: Final = ("weight_from", "weight_to", "price", "extra_from", *TERMS)


@dataclass(frozen=True, slots=True)
class BulkRows:
    """Rows that make sense by themselves, in the order of the file."""

    gathered: GatheredRows
    """Services and scopes, but no rows."""
    columns: pl.DataFrame
    """`scope`, `first` and `last` code, `price`, and the places of the row's `terms` and `bracket`."""
    terms: pl.DataFrame
    """Terms that differ, in the order in which they come, a column for each of `TERMS`."""
    brackets: pl.DataFrame
    """Brackets that differ, in the order in which they come: `weight_from`, `weight_to` and `extra_from`."""


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
    rows = _gathered(_Fields(form, tables[0], reader, limits), gathered)
    _check(rows, gathered)
    terms, terms_of = numbered(rows.select(TERMS))
    brackets, bracket_of = numbered(rows.select("weight_from", "weight_to", "extra_from"))
    columns = rows.select("scope", "first", "last", _price(rows, options)).with_columns(
        terms=terms_of, bracket=bracket_of
    )
    return BulkRows(gathered, columns, terms, brackets)


class _Fields:
    """The fields of rows, read from the cells of the columns that they come from."""

    def __init__(self, form: ColumnForm, table: SheetTable, reader: HeaderReader, limits: BulkLimits) -> None:
        if not isinstance(table.sheet, TextSheet) or any(part.bracket for part in table.parts):
            raise BulkError
        self.form = form
        self._ordered = postal_form(reader.options.country).ordered
        self._unread = [str(at) for at, part in enumerate(table.parts) if part.column is IGNORED]
        self._places = {part.column.name: str(at) for at, part in enumerate(table.parts) if part.column is not IGNORED}
        self._text = TextColumns(table.sheet, table.line, len(table.parts), limits.piece)
        self._readers = {
            part.column.name: ColumnReader(part, cells_of(part, table, reader, self._below), limits.few)
            for part in table.parts
            if part.column is not IGNORED
        }
        self._blanks = {column.name: column.blank for column in form.columns if column.name not in self._places}
        self.same = {name: self._constant(name) for name in _NUMBERS if not self._columns(name)}
        """Numbers that all rows have."""

    def rows(self) -> pl.DataFrame:
        """The other numbers of all rows, with `service`, `first` and `last`; a column for each."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                pieces = list(pool.map(self._piece, self._text.pieces()))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        if not any(map(len, pieces)):
            raise BulkError
        return pl.concat(pieces)

    def _piece(self, piece: slice) -> pl.DataFrame:
        split = self._text.split(piece)
        if any((split[at].str.len_bytes() > LONGEST).any() for at in self._unread):
            raise BulkError
        text = {name: split[at] for name, at in self._places.items()}
        read: dict[str, pl.Series] = {}
        for name, words in self.form.only.items():
            if name in text:
                found = self._readers[name].words(text[name]).str.to_uppercase().unique()
                if not set(found) <= set(words):
                    raise BulkError
        for name in _NUMBERS:
            for column in self._columns(name):
                if column not in read:
                    read[column] = self._readers[column].numbers(text[column])
        held = {name: self._first(name, read) for name in _NUMBERS if name not in self.same}
        service = self._columns("service")
        if service:
            held["service"] = self._readers[service[0]].words(text[service[0]])
        frame = pl.DataFrame(held | self._codes(text))
        if sum(frame.null_count().row(0)):
            raise BulkError
        return frame

    def _codes(self, text: Mapping[str, pl.Series]) -> dict[str, pl.Series]:
        """First and last codes. Raises `BulkError` where those of a row do not compare, or one is blank."""
        ((one,), (other,)) = (self.form.fields[name] for name in ("postal_from", "postal_to"))
        first = self._readers[one].codes(text[one], last=False)
        last = self._readers[other].codes(text[other], last=True)
        if not (first.restored == last.restored).all():
            raise BulkError
        if not (self._ordered or (first.lengths == last.lengths).all()):
            raise BulkError
        return {"first": first.numbers, "last": last.numbers}

    def _first(self, name: str, read: Mapping[str, pl.Series]) -> pl.Series:
        """The first of a field's columns that has a value, row by row."""
        columns = self._columns(name)
        found = read[columns[0]]
        for column in columns[1:]:
            if found.has_nulls():
                found = found.zip_with(found.is_not_null(), read[column])
        constant = self._constant(name) if found.has_nulls() else None
        return found if constant is None else found.fill_null(constant)

    def _columns(self, name: str) -> list[str]:
        """The columns of the table that a field may come from."""
        return [column for column in self.form.fields.get(name, ()) if column in self._readers]

    def _constant(self, name: str) -> int | None:
        """What a field is where no column says; None where there is no such value."""
        columns = self.form.fields.get(name)
        if columns is None:
            return _DEFAULTS[name]
        blanks = [self._blanks[column] for column in columns if column in self._blanks]
        return next((blank for blank in blanks if isinstance(blank, int)), None)

    def _below(self, column: Column) -> ColumnCells:
        """All cells of a column, to look for what a number's separator means."""
        place = self._places.get(column.name)
        return partial(self._text.cells, place) if place else tuple


def _gathered(fields: _Fields, gathered: GatheredRows) -> pl.DataFrame:
    """The numbers of all rows, a column for each field. Raises `BulkError` where a row has none."""
    rows = fields.rows()
    scope = _scopes(rows, fields.form.axis, gathered)
    same = {name: pl.lit(value, pl.Int64) for name, value in fields.same.items()}
    return rows.drop("service", strict=False).with_columns(
        **same, scope=pl.lit(0, pl.Int64) if scope is None else scope
    )


def _scopes(rows: pl.DataFrame, axis: Axis, gathered: GatheredRows) -> pl.Series | None:
    """Per row, the number of its scope; None where all have the first."""
    named = "service" in rows.columns
    names = rows["service"].unique(maintain_order=True).to_list() if named else [""]
    if "" in names and len(names) > 1:
        raise BulkError
    for name in names:
        gathered.scope_number(Row(0, name, "", "", 0, 0, 0, 0, Terms(0, 0), axis=axis))
    return rows["service"].cast(pl.Enum(names)).to_physical().cast(pl.Int64) if len(names) > 1 else None


def _check(rows: pl.DataFrame, gathered: GatheredRows) -> None:
    """See that each row makes sense. Raises `BulkError` where one does not."""
    column = pl.col
    backwards = (column("first") > column("last")) | (column("days_min") > column("days_max"))
    empty = column("weight_from") // 1000 >= column("weight_to") // 1000
    odd = column("extra_per_kg") != 0 if gathered.axis != "weight" else pl.lit(value=False)
    if rows.select((backwards | empty | odd).any()).item():
        raise BulkError


def _price(rows: pl.DataFrame, options: ReadOptions) -> pl.Series:
    """The price of each row. Raises `BulkError` where one charges nothing and that is to be reported."""
    price, column = rows["price"], pl.col
    if not (price == 0).any():
        return price
    extra = (column("extra_per_kg") != 0) & (column("extra_from") < column("weight_to"))
    others = pl.any_horizontal(column(name) != 0 for name in ("minimum", "percent", "least"))
    nothing = rows.select((column("price") == 0) & ~extra & ~others).to_series()
    if options.zero_price == "report" and nothing.any():
        raise BulkError
    return price.set(nothing, REFUSED) if options.zero_price == "refuse" else price


def numbered(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The rows of a frame that differ, in the order in which they come, and the place of each row among them."""
    varying = [name for name in frame.columns if frame[name].min() != frame[name].max()]
    if not varying:
        return frame.head(1), pl.repeat(0, len(frame), dtype=pl.UInt32, eager=True)
    hashes = frame.select(varying).hash_rows()
    ordered = hashes.sort()
    if not (ordered == ordered.shift(1)).any():
        return frame, pl.int_range(len(frame), dtype=pl.UInt32, eager=True)
    first = hashes.is_first_distinct()
    different = frame.filter(first)
    known = pl.DataFrame({"hash": hashes.filter(first)}).with_row_index("place")
    places = pl.DataFrame({"hash": hashes}).join(known, on="hash", how="left", maintain_order="left")["place"]
    if not all((different[name].gather(places) == frame[name]).all() for name in varying):
        raise BulkError  # two rows of one hash: once in ten million tables of the largest size
    return different, places
