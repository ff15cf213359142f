"""A catalogue out of a CSV file or workbook, read as rate tables are."""

import hashlib
import re
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from portes.catalogue.catalogue import Catalogue, CatalogueEntry
from portes.contract import Dimensions, Money
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_NAME, LONGEST_SIDE, MOST_DAYS, MOST_NAMED
from portes.contract.measures import parse_weight
from portes.errors import Problem, Problems, RequestError, SettingsError
from portes.files import LARGEST_FILE, RefusedFileError, read_limited
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import Cell, CellError, Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets

T = TypeVar("T")

COLUMNS: Final = (
    "sku",
    "declared_value",
    "origins",
    "handling_days",
    "tags",
    "weight",
    "size",
    "price",
    "list_price",
    "seller",
)
"""The header's words, in any order; all but `sku` may be missing."""

_DECLARED: Final = ('catalogue_decimal = ","', 'catalogue_decimal = "."')
_BETWEEN: Final = re.compile(r"[\s;,|]+")
_LONGEST_LIST: Final = MOST_NAMED * (LONGEST_NAME + 1)
_WHOLE: Final = re.compile(r"[0-9]{1,10}")


def read_catalogue(
    path: Path,
    currency: str,
    origins: Collection[int] | None = None,
    decimal: Literal[".", ","] | None = None,
    within: Path | None = None,
) -> Catalogue:
    """The catalogue in a file: a header line with words of `COLUMNS`, then one SKU a line.

    Encoding, separator, quotes and workbooks are as in rate tables; an amount in text is read by itself, and one that
    could mean two things (`129.900`) as `decimal` says, or as all others of its column do;
    several origins or tags in one cell stand apart by spaces, `;`, `,` or `|`, an origin with a colon and its units
    where it has no more (`2:5`); weights and sizes have their unit. `origins` are the ids there are, when they are to
    be checked, and out of the folder `within` no link may lead.
    Raises `SettingsError` naming line, column, value and fix of every problem (the first hundred of them).
    """
    problems = Problems(path)
    options = ReadOptions(country="", currency=currency, decimal=decimal, declared=_DECLARED)  # no postal codes here
    source = _source(path, within)
    sheets = open_sheets(source, options, problems)
    entries: dict[str, CatalogueEntry] = {}
    first: dict[str, str] = {}
    for sheet, line, (sku, *values) in read_lines(sheets, _columns(origins), options, problems):
        if sku in first:
            problems.add(place(sheet, "sku"), sku, f"stands in {first[sku]} already", "write each SKU once", line)
        first.setdefault(sku, f"line {line} of {sheet}" if sheet else f"line {line}")
        entries[sku] = _entry(*values)
    problems.check()
    return Catalogue(entries, hashlib.sha256(source).hexdigest()[:16])


def _source(path: Path, within: Path | None) -> bytes:
    try:
        return read_limited(path, LARGEST_FILE, within)
    except OSError as error:
        own = error.fix if isinstance(error, RefusedFileError) else ""
        fix = own or "name a CSV file or a workbook in the store's folder"
        raise SettingsError(Problem("", "", f"cannot be read ({error.strerror})", fix, str(path))) from error


def _entry(value: Money | None, stocks: "_Stocks", *others: Any) -> CatalogueEntry:  # noqa: ANN401 — the other cells
    units = tuple(units for _, units in stocks)
    known = units if any(one is not None for one in units) else ()
    named = dict(zip(COLUMNS[3:], others, strict=True))
    return CatalogueEntry(value, tuple(origin for origin, _ in stocks), units=known, **named)


def _columns(origins: Collection[int] | None) -> tuple[Column, ...]:
    """The columns in the order of `COLUMNS`, which is that of an entry's fields."""
    sku, declared_value, stocks, handling_days, tags, weight, size, price, list_price, seller = COLUMNS
    return (
        Column(sku, _sku),
        Column(declared_value, partial(_money, what="what one unit is worth"), blank=None),
        Column(stocks, partial(_origins, known=origins), blank=()),
        Column(handling_days, _days, blank=0),
        Column(tags, _tags, blank=()),
        Column(weight, _weight, blank=None),
        Column(size, _size, blank=None),
        Column(price, partial(_money, what="what one unit sells for"), blank=None),
        Column(list_price, partial(_money, what="what one unit sells for without a discount"), blank=None),
        Column(seller, _sku, blank=""),
    )


def _sku(cells: Cells, cell: Cell) -> str:
    return cells.text(cell, LONGEST_NAME)


def _money(cells: Cells, cell: Cell, *, what: str) -> Money:
    most = Money(minor=DEAREST_UNIT, currency=cells.options.currency)
    minor = cells.amount(cell)
    if minor > most.minor:
        raise CellError("is too large to be meant", f"write {what}, {most.amount} at most")
    return Money(minor=minor, currency=most.currency)


def _weight(cells: Cells, cell: Cell) -> int:
    grams = _measured(parse_weight, cells.text(cell))
    if not 0 < grams <= HEAVIEST_UNIT:
        raise CellError("is no weight of one unit", "write what one unit weighs, such as 0.5kg")
    return grams


def _size(cells: Cells, cell: Cell) -> Dimensions:
    size = _measured(Dimensions.parse, cells.text(cell))
    if not 0 < min(size.sides) <= max(size.sides) <= LONGEST_SIDE:
        raise CellError("is no size of one unit", "write what one unit measures, such as 10x10x25cm")
    return size


def _measured(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except RequestError as error:
        (problem,) = error.problems
        raise CellError(problem.cause, problem.fix) from None


def _days(cells: Cells, cell: Cell) -> int:
    text = cells.text(cell)
    if not _WHOLE.fullmatch(text) or int(text) > MOST_DAYS:
        raise CellError("is no number of days", f"write whole business days such as 2, {MOST_DAYS} at most")
    return int(text)


_Stocks = tuple[tuple[int, int | None], ...]
"""The ids of origins, each with its units; None for one that has enough."""


def _origins(cells: Cells, cell: Cell, *, known: Collection[int] | None) -> _Stocks:
    stocks = tuple(_stock(word, known) for word in _words(cells, cell))
    numbers = [number for number, _ in stocks]
    for number in numbers:
        if numbers.count(number) > 1:
            raise CellError(f"names origin {number} twice", "write each origin once, with all the units it has")
    return stocks


def _stock(word: str, known: Collection[int] | None) -> tuple[int, int | None]:
    number, colon, units = word.partition(":")
    if not _WHOLE.fullmatch(number):
        raise CellError(f"holds {number or word}, which is no origin's number", "write ids of [[origins]] such as 1 2")
    if known is not None and int(number) not in known:
        fix = f"write one of {', '.join(map(str, sorted(known)))}"
        raise CellError(f"holds {number}, which is no origin of this store", fix)
    if colon and not _WHOLE.fullmatch(units):
        fix = "write whole units such as 1:10, in a spreadsheet as text; an origin without a colon has enough"
        raise CellError(f"holds {word}, which says no number of units", fix)
    return int(number), int(units) if colon else None


def _words(cells: Cells, cell: Cell) -> tuple[str, ...]:
    """The words of a cell, each once, in its order."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(cells.text(cell, _LONGEST_LIST)) if word))


def _tags(cells: Cells, cell: Cell) -> tuple[str, ...]:
    tags = _words(cells, cell)
    if len(tags) > MOST_NAMED or max(map(len, tags), default=0) > LONGEST_NAME:
        fix = f"write {MOST_NAMED} words at most, of {LONGEST_NAME} characters at most"
        raise CellError("holds too many words, or one that is too long", fix)
    return tags
