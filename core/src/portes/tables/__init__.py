"""Rate tables: files of postal ranges and weight brackets, read, compiled and looked up."""

from portes.tables.formats.finding import find_format
from portes.tables.index.compiler import Summary
from portes.tables.index.table import FoundRow, NoRow, RateTable
from portes.tables.opening import TableReport, check_table, open_table
from portes.tables.pricing.charge import Charge, ValueNeededError, charge, percentage
from portes.tables.protocol import (
    MICROS,
    NO_LIMIT,
    ON_REQUEST,
    REFUSED,
    Axis,
    Fee,
    Hole,
    Micros,
    Overlap,
    ReadOptions,
    Row,
    TableFormat,
    Terms,
)
from portes.tables.questions import weight_question, weight_words
from portes.tables.reading.sheets import text_encoding

__all__ = [
    "MICROS",
    "NO_LIMIT",
    "ON_REQUEST",
    "REFUSED",
    "Axis",
    "Charge",
    "Fee",
    "FoundRow",
    "Hole",
    "Micros",
    "NoRow",
    "Overlap",
    "RateTable",
    "ReadOptions",
    "Row",
    "Summary",
    "TableFormat",
    "TableReport",
    "Terms",
    "ValueNeededError",
    "charge",
    "check_table",
    "find_format",
    "open_table",
    "percentage",
    "text_encoding",
    "weight_question",
    "weight_words",
]
