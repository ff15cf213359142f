"""The format `mapping`: lines of a file become rows in the way that its mapping says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, ClassVar, Final

from portes.errors import Problems
from portes.tables.formats.mapping.description import read_mapping
from portes.tables.formats.mapping.fields import BLANKS, PLACE_NAMES
from portes.tables.formats.mapping.layout import FeePart, Layout, PriceBracket, layout_of
from portes.tables.formats.mapping.unnamed import cut_sheets
from portes.tables.formats.mapping.writing import write_mapped
from portes.tables.places.row_places import RowPlaces
from portes.tables.protocol import Fee, ReadOptions, Row, Terms
from portes.tables.reading.columns import Values, place, read_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.writing.protocol import WriteOptions, WrittenFile

_STARTED_KG: Final = 1_000_000

Record = dict[str, Any]


class MappedTable:
    """The format `mapping`. Nothing is known of the file but what its mapping says, so it has no marks."""

    version: ClassVar[int] = 1

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows; what is wrong with the mapping is told before the file is looked at."""
        mapping = read_mapping(options, problems)
        layout = layout_of(mapping, options, problems) if mapping else None
        if mapping is None or layout is None:
            return ()
        sheets = cut_sheets(open_sheets(source, options, problems), mapping, problems)
        reader = _LineReader(layout, RowPlaces(sheets, layout.options, problems), problems)
        lines = read_lines(sheets, layout.columns, layout.options, problems, layout.ignores)
        rows = (row for sheet, line, values in lines for row in reader.rows(sheet, line, values))
        problems.weight_units.add(layout.options.weight_unit)
        return _stacked(rows, layout) if layout.stacked else rows

    def write(self, rows: Iterable[Row], options: WriteOptions, problems: Problems) -> Iterable[WrittenFile]:
        """Text files with the mapping's columns in its order, filled as it says."""
        return write_mapped(rows, options, problems)


class _LineReader:
    """Makes rows of the values of a line."""

    def __init__(self, layout: Layout, places: RowPlaces, problems: Problems) -> None:
        self._layout = layout
        self._places = places
        self._problems = problems
        self._blanks: Record = {**BLANKS, **layout.defaults}
        self._wide = any(isinstance(role, PriceBracket) for role in layout.roles)

    def rows(self, sheet: str, line: int, values: Values) -> Iterator[Row]:
        """The rows of one line: one for each range of its place, and for each of its brackets."""
        layout, (record, fees) = self._layout, self._record(values)
        ranges = [*self._ranges(sheet, line, record)]
        terms = self._terms(record, fees)
        priced = [*self._brackets(record, values)]
        if not priced:
            self._problems.note(place(sheet, f"line {line} has no price in any bracket: not used"))
        origins = record["origin_from"], record["origin_to"]
        for low, high, price in priced:
            over = layout.excess_border(record["extra_from"], low, high)
            bounds = layout.closed(low, high)
            for first, last in ranges:
                yield Row(
                    line, record["service"], first, last, *bounds, price, over, terms, sheet, layout.axis, 0, *origins
                )

    def _record(self, values: Values) -> tuple[Record, tuple[Fee, ...]]:
        """The fields of a line, blank ones as the mapping says, and its fees."""
        record = self._blanks.copy()
        fees: dict[str, Fee] = {}
        for role, value in zip(self._layout.roles, values, strict=True):
            if isinstance(role, str):
                if value is not None:
                    record[role] = value
            elif isinstance(role, FeePart) and value:
                fees[role.fee] = _with_part(fees.get(role.fee, Fee(role.fee)), role, value)
        return record, tuple(fees.values())

    def _ranges(self, sheet: str, line: int, record: Record) -> Iterable[tuple[str, str]]:
        first, last = record["postal_range"] or (record["postal_from"], record["postal_to"])
        if not self._layout.named:
            return ((first, last),)
        return self._places.ranges(sheet, line, first, last, tuple(record[name] for name in PLACE_NAMES))

    def _terms(self, record: Record, fees: tuple[Fee, ...]) -> Terms:
        shortest, longest = record["days_max"]
        days = shortest if record["days_min"] is None else record["days_min"]
        step = _STARTED_KG if self._layout.mapping.extra_step == "started_kg" else 0
        amounts = record["excess_weight"], step, record["minimum"], record["max_volume"]
        return _terms(days, longest, *amounts, fees, record["tax"])

    def _brackets(self, record: Record, values: Values) -> Iterator[tuple[int, int, int]]:
        """The brackets of a line that have a price: lower border, upper border, price."""
        axis, roles = self._layout.axis, self._layout.roles
        if not self._wide:
            yield record[f"{axis}_from"] or 0, record[f"{axis}_to"], record["price"]
            return
        for role, value in zip(roles, values, strict=True):
            if isinstance(role, PriceBracket) and value is not None:
                yield role.weight_from, role.weight_to, value


def _with_part(fee: Fee, role: FeePart, value: int) -> Fee:
    if role.part == "percent":
        return fee._replace(percent=value)
    return fee._replace(least=value) if role.part == "least" else fee._replace(amount=value, per=role.per)


@lru_cache(maxsize=4096)
def _terms(
    shortest: int,
    longest: int,
    per_kg: int,
    step: int,
    minimum: int,
    max_volume: int,
    fees: tuple[Fee, ...],
    tax: int,
) -> Terms:
    return Terms(shortest, longest, per_kg, step, minimum, max_volume, fees, tax)


def _stacked(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    """The rows of each range, lowest bracket first, each beginning where the one below it ends."""
    ranges: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        ranges[row.service, row.postal_from, row.postal_to, row.origin_from, row.origin_to].append(row)
    counts_from_border = layout.mapping.extra_from == "weight_from"
    for stack in ranges.values():
        below = 0
        for row in sorted(stack, key=lambda row: row.weight_to):
            extra_from = below if counts_from_border and not row.extra_from else row.extra_from
            yield row._replace(weight_from=below, extra_from=extra_from)
            below = row.weight_to
