"""A text file as cells that can be replaced; what is not changed stays as it stands, to the byte."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from portes_testing.formats.case import Sample
from portes_testing.formats.cells import Spot, Value

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS: Final = (",", ";", "\t", "|")
_MOST: Final = 300


def text_grid(source: bytes, sample: Sample, comment: str) -> "TextGrid":
    """The cells of a sample that is a text file."""
    marked = [encoding for mark, encoding in _MARKS if source.startswith(mark)]
    declared = sample.options.get("encoding") or "utf-8"
    encoding = next(each for each in (*marked, declared, "windows-1252", "latin-1") if _reads(source, each))
    text = source.decode(encoding)
    header = next((line for line in text.splitlines() if re.search("[,;\t|]", line)), "")
    return TextGrid(text, encoding, sample.options.get("separator") or max(_SEPARATORS, key=header.count), comment)


def _reads(source: bytes, encoding: str) -> bool:
    try:
        source.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(slots=True)
class _TextLine:
    number: int
    raw: str
    cells: list[str]


@dataclass
class TextGrid:
    """A text file; lines that are not changed stay as they stand, to the byte."""

    text: str
    encoding: str
    separator: str
    comment: str = ""
    most: int = _MOST

    @cached_property
    def lines(self) -> list[_TextLine]:
        """Its records, with comments and what only says what separates cells left out of their cells."""
        taken: list[str] = []

        def noted(lines: Iterable[str]) -> Iterator[str]:
            for line in lines:
                taken.append(line)
                yield line

        found: list[_TextLine] = []
        rows = csv.reader(noted(io.StringIO(self.text, newline="")), delimiter=self.separator)
        for cells in rows:
            raw = "".join(taken)
            silent = (self.comment and raw.startswith(self.comment)) or raw.lower().startswith(("sep=", '"sep='))
            found.append(_TextLine(rows.line_num, raw, [] if silent else cells))
            taken.clear()
        return found

    @cached_property
    def filled(self) -> dict[Spot, Value]:
        """The cells with anything in them."""
        return {
            Spot("", line.number, column): cell
            for line in self.lines
            for column, cell in enumerate(line.cells)
            if cell.strip()
        }

    def with_cells(self, cells: dict[Spot, Value]) -> bytes:
        """The file with these cells in place of its own."""
        changed = {spot.line for spot in cells}

        def told(line: _TextLine) -> str:
            if line.number not in changed:
                return line.raw
            own = enumerate(line.cells)
            return self._record([str(cells.get(Spot("", line.number, at), cell)) for at, cell in own], line)

        return self.bytes_of("".join(map(told, self.lines)))

    def with_line_twice(self, spot: Spot) -> bytes:
        """The file with the line of a cell standing there twice."""
        ended = [line.raw if line.raw.endswith(("\n", "\r")) else f"{line.raw}\n" for line in self.lines]
        twice = (raw * (1 + (line.number == spot.line)) for raw, line in zip(ended, self.lines, strict=True))
        return self.bytes_of("".join(twice))

    def without_column(self, spot: Spot) -> bytes:
        """The file without the column of a cell."""
        kept = (
            self._record(line.cells[: spot.column] + line.cells[spot.column + 1 :], line) if line.cells else line.raw
            for line in self.lines
        )
        return self.bytes_of("".join(kept))

    def bytes_of(self, text: str) -> bytes:
        """A text in the file's encoding; a sign that it does not have becomes a question mark."""
        return text.encode(self.encoding, errors="replace")

    def _record(self, cells: Sequence[str], like: _TextLine) -> str:
        stream = io.StringIO(newline="")
        end = like.raw[len(like.raw.rstrip("\r\n")) :]
        csv.writer(stream, delimiter=self.separator, lineterminator=end).writerow(cells)
        return stream.getvalue()


__all__ = ["TextGrid", "text_grid"]
