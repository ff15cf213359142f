"""The columns that a mapping describes, ready to be read, and what is wrong with the description."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NamedTuple

from portes.contract.numbers import AmbiguousNumberError
from portes.contract.suggestions import did_you_mean
from portes.errors import Problems
from portes.tables.formats.mapping.description import WORD, MappedColumn, TableMapping, each_column
from portes.tables.formats.mapping.fields import AXES, BY_WEIGHT, FIELDS, PLACE_NAMES, MappedField
from portes.tables.formats.mapping.unnamed import HEADING, column_number
from portes.tables.protocol import NO_LIMIT, Axis, Milligrams, Per, ReadOptions
from portes.tables.reading.brackets import HeaderBracket, bracket_of
from portes.tables.reading.cells import CellError, Cells
from portes.tables.reading.columns import REQUIRED, Column
from portes.tables.reading.headings import heading_of, key_of

APART: Final = 10_000
"""Milligrams between brackets in kg that are printed apart and meant to touch: `0-10`, `10.01-20`."""
STEP: Final = 1000
"""What parts two borders that touch where the lower one belongs to its bracket: a gram, a cent, a unit, a cm³."""
_FEE_PARTS: Final = ("amount", "percent", "least")


class FeePart(NamedTuple):
    """What a column says of a fee."""

    fee: str
    per: Per
    part: str
    """`amount`, `percent` or `least`."""


class PriceBracket(NamedTuple):
    """A weight bracket that a column of prices is for."""

    weight_from: Milligrams
    weight_to: Milligrams


Role = str | FeePart | PriceBracket
"""What a column is: a field, a part of a fee, or the prices of a bracket."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a mapped file become rows."""

    mapping: TableMapping
    options: ReadOptions
    """Those of the table, with the mapping's decimal sign and unit of weights."""
    columns: tuple[Column, ...]
    roles: tuple[Role, ...]
    """Of the columns, in their order."""
    defaults: Mapping[str, Any]
    """Values of the fields that are no column, or blank; of all that have one."""
    axis: Axis
    named: bool
    """Whether rows may name a place instead of postal codes."""
    stacked: bool
    """Whether each bracket begins where the one below it ends, for no column says where."""
    ignored: frozenset[str]
    """The keys of headings that are not read."""

    def ignores(self, text: str) -> bool:
        """Whether a heading is one that the mapping says not to use, or a blank one."""
        return not text or key_of(text) in self.ignored

    def closed(self, low: Milligrams, high: Milligrams) -> tuple[Milligrams, Milligrams]:
        """Borders that a file states, as rows have them: the upper one within, the lower one in the bracket below."""
        if self.mapping.border == "upper_inclusive":
            return low, high
        return max(low - STEP, 0), high if high == NO_LIMIT else high - STEP

    def excess_border(self, stated: Milligrams | None, low: Milligrams, high: Milligrams) -> Milligrams:
        """From where the price for excess weight counts: as the line says, or by the mapping's rule."""
        if stated is not None:
            return stated
        return {"weight_to": high, "weight_from": low, "nothing": 0}[self.mapping.extra_from]


def layout_of(mapping: TableMapping, options: ReadOptions, problems: Problems) -> Layout | None:
    """The layout of a mapping; None when it does not fit together, and `problems` says where."""
    own = Problems(WORD)
    layout = _Planner(mapping, options, own).layout()
    problems.include(own.all())
    return layout


