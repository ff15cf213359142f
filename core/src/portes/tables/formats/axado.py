"""Routes between towns, and prices for each kg in a file of their own, as the freight company Axado had them.

Columns and rules as the company's public coding test describes them, with two printed results: a route charges a fixed
amount (`fixa`), each kg at the rate of the bracket that its `kg` names, a percentage of the invoice (`seguro`), a
percentage of all that (`alfandega`), and tax inside the price (`icms`). A bracket holds its beginning and not its end;
a blank end is none. `limite` is the heaviest shipment, inclusive; 0 or blank is none. Weights are in kg.
Files without `icms` are taxed by the tariff, where the test had 6 %; it rounds up, once, at the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final, NamedTuple

from portes.contract.states import PlaceError, Ranges
from portes.errors import Problems
from portes.tables.places.lookup import only_town
from portes.tables.places.place_list import PlaceList
from portes.tables.protocol import NO_LIMIT, Fee, Micros, Milligrams, ReadOptions, Row, Terms
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, place, read_lines
from portes.tables.reading.sheets import open_sheets

COLUMNS: Final = (
    Column("origem", Cells.text),
    Column("destino", Cells.text),
    Column("limite", Cells.weight, blank=0, number=True),
    Column("prazo", Cells.days),
    Column("seguro", Cells.percent, blank=0, number=True),
    Column("icms", Cells.percent, blank=-1, number=True),
    Column("alfandega", Cells.percent, blank=0, number=True),
    Column("kg", Cells.text),
    Column("fixa", Cells.price, blank=0, number=True),
)
"""The columns of the routes."""
PRICE_COLUMNS: Final = (
    Column("nome", Cells.text),
    Column("inicial", Cells.weight, number=True),
    Column("final", Cells.weight, blank=NO_LIMIT, number=True),
    Column("preco", Cells.per_kg, number=True, also=("preço",)),
)
"""The columns of the prices for each kg."""


class _RateBracket(NamedTuple):
    """A line of the prices: a span of weights, and what each kg of all that weighs so much costs."""

    begins: Milligrams
    """Inclusive, unless the bracket below ends there."""
    ends: Milligrams
    """Inclusive: a milligram below the printed end, or `NO_LIMIT`."""
    per_kg: Micros


class Axado:
    """The format `axado`: routes, with `prices` beside them and, for names that no town has alone, `places`."""

    version: ClassVar[int] = 1
    marks: ClassVar[tuple[str, ...]] = (
        "origem", "destino", "limite", "prazo", "seguro", "icms", "alfandega", "kg", "fixa",
    )  # fmt: skip
    """Words of its header, by which a file is known for one of this format."""
    beside_marks: ClassVar[Mapping[str, tuple[str, ...]]] = {"prices": tuple(one.name for one in PRICE_COLUMNS)}

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        """The rows, one for each bracket of a route between two postal ranges."""
        kg = replace(options, weight_unit="kg")
        rates = _rates(kg, problems)
        if rates is None:
            return
        places = _RoutePlaces(kg, problems)
        for sheet, line, values in read_lines(open_sheets(source, kg, problems), COLUMNS, kg, problems):
            origin, destination, limit, days, insurance, tax, customs, name, fixed = values
            origins = places.ranges(sheet, line, "origem", origin)
            destinations = places.ranges(sheet, line, "destino", destination)
            brackets, fault = _within(rates.get(name, ()), limit)
            if fault:
                where, value = ("limite", f"{limit // 1_000_000} kg") if name in rates else ("kg", name)
                problems.add(place(sheet, where), value, *fault, line)
                continue
            fees = tuple(
                fee for fee in (Fee("ad_valorem", percent=insurance), Fee("extra", percent=customs)) if fee.percent
            )
            for low, high, per_kg in brackets:
                terms = Terms(days, days, per_kg, fees=fees, tax=tax)
                for begin, end in origins:
                    for first, last in destinations:
                        yield Row(
                            line, "", first, last, low, high, fixed, 0, terms, sheet, origin_from=begin, origin_to=end
                        )


class _RoutePlaces:
    """Names of routes as postal codes: zones of the list of places, or the one town of the country by that name."""

    def __init__(self, options: ReadOptions, problems: Problems) -> None:
        self._country = options.country
        self._problems = problems
        self._found: dict[str, Ranges | PlaceError] = {}
        source, own = options.beside.get("places"), Problems("places")
        self._list = PlaceList.read(open_sheets(source, options, own, comment="#"), options, own) if source else None
        problems.absorb(own)

    def ranges(self, sheet: str, line: int, column: str, name: str) -> Ranges:
        """The ranges of a name; none, and a problem, where they cannot be told."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        found = self._found[name]
        if isinstance(found, PlaceError):
            self._problems.add(place(sheet, column), name, str(found), found.fix, line)
            return ()
        return found

    def _look_up(self, name: str) -> Ranges | PlaceError:
        if self._list:
            try:
                return self._list.ranges(name)
            except PlaceError as error:
                if "did you mean" in error.fix:
                    return error
        try:
            title, ranges = only_town(self._country, name)
        except PlaceError as error:
            return error
        self._problems.note(f"{name} is taken for {title}")
        return ranges


def _rates(options: ReadOptions, problems: Problems) -> Mapping[str, Sequence[_RateBracket]] | None:
    """The prices for each kg by their names; None, and a problem, without the file."""
    source = options.beside.get("prices")
    if source is None:
        fix = "give it, beside = { prices = FILE } (--beside prices=FILE)"
        problems.add("prices", None, "the file of prices for each kg is missing", fix)
        return None
    own = Problems("prices")
    found: dict[str, list[tuple[Milligrams, Milligrams, Micros, int]]] = defaultdict(list)
    for sheet, line, (name, low, high, per_kg) in read_lines(
        open_sheets(source, options, own), PRICE_COLUMNS, options, own
    ):
        if low >= high:
            own.add(place(sheet, "final"), None, "the bracket runs backwards", "swap or correct the two weights", line)
        else:
            found[name].append((low, high, per_kg, line))
    rates = {name: list(_closed(sorted(lines), own)) for name, lines in found.items()}
    problems.absorb(own)
    return rates


def _closed(lines: Sequence[tuple[Milligrams, Milligrams, Micros, int]], problems: Problems) -> Iterator[_RateBracket]:
    """The brackets of one name, lowest first: each ends right below its printed end."""
    before = 0
    for low, high, per_kg, line in lines:
        if low < before:
            problems.add("inicial", None, "the bracket overlaps another of its name", "let them touch", line)
        ends = high if high == NO_LIMIT else high - 1
        yield _RateBracket(before - 1 if low == before and low else low, ends, per_kg)
        before = high


def _within(
    brackets: Sequence[_RateBracket], limit: Milligrams
) -> tuple[Sequence[_RateBracket], tuple[str, str] | None]:
    """The brackets of a route up to its heaviest shipment, and cause and fix of why there are none."""
    if not brackets:
        return (), ("is no name in the file of prices", "add its brackets there, or correct the name")
    if not limit:
        return brackets, None
    held = [one for one in brackets if one.begins < limit]
    if not held or (held[-1].ends < limit - 1 and len(held) < len(brackets)):
        return (), ("lies where no bracket has a price", "correct it, or fill the hole in the file of prices")
    return [*held[:-1], held[-1]._replace(ends=min(held[-1].ends, limit))], None
