"""Prices that stand in one column for each weight bracket, as brackets of a line: what several formats have in common.

A border that is only named from above (`até 2kg`) begins where the column before it ends, and a border printed up to
a hundredth of a kg higher (`10,01 a 20`) is meant to touch.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Final, NamedTuple

from portes.errors import Problems
from portes.tables.protocol import NO_LIMIT, Above, Micros, Milligrams
from portes.tables.reading.brackets import HeaderBracket
from portes.tables.reading.columns import WideLine, place

_PRINTED_APART: Final[Milligrams] = 10_000
"""A hundredth of a kg: how far apart two brackets are printed that touch."""

_GRAM: Final[Milligrams] = 1000


class PricedBracket(NamedTuple):
    """A bracket of one line and what it costs."""

    weight_from: Milligrams
    weight_to: Milligrams
    price: Micros
    per_kg: Micros
    """For each kg above `weight_to`, where it is the line's highest bracket."""


class _Column(NamedTuple):
    """What stands below one bracket of a header."""

    name: str
    bracket: HeaderBracket
    amount: int | None
    begins: Milligrams = 0
    """Where its weights begin, once the column before it is known."""

    @property
    def sorting(self) -> tuple[Milligrams, bool, Milligrams]:
        """A number by which the columns of a header are put in order of their weights."""
        low, high, per_kg = self.bracket
        return high, per_kg, low or 0


class WidePrices:
    """The brackets of each line of a file, under what is declared about prices above its last weight."""

    def __init__(self, above: Above, problems: Problems) -> None:
        self._above = above
        self._problems = problems
        self._asked: set[tuple[str, str]] = set()

    def brackets(self, line: WideLine) -> Sequence[PricedBracket]:
        """The line's brackets, lowest first; none, and a problem, where they make no sense.

        A blank cell is no price: between two others it leaves a hole, and above them the line ends.
        """
        prices, rates = self._sorted(line)
        if not prices:
            self._tell(line, "row", "has no price in any bracket", "fill one in, or take the row out")
            return ()
        per_kg = self._rate(line, prices, rates)
        if per_kg is None:
            return ()
        return [PricedBracket(one.begins, one.bracket.weight_to, one.amount or 0, per_kg) for one in prices]

    def _sorted(self, line: WideLine) -> tuple[Sequence[_Column], Sequence[_Column]]:
        """The columns that have a price, with where they begin, and those that have a rate for each kg above."""
        pairs = zip(line.names, line.prices, strict=True)
        columns = sorted(
            (_Column(name, bracket, amount) for name, (bracket, amount) in pairs), key=attrgetter("sorting")
        )
        placed = list(_placed([one for one in columns if not one.bracket.per_kg]))
        rates = [one for one in columns if one.bracket.per_kg and one.amount]
        prices = [one for one in placed if one.amount is not None]
        last = prices[-1] if prices else None
        if last and last.bracket.weight_to == NO_LIMIT and len(placed) > 1 and self._above != "flat":
            prices.pop()
            if self._above == "report":
                self._ask(line, last)
            else:
                rates.append(last)
        if prices and prices[-1] is not placed[-1] and placed[-1].amount is None:
            above = next(one for one in placed if one.begins >= prices[-1].bracket.weight_to)
            self._problems.note(place(line.sheet, f"where {above.name} and what follows is blank, prices end below it"))
        return prices, rates

    def _rate(self, line: WideLine, prices: Sequence[_Column], rates: Sequence[_Column]) -> int | None:
        """The rate for each kg above the highest bracket, 0 without one; None where it cannot be told from where."""
        if not rates:
            return 0
        rate, top = rates[0], prices[-1]
        ends = top.bracket.weight_to
        begins = rate.bracket.weight_from
        if len(rates) > 1:
            cause, fix = f"{rates[1].name} states another price for each kg above", "keep one of them"
        elif (rate.amount or 0) < 0:
            cause, fix = "is no amount for each kg", "write an amount, or leave it blank"
        elif ends == NO_LIMIT:
            cause, fix = f"counts above the last weight, and {top.name} has none", "keep one of the two columns"
        elif begins is not None and abs(begins - ends) > _PRINTED_APART:
            cause, fix = f"counts from {_kg(begins)}, and the prices end at {_kg(ends)}", "fill in what is between them"
        elif begins is None and _last_limit(line) != ends:
            cause = f"counts above the last weight, and the prices end at {_kg(ends)}"
            fix = "fill in the brackets up to the last, or leave it blank"
        else:
            return rate.amount
        self._tell(line, rate.name, cause, fix)
        return None

    def _ask(self, line: WideLine, column: _Column) -> None:
        """Tell once for a column that nobody declared what its prices are for."""
        if (line.sheet, column.name) in self._asked:
            return
        self._asked.add((line.sheet, column.name))
        cause = "may be one price for whatever is heavier, or a price for each kg above"
        fix = 'ask the carrier, and declare above = "flat" (--above flat) or above = "per_kg" (--above per_kg)'
        self._tell(line, column.name, cause, fix)

    def _tell(self, line: WideLine, where: str, cause: str, fix: str) -> None:
        self._problems.add(place(line.sheet, where), None, cause, fix, line.line)


def _placed(columns: Sequence[_Column]) -> Iterator[_Column]:
    """The columns of prices with where each begins: above a blank one, a gram above the border that belongs to it."""
    before, blank = 0, False
    for one in columns:
        stated = one.bracket.weight_from
        if stated is None or stated == before or (not blank and 0 < stated - before <= _PRINTED_APART):
            stated = before + _GRAM if blank else before
        yield one._replace(begins=stated)
        before, blank = one.bracket.weight_to, one.amount is None


def _last_limit(line: WideLine) -> Milligrams:
    """The last weight that a header names a price up to."""
    return max((one.weight_to for one, _ in line.prices if not one.per_kg and one.weight_to < NO_LIMIT), default=0)


def _kg(weight: Milligrams) -> str:
    return f"{Decimal(weight).scaleb(-6).normalize():f} kg"
