"""Rows of any format in columns of numbers, each checked by itself."""

from array import array
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from portes.contract.money import exponent
from portes.contract.postal import RestoredCode, postal_form, postal_keys
from portes.errors import Problems
from portes.tables.index.origins import ANYWHERE, RowScope
from portes.tables.protocol import IN_KG, NO_LIMIT, REFUSED, Axis, Fee, ReadOptions, Row, Terms
from portes.tables.reading.columns import place

_WEIGHT_BITS: Final = 40
_WHOLE: Final = 100 * 10**6
"""Millionths of a percent in the whole: of a price that is all tax."""
_UNITS: Final[dict[Axis, str]] = {"weight": "g", "units": "units", "volume": "cm³"}


class _Kind(NamedTuple):
    """What many rows share and is looked at once."""

    service: str
    axis: Axis
    rank: int
    origin_from: str
    origin_to: str


class GatheredRows:
    """Rows that make sense by themselves, in the order of the file; a row is a position in every array."""

    def __init__(self, options: ReadOptions, problems: Problems) -> None:
        self.options = options
        self.problems = problems
        self.form = postal_form(options.country)
        self.axis: Axis = "weight"
        """What the brackets are of, as the first row says."""
        self.prices = array("q")
        self.terms_of = array("I")
        self.weights_from = array("q")
        self.weights_to = array("q")
        self.extras_from = array("q")
        self.keys: list[int] = []
        """RowScope, first code, last code and upper border in one number that sorts; see `range_key`."""
        self.services: dict[str, int] = {}
        self.terms: dict[Terms, int] = {}
        self.scopes: dict[RowScope, int] = {}
        self._scope_list: list[RowScope] = []
        self._sheets: dict[str, int] = {}
        self._lines = array("I")
        self._sheets_of = array("H")

    def add(self, rows: Iterable[Row]) -> None:
        """Take each row, or report what is wrong with it."""
        size, (low, high) = self.form.size, postal_keys(self.options.country)
        terms, sheets, known = self.terms, self._sheets, dict[_Kind, int]()
        for row in rows:
            kind = _Kind(row.service, row.axis, row.rank, row.origin_from, row.origin_to)
            scope = known.get(kind)
            if scope is None:
                scope = self.scope_number(row)
                if scope is None:
                    continue
                known[kind] = scope
            if not self.comparable(row, "postal range", row.postal_from, row.postal_to):
                continue
            first, last, limit = low(row.postal_from), high(row.postal_to), row.weight_to // 1000
            price = row.price or self._zero(row)
            if first > last or row.weight_from // 1000 >= limit or self.odd(row.terms):
                self.refuse(row, backwards=first > last)
                continue
            self.keys.append(((scope * size + first) * size + last) << _WEIGHT_BITS | limit)
            self.prices.append(price)
            self.terms_of.append(terms.setdefault(row.terms, len(terms)))
            self.weights_from.append(row.weight_from)
            self.weights_to.append(row.weight_to)
            self.extras_from.append(row.extra_from)
            self._lines.append(row.line)
            self._sheets_of.append(sheets.setdefault(row.sheet, len(sheets)))

    def scope_number(self, row: Row) -> int | None:
        """The number of a row's scope; None when its axis or its origins are reported."""
        if not self.scopes:
            self.axis = row.axis
        if row.axis != self.axis:
            cause = f"its bracket is of {row.axis}, those before it of {self.axis}"
            self.problems.add(place(row.sheet, "row"), None, cause, "put them into a table of their own", row.line)
            return None
        origins = self._origins(row)
        if origins is None:
            return None
        service = self.services.setdefault(row.service, len(self.services))
        scope = RowScope(service, row.rank, *origins)
        if scope not in self.scopes:
            self._scope_list.append(scope)
        return self.scopes.setdefault(scope, len(self.scopes))

    @property
    def weight_unit(self) -> Literal["g", "kg"]:
        """The unit that all weights were read in; the declared one where nobody told, or tables differ."""
        read = self.problems.weight_units
        return "kg" if read == {"kg"} else "g" if read == {"g"} else self.options.weight_unit

    @property
    def border_step(self) -> int:
        """Whole units of the axis between two brackets that are printed apart and meant to touch: `0-10`, `11-20`.

        In kg that is a hundredth, 10 g, as in `0-10`, `10.01-20`.
        """
        printed_apart = self.weight_unit == "kg" and self.axis == "weight" and not self.problems.exact_borders
        return 10 if printed_apart else 1

    def check(self) -> None:
        """Report what is wrong with the rows as a whole."""
        if not self.keys and not self.problems.count:
            self._report_none()
        if "" in self.services and len(self.services) > 1:
            number = self.services[""]
            nameless = next((at for at in range(len(self.keys)) if self.scope_of(at).service == number), None)
            if nameless is not None:
                self.report(nameless, "service", "", "is blank, while other rows name their service", "fill it in")

    def _report_none(self) -> None:
        """Report that no row is left, with what was left out and how that could be otherwise."""
        notes = "; ".join(self.problems.notes)
        cause = "there is no row to quote from"
        fix = "add rows under the header"
        if self.problems.left_out:
            fix += ", or declare what would keep those that are there, such as their country (country, --country)"
        self.problems.add("rows", None, f"{cause}: {notes}" if notes else cause, fix)

    def range_key(self, at: int) -> int:
        """One number for a row's scope and postal range."""
        return self.keys[at] >> _WEIGHT_BITS

    def range_of(self, at: int) -> tuple[int, int, int]:
        """A row's scope number, and the numbers of its first and last postal code."""
        rest, last = divmod(self.range_key(at), self.form.size)
        return *divmod(rest, self.form.size), last

    def scope_of(self, at: int) -> RowScope:
        """What a row shares with those that stand beside it."""
        return self._scope_list[self.range_of(at)[0]]

    def codes(self, at: int) -> str:
        """A row's postal range, and from where it prices, for a message."""
        _, first, last = self.range_of(at)
        origins, text = self.scope_of(at), self.form.text
        codes = f"{text(first)}-{text(last)}"
        if origins.origin_first == ANYWHERE:
            return codes
        return f"{codes} from {text(origins.origin_first)}-{text(origins.origin_last)}"

    def bracket(self, at: int) -> str:
        """A row's bracket, for a message."""
        return self.measure(self.weights_from[at], self.weights_to[at])

    def measure(self, low: int, high: int | None = None) -> str:
        """A number on the table's axis, in thousandths of its unit, or a span of two, for a message."""
        unit, scale = _UNITS.get(self.axis, self.options.currency), -3
        if self.axis == "value":
            scale -= exponent(self.options.currency)
        ends = ("" if end >= NO_LIMIT else f"{Decimal(end).scaleb(scale).normalize():f}" for end in (low, high or 0))
        return f"{'-'.join(ends)} {unit}" if high is not None else f"{next(ends)} {unit}"

    def report(self, at: int, part: str, value: str, cause: str, fix: str) -> None:
        """Report a problem of one row."""
        self.problems.add(place(self._sheet(at), part), value, cause, fix, self._lines[at])

    def line(self, at: int) -> str:
        """Where a row stands, for a message about another one."""
        sheet = self._sheet(at)
        return f"line {self._lines[at]} of {sheet}" if sheet else f"line {self._lines[at]}"

    def _sheet(self, at: int) -> str:
        return list(self._sheets)[self._sheets_of[at]]

    def _origins(self, row: Row) -> tuple[int, int] | None:
        if not row.origin_from and not row.origin_to:
            return ANYWHERE, self.form.size - 1
        low, high = postal_keys(self.options.country)
        value = f"{row.origin_from}-{row.origin_to}"
        if not row.origin_from or not row.origin_to:
            cause, fix = "an origin needs a first and a last postal code", "fill in both, or neither"
        elif not self.comparable(row, "origin range", row.origin_from, row.origin_to):
            return None
        elif low(row.origin_from) > high(row.origin_to):
            cause, fix = "the origin range runs backwards", "swap or correct the two values"
        else:
            return low(row.origin_from), high(row.origin_to)
        self.problems.add(place(row.sheet, "origin range"), value, cause, fix, row.line)
        return None

    def comparable(self, row: Row, part: str, first: str, last: str) -> bool:
        """Whether two codes can be a range; else it is reported."""
        if type(first) is type(last) and (self.form.ordered or len(first) == len(last)):
            return True
        value = f"{first}-{last}"
        cause = f"how codes of {self.options.country} of unequal length compare is not known"
        fix = "write both ends with as many characters, or a row for each prefix"
        for which, end, filler in (("first", first, "0"), ("last", last, "9")):
            if isinstance(end, RestoredCode):
                written = end[1:]
                value = f"{written}-{last}" if which == "first" else f"{first}-{written}"
                cause = f"the {which} code has {len(written)} digits and the other {len(end)}"
                fix = f"write {end} if its leading zero was lost, {written}{filler} if its last digit was"
        self.problems.add(place(row.sheet, part), value, cause, fix, row.line)
        return False

    def odd(self, terms: Terms) -> bool:
        """Whether terms fit no table, or not brackets of this axis."""
        impossible = terms.days_min > terms.days_max or terms.tax >= _WHOLE
        return impossible or bool(terms.extra_per_kg and self.axis != "weight")

    def _zero(self, row: Row) -> int:
        terms = row.terms
        charges_weight = terms.extra_per_kg and row.extra_from < row.weight_to
        if charges_weight or terms.minimum or any(map(_charges, terms.fees)):
            return 0
        if self.options.zero_price == "report":
            fix = 'correct it, or set zero_price = "free" or zero_price = "refuse" for the table (--zero-price)'
            self.problems.add(place(row.sheet, "price"), 0, "charges nothing", fix, row.line)
        return REFUSED if self.options.zero_price == "refuse" else 0

    def refuse(self, row: Row, *, backwards: bool) -> None:
        """Report a row that makes no sense by itself; `backwards` says that its postal range does not."""
        fix = "swap or correct the two values"
        if backwards:
            value, cause = f"{row.postal_from}-{row.postal_to}", "the postal range runs backwards"
        elif row.terms.days_min > row.terms.days_max:
            value, cause = f"{row.terms.days_min}-{row.terms.days_max}", "the days run backwards"
        elif row.terms.tax >= _WHOLE:
            value, cause = f"{Decimal(row.terms.tax).scaleb(-6).normalize():f}%", "the tax leaves nothing of the price"
            fix = "write a rate below 100 %"
        elif self.odd(row.terms):
            value, cause = "", f"charges for each kg above a bracket of {self.axis}"
            fix = "take the price for extra weight out, or write brackets of weight"
        else:
            value = self.measure(row.weight_from, row.weight_to)
            cause = f"no whole {'gram' if self.axis == 'weight' else 'number'} is in the {self.axis} bracket"
            if row.weight_from < row.weight_to and self.weight_unit == "g" and self.axis == "weight":
                fix = f"are these kg? If so, {IN_KG}"
        self.problems.add(place(row.sheet, "row"), value, cause, fix, row.line)


def _charges(fee: Fee) -> bool:
    return bool(fee.amount or fee.percent or fee.least)
