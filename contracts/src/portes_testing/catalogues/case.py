"""What a source of a catalogue declares about itself, once, for the whole suite."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portes.catalogue import CatalogueEntry

Table = Callable[[Path], Mapping[str, Any]]
"""Given an empty folder, in which the store's file would stand: what a source needs is put there, or somewhere else,
and the keys of `[catalogue]` come back, without `use`; secrets as plain texts.
"""


@dataclass(frozen=True, eq=False)
class CatalogueCase:
    """What the suite must know of a source: its name, what it knows, and how it is made to be down or to hang."""

    name: str
    """The entry point's name in the group `portes.catalogues`."""
    settings: Table
    """Makes a source that knows just `known`."""
    known: Mapping[str, CatalogueEntry]
    """At least two SKUs, with what is to be read of them; one of them states weight, size and price."""
    down: Table
    """Makes one that cannot be reached: a server that is not there, a file that is missing."""
    hanging: Table | None = None
    """Makes one that would take for ever; None for a source that cannot."""
    secrets: tuple[str, ...] = ()
    """The secrets in all these settings."""
    absent: str = "no-such-sku"
    """A SKU that it does not know."""
    currency: str = "BRL"
    origins: tuple[int, ...] = (1, 2)
    """The numbers of the store's origins."""

    def __post_init__(self) -> None:
        whole = [one for one in self.known.values() if one.weight and one.size and one.price]
        if len(self.known) < 2 or not whole or self.absent in self.known:
            msg = "give the case two SKUs that are known, one with weight, size and price, and one that is not known"
            raise ValueError(msg)


__all__ = ["CatalogueCase", "Table"]
