"""Rows as columns of numbers, checked all at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from portes.errors import Problems
from portes.tables.bulk.cells import CodeColumn, read_codes, read_numbers, read_words
from portes.tables.bulk.form import BulkFormat, ColumnForm, LineByLineError
from portes.tables.bulk.text import split_columns
from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.protocol import REFUSED, Axis, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cell, Cells
from portes.tables.reading.columns import REQUIRED, layout_of
from portes.tables.reading.sheets import TextSheet, open_sheets

TERMS: Final = (*(name for name in Terms._fields if name != "fees"), "percent", "least")
"""The numbers of terms, those of the fee `ad_valorem` last."""
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


def read_rows(table_format: BulkFormat, source: bytes, options: ReadOptions, problems: Problems) -> BulkRows:
    """The rows of a text file. Raises `LineByLineError` or `CellError` for one that must be read line by line."""
    sheets = open_sheets(source, options, problems, table_format.comment)
    sheet = sheets[0] if len(sheets) == 1 else None
    form = table_format.column_form(sheets, options, problems)
    if not isinstance(sheet, TextSheet) or form is None:
        raise LineByLineError
    gathered = GatheredRows(options, problems)
    fields = _Fields(form, sheet, options, problems)
    rows = _gathered(fields, gathered)
    fields.forget()
    _check(rows, gathered)
    terms, terms_of = numbered(rows.select(TERMS))
    brackets, bracket_of = numbered(rows.select("weight_from", "weight_to", "extra_from"))
    columns = rows.select("scope", "first", "last", _price(rows, options)).with_columns(
        terms=terms_of, bracket=bracket_of
    )
    return BulkRows(gathered, columns, terms, brackets)


class _Fields:
    """The fields of all rows."""

    def __init__(self, form: ColumnForm, sheet: TextSheet, options: ReadOptions, problems: Problems) -> None:
        layout = layout_of(sheet, form.columns, problems)
        if layout is None:
            raise LineByLineError
        self.form = form
        self._options = options
        text = split_columns(sheet, layout.line, len(layout.columns))
        self._text = dict(zip((column.name for column in layout.columns), text, strict=True))
        self._known = {column.name: column for column in form.columns}
        self._read: dict[str, pl.Series] = {}
        self.size = len(text)
        for name, words in form.only.items():
            if name in self._text and not set(self._words(name).str.to_uppercase().unique()) <= set(words):
                raise LineByLineError

    def numbers(self, name: str) -> pl.Series | int:
        """A field that is a number: of each row, or one that all have."""
        columns = self.form.fields.get(name, ())
        found: pl.Series | None = None
        for column in columns:
            if column not in self._text:
                blank = self._known[column].blank
                if blank is None or blank is REQUIRED:
                    continue
                return blank if found is None else found.fill_null(blank)
            if column not in self._read:
                self._read[column] = read_numbers(self._known[column], self._cells(column), self._text[column])
            values = self._read[column]
            found = values if found is None else found.zip_with(found.is_not_null(), values)
            if not found.has_nulls():
                return found
        if columns:
            raise LineByLineError
        return (Terms._field_defaults | {"percent": 0, "least": 0})[name]

    def services(self) -> pl.Series | None:
        """What each row calls its service; None where no column names one."""
        columns = [column for column in self.form.fields.get("service", ()) if column in self._text]
        return self._words(columns[0]) if columns else None

    def codes(self, name: str, *, last: bool) -> CodeColumn:
        """A field of postal codes, none of them blank."""
        (column,) = self.form.fields[name]
        codes = read_codes(self._known[column], self._cells(column), self._text[column], last=last)
        if codes.numbers.has_nulls():
            raise LineByLineError
        return codes

    def forget(self) -> None:
        """Give the memory of the text back."""
        self._text.clear()
        self._read.clear()

    def _words(self, column: str) -> pl.Series:
        return read_words(self._known[column], self._cells(column), self._text[column])

    def _cells(self, name: str) -> Cells:
        """The readers of a column, which look into the others for what a number's separator means."""
        others = [column.name for column in self.form.columns if column.number and column.name != name]
        return Cells(self._options, lambda: self._different(name), lambda: [self._below(other) for other in others])

    def _below(self, name: str) -> Callable[[], Iterable[Cell]]:
        return lambda: self._different(name)

    def _different(self, name: str) -> Iterable[Cell]:
        return self._text[name].unique(maintain_order=True) if name in self._text else ()


