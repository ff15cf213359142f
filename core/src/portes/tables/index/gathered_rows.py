"""Rows of any format in columns of numbers, each checked by itself."""

from array import array
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from portes.contract.postal import RestoredCode, postal_form, postal_keys
from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, REFUSED, Axis, Fee, ReadOptions, Row, Terms
from portes.tables.reading.columns import place

_WEIGHT_BITS: Final = 40


class GatheredRows:
    """Rows that make sense by themselves, in the order of the file; a row is a position in every array."""

    def __init__(self, options: ReadOptions, problems: Problems) -> None:
        self.options = options
        self.problems = problems
        self.form = postal_form(options.country)
        self.axis: Axis = "weight"
        self.prices = array("q")
        self.terms_of = array("I")
        self.weights_from = array("q")
        self.weights_to = array("q")
        self.extras_from = array("q")
        self.keys: list[int] = []
        """Service, first code, last code and upper border in one number that sorts; see `range_key`."""
        self.services: dict[str, int] = {}
        self.terms: dict[Terms, int] = {}
        self._sheets: dict[str, int] = {}
        self._lines = array("I")
        self._sheets_of = array("H")

    def add(self, rows: Iterable[Row]) -> None:
        """Take each row, or report what is wrong with it."""
        size, (low, high) = self.form.size, postal_keys(self.options.country)
        services, terms, sheets, ordered = self.services, self.terms, self._sheets, self.form.ordered
        for row in rows:
            if type(row.postal_from) is not type(row.postal_to) or (
                not ordered and len(row.postal_from) != len(row.postal_to)
            ):
                self._refuse_range(row)
                continue
            first, last, limit = low(row.postal_from), high(row.postal_to), row.weight_to // 1000
            price = row.price or self._zero(row)
            if first > last or row.weight_from // 1000 >= limit or row.terms.days_min > row.terms.days_max:
                self._refuse(row, backwards=first > last)
                continue
            service = services.setdefault(row.service, len(services))
            self.keys.append(((service * size + first) * size + last) << _WEIGHT_BITS | limit)
            self.prices.append(price)
            self.terms_of.append(terms.setdefault(row.terms, len(terms)))
            self.weights_from.append(row.weight_from)
            self.weights_to.append(row.weight_to)
            self.extras_from.append(row.extra_from)
            self._lines.append(row.line)
            self._sheets_of.append(sheets.setdefault(row.sheet, len(sheets)))

    def check(self) -> None:
        """Report what is wrong with the rows as a whole."""
        if not self.keys and not self.problems.count:
            self.problems.add("rows", None, "there is no row to quote from", "add rows under the header")
        if "" in self.services and len(self.services) > 1:
            nameless = next(at for at in range(len(self.keys)) if self.range_of(at)[0] == self.services[""])
            self.report(nameless, "service", "", "is blank, while other rows name their service", "fill it in")

    def range_key(self, at: int) -> int:
        """One number for a row's service and postal range."""
        return self.keys[at] >> _WEIGHT_BITS

    def range_of(self, at: int) -> tuple[int, int, int]:
        """A row's service number, and the numbers of its first and last postal code."""
        rest, last = divmod(self.range_key(at), self.form.size)
        return *divmod(rest, self.form.size), last

    def codes(self, at: int) -> str:
        """A row's postal range, for a message."""
        _, first, last = self.range_of(at)
        return f"{self.form.text(first)}-{self.form.text(last)}"

    def bracket(self, at: int) -> str:
        """A row's weight bracket, for a message."""
        return _grams(self.weights_from[at], self.weights_to[at])

    def report(self, at: int, part: str, value: str, cause: str, fix: str) -> None:
        """Report a problem of one row."""
        self.problems.add(place(self._sheet(at), part), value, cause, fix, self._lines[at])

    def line(self, at: int) -> str:
        """Where a row stands, for a message about another one."""
        sheet = self._sheet(at)
        return f"line {self._lines[at]} of {sheet}" if sheet else f"line {self._lines[at]}"

    def _sheet(self, at: int) -> str:
        return list(self._sheets)[self._sheets_of[at]]

    def _refuse_range(self, row: Row) -> None:
        """Report that only one end lost its zero, or that nobody here knows how ends of unequal length compare."""
        first, last, country = row.postal_from, row.postal_to, self.options.country
        value = f"{first}-{last}"
        cause = f"how codes of {country} of unequal length compare is not known"
        fix = "write both ends with as many characters, or a row for each prefix"
        for part, end, filler in (("first", first, "0"), ("last", last, "9")):
            if isinstance(end, RestoredCode):
                written = end[1:]
                value = f"{written}-{last}" if part == "first" else f"{first}-{written}"
                cause = f"the {part} code has {len(written)} digits and the other {len(end)}"
                fix = f"write {end} if its leading zero was lost, {written}{filler} if its last digit was"
        self.problems.add(place(row.sheet, "postal range"), value, cause, fix, row.line)

    def _zero(self, row: Row) -> int:
        terms = row.terms
        charges_weight = terms.extra_per_kg and row.extra_from < row.weight_to
        if charges_weight or terms.minimum or any(map(_charges, terms.fees)):
            return 0
        if self.options.zero_price == "report":
            fix = 'correct it, or set zero_price = "free" or zero_price = "refuse" for the table'
            self.problems.add(place(row.sheet, "price"), 0, "charges nothing", fix, row.line)
        return REFUSED if self.options.zero_price == "refuse" else 0

    def _refuse(self, row: Row, *, backwards: bool) -> None:
        fix = "swap or correct the two values"
        if backwards:
            value, cause = f"{row.postal_from}-{row.postal_to}", "the postal range runs backwards"
        elif row.terms.days_min > row.terms.days_max:
            value, cause = f"{row.terms.days_min}-{row.terms.days_max}", "the days run backwards"
        else:
            value, cause = _grams(row.weight_from, row.weight_to), "no whole gram is in the weight bracket"
            if row.weight_from < row.weight_to and self.options.weight_unit == "g":
                fix = "write the weights in g, should these be kg"
        self.problems.add(place(row.sheet, "row"), value, cause, fix, row.line)


def _charges(fee: Fee) -> bool:
    return bool(fee.amount or fee.percent or fee.least)


def _grams(weight_from: int, weight_to: int) -> str:
    upper = "" if weight_to >= NO_LIMIT else f"{Decimal(weight_to).scaleb(-3).normalize():f}"
    return f"{Decimal(weight_from).scaleb(-3).normalize():f}-{upper} g"
