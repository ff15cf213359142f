"""What somebody finds who looks at a catalogue's source."""

from typing import NamedTuple

from portes.catalogue.rows import ReadRows


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


__all__ = ["CatalogueReport"]
