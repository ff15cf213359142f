"""Rows of a tariff that name a place instead of postal codes: the columns for it, and the ranges that are meant."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from portes.contract.states import PlaceError, Ranges
from portes.errors import Problems
from portes.tables.places.lookup import OWN_LIST, ranges_named
from portes.tables.places.place_list import PlaceList, wrong_column
from portes.tables.protocol import ReadOptions
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, Values, headers_of, place
from portes.tables.reading.sheets import Sheet, open_sheets

_NAMES: Final = ("zone", "state", "region", "town")
_COLUMNS: Final = tuple(Column(name, Cells.text, blank="") for name in _NAMES)
_CODES: Final = frozenset({"postal_from", "postal_to"})
_BLANK: Final = ("is blank", "fill it in, or take the row out")
_NOT_USED: Final = "zone, state, region and town say nothing where a row has postal codes"


class RowPlaces:
    """The places of a tariff's rows: by postal codes, or by zone, state, region and town where a sheet has a column."""

    def __init__(
        self,
        sheets: Sequence[Sheet],
        options: ReadOptions,
        problems: Problems,
        names: Sequence[Column] = _COLUMNS,
    ) -> None:
        self._names = names
        """The four columns under the names that the file has for them, for messages."""
        self._sheets = sheets
        self._options = options
        self._problems = problems

    def columns(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """A format's columns, with the four for names behind them where a sheet has one; codes may be blank then."""
        codes = [replace(column, blank="") if column.name in _CODES else column for column in columns]
        both = (*codes, *_COLUMNS)
        headers = headers_of(self._sheets, both, self._options)
        return both if any(part.column in _COLUMNS for *_, parts in headers for part in parts) else tuple(columns)

    def ranges(self, sheet: str, line: int, first: str, last: str, names: Values) -> Ranges:
        """The ranges of a row, by its codes and by what stands in the four columns; none where that is a problem."""
        if first and last:
            if any(names):
                self._problems.note(_NOT_USED)
            return ((first, last),)
        try:
            if first or last or not any(names):
                raise PlaceError("", *_BLANK)  # noqa: TRY301 — told as all that is wrong with a row's place
            return self._named(*names)
        except PlaceError as error:
            at = wrong_column(error, self._names, names) if error.words else "postal_to" if first else "postal_from"
            self._problems.add(place(sheet, at), error.words or None, str(error), error.fix, line)
            return ()

    def _named(self, zone: str, state: str, region: str, town: str) -> Ranges:
        listed = self._list
        if zone:
            if listed is None:
                raise PlaceError(zone, "is a zone, and the table has no list of places", OWN_LIST)
            return listed.ranges(zone)
        if not state:
            raise PlaceError(town or region, "stands without its state", "write the state beside it")
        if listed and town and listed.has_town(state, town):
            return listed.ranges_of_town(state, town)
        if listed and not town and listed.has_region(state, region):
            return listed.ranges_of_region(state, region)
        return ranges_named(self._options.country, state, region, town)

    @cached_property
    def _list(self) -> PlaceList | None:
        """The list of places beside the table, read once; its problems are the table's, under its own name."""
        source = self._options.beside.get("places")
        if source is None:
            return None
        problems, options = Problems("places"), replace(self._options, defaults={})
        listed = PlaceList.read(open_sheets(source, options, problems, comment="#"), options, problems)
        self._problems.absorb(problems)
        return listed
