"""What calamine does not tell of an XLSX sheet: errors, formulas without a value, and numbers shown as percentages."""

import re
from functools import lru_cache
from posixpath import normpath
from typing import Final, NamedTuple

from .archive import Archive, Attributes, xml_parser
from .grid import BookRefusedError, Marks, oddity, shows_percent

_BUILT_IN: Final = ("9", "10")  # ECMA-376-1, 18.8.30: 0% and 0.00%
_LETTERS: Final = re.compile(r"\$?[A-Za-z]{1,3}\$?", re.ASCII)
_DIGITS: Final = 8
_NUMBERS: Final = ("", "n")


class XlsxMarks:
    """The marks of the sheets of an XLSX workbook, sheet by sheet."""

    def __init__(self, archive: Archive, book: str) -> None:
        links = _links(archive, book)
        styles = next((link.part for link in links.values() if link.kind == "styles"), "")
        self._archive = archive
        self._percents = _percent_styles(archive, styles) if styles in archive else frozenset()
        self._parts = {sheet: links[key].part for sheet, key in _sheets(archive, book).items() if key in links}

    def of(self, sheet: str) -> Marks:
        """What is odd in a sheet. Raises `BookRefusedError` when it cannot be found or is too large."""
        part = self._parts.get(sheet, "")
        if part not in self._archive:
            raise BookRefusedError("its part of the archive is missing", "save it again in a spreadsheet", sheet)
        walk = _SheetWalk(Marks(sheet), self._percents)
        self._archive.parse(part, walk.start, walk.parser)
        walk.finish_cell()
        return walk.marks


class _SheetWalk:
    """One way through a sheet's XML, element by element; end tags are not waited for, which takes half the time."""

    def __init__(self, marks: Marks, percents: frozenset[str]) -> None:
        self.marks = marks
        self.parser = xml_parser()
        self._percents = percents
        self._line = 0
        self._column = -1
        self._kind = ""
        self._open = self._formula = self._value = False
        self._text: list[str] = []
        """Of an error, or of a formula."""

    def start(self, element: str, attributes: Attributes) -> None:
        if element == "c":
            self.finish_cell()
            self._place(attributes.get("r", ""))
            self._open, self._kind = True, attributes.get("t", "")
            if attributes.get("s") in self._percents and self._kind in _NUMBERS:
                self.marks.percents[self._line].add(self._column)
        elif self._open and element in {"v", "is"}:
            self._value = True
            self.marks.reach(self._line, self._column)
            self._text = []
            self.parser.CharacterDataHandler = self._text.append if self._kind == "e" else None
        elif self._open and element == "f":
            self._formula = True
            self.marks.reach(self._line, self._column)
            self.parser.CharacterDataHandler = self._text.append
        else:
            self.finish_cell()  # what follows the cells may have formulas too, of conditions and the like
            if element == "row":
                self._next_row(attributes.get("r", ""))

    def finish_cell(self) -> None:
        """Note what is odd about the cell that ended."""
        text = "".join(self._text).strip()
        if self._open and self._kind == "e":
            self.marks.reach(self._line, self._column)
            self.marks.odd[self._line][self._column] = oddity("error", text)
        elif self._formula and not self._value:
            self.marks.odd[self._line][self._column] = oddity("formula", f"={text}")
        elif self._formula and self._kind != "str":  # a text may be of no signs
            self.marks.formulas[self._line].add(self._column)
        if self._text:
            self.parser.CharacterDataHandler, self._text = None, []
        self._open = self._formula = self._value = False

    def _next_row(self, number: str) -> None:
        self._line = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else self._line + 1
        self._column = -1

    def _place(self, reference: str) -> None:
        if not reference:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        digits = reference[len(letters) :]
        self._column = _column(letters)
        self._line = int(digits) if 0 < len(digits) < _DIGITS else 0
        if self._column < 0 or not self._line:
            fix = "save it again in a spreadsheet"
            raise BookRefusedError("is no cell of a sheet", fix, self.marks.sheet, self._line, reference[:20])


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """The number of a column, from 0; less for what is no column of a sheet."""
    if _LETTERS.fullmatch(letters) is None:
        return -1
    number = 0
    for letter in letters.strip("$").upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _percent_styles(archive: Archive, part: str) -> frozenset[str]:
    """The numbers of the cell styles that show percentages."""
    own: dict[str, str] = {}
    styles: list[str] = []
    within = ""

    def start(element: str, attributes: Attributes) -> None:
        nonlocal within
        if element in {"numFmts", "cellXfs", "cellStyleXfs", "dxfs"}:
            within = element
        elif element == "numFmt" and within == "numFmts":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "xf" and within == "cellXfs":
            styles.append(attributes.get("numFmtId", ""))

    archive.parse(part, start, xml_parser())
    formats = {number for number, code in own.items() if shows_percent(code)} | (set(_BUILT_IN) - set(own))
    return frozenset(str(number) for number, used in enumerate(styles) if used in formats)


def find_book(archive: Archive) -> str:
    """The part of an archive that is an XLSX workbook; empty when there is none, as in XLSB and ODS."""
    parts = (link.part for link in _links(archive, "").values() if link.kind == "officeDocument")
    return next((part for part in parts if part in archive and part.endswith(".xml")), "")


class _Target(NamedTuple):
    kind: str
    part: str


def _links(archive: Archive, part: str) -> dict[str, _Target]:
    """What a part of the archive links to, by key; none when it has no links."""
    folder, _, name = part.rpartition("/")
    links: dict[str, _Target] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element == "Relationship":
            target = attributes.get("Target", "")
            whole = target if target.startswith("/") else f"{folder}/{target}"
            links[attributes.get("Id", "")] = _Target(attributes.get("Type", "").rpartition("/")[2], normpath(whole))

    place = f"{folder}/_rels/{name}.rels".lstrip("/")
    if place in archive:
        archive.parse(place, start, xml_parser())
    return links


def _sheets(archive: Archive, book: str) -> dict[str, str]:
    """The keys of the links to the sheets, by the sheets' names."""
    keys: dict[str, str] = {}

    def start(element: str, attributes: Attributes) -> None:
        if element == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith("}id")), "")
            keys[attributes.get("name", "")] = key

    archive.parse(book, start, xml_parser())
    return keys
