"""The table that came of it: rows that rest on answers or are estimated, never overlapping."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from portes.contingency.sampling.plan import SampledRegion
from portes.tables.protocol import MICROS, Row, Terms

_MILLIGRAMS: Final = 1000


class SampledRow(NamedTuple):
    """What a service costs in a span of postal codes and weights."""

    service: str
    postal_from: str
    postal_to: str
    """Inclusive."""
    weight_from: int
    """In grams; the bracket begins above it."""
    weight_to: int
    """In grams, inclusive."""
    price: int
    """In minor units."""
    days_min: int
    """Business days."""
    days_max: int
    points: int
    """How many answers lie in it; it may also rest on others beside it."""
    estimated: bool
    """Whether a part of it at least is a guess that is dearer rather than cheaper, for want of calls."""
    asked_on: date | None
    """The plan's day."""

    def as_row(self, line: int) -> Row:
        """The same as a row of a table, with this number."""
        return Row(
            line=line,
            service=self.service,
            postal_from=self.postal_from,
            postal_to=self.postal_to,
            weight_from=self.weight_from * _MILLIGRAMS,
            weight_to=self.weight_to * _MILLIGRAMS,
            price=self.price * MICROS,
            extra_from=self.weight_to * _MILLIGRAMS,
            terms=Terms(self.days_min, self.days_max),
        )


class UnknownSpan(NamedTuple):
    """Where nothing could be found out about a service: it has no row there, and nobody said no."""

    service: str
    region: SampledRegion


@dataclass(frozen=True, slots=True)
class SampledTable:
    """What was found out, and how well. Cells are those of the grid, and count once for each service."""

    rows: tuple[SampledRow, ...]
    """Ordered by service, postal codes and weight; what is refused or not known has none."""
    unknown_spans: tuple[UnknownSpan, ...]
    """Where nothing could be found out."""
    asked: int
    """Calls spent, those asked again counted again."""
    grid: int
    """Calls of the whole grid: the public ranges asked about, times the brackets."""
    estimated: int
    """Cells that are estimated, in a part at least."""
    refused: int
    """Cells that are refused, in a part at least."""
    unknown: int
    """Cells of which nothing could be found out, in a part at least."""
    counts: dict[str, int]
    """Calls spent by what they were for: `states`, `towns`, `curves`, `borders`, `verification`."""

    def table_rows(self) -> Iterator[Row]:
        """The rows as tables have them, numbered from 1."""
        return (row.as_row(line) for line, row in enumerate(self.rows, 1))
