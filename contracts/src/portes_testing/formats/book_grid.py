"""A workbook as cells that can be replaced, and workbooks made of cells."""

import io
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile, is_zipfile

from portes_testing.formats.cells import Spot, Value

_MOST: Final = 14
"""Fewer than of a text: each workbook is read in a process of its own."""
_CONTENT: Final = "[Content_Types].xml"
"""A part of every XLSX file and of no ODS file; both are archives."""
_ONE_SHEET: Final = "Sheet1"
_PLAIN: Final = re.compile(r"(0|[1-9][0-9]*)(?:[.,]([0-9]{1,2}))?")
"""A number that means one thing, whatever the decimal sign: no group of thousands has one or two digits."""
_ODS_NAMES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_ODS_KIND: Final = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST: Final = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


@dataclass
class BookGrid:
    """A workbook; it is written anew as XLSX, values in place of formulas, whatever kind it was."""

    source: bytes
    most: int = _MOST

    @cached_property
    def filled(self) -> dict[Spot, Value]:
        """The cells with anything in them."""
        return {
            Spot(sheet.title, cell.row, cell.column - 1): cell.value
            for sheet in self.opened()
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None and str(cell.value).strip()
        }

    def opened(self) -> Any:  # noqa: ANN401 — openpyxl comes without types
        """A workbook of openpyxl that may be changed."""
        from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # see above
        from python_calamine import CalamineWorkbook

        if is_zipfile(io.BytesIO(self.source)) and _CONTENT in ZipFile(io.BytesIO(self.source)).namelist():
            return load_workbook(io.BytesIO(self.source), data_only=True)
        book, other = Workbook(), CalamineWorkbook.from_filelike(io.BytesIO(self.source))
        book.remove(book.active)
        for name in other.sheet_names:
            sheet = book.create_sheet(name)
            for line in other.get_sheet_by_name(name).to_python(skip_empty_area=False):
                sheet.append([None if cell == "" else cell for cell in line])
        return book

    def with_cells(self, cells: dict[Spot, Value]) -> bytes:
        """The file with these cells in place of its own."""
        book = self.opened()
        for spot, value in cells.items():
            book[spot.sheet].cell(spot.line, spot.column + 1).value = value
        return _saved(book)

    def with_line_twice(self, spot: Spot) -> bytes:
        """The file with the line of a cell once more at the end of its sheet."""
        book = self.opened()
        sheet = book[spot.sheet]
        sheet.append([cell.value for cell in sheet[spot.line]])
        return _saved(book)

    def without_column(self, spot: Spot) -> bytes:
        """The file without the column of a cell."""
        book = self.opened()
        book[spot.sheet].delete_cols(spot.column + 1)
        return _saved(book)


def _saved(book: Any) -> bytes:  # noqa: ANN401 — openpyxl comes without types
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_numbers(cells: Mapping[Spot, Value]) -> dict[Spot, Value]:
    """The cells with a spreadsheet's number for each text that can only mean that number."""
    return {spot: _as_number(value) for spot, value in cells.items()}


def _as_number(value: Value) -> Value:
    match = _PLAIN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return value
    return float(f"{match[1]}.{match[2]}") if match[2] else int(match[1])


def xlsx_of(cells: Mapping[Spot, Value]) -> bytes:
    """An XLSX file of these cells."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, lines in _sheets(cells).items():
        sheet = book.create_sheet(name)
        for line, told in lines.items():
            for column, value in told.items():
                sheet.cell(line, column + 1).value = value
    return _saved(book)


def ods_of(cells: Mapping[Spot, Value]) -> bytes:
    """An ODS file of these cells."""
    tables = (
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_line, _filled_up(lines)))}</table:table>"
        for name, lines in _sheets(cells).items()
    )
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODS_MANIFEST}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_KIND}"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", _ODS_KIND)
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", f"<office:document-content {_ODS_NAMES}>{body}</office:document-content>")
    return stream.getvalue()


def _sheets(cells: Mapping[Spot, Value]) -> dict[str, dict[int, dict[int, Value]]]:
    """The cells by sheet, line and column."""
    sheets: dict[str, dict[int, dict[int, Value]]] = defaultdict(lambda: defaultdict(dict))
    for spot, value in cells.items():
        sheets[spot.sheet or _ONE_SHEET][spot.line][spot.column] = value
    return sheets


def _filled_up(lines: Mapping[int, Mapping[int, Value]]) -> list[list[Value]]:
    """Every line from the first on, every cell up to the last one in it."""
    told = [lines.get(number, {}) for number in range(1, max(lines) + 1)]
    return [[line.get(column) for column in range(max(line, default=-1) + 1)] for line in told]


def _ods_line(line: list[Value]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, line)) or '<table:table-cell/>'}</table:table-row>"


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, timedelta):
        seconds = value // timedelta(seconds=1)
        span = f"PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"
        return f'<table:table-cell office:value-type="time" office:time-value="{span}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


__all__ = ["BookGrid", "as_numbers", "ods_of", "xlsx_of"]
