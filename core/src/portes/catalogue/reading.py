"""What a shop knows of its SKUs beyond what a marketplace tells, from a CSV file; it knows no request."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from portes.contract import Money
from portes.errors import Problems, RequestError, shown

COLUMNS: Final = ("sku", "declared_value", "origins", "handling_days", "tags")
"""The header's words, in any order; all but `sku` may be missing."""

_LONGEST_SKU: Final = 200
_SEPARATORS: Final = (",", ";", "\t")
_BETWEEN: Final = re.compile(r"[\s;,|]+")
_WHOLE: Final = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What the shop says of one SKU."""

    declared_value: Money | None = None
    """Of one unit."""
    origins: tuple[int, ...] = ()
    """Ids of the origins that stock it, preferred first; empty means any."""
    handling_days: int = 0
    """Business days added to the origin's own."""
    tags: tuple[str, ...] = ()


class Catalogue:
    """The SKUs of a shop."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[str, CatalogueEntry]) -> None:
        self._entries = dict(entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Catalogue({len(self)} SKUs)"

    def get(self, sku: str) -> CatalogueEntry | None:
        """What the shop says of a SKU, letter for letter; None when it says nothing."""
        return self._entries.get(sku)


def read_catalogue(path: Path, currency: str, origins: Collection[int] | None = None) -> Catalogue:
    """Read a catalogue: a header line with words of `COLUMNS`, then one SKU a line.

    UTF-8 or Windows-1252, separated by commas, semicolons or tabs. Amounts as `Money.parse` reads them;
    several origins or tags in one cell stand apart by spaces, `;`, `,` or `|`. `origins` are the ids there
    are, when they are to be checked. Raises `SettingsError` naming line, column, value and fix of every
    problem (the first hundred of them).
    """
    reading = _CatalogueReader(path, currency, origins)
    entries = reading.entries()
    reading.problems.check()
    return Catalogue(entries)


class _CatalogueReader:
    def __init__(self, path: Path, currency: str, origins: Collection[int] | None) -> None:
        self._path = path
        self._currency = currency
        self._origins = origins
        self._line = 0
        self.problems = Problems(path)

    def entries(self) -> dict[str, CatalogueEntry]:
        entries: dict[str, CatalogueEntry] = {}
        first: dict[str, int] = {}
        for cells in self._rows():
            sku = self._sku(cells)
            if sku in first:
                self._bad("sku", sku, f"stands in line {first[sku]} already", "write each SKU once")
            first.setdefault(sku, self._line)
            entries[sku] = CatalogueEntry(
                declared_value=self._value(cells["declared_value"]),
                origins=self._ids(cells["origins"]),
                handling_days=self._days(cells["handling_days"]),
                tags=_parts(cells["tags"]),
            )
        return entries

    def _bad(self, where: str, value: str, cause: str, fix: str) -> None:
        self.problems.add(where, value, cause, fix, self._line)

    def _text(self) -> str:
        try:
            source = self._path.read_bytes()
        except OSError as error:
            self._bad("", "", f"cannot be read ({error.strerror})", "name a CSV file in the store's folder")
            return ""
        try:
            return source.decode("utf-8-sig")
        except UnicodeDecodeError:  # what spreadsheets save on a Brazilian or Spanish Windows
            return source.decode("windows-1252", errors="replace")

    def _rows(self) -> Iterator[dict[str, str]]:
        """Each line's cells by column, the missing ones empty."""
        lines = self._lines(self._text())
        columns = self._columns(next(lines, []))
        if not columns:
            return
        for cells in lines:
            if len(cells) > len(columns):
                cause = f"has {len(cells)} cells under {len(columns)} columns"
                self._bad("", "", cause, "put a cell with a separator in it in quotes")
            elif any(cells):
                yield {**dict.fromkeys(COLUMNS, ""), **dict(zip(columns, cells, strict=False))}

    def _lines(self, text: str) -> Iterator[list[str]]:
        header = text.partition("\n")[0]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=header.count), strict=True)
        try:
            for cells in reader:
                self._line = reader.line_num
                yield _trimmed(cells)
        except csv.Error as error:
            self._line = reader.line_num
            self._bad("", "", f"cannot be split into cells: {error}", "mend the quotes")

    def _columns(self, header: Sequence[str]) -> list[str]:
        found = [cell.lower() for cell in header]
        for word in found:
            if word not in COLUMNS:
                near = get_close_matches(word, COLUMNS, n=1)
                fix = f"did you mean {near[0]}? " if near else ""
                self._bad(shown(word), word, "is an unknown column", f"{fix}known columns: {', '.join(COLUMNS)}")
        for word, times in Counter(found).items():
            if times > 1 and word in COLUMNS:
                self._bad(word, word, "heads two columns", "keep one of them")
        if "sku" not in found and not self.problems.count:
            self._line = 1
            self._bad("sku", "", "is missing", f"begin the file with the line {','.join(COLUMNS)}")
        return [] if self.problems.count else found

    def _sku(self, cells: Mapping[str, str]) -> str:
        sku = cells["sku"]
        if not 0 < len(sku) <= _LONGEST_SKU:
            self._bad("sku", sku, "is no SKU", f"write 1 to {_LONGEST_SKU} characters")
        return sku

    def _value(self, text: str) -> Money | None:
        if not text:
            return None
        try:
            value = Money.parse(text, self._currency)
        except RequestError as error:
            self._bad("declared_value", text, error.problems[0].cause, error.problems[0].fix)
            return None
        if value.minor < 0:
            self._bad("declared_value", text, "is negative", "write the value of one unit, or leave the cell empty")
        return value

    def _days(self, text: str) -> int:
        if not text or _WHOLE.fullmatch(text):
            return int(text or 0)
        self._bad("handling_days", text, "is no number of days", "write whole business days such as 2")
        return 0

    def _ids(self, text: str) -> tuple[int, ...]:
        return tuple(number for part in _parts(text) for number in self._id(part))

    def _id(self, part: str) -> Iterator[int]:
        if not _WHOLE.fullmatch(part):
            self._bad("origins", part, "is no origin's number", "write ids of [[origins]] such as 1 2")
        elif self._origins is not None and int(part) not in self._origins:
            known = ", ".join(map(str, sorted(self._origins)))
            self._bad("origins", part, "is no origin of this store", f"write one of {known}")
        else:
            yield int(part)


def _trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without space around them, and without the empty ones that spreadsheets add at the end."""
    words = [cell.strip() for cell in cells]
    while words and not words[-1]:
        words.pop()
    return words


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in _BETWEEN.split(text) if part))
