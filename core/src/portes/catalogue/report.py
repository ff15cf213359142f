"""All rows of a source packed, or looked at for a person: what they came to, and what is wrong with them."""

from collections.abc import Iterable
from time import sleep
from typing import Final, NamedTuple

import structlog

from portes.catalogue.catalogue import CatalogueEntry
from portes.catalogue.packed import Packer
from portes.catalogue.protocol import Rows
from portes.catalogue.rows import ReadRows, RowReader

TWICE: Final = "it stands in the catalogue twice, and the rows differ; select each SKU once"
"""The problem of a SKU that has two rows."""

_PIECE: Final = 64
"""Rows that are read without letting others have the interpreter: less than a millisecond's work."""
_BREATH_SECONDS: Final = 0.0001

_log = structlog.get_logger(__name__)


class CatalogueReport(NamedTuple):
    """What came of reading a source once."""

    skus: int
    """How many it has, of those that were asked for."""
    read: ReadRows
    """Its columns, and what was wrong with rows."""
    faulty: int = 0
    """SKUs whose row cannot be used."""
    failure: str = ""
    """Why it could not be read to its end; empty when it could."""


class RowTally(NamedTuple):
    """All rows, packed, and what is to be said of them."""

    packer: Packer
    read: ReadRows
    twins: dict[int, CatalogueEntry]
    """What takes the place of SKUs with two rows that differ, by their number."""
    faulty: int


def pack_rows(reader: RowReader, rows: Rows, store: str) -> RowTally:
    """Pack all rows as they come, with a breath now and then. Raises what the source raises."""
    packer, into, twins, faulty = Packer(reader.currency), ReadRows(), dict[int, CatalogueEntry](), 0
    for count, (sku, entry) in enumerate(reader.read(rows, into)):
        if not count % _PIECE:
            sleep(_BREATH_SECONDS)  # or an event loop in this process would wait for its turn each time
        twin = packer.add(sku, entry)
        faulty += bool(entry.problem) and twin is None
        if twin is not None and twin not in twins and packer.get(twin) != entry:
            faulty += not packer.get(twin).problem
            twins[twin] = CatalogueEntry(problem=TWICE)
            _log.warning("a SKU stands in the catalogue twice", store=store, sku=sku)
    return RowTally(packer, into, twins, faulty)


def found_of(reader: RowReader, rows: Rows, into: ReadRows, wanted: Iterable[str]) -> dict[str, CatalogueEntry]:
    """The entries of some SKUs; what was not asked for is left alone. Raises what the source raises."""
    asked, found = frozenset(wanted), dict[str, CatalogueEntry]()
    for sku, entry in reader.read(rows, into):
        if sku in asked:
            found[sku] = entry if found.get(sku, entry) == entry else CatalogueEntry(problem=TWICE)
    return found


__all__ = ["TWICE", "CatalogueReport", "RowTally", "found_of", "pack_rows"]
