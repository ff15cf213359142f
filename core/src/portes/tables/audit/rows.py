"""Rows of any format in columns of numbers, those that make no sense among them: what is odd is for checks to say."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final

from portes.contract.postal import postal_keys
from portes.errors import Problems
from portes.tables.index.gathered_rows import GatheredRows
from portes.tables.index.origins import ANYWHERE, RowScope
from portes.tables.protocol import NO_LIMIT, REFUSED, ReadOptions, Row, Terms
from portes.tables.questions import price_words

_KIND: Final = itemgetter(*map(Row._fields.index, ("service", "axis", "rank", "origin_from", "origin_to")))
"""What rows share that are compared with each other."""
_AT_ONCE: Final = 20_000
"""Rows that are put into columns together."""


class AuditRows:
    """The rows of a table in the order of the file; a row is a position in every array."""

    def __init__(self, options: ReadOptions, problems: Problems) -> None:
        self.options = options
        self.gathered = GatheredRows(options, problems)
        """Only its scopes: it tells of rows that cannot be compared with others at all."""
        self.form = self.gathered.form
        self.scopes: list[RowScope] = []
        self.scope_of = array("I")
        self.firsts, self.lasts = array("Q"), array("Q")
        """Numbers of the first and the last postal code."""
        self.lows, self.highs, self.extras_from = array("q"), array("q"), array("q")
        self.prices = array("q")
        """Base prices; what charges nothing is 0, unless that is declared to mean no service."""
        self.terms: list[Terms] = []
        self.terms_of = array("I")
        self._known_terms: dict[Terms, int] = {}
        self._known_scopes: dict[tuple[object, ...], int] = {}
        self._lines = array("I")
        self._sheets: dict[str, int] = {}
        self._sheets_of = array("H")
        self._codes: list[tuple[str, str]] | None = None if self.form.fixed else []
        """The codes as text, where a number does not say how long they are."""

    def __len__(self) -> int:
        return len(self.prices)

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows that can be compared with each other; the problems say which cannot."""
        following = iter(rows)
        while several := [*islice(following, _AT_ONCE)]:
            self._add(several)
        if not len(self):
            self.gathered.check()  # it knows how to say that there are none

    def _add(self, several: Sequence[Row]) -> None:
        low, high = postal_keys(self.options.country)
        kept = [row for row in several if self._take(row)]
        columns = zip(*kept, strict=True) if kept else iter([()] * len(Row._fields))
        lines, _, froms, tos, lows, highs, prices, extras, terms, sheets, *_ = columns
        self.firsts.extend(map(low, froms))
        self.lasts.extend(map(high, tos))
        self.lows.extend(lows)
        self.highs.extend(highs)
        self.extras_from.extend(extras)
        self.prices.extend(prices if self.options.zero_price != "refuse" else map(self._price, kept))
        self.terms_of.extend(map(self._known_terms.__getitem__, terms))
        self._lines.extend(lines)
        self._sheets_of.extend(self._sheets.setdefault(sheet, len(self._sheets)) for sheet in sheets)
        if self._codes is not None:
            self._codes.extend(zip(froms, tos, strict=True))

    def _take(self, row: Row) -> bool:
        """Whether a row can be compared with others; its scope and terms are then known."""
        kind = _KIND(row)
        scope = self._known_scopes.get(kind)
        if scope is None:
            scope = self.gathered.scope_number(row)
            if scope is None:
                return False
            self._known_scopes[kind] = scope
            self.scopes = [*self.gathered.scopes]
        if not self.gathered.comparable(row, "postal range", row.postal_from, row.postal_to):
            return False
        terms = row.terms
        if terms not in self._known_terms:
            if terms.days_min <= terms.days_max and self.gathered.odd(terms):
                self.gathered.refuse(row, backwards=False)
                return False
            self._known_terms[terms] = len(self.terms)
            self.terms.append(terms)
        self.scope_of.append(scope)
        return True

    def _price(self, row: Row) -> int:
        """The price of a row where one that charges nothing says that there is no service."""
        return REFUSED if not row.price and self.is_free(row.extra_from, row) else row.price

    @staticmethod
    def is_free(extra_from: int, row: Row) -> bool:
        """Whether a row without a base price charges nothing else either."""
        terms = row.terms
        if terms.minimum or (terms.extra_per_kg and extra_from < row.weight_to):
            return False
        return not any(fee.amount or fee.percent or fee.least for fee in terms.fees)

    @property
    def services(self) -> list[str]:
        """What the table calls its services, in the order of the file."""
        return [*self.gathered.services]

    def service(self, at: int) -> str:
        """What the table calls a row's service."""
        return self.services[self.scopes[self.scope_of[at]].service]

    def place(self, at: int) -> tuple[str, int]:
        """The sheet of a row, empty for a text file, and its line."""
        return [*self._sheets][self._sheets_of[at]], self._lines[at]

    def line(self, at: int) -> str:
        """Where a row stands, for the words about another one."""
        sheet, line = self.place(at)
        return f"line {line} of {sheet}" if sheet else f"line {line}"

    def terms_at(self, at: int) -> Terms:
        """The terms of a row."""
        return self.terms[self.terms_of[at]]

    def codes(self, at: int) -> str:
        """A row's service, postal range and origin, in words."""
        first, last = self._texts(at)
        scope, text = self.scopes[self.scope_of[at]], self.form.text
        words = f"{self.service(at)} {first}-{last}".strip()
        if scope.origin_first == ANYWHERE:
            return words
        return f"{words} from {text(scope.origin_first)}-{text(scope.origin_last)}"

    def bracket(self, at: int) -> str:
        """A row's bracket, in words."""
        if self.highs[at] >= NO_LIMIT:
            return f"above {self.gathered.measure(self.lows[at])}"
        return self.gathered.measure(self.lows[at], self.highs[at])

    def price_words(self, at: int) -> str:
        """A row's base price, in words."""
        price = self.prices[at]
        return self.money(price) if price >= 0 else "no service" if price == REFUSED else "on request"

    def money(self, price: int) -> str:
        """An amount in millionths of a minor unit, in words."""
        return price_words(price, self.options.currency)

    def days(self, at: int) -> str:
        """A row's business days, in words."""
        terms = self.terms_at(at)
        return f"{terms.days_min} to {terms.days_max} days"

    def figures(self, at: int) -> dict[str, object]:
        """What most words about a row name."""
        return {
            "codes": self.codes(at),
            "bracket": self.bracket(at),
            "price": self.price_words(at),
            "days": self.days(at),
        }

    def row(self, at: int) -> Row:
        """A row as the format gave it."""
        scope = self.scopes[self.scope_of[at]]
        sheet, line = self.place(at)
        origins = ("", "")
        if scope.origin_first != ANYWHERE:
            origins = self.form.text(scope.origin_first), self.form.text(scope.origin_last)
        return Row(
            line,
            self.services[scope.service],
            *self._texts(at),
            self.lows[at],
            self.highs[at],
            self.prices[at],
            self.extras_from[at],
            self.terms_at(at),
            sheet,
            self.gathered.axis,
            scope.rank,
            *origins,
        )

    def _texts(self, at: int) -> tuple[str, str]:
        if self._codes is not None:
            return self._codes[at]
        return self.form.text(self.firsts[at]), self.form.text(self.lasts[at])
