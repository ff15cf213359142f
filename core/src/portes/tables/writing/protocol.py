"""What a table format may do beside reading: write rows as files that its own reader reads the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from portes.errors import Problems
from portes.tables.protocol import Row


class WrittenFile(NamedTuple):
    """One file of a written table."""

    name: str
    """Without a folder: `table-2.csv`."""
    content: bytes
    rows: int
    """Lines with a price; headers are not counted."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What the operator declares about the files to be written; None leaves it to the format."""

    country: str
    """Whose postal codes these are, ISO 3166 (`BR`)."""
    currency: str
    """Whose money the prices are, ISO 4217 (`BRL`)."""
    weight_unit: Literal["g", "kg"] | None = None
    """Unit of weights, where the format leaves it open; a portal takes that of its catalogue."""
    decimal: Literal[".", ","] | None = None
    """Decimal sign of a text file; a workbook has numbers."""
    stem: str = "table"
    """What the files are called before their number and ending."""
    most_rows: int | None = None
    """Rows of one file at most, its header not counted."""
    most_bytes: int | None = None
    """Bytes of one file at most."""
    rounding: Literal["report", "up"] = "report"
    """What to do with prices finer than the format's decimals: a problem, or the next higher amount."""
    beside: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Other files by the word that the format knows: `mapping`."""


@runtime_checkable
class WritableFormat(Protocol):
    """A table format that can also be written: what it writes, its own `read` reads as the same prices."""

    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        """The files of some rows, which come as `RateTable.rows()` gives them.

        What the format cannot say is added to `problems`, and so is a row that fits no file; nothing is raised.
        """
        ...
