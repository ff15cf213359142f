"""Rate tables as workbooks: the XML of a sheet's rows, or a whole archive."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import ClassVar
from xml.etree import ElementTree as ET  # what is parsed here, this file has drawn

from books import HEADER, xlsx
from mutants import torn

from fuzzing.door import Door
from fuzzing.odd import odd_text
from fuzzing.tables import NUMBERS, OPTIONS, check_cell
from portes.errors import Problems
from portes.tables import Row, check_table, find_format

_SOUND = {
    "postal_from": ("<c><v>1000000</v></c>", '<c t="inlineStr"><is><t>01000000</t></is></c>'),
    "postal_to": ("<c><v>5999999</v></c>", '<c t="inlineStr"><is><t>05999999</t></is></c>'),
    "weight_from_g": ("<c><v>0</v></c>", "<c><v>1000</v></c>"),
    "weight_to_g": ("<c><v>2000</v></c>", "<c/>", "<c><f>2*500</f><v>1500</v></c>"),
    "price": ("<c><v>12.9</v></c>", "<c><v>18.700000000000003</v></c>", '<c t="str"><f>A1</f><v>12,90</v></c>'),
    "minimum": ("<c/>", "<c><v>20</v></c>"),
    "days_max": ("<c><v>3</v></c>",),
}
_ODD = (
    *('<c t="e"><v>#REF!</v></c>', '<c t="e"><f>B9</f><v>#N/A</v></c>', '<c t="e"/>', "<c><f>A1+1</f></c>"),
    *("<c><f>A1</f><v></v></c>", "<c><v>NaN</v></c>", "<c><v>inf</v></c>", "<c><v>1e400</v></c>", "<c><v>-1</v></c>"),
    *(
        '<c t="b"><v>1</v></c>',
        '<c t="s"><v>0</v></c>',
        '<c t="s"><v>99999999</v></c>',
        '<c t="d"><v>2026-01-01</v></c>',
    ),
    *("<c><v>0x10</v></c>", "<c><v> 5 </v></c>", "<c><v>1_0</v></c>", '<c s="7"><v>1</v></c>', "<c><v>1e-400</v></c>"),
    *('<c r="XFD1048576"><v>1</v></c>', '<c r="ZZZZZ9999999"><v>1</v></c>', '<c r="A4294967295"><v>1</v></c>'),
    *('<c r=""><v>1</v></c>', '<c r="A0"><v>1</v></c>', '<c t="inlineStr"/>', '<c t="zzz"><v>1</v></c>', "<x/>"),
    *("<c><v>" + "9" * 5000 + "</v></c>", "<c><v>1</v><v>2</v></c>", "<c><c><v>1</v></c></c>", "<c t='str'><v/></c>"),
)
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+([eE][+-]?[0-9]{1,3})?")
_ROWS = ("<row>", "<row>", "<row>", "<row>", '<row r="1048576">', '<row r="0">', '<row r="x">', '<row r="2">')


class WorkbookDoor(Door):
    """An XLSX sheet, read in a process of its own; each cell is its value or a problem, and never blank."""

    name: ClassVar[str] = "workbooks"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._format = find_format("plain")

    def draw(self, draws: Random) -> bytes:
        rows = "".join(_row(draws) for _ in range(draws.choice((1, 5, 12))))
        if draws.random() < 0.8:
            return rows.encode()
        return torn(rows.encode() if draws.random() < 0.5 else xlsx(rows), draws)

    def take(self, given: bytes) -> bool:
        book = given if given.startswith(b"PK") else xlsx(given.decode(errors="replace"))
        problems = Problems(most=None)
        rows = {row.line: row for row in self._format.read(book, OPTIONS, problems)}
        assert rows or problems.count, "nothing was read, and nothing was told"
        told = {problem.line for problem in problems.all()}
        if 0 not in told and 1 not in told:
            for line, cells in _grid(given):
                assert line in rows or line in told, f"line {line} is lost"
                if line in rows:
                    _check(rows[line], cells)
        return bool(rows) and not problems.count and self._compiles(book)

    def _compiles(self, book: bytes) -> bool:
        file = self.folder / "table.xlsx"
        file.write_bytes(book)
        report = check_table(file, "plain", OPTIONS)
        assert report.problems or report.summary, "neither a table nor a problem"
        return not report.problems


def _row(draws: Random) -> str:
    cells = [draws.choice(_ODD) if draws.random() < 0.03 else _cell(column, draws) for column in HEADER]
    return (draws.choice(_ROWS) if draws.random() < 0.1 else "<row>") + "".join(cells) + "</row>"


def _cell(column: str, draws: Random) -> str:
    if draws.random() > 0.02:
        return draws.choice(_SOUND[column])
    text = odd_text(draws).replace("&", "").replace("<", "")
    return draws.choice((f'<c t="inlineStr"><is><t>{text}</t></is></c>', f"<c><v>{text}</v></c>"))


def _grid(given: bytes) -> Iterator[tuple[int, list[ET.Element]]]:
    """The rows of a sheet that say nothing of their own places, numbered; none of another."""
    try:
        sheet = ET.fromstring(b"<a>" + given + b"</a>")  # noqa: S314 — see the import
    except (ET.ParseError, ValueError):
        return
    if any("r" in each.attrib or each.tag not in {"a", "row", "c", "v", "f", "is", "t"} for each in sheet.iter()):
        return
    if any(len(cell.findall("v")) > 1 for cell in sheet.iter("c")):
        return
    if any(each.tag != "row" for each in sheet) or any(cell.tag != "c" for row in sheet for cell in row):
        return
    for line, row in enumerate(sheet, start=2):
        if any(_told(cell) for cell in row):
            yield line, list(row)


def _told(cell: ET.Element) -> str:
    """What a cell says, were it read as text; empty for a blank one."""
    return "".join(cell.itertext()).strip()


def _check(row: Row, cells: list[ET.Element]) -> None:
    """An accepted row: no cell is an error or a formula that nobody computed, and each number is what stands there."""
    for column, cell in zip(HEADER, cells, strict=False):
        value = cell.findtext("v") or ""
        assert cell.get("t") != "e", f"{column} is an error"
        assert cell.find("f") is None or value or cell.get("t") == "str", f"{column} is a formula without a value"
        if column not in NUMBERS["plain"] or cell.get("t") not in {None, "inlineStr"}:
            continue
        factor, read, blank = NUMBERS["plain"][column]
        check_cell(column, _told(cell) if cell.get("t") else _exact(value), factor, read(row), blank)


def _exact(value: str) -> str:
    """A number as fifteen digits say it; what is none counts as the text that it is."""
    return f"{Decimal(f'{float(value):.15g}'):f}" if _NUMBER.fullmatch(value) else value
