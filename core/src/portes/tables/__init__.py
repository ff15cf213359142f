"""Rate tables: files of postal ranges and weight brackets, read, compiled and looked up."""

from portes.tables.compiler import Summary
from portes.tables.formats import find_format
from portes.tables.opening import TableReport, check_table, open_table
from portes.tables.pricing import Charge, ValueNeededError, charge, percentage
from portes.tables.protocol import NO_LIMIT, ReadOptions, Row, TableFormat, Terms
from portes.tables.questions import weight_question, weight_words
from portes.tables.sheets import text_encoding
from portes.tables.table import FoundRow, NoRow, RateTable

__all__ = [
    "NO_LIMIT",
    "Charge",
    "FoundRow",
    "NoRow",
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
