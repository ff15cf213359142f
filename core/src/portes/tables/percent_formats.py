"""The cells that a workbook shows as percentages: a number there is a fraction, and only its format says so."""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, fromstring, iterparse
from zipfile import ZipFile

Position = tuple[int, int]
"""A line, from 1 as the spreadsheet shows it, and a column, from 0."""

_BUILT_IN: Final = ("9", "10")  # ECMA-376-1, 18.8.30: 0% and 0.00%
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a format shows as it stands: a percent sign in quotes multiplies nothing."""
_REFERENCE: Final = re.compile(r"([A-Z]+)([0-9]+)")
_BOOK: Final = "xl/workbook.xml"
_STYLES: Final = "xl/styles.xml"


class PercentFormats:
    """The number formats of an XLSX workbook, as far as percentages go; opened when they are first asked for."""

    def __init__(self, source: bytes) -> None:
        self._archive = ZipFile(BytesIO(source))
        self._parts = frozenset(self._archive.namelist())

    @property
    def told(self) -> bool:
        """Whether this kind of file tells its formats where they are looked for: XLSX does."""
        return _BOOK in self._parts

    def positions(self, sheet: str, columns: Collection[int]) -> frozenset[Position]:
        """The cells of these columns of a sheet that are shown as percentages."""
        if not self._styles:
            return frozenset()
        return frozenset(self._shown(self._part(sheet), columns))

    @cached_property
    def _styles(self) -> frozenset[str]:
        """The numbers of the cell styles that show percentages."""
        if _STYLES not in self._parts:
            return frozenset()
        root = self._root(_STYLES)
        formats = {
            element.get("numFmtId", "")
            for element in _within(root, "numFmts")
            if "%" in _LITERAL.sub("", element.get("formatCode", ""))
        }
        own = {element.get("numFmtId", "") for element in _within(root, "numFmts")}
        formats |= set(_BUILT_IN) - own
        return frozenset(
            str(number)
            for number, element in enumerate(_within(root, "cellXfs"))
            if element.get("numFmtId", "") in formats
        )

    def _part(self, sheet: str) -> str:
        """The part of the archive that holds a sheet."""
        key = next(
            value
            for element in _within(self._root(_BOOK), "sheets")
            if element.get("name") == sheet
            for name, value in element.items()
            if name.endswith("}id")
        )
        links = self._root("xl/_rels/workbook.xml.rels")
        target = next(element.get("Target", "") for element in links if element.get("Id") == key)
        return target[1:] if target.startswith("/") else f"xl/{target}"

    def _shown(self, part: str, columns: Collection[int]) -> Iterator[Position]:
        line = column = 0
        with self._archive.open(part) as file:
            for event, element in iterparse(file, ("start", "end")):  # noqa: S314 — the operator's own file
                kind = _name(element)
                if event == "start" and kind == "row":
                    line, column = int(element.get("r", line + 1)), 0
                elif event == "start" and kind == "c":
                    column = _column(element.get("r", ""), column)
                    if column - 1 in columns and element.get("s") in self._styles:
                        yield line, column - 1
                elif event == "end" and kind == "row":
                    element.clear()

    def _root(self, part: str) -> Element:
        return fromstring(self._archive.read(part))  # noqa: S314 — the operator's own file


def _column(reference: str, before: int) -> int:
    """The number of a column, from 1, out of `G12`; the next one where a cell does not say."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return before + 1
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _within(root: Element, name: str) -> list[Element]:
    return [element for parent in root if _name(parent) == name for element in parent]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
