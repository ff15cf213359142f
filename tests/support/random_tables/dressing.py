"""A grid of cells as a file that a shop might send: signs, separators, encodings, titles, workbooks, archives."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal
from zipfile import ZipFile

from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types


class Code(str):
    """A postal code that may be written with its hyphen, or without its zero."""

    __slots__ = ()


Cell = str | int | Decimal | Code
Rows = list[Sequence[Cell]]

TITLES = (["Tabela de preços"], [""], ["Fretes sem impostos, por transportadora"])


@dataclass(frozen=True)
class Grid:
    """A table as a format lays it out."""

    header: Sequence[str] | None
    """None where columns are known by their letters."""
    rows: Sequence[Sequence[Cell]]
    options: Mapping[str, Any] = field(default_factory=dict)
    """What is declared about the file."""
    beside: Mapping[str, "Grid | bytes"] = field(default_factory=dict)
    """Other files of the table; bytes are as they are."""
    title: str = ""
    """Its own line above its header, where the file has several sections."""
    above: Sequence["Grid"] = ()
    """The sections above it in the file."""


@dataclass(frozen=True)
class Dress:
    """How a grid is written."""

    container: Literal["text", "workbook", "archive"]
    separator: str
    sign: str
    groups: bool
    """Whether thousands of money are grouped."""
    encoding: str
    ends: str
    codes: Literal["bare", "hyphened", "short"]
    titles: Sequence[Sequence[str]]


dresses = st.builds(
    Dress,
    container=st.sampled_from(["text", "text", "text", "workbook", "archive"]),
    separator=st.sampled_from(";,\t"),
    sign=st.sampled_from(",."),
    groups=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]),
    ends=st.sampled_from(["\r\n", "\n"]),
    codes=st.sampled_from(["bare", "hyphened", "short"]),
    titles=st.sampled_from([[], TITLES[:1], TITLES]),
)


@st.composite
def shuffled(draw: st.DrawFn, grid: Grid) -> Grid:
    """The grid with its columns, and its rows, in another order."""
    rows = draw(st.permutations(grid.rows))
    if grid.header is None:
        return replace(grid, rows=rows)
    order = draw(st.permutations(range(len(grid.header))))
    above = [draw(shuffled(section)) for section in grid.above]
    header, cells = [grid.header[at] for at in order], [[row[at] for at in order] for row in rows]
    return replace(grid, header=header, rows=cells, above=above)


def written(grid: Grid, dress: Dress) -> bytes:
    """The grid as a file."""
    lines = [*map(list, dress.titles), *(line for part in (*grid.above, grid) for line in _lines(part))]
    if dress.container == "workbook":
        return _workbook(lines)
    if dress.container == "text" or grid.above:
        return _text(lines, dress)
    held, half, head = io.BytesIO(), len(grid.rows) // 2, lines[: len(lines) - len(grid.rows)]
    with ZipFile(held, "w") as archive:
        for number, rows in enumerate((grid.rows[:half], grid.rows[half:])):
            if rows:
                archive.writestr(f"part-{number}.csv", _text([*head, *rows], dress))
    return held.getvalue()


def _lines(grid: Grid) -> Rows:
    return [*([[grid.title]] if grid.title else []), *([[*grid.header]] if grid.header else []), *grid.rows]


def _text(lines: Sequence[Sequence[Cell]], dress: Dress) -> bytes:
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=dress.separator, lineterminator=dress.ends)
    sheet.writerows(_words(line, dress) for line in lines)
    return out.getvalue().encode(dress.encoding)


def _words(line: Sequence[Cell], dress: Dress) -> Sequence[str]:
    """The cells of a line; codes lose their zero only together, for one that did beside one that did not is a doubt."""
    lengths = {len(cell.lstrip("0")) for cell in line if isinstance(cell, Code) and cell}
    whole = replace(dress, codes="bare") if dress.codes == "short" and len(lengths) > 1 else dress
    return [_word(cell, whole) for cell in line]


def _word(cell: Cell, dress: Dress) -> str:
    if isinstance(cell, Decimal):
        text = f"{cell:,f}" if dress.groups and cell.as_tuple().exponent == -2 else f"{cell:f}"
        return text.translate(str.maketrans(",.", ".,")) if dress.sign == "," else text
    if isinstance(cell, Code) and dress.codes == "hyphened" and len(cell) == len("00000000"):
        return f"{cell[:5]}-{cell[5:]}"
    return cell.lstrip("0") if isinstance(cell, Code) and dress.codes == "short" else str(cell)


def _workbook(lines: Sequence[Sequence[Cell]]) -> bytes:
    book, held = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append([float(one) if isinstance(one, Decimal) else str(one) if one == "" or isinstance(one, str)
                            else one for one in line])  # fmt: skip
    book.save(held)
    return held.getvalue()


@dataclass(frozen=True)
class WrittenFile:
    """A table as bytes, with what is declared about it and what lies beside it."""

    source: bytes
    options: Mapping[str, Any]
    beside: Mapping[str, bytes]


@st.composite
def files(draw: st.DrawFn, grid: Grid) -> WrittenFile:
    """A grid, and those beside it, each in a dress of its own."""
    beside = {
        word: other if isinstance(other, bytes) else written(draw(shuffled(other)), draw(dresses))
        for word, other in grid.beside.items()
    }
    return WrittenFile(written(draw(shuffled(grid)), draw(dresses)), grid.options, beside)
