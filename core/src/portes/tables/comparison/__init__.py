"""Two tables compared lane by lane: what became dearer, cheaper, slower, what came and what went."""

from portes.tables.comparison.compare import compare_tables
from portes.tables.comparison.difference import CellDifference, TableDifference

__all__ = ["CellDifference", "TableDifference", "compare_tables"]
