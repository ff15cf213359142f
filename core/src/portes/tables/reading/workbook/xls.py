"""The sheets of an XLS workbook, of which calamine tells neither errors nor the formats of numbers."""

from collections.abc import Collection, Iterator
from datetime import time
from io import StringIO
from typing import Any

import xlrd

from .grid import oddity, shows_percent

Rows = Iterator[tuple[int, list[Any]]]


def sheets(source: bytes) -> Iterator[tuple[str, bool, Rows]]:
    """The name of each sheet that has rows, whether it is hidden, and the rows."""
    with xlrd.open_workbook(file_contents=source, on_demand=True, logfile=StringIO(), formatting_info=True) as book:
        percents = _percent_formats(book)
        for number, name in enumerate(book.sheet_names()):
            sheet = book.sheet_by_index(number)
            if sheet.nrows:
                yield name, bool(sheet.visibility), _rows(sheet, book.datemode, percents)
            book.unload_sheet(number)


def _percent_formats(book: Any) -> frozenset[int]:  # noqa: ANN401 — the library has no types
    """The numbers of the cell formats that show percentages."""
    codes = {key: one.format_str for key, one in book.format_map.items()}
    return frozenset(at for at, used in enumerate(book.xf_list) if shows_percent(codes.get(used.format_key, "")))


def _rows(sheet: Any, datemode: int, percents: Collection[int]) -> Rows:  # noqa: ANN401 — see above
    for number in range(sheet.nrows):
        yield number + 1, [_value(cell, datemode, percents) for cell in sheet.row(number)]


def _value(cell: Any, datemode: int, percents: Collection[int]) -> Any:  # noqa: ANN401 — whatever a cell holds
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return oddity("error", xlrd.error_text_from_code.get(cell.value, ""))
    if cell.ctype == xlrd.XL_CELL_TEXT and not cell.value:
        return oddity("empty", '""')
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment = xlrd.xldate_as_datetime(cell.value, datemode)
        return moment if cell.value >= 1 else time(moment.hour, moment.minute, moment.second)
    if cell.ctype == xlrd.XL_CELL_NUMBER and cell.xf_index in percents:
        return {"percent": cell.value}
    return cell.value
