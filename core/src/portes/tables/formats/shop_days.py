"""Days of formats whose files have none: columns that a shop may add, or declare by defaults."""

from functools import lru_cache
from typing import Final

from portes.tables.protocol import Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column

DAY_COLUMNS: Final = (Column("days_min", Cells.days, blank=None), Column("days_max", Cells.day_span))
"""Ours, and no platform's."""


@lru_cache(maxsize=4096)
def terms_of_days(days_min: int | None, days_max: tuple[int, int]) -> Terms:
    """Terms that say nothing but how long it takes, by the values of the two columns."""
    shortest, longest = days_max
    return Terms(shortest if days_min is None else days_min, longest)
