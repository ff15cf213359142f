"""What calamine does not tell of an ODS sheet: errors and formulas without a value."""

from itertools import product
from typing import Final

from .archive import Archive, Attributes, bare, xml_parser
from .grid import MOST_COLUMNS, MOST_ROWS, BookRefusedError, Marks, oddity

CONTENT: Final = "content.xml"
_CELLS: Final = ("table-cell", "covered-table-cell")
_DIGITS: Final = 10


class OdsMarks:
    """The marks of the sheets of an ODS workbook, found in one way through its content."""

    def __init__(self, archive: Archive) -> None:
        self._walk = walk = _BookWalk()
        archive.parse(CONTENT, walk.start, walk.parser)
        walk.finish_row()

    def of(self, sheet: str) -> Marks:
        """What is odd in a sheet."""
        return self._walk.sheets.get(sheet) or Marks(sheet)


class _BookWalk:
    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self.parser = xml_parser()
        self._marks = Marks("")
        self._line = 1
        self._rows = 0
        """How often the row that is open stands there; 0 when none is."""
        self._column = 0
        self._cell: tuple[range, bool, str] | None = None
        """Its columns, whether it is an error, and its formula if it has no value."""
        self._error: list[str] = []
        self._row: list[tuple[range, str, str]] = []

    def start(self, element: str, attributes: Attributes) -> None:
        if element in _CELLS:
            self._finish_cell()
            self._begin_cell(attributes)
        elif element == "p" and self._cell:
            self._fill_cell()
        elif element == "table-row":
            self.finish_row()
            self._rows = _count(_attribute(attributes, "number-rows-repeated") or "1", MOST_ROWS)
        elif element == "table":
            self.finish_row()
            name = _attribute(attributes, "name")
            self._marks = self.sheets.setdefault(name, Marks(name))
            self._line = 1

    def _begin_cell(self, attributes: Attributes) -> None:
        count, kinds, formula = 1, [], ""
        for key, value in attributes.items():
            name = bare(key)
            if name == "number-columns-repeated":
                count = _count(value, MOST_COLUMNS)
            elif name == "value-type":  # LibreOffice writes one of its own beside the standard's
                kinds.append(value)
            elif name == "formula":
                formula = value
        columns = range(self._column, self._column + count)
        self._column += count
        self._cell = (columns, "error" in kinds, "" if kinds else formula)
        if kinds or formula:
            self._fill_cell()
        if "error" in kinds:
            self.parser.CharacterDataHandler = self._error.append

    def _fill_cell(self) -> None:
        """Note that the open cell has something in it."""
        if self._cell and self._rows:
            columns = self._cell[0]
            for line in {self._line, self._line + self._rows - 1}:
                self._marks.reach(line, columns.start)
                self._marks.reach(line, columns.stop - 1)

    def _finish_cell(self) -> None:
        if self._cell:
            columns, error, formula = self._cell
            self.parser.CharacterDataHandler = None
            if error:
                self._row.append((columns, "error", "".join(self._error).strip()))
            elif formula:
                self._row.append((columns, "formula", formula))
            self._cell, self._error = None, []

    def finish_row(self) -> None:
        """Note what is odd in the row that ended, as often as it stands there."""
        self._finish_cell()
        lines = range(self._line, self._line + self._rows)
        for columns, kind, text in self._row:
            for line, column in product(lines, columns):
                self._marks.odd[line][column] = oddity(kind, text)
        self._line += self._rows
        self._rows, self._column, self._row = 0, 0, []


def _count(written: str, most: int) -> int:
    """How often a row or cell stands there; no more than a sheet can hold."""
    if not (written.isascii() and written.isdigit() and len(written) < _DIGITS):
        cause = f"a row or cell stands there {written[:20]!a} times"
        raise BookRefusedError(cause, "save it again in a spreadsheet")
    return min(int(written), most)


def _attribute(attributes: Attributes, name: str) -> str:
    return next((value for key, value in attributes.items() if bare(key) == name), "")
