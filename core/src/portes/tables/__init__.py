"""Rate tables: files of postal ranges and weight brackets, read, compiled and looked up."""

from portes.tables.detection.detect import Detection, detect_table
from portes.tables.exporting import writable_formats, write_table
from portes.tables.formats.finding import find_format
from portes.tables.index.compiler import Summary
from portes.tables.index.table import Candidates, FoundRow, NoRow, RateTable
from portes.tables.opening import LARGEST_TABLE, TableReport, check_table, open_table
from portes.tables.pricing.charge import (
    UNKNOWN_UNITS,
    Charge,
    FeeRows,
    PricedLoad,
    TariffPricer,
    ValueNeededError,
    percentage,
)
from portes.tables.pricing.lanes import REGIONS, FactNeededError, Lane
from portes.tables.pricing.tariff import Component, Tariff, Tax, Tier, tariff_fault
from portes.tables.protocol import (
    MICROS,
    NO_LIMIT,
    ON_REQUEST,
    REFUSED,
    Above,
    Axis,
    Fee,
    Hole,
    Micros,
    Overlap,
    Per,
    ReadOptions,
    Row,
    StatedTerms,
    TableFormat,
    Terms,
    TollPer,
)
from portes.tables.questions import price_words, weight_question, weight_words
from portes.tables.reading.sheets import text_encoding
from portes.tables.versions import open_version
from portes.tables.writing.protocol import WritableFormat, WriteOptions, WrittenFile

__all__ = [
    "LARGEST_TABLE",
    "MICROS",
    "NO_LIMIT",
    "ON_REQUEST",
    "REFUSED",
    "REGIONS",
    "UNKNOWN_UNITS",
    "Above",
    "Axis",
    "Candidates",
    "Charge",
    "Component",
    "Detection",
    "FactNeededError",
    "Fee",
    "FeeRows",
    "FoundRow",
    "Hole",
    "Lane",
    "Micros",
    "NoRow",
    "Overlap",
    "Per",
    "PricedLoad",
    "RateTable",
    "ReadOptions",
    "Row",
    "StatedTerms",
    "Summary",
    "TableFormat",
    "TableReport",
    "Tariff",
    "TariffPricer",
    "Tax",
    "Terms",
    "Tier",
    "TollPer",
    "ValueNeededError",
    "WritableFormat",
    "WriteOptions",
    "WrittenFile",
    "check_table",
    "detect_table",
    "find_format",
    "open_table",
    "open_version",
    "percentage",
    "price_words",
    "tariff_fault",
    "text_encoding",
    "weight_question",
    "weight_words",
    "writable_formats",
    "write_table",
]