def _gathered(fields: _Fields, gathered: GatheredRows) -> pl.DataFrame:
    """The numbers of all rows, a column for each field. Raises `LineByLineError` where a row has none."""
    first, last = fields.codes("postal_from", last=False), fields.codes("postal_to", last=True)
    alike = (first.restored == last.restored).all()
    if not alike or not (gathered.form.ordered or (first.lengths == last.lengths).all()):
        raise LineByLineError
    scopes = _scopes(fields.services(), fields.form.axis, gathered)
    numbers = {name: fields.numbers(name) for name in _NUMBERS}
    held = {name: values for name, values in numbers.items() if isinstance(values, pl.Series)}
    same = {name: pl.lit(value, pl.Int64) for name, value in numbers.items() if isinstance(value, int)}
    frame = pl.DataFrame({"first": first.numbers, "last": last.numbers, **held})
    rows = frame.with_columns(**same, scope=pl.lit(0, pl.Int64) if scopes is None else scopes)
    if not len(rows) or any(rows[name].has_nulls() for name in held):
        raise LineByLineError
    return rows


def _scopes(services: pl.Series | None, axis: Axis, gathered: GatheredRows) -> pl.Series | None:
    """Per row, the number of its scope; None where all have the first."""
    names = [""] if services is None else services.unique(maintain_order=True).to_list()
    if "" in names and len(names) > 1:
        raise LineByLineError
    for name in names:
        gathered.scope_number(Row(0, name, "", "", 0, 0, 0, 0, Terms(0, 0), axis=axis))
    if services is None or len(names) <= 1:
        return None
    return services.cast(pl.Enum(names)).to_physical().cast(pl.Int64)


def _check(rows: pl.DataFrame, gathered: GatheredRows) -> None:
    """See that each row makes sense. Raises `LineByLineError` where one does not."""
    column = pl.col
    backwards = (column("first") > column("last")) | (column("days_min") > column("days_max"))
    empty = column("weight_from") // 1000 >= column("weight_to") // 1000
    odd = column("extra_per_kg") != 0 if gathered.axis != "weight" else pl.lit(value=False)
    if rows.select((backwards | empty | odd).any()).item():
        raise LineByLineError


def _price(rows: pl.DataFrame, options: ReadOptions) -> pl.Series:
    """The price of each row. Raises `LineByLineError` where one charges nothing and that is to be reported."""
    price, column = rows["price"], pl.col
    if not (price == 0).any():
        return price
    extra = (column("extra_per_kg") != 0) & (column("extra_from") < column("weight_to"))
    others = pl.any_horizontal(column(name) != 0 for name in ("minimum", "percent", "least"))
    nothing = rows.select((column("price") == 0) & ~extra & ~others).to_series()
    if options.zero_price == "report" and nothing.any():
        raise LineByLineError
    return price.set(nothing, REFUSED) if options.zero_price == "refuse" else price


def numbered(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The rows of a frame that differ, in the order in which they come, and the place of each row among them."""
    varying = [name for name in frame.columns if frame[name].min() != frame[name].max()]
    if not varying:
        return frame.head(1), pl.repeat(0, len(frame), dtype=pl.UInt32, eager=True)
    hashes = frame.select(varying).hash_rows()
    first = hashes.is_first_distinct()
    if first.all():
        return frame, pl.int_range(len(frame), dtype=pl.UInt32, eager=True)
    different = frame.filter(first)
    known = pl.DataFrame({"hash": hashes.filter(first)}).with_row_index("place")
    places = pl.DataFrame({"hash": hashes}).join(known, on="hash", how="left", maintain_order="left")["place"]
    if not all((different[name].gather(places) == frame[name]).all() for name in varying):
        raise LineByLineError  # two rows of one hash: once in ten million tables of the largest size
    return different, places
