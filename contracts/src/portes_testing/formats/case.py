"""What a table format declares about itself, once, for the whole suite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

SETTLED: Final = ("decimal", "weight_unit", "zero_price")
"""Options of `ReadOptions` that a format honours, unless its definition leaves nothing to declare."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A price that a sample promises."""

    service: str
    """What the table calls the service; empty when the format names none."""
    postal_code: str
    """The destination, as anybody writes it."""
    weight: int
    """In grams."""
    cost: str
    """In the table's currency, `12.90`: what the carrier asks for."""
    days: tuple[int, int]
    """Business days at least and at most."""
    value: str = ""
    """The declared value, in the table's currency; empty when nobody states one."""
    origin: str = ""
    """The postal code that it leaves from, where the table prices by that."""
    measure: int = 0
    """What the bracket is found by where it is not of weight: minor units, units or cm³."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A sound file of the format; small, for it is read once for each of its cells and more."""

    path: Path
    options: Mapping[str, Any]
    """The fields of `ReadOptions` that are declared about it; `country` and `currency` at least."""
    prices: Sequence[Priced] = ()
    """What it must come to."""
    beside: Mapping[str, Path] = field(default_factory=dict)
    """Other files that belong to the table, by the word that the format knows: `places`, `prices`, `mapping`."""
    unwritten: str = ""
    """Why a format that can be written refuses to write this one; empty where it writes it."""

    def __str__(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that must be told as broken."""

    path: Path
    options: Mapping[str, Any]
    """As of a `Sample`."""
    where: str
    """The place that a problem must name: `price`, `Sheet1!price`, `header`."""
    line: int = 0
    """The line that it must name, from 1; 0 when any will do."""
    beside: Mapping[str, Path] = field(default_factory=dict)
    """As of a `Sample`."""


@dataclass(frozen=True, eq=False)
class FormatCase:
    """What the suite must know of a format: its name, its samples and what it leaves open."""

    name: str
    """The entry point's name in the group `portes.table_formats`."""
    samples: Sequence[Sample]
    broken: Sequence[Broken] = ()
    decorations: Sequence[str] = ()
    """Cells that mean nothing: below a word, in an area `B2:C9`, in a line `3:3`; `Sheet!` stands alone or in front."""
    optional: Sequence[str] = ()
    """Columns by their header that may be left out, and then mean what their blank cells mean."""
    comment: str = ""
    """What lines of a text file begin with that say nothing; empty when the format has none."""
    workbooks: bool = True
    """Whether the same cells may come as a workbook."""
    settled: Mapping[str, str] = field(default_factory=dict)
    """Options that the format does not honour, each with the reason; the suite then proves that they change nothing."""

    def __post_init__(self) -> None:
        if not self.samples:
            msg = "give the case a sample: a small sound file of the format"
            raise ValueError(msg)
        for name, reason in self.settled.items():
            if name not in SETTLED or not reason.strip():
                msg = f"settled: {name!r} must be one of {', '.join(SETTLED)}, with a reason"
                raise ValueError(msg)


__all__ = ["SETTLED", "Broken", "FormatCase", "Priced", "Sample"]
