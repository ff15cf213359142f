"""The columns of a catalogue: their words, and what may stand below each."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from portes.catalogue.catalogue import CatalogueEntry
from portes.contract import Dimensions, Money
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_NAME, LONGEST_SIDE, MOST_DAYS, MOST_NAMED
from portes.contract.measures import parse_weight
from portes.errors import RequestError
from portes.tables.reading.cells import Cell, CellError, Cells
from portes.tables.reading.columns import Column

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

_BETWEEN: Final = re.compile(r"[\s;,|]+")
_LONGEST_LIST: Final = MOST_NAMED * (LONGEST_NAME + 1)
_WHOLE: Final = re.compile(r"[0-9]{1,10}")


def entry_of(values: Sequence[Any]) -> CatalogueEntry:
    """The entry of a line's cells, in the order of `COLUMNS` without the SKU."""
    declared_value, stocks, handling_days, tags, weight, size, price, list_price, seller = values
    origins = tuple([origin for origin, _ in stocks])
    units = tuple([own for _, own in stocks])
    known = units if any(own is not None for own in units) else ()
    return CatalogueEntry(declared_value, origins, handling_days, tags, weight, size, known, price, list_price, seller)


def columns_of(origins: Collection[int] | None) -> tuple[Column, ...]:
    """The columns in the order of `COLUMNS`, which is that of an entry's fields; `origins` are the ids there are."""
    sku, declared_value, stocks, handling_days, tags, weight, size, price, list_price, seller = COLUMNS
    return (
        Column(sku, _name),
        Column(declared_value, partial(_money, what="what one unit is worth"), blank=None),
        Column(stocks, partial(_origins, known=origins), blank=()),
        Column(handling_days, _days, blank=0),
        Column(tags, _tags, blank=()),
        Column(weight, _weight, blank=None),
        Column(size, _size, blank=None),
        Column(price, partial(_money, what="what one unit sells for"), blank=None),
        Column(list_price, partial(_money, what="what one unit sells for without a discount"), blank=None),
        Column(seller, _name, blank=""),
    )


def _name(cells: Cells, cell: Cell) -> str:
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


Stocks = tuple[tuple[int, int | None], ...]
"""The ids of origins, each with its units; None for one that has enough."""


def _origins(cells: Cells, cell: Cell, *, known: Collection[int] | None) -> Stocks:
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
