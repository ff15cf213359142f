"""The process itself: a workbook on standard input, its sheets as lines of JSON on standard output."""

import json
import math
import os
import resource
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import BytesIO
from itertools import chain
from typing import Any, Final

from .archive import Archive
from .grid import BookRefusedError, Marks, oddity
from .ods import CONTENT, OdsMarks
from .xlsx import XlsxMarks, find_book

_ZIP: Final = b"PK\x03\x04"
_BLANK: Final = ""

Rows = Iterator[tuple[int, list[Any]]]
"""The lines of a sheet: number, from 1, and cells."""
Sheets = Iterator[tuple[dict[str, Any], Rows]]
"""The sheets of a workbook: name, whether it is hidden and tells the formats of its numbers, by key; and its lines."""


def main() -> None:
    """Read one workbook within the limits that the arguments give: MiB of address space, seconds of processor time.

    Each sheet is a line with its name, then its lines that are not blank, each with its number first; a last line
    says that nothing is missing, or what keeps the workbook from being read.
    """
    memory, seconds = map(int, sys.argv[1:3])
    _limit(memory << 20, seconds)
    source, out = sys.stdin.buffer.read(), sys.stdout.buffer
    out.write(b"\n")
    try:
        for line in _lines(source):
            out.write(json.dumps(line, allow_nan=False).encode() + b"\n")
        last: dict[str, Any] = {"end": True}
    except BookRefusedError as refused:
        last = {"refused": refused.told}
    except MemoryError:
        last = {"memory": True}
    except BrokenPipeError:
        return
    except BaseException as error:  # noqa: BLE001 — a library may fail in any way on bytes made to harm it
        last = {"refused": BookRefusedError(f"is no workbook that can be read: {error}"[:200]).told}
    out.write(json.dumps(last).encode() + b"\n")
    out.flush()


def _limit(memory: int, seconds: int) -> None:
    os.nice(5)  # quotes are more urgent
    own = (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)
    for limit, value in (*own, (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(limit)[1]
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (soft, hard))  # at the soft limit a signal says which it was


def _lines(source: bytes) -> Iterator[object]:
    for about, rows in _sheets(source):
        yield about
        for number, values in rows:
            while values and values[-1] == _BLANK:
                values.pop()
            if values:
                yield [number, *values]


def _sheets(source: bytes) -> Sheets:
    if not source.startswith(_ZIP):
        from . import xls  # its library is needed for this kind alone

        for name, hidden, rows in xls.sheets(source):
            about = {"sheet": name, "formats": True, "hidden": hidden}
            yield about, ((number, [_plain(value) for value in values]) for number, values in rows)
        return
    archive = Archive(source)
    if book := find_book(archive):
        yield from _from_calamine(source, XlsxMarks(archive, book))
    elif CONTENT in archive:
        yield from _from_calamine(source, OdsMarks(archive))
    else:
        msg = "it is an archive, and neither XLSX nor ODS"
        raise BookRefusedError(msg)


def _from_calamine(source: bytes, marks: XlsxMarks | OdsMarks) -> Sheets:
    from python_calamine import (
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )  # another kind of workbook does without

    book = CalamineWorkbook.from_filelike(BytesIO(source))
    for meta in book.sheets_metadata:
        if meta.typ is SheetTypeEnum.WorkSheet:
            known = marks.of(meta.name)  # before calamine makes a grid of it
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.start or known.odd:  # the height of a sheet with one row is 0
                hidden = meta.visible is not SheetVisibleEnum.Visible
                yield (
                    {"sheet": meta.name, "formats": isinstance(marks, XlsxMarks), "hidden": hidden},
                    _marked(sheet, known),
                )


def _marked(sheet: Any, marks: Marks) -> Rows:  # noqa: ANN401 — the library has no types
    """The rows of a sheet with what is odd in them, and those of which calamine knows nothing."""
    first = sheet.start[1] if sheet.start else 0
    known = ((number, [_BLANK] * first + row) for number, row in enumerate(sheet.iter_rows(), start=1))
    unknown = ((number, [_BLANK]) for number in sorted(marks.odd) if number > sheet.total_height + 1)
    for number, row in chain(known, unknown):
        odd, formulas = marks.odd.get(number, {}), marks.formulas.get(number, ())
        percents = marks.percents.get(number, ())
        cells = [_plain(value) for value in row]
        cells += [_BLANK] * (max(odd, default=-1) + 1 - len(cells))
        for column in formulas:
            if column < len(cells) and cells[column] == _BLANK:
                cells[column] = oddity("formula")
        for column in percents:
            if column < len(cells) and isinstance(cells[column], float | int):
                cells[column] = {"percent": cells[column]}
        for column, found in odd.items():
            cells[column] = found
        yield number, cells


def _plain(value: Any) -> Any:  # noqa: ANN401 — whatever a spreadsheet holds
    """A cell in the words of JSON."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and not math.isfinite(value):
        return oddity("infinite", str(value))
    if isinstance(value, str | int | float | dict):
        return value
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, timedelta):
        return {"span": value // timedelta(microseconds=1)}
    return value.isoformat() if isinstance(value, date) else str(value)
