"""What a format tells of its columns, so that they can be read without going through its lines."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from portes.errors import Problems
from portes.tables.protocol import Axis, ReadOptions
from portes.tables.reading.fields import Column
from portes.tables.reading.sheets import Sheet


class BulkError(Exception):
    """A table that must be read line by line: something in it is wrong, or not written in the ordinary way."""


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """How the columns of a table make its rows."""

    columns: Sequence[Column]
    fields: Mapping[str, Sequence[str]]
    """Per field of `Row` and `Terms`, the columns that it may come from: the first one that has a value counts.

    `percent` and `least` are those of the fee `ad_valorem`. A field without columns has its default.
    """
    axis: Axis = "weight"
    only: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Per column of words, those (in capitals) that all its cells may have; a table with others is read by lines."""
    ignores: Callable[[str], bool] | None = None
    """Tells, by its words, a column that may stand there unread."""


class BulkLimits(NamedTuple):
    """How much is read at once, and how."""

    piece: int = 1 << 20
    """Bytes that are split at once: few enough that what is made of them stays near the processor."""


LIMITS: Final = BulkLimits()


class BulkFormat(Protocol):
    """A table format whose columns may be read whole."""

    comment: str
    """What comments of its text files begin with; empty where it has none."""

    def column_form(self, sheets: Sequence[Sheet], options: ReadOptions, problems: Problems) -> ColumnForm | None:
        """How the columns of these sheets make rows; None where there is a problem."""
        ...