class _Planner:
    """Goes through a mapping and collects what is wrong with it."""

    def __init__(self, mapping: TableMapping, options: ReadOptions, problems: Problems) -> None:
        self._mapping = mapping
        self._problems = problems
        self._columns = [each for each in each_column(mapping) if self._known(*each)]
        self._fields = {meaning.field for _, _, meaning in self._columns if meaning.field} | mapping.defaults.keys()
        self._options = self._declared(options)

    def layout(self) -> Layout | None:
        """The layout; None when there is any problem."""
        axes = [axis for axis in AXES if {f"{axis}_from", f"{axis}_to"} & self._fields]
        brackets = [meaning for _, _, meaning in self._columns if meaning.bracket]
        self._check_names()
        self._check_fields(axes, wide=bool(brackets))
        defaults = dict(self._defaults())
        if self._problems.count:
            return None
        roles = tuple(self._roles())
        if self._problems.count:
            return None
        named = bool(self._fields & set(PLACE_NAMES))
        axis = axes[0] if axes else "weight"
        return Layout(
            mapping=self._mapping,
            options=self._options,
            columns=tuple(self._column(each, role, named) for each, role in zip(self._columns, roles, strict=True)),
            roles=roles,
            defaults=defaults,
            axis=axis,
            named=named,
            stacked=not brackets and f"{axis}_from" not in self._fields,
            ignored=frozenset(map(key_of, map(self._heading, self._ignored()))),
        )

    def _ignored(self) -> Iterator[str]:
        read = {name for _, name, _ in each_column(self._mapping)}
        return (name for name in self._mapping.columns if name not in read)

    def _heading(self, name: str) -> str:
        return name if self._mapping.header else HEADING.format(name.upper())

    def _known(self, where: str, name: str, meaning: MappedColumn) -> bool:
        before = self._problems.count
        if bool(meaning.field) == bool(meaning.fee):
            fix = 'write field = "price", or fee = "toll", or "ignore"'
            self._problems.add(where, meaning.field or None, "needs a field or a fee, and not both", fix)
        elif meaning.field and meaning.field not in FIELDS:
            fix = did_you_mean(meaning.field, FIELDS) or f"write one of {', '.join(FIELDS)}, or ignore"
            self._problems.add(where, meaning.field, "is no field of a row", fix)
        elif meaning.field and (meaning.percent or meaning.least or meaning.per != "shipment"):
            self._problems.add(where, meaning.field, "is no fee", 'write fee = "toll" in place of the field')
        elif meaning.percent and (meaning.least or meaning.per != "shipment"):
            self._problems.add(where, None, "is a percentage and an amount", "write percent, least or per")
        elif meaning.fee and not (meaning.fee.replace("_", "").isalpha() and meaning.fee.islower()):
            self._problems.add(where, meaning.fee, "is no name of a fee", "write small letters: toll, late_pickup")
        elif meaning.fee in {"base", "excess_weight", "minimum", "tax", "rounding"}:
            fix = f'write field = "{"price" if meaning.fee == "base" else meaning.fee}"'
            self._problems.add(where, meaning.fee, "is no fee but a field", fix)
        elif meaning.bracket and meaning.field != "price":
            self._problems.add(where, meaning.bracket, "is for a column of prices", 'write field = "price"')
        elif meaning.unit:
            self._check_unit(where, name, meaning)
        return self._problems.count == before

    def _check_unit(self, where: str, name: str, meaning: MappedColumn) -> None:
        stated = heading_of(name).unit("weight") if self._mapping.header else ""
        if meaning.field not in BY_WEIGHT and not meaning.bracket:
            self._problems.add(where, meaning.unit, "is no weight", "take the unit out")
        elif stated and stated != meaning.unit:
            self._problems.add(where, meaning.unit, f"its heading says {stated}", f'write unit = "{stated}"')

    def _declared(self, options: ReadOptions) -> ReadOptions:
        """The options with the mapping's sign and unit; a unit that nobody states is a problem."""
        mapping = self._mapping
        if mapping.decimal and options.decimal and mapping.decimal != options.decimal:
            cause = f"the table is declared with {options.decimal}"
            self._problems.add("decimal", mapping.decimal, cause, "declare one of them")
        units = set(self._units())
        if len(units) > 1:
            self._problems.add("weight_unit", None, "weights are in g and in kg", "write all weights in one unit")
        if units == {"g"} and options.weight_unit == "kg":
            self._problems.add("weight_unit", "g", "the table is declared in kg", "declare one of them")
        if not units and options.weight_unit == "g" and any(map(self._needs_unit, self._columns)):
            self._problems.add("weight_unit", None, "no unit of weights is stated", 'write weight_unit = "kg" or "g"')
        unit: Literal["g", "kg"] = next((unit for unit in ("g", "kg") if unit in units), options.weight_unit)
        return replace(options, decimal=mapping.decimal or options.decimal, weight_unit=unit)

    def _units(self) -> Iterator[str | None]:
        """The units of weights that the mapping states, or that headings of weights do."""
        if self._mapping.weight_unit:
            yield self._mapping.weight_unit
        for _, name, meaning in self._columns:
            stated = heading_of(name).unit("weight") if meaning.field in BY_WEIGHT and self._mapping.header else ""
            yield from (unit for unit in (meaning.unit, stated) if unit in {"g", "kg"})

    def _needs_unit(self, each: tuple[str, str, MappedColumn]) -> bool:
        """Whether a column is of weights, or for a bracket whose words say no unit."""
        _, name, meaning = each
        if not meaning.bracket:
            return meaning.field in BY_WEIGHT
        words, decimal = name if meaning.bracket == "header" else meaning.bracket, self._mapping.decimal
        with suppress(AmbiguousNumberError):
            return bracket_of(words, "g", decimal) != bracket_of(words, "kg", decimal)
        return False

    def _check_names(self) -> None:
        keys = Counter(key_of(self._heading(name)) for name in self._mapping.columns)
        for name in self._mapping.columns:
            where, key = f"columns.{name}", key_of(self._heading(name))
            if not self._mapping.header and not column_number(name):
                fix = "write the column's letter, such as B, or take header = false out"
                self._problems.add(where, name, "is no letter of a column", fix)
            elif not key:
                fix = "write header = false, and columns by their letters"
                self._problems.add(where, name, "has neither letters nor digits", fix)
            elif keys[key] > 1:
                self._problems.add(where, name, "is the same heading as another one", "keep one of them")
        roles = Counter(
            meaning.field or (meaning.fee, _part(meaning)) for _, _, meaning in self._columns if not meaning.bracket
        )
        for where, _, meaning in self._columns:
            if roles[meaning.field or (meaning.fee, _part(meaning))] > 1 and not meaning.bracket:
                what = meaning.field or meaning.fee
                self._problems.add(where, what, "is another column already", "say of one column what it is")

    def _check_fields(self, axes: Sequence[str], *, wide: bool) -> None:
        fields, missing = self._fields, self._missing
        if len(axes) > 1:
            cause = f"brackets are of {axes[0]} and of {axes[1]}"
            self._problems.add("columns", None, cause, "keep the columns of one of them")
        if wide and axes:
            cause = "brackets stand in the headings, and in columns too"
            self._problems.add("columns", None, cause, f"take {axes[0]}_from and {axes[0]}_to out")
        if wide and any(meaning.field == "price" and not meaning.bracket for _, _, meaning in self._columns):
            self._problems.add(
                "columns", "price", "some prices have a bracket and some none", 'write bracket = "header"'
            )
        if not (wide or axes):
            missing("weight_from and weight_to")
        if not (wide or "price" in fields):
            missing("price")
        if "days_max" not in fields:
            missing("days_max")
        if not fields & {*PLACE_NAMES, "postal_range"} and not fields >= {"postal_from", "postal_to"}:
            missing("postal_from and postal_to")
        if fields & {"postal_from", "postal_to"} and "postal_range" in fields:
            self._problems.add("columns", "postal_range", "codes stand in two places", "keep one of them")
        if ("excess_weight" in fields or "extra_from" in fields) and axes and axes[0] != "weight":
            self._problems.add("columns", "excess_weight", "the brackets are not of weight", "take it out")

    def _missing(self, field: str) -> None:
        first = field.split(maxsplit=1)[0]
        fix = f'write "heading" = "{first}" under [columns], or {first} under [defaults]'
        self._problems.add("columns", None, f"no column is {field}", fix)

    def _defaults(self) -> Iterator[tuple[str, Any]]:
        cells = Cells(replace(self._options, decimal="."), tuple)
        for field, value in self._mapping.defaults.items():
            where = f"defaults.{field}"
            if field not in FIELDS:
                fix = did_you_mean(field, FIELDS) or f"write one of {', '.join(FIELDS)}"
                self._problems.add(where, field, "is no field of a row", fix)
                continue
            try:
                yield field, FIELDS[field].read(cells, str(value))
            except CellError as error:
                self._problems.add(where, str(value), str(error), error.fix)

    def _roles(self) -> Iterator[Role]:
        below = 0
        for where, name, meaning in self._columns:
            if meaning.fee:
                yield FeePart(meaning.fee, meaning.per, _part(meaning))
            elif not meaning.bracket:
                yield meaning.field
            else:
                words = name if meaning.bracket == "header" else meaning.bracket
                bracket = self._bracket(where, words)
                begin = bracket.weight_from
                in_kg = "kg" in {heading_of(words).unit("weight"), self._options.weight_unit}
                if begin is None or 0 < begin - below <= (APART if in_kg else 0):
                    begin = below
                yield PriceBracket(begin, bracket.weight_to)
                below = bracket.weight_to

    def _bracket(self, where: str, words: str) -> HeaderBracket:
        try:
            bracket = bracket_of(words, self._options.weight_unit, self._options.decimal)
        except AmbiguousNumberError as doubt:
            self._problems.add(where, words, str(doubt), 'write the bracket out: bracket = "10 a 20 kg"')
            return HeaderBracket(0, 1)
        if bracket is None:
            fix = 'write it out: bracket = "10 a 20 kg"'
            self._problems.add(where, words, "states no weight bracket", fix)
        elif bracket.per_kg:
            fix = 'write field = "excess_weight" without a bracket'
            self._problems.add(where, words, "speaks of money for each kg", fix)
        return bracket or HeaderBracket(0, 1)

    def _column(self, each: tuple[str, str, MappedColumn], role: Role, named: bool) -> Column:  # noqa: FBT001
        _, name, meaning = each
        heading = self._heading(name)
        read, blank, number = self._read(role, meaning.field)
        if blank is REQUIRED and named and meaning.field.startswith("postal_"):
            blank = "" if meaning.field != "postal_range" else ("", "")
        return Column(heading, read, blank=blank, number=number, named=True)

    def _read(self, role: Role, field: str) -> MappedField:
        """The reader of a column; a blank in one whose field has a default is the default."""
        if isinstance(role, PriceBracket):
            return MappedField(Cells.base_price, None, number=True)
        if isinstance(role, str):
            known = FIELDS[field]
            return known._replace(blank=None) if field in self._mapping.defaults else known
        if role.part == "percent":
            return MappedField(Cells.percent, 0, number=True)
        read = Cells.per_kg if role.per in {"kg", "started_kg"} and role.part == "amount" else Cells.price
        return MappedField(read, 0, number=True)


def _part(meaning: MappedColumn) -> str:
    return _FEE_PARTS[1 if meaning.percent else 2 if meaning.least else 0]
