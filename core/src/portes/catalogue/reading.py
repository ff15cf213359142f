"""A catalogue out of a CSV file or workbook, read as rate tables are."""

import hashlib
from array import array
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Literal

from portes.catalogue.catalogue import Catalogue, CatalogueEntry
from portes.catalogue.columns import COLUMNS, columns_of, entry_of
from portes.catalogue.packed import PackedNote, PackedRows, Packer
from portes.errors import Problem, Problems, SettingsError
from portes.files import LARGEST_FILE, RefusedFileError, read_limited
from portes.tables.protocol import ReadOptions
from portes.tables.reading.columns import place, read_lines
from portes.tables.reading.sheets import open_sheets

FEW: Final = 10_000
"""SKUs up to which entries stand in memory as they are, quickest to look up; more are packed."""

_SHORTEST_ROW: Final = 4
"""Bytes of a SKU in a workbook or an archive, by and large; in a text file it has more."""
_DECLARED: Final = ('decimal = ","', 'decimal = "."')


class CatalogueFile:
    """The bytes of a catalogue's file, read once, and what is to be known to understand them."""

    def __init__(
        self,
        path: Path,
        currency: str,
        origins: Collection[int] | None = None,
        decimal: Literal[".", ","] | None = None,
        within: Path | None = None,
        declared: tuple[str, str] = _DECLARED,
    ) -> None:
        """Read the bytes of the file.

        `origins` are the ids there are, when they are to be checked; no link may lead out of the folder `within`;
        `declared` is how the settings say a comma and a dot, for messages.
        Raises `SettingsError` for a file that cannot be read.
        """
        self.path = path
        self.currency, self._origins = currency, origins
        self._options = ReadOptions(country="", currency=currency, decimal=decimal, declared=declared)
        self._source = _source(path, within)
        self.fingerprint = hashlib.sha256(self._source).hexdigest()[:16]
        """Changes with any byte of the file."""

    @property
    def identity(self) -> str:
        """16 hexadecimal digits that change with the file and with whatever else decides what its rows say."""
        known = None if self._origins is None else sorted(self._origins)
        told = f"{self.fingerprint} {self.currency} {self._options.decimal} {known}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def may_be_many(self) -> bool:
        """Whether it may hold more SKUs than stand in memory as they are, by its size."""
        return len(self._source) > FEW * _SHORTEST_ROW

    def read(self, read_at: float = 0.0) -> Catalogue | PackedRows:
        """All of it: a catalogue in memory, or packed rows where there are more than a few thousand SKUs.

        Raises `SettingsError` naming line, column, value and fix of every problem (the first hundred of them).
        """
        problems = Problems(self.path)
        entries: dict[str, CatalogueEntry] = {}
        first: dict[str, str] = {}
        lines = self._lines(problems)
        for where, line, sku, entry in lines:
            if sku in first:
                _add_twin(problems, where, sku, first[sku], line)
            first.setdefault(sku, f"line {line} of {where}" if where else f"line {line}")
            entries[sku] = entry
            if len(entries) > FEW:
                return self._packed(entries, first, lines, problems, read_at)
        problems.check()
        return Catalogue(entries, self.fingerprint)

    def _lines(self, problems: Problems) -> Iterator[tuple[str, int, str, CatalogueEntry]]:
        sheets = open_sheets(self._source, self._options, problems)
        for sheet, line, (sku, *values) in read_lines(sheets, columns_of(self._origins), self._options, problems):
            yield sheet, line, sku, entry_of(values)

    def _packed(
        self,
        entries: dict[str, CatalogueEntry],
        first: dict[str, str],
        rest: Iterator[tuple[str, int, str, CatalogueEntry]],
        problems: Problems,
        read_at: float,
    ) -> PackedRows:
        packer, numbers, sheets, named = Packer(self.currency), array("Q"), array("Q"), dict[str, int]()
        for sku, entry in entries.items():
            packer.add(sku, entry)
        places, few = list(first.values()), len(entries)
        for sheet, line, sku, entry in rest:
            twin = packer.add(sku, entry)
            if twin is None:
                numbers.append(line)
                sheets.append(named.setdefault(sheet, len(named)))
                continue
            at = twin - few
            name = "" if at < 0 else list(named)[sheets[at]]
            told = places[twin] if at < 0 else f"line {numbers[at]} of {name}" if name else f"line {numbers[at]}"
            _add_twin(problems, sheet, sku, told, line)
        problems.check()
        return packer.packed(PackedNote(identity=self.identity, read_at=read_at, fingerprint=self.fingerprint))


def read_catalogue(
    path: Path,
    currency: str,
    origins: Collection[int] | None = None,
    decimal: Literal[".", ","] | None = None,
    within: Path | None = None,
) -> Catalogue:
    """The catalogue in a file: a header line with words of `COLUMNS`, then one SKU a line.

    Encoding, separator, quotes and workbooks are as in rate tables; an amount in text is read by itself, and one that
    could mean two things (`129.900`) as `decimal` says, or as all others of its column do;
    several origins or tags in one cell stand apart by spaces, `;`, `,` or `|`, an origin with a colon and its units
    where it has no more (`2:5`); weights and sizes have their unit. `origins` are the ids there are, when they are to
    be checked, and out of the folder `within` no link may lead.
    Raises `SettingsError` naming line, column, value and fix of every problem (the first hundred of them).
    """
    file = CatalogueFile(path, currency, origins, decimal, within)
    found = file.read()
    return found if isinstance(found, Catalogue) else Catalogue(dict(found), file.fingerprint)


def _add_twin(problems: Problems, sheet: str, sku: str, first: str, line: int) -> None:
    problems.add(place(sheet, "sku"), sku, f"stands in {first} already", "write each SKU once", line)


def _source(path: Path, within: Path | None) -> bytes:
    try:
        return read_limited(path, LARGEST_FILE, within)
    except OSError as error:
        own = error.fix if isinstance(error, RefusedFileError) else ""
        fix = own or "name a CSV file or a workbook in the store's folder"
        raise SettingsError(Problem("", "", f"cannot be read ({error.strerror})", fix, str(path))) from error


__all__ = ["COLUMNS", "FEW", "CatalogueFile", "read_catalogue"]
