"""Which of several groups of rows prices which weights, where ranges overlap: one ladder made of all of theirs."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from portes.errors import Problem, SettingsError
from portes.tables.index.overlaps import Layers
from portes.tables.index.parts import TableParts
from portes.tables.index.ranges import Numbers
from portes.tables.protocol import MICROS, NO_LIMIT, REFUSED, Micros, Milligrams, Terms

_UNIT: Final = 1000
_ENDLESS: Final = NO_LIMIT // _UNIT
_WITHOUT_OVERLAPS: Final = (
    'write a table without overlapping ranges, or with overlap = "narrowest" (--overlap narrowest)'
)


class ListedBracket(NamedTuple):
    """A bracket of a row, with borders as rows have them."""

    low: Milligrams
    high: Milligrams
    row: int
    """By its number, from the first one of its group, or of the table where several groups made the ladder."""
    extra_from: Milligrams


class _HeldRow(NamedTuple):
    """A row that has a bracket for some weight."""

    row: int
    price: Micros
    extra_from: Milligrams
    terms: Terms


def resolved(
    layers: Layers, arrays: Mapping[str, Numbers], parts: TableParts, *, fills: bool
) -> tuple[ListedBracket, ...]:
    """The brackets that some layers of groups come to, lowest first, each of the row that prices it.

    A layer of several groups is of those whose dearest row counts. Raises `SettingsError` where that hangs on more
    than the weight.
    """
    ladder = _JoinedLadder(layers, arrays, parts)
    found: list[ListedBracket] = []
    for low, high in pairwise(ladder.borders(fills=fills)):
        one = ladder.pricing(low, high, fills=fills)
        if one is None:
            continue
        below = found[-1].high if found else 0
        if found and found[-1].row == one.row and below == low * _UNIT:
            found[-1] = found[-1]._replace(high=high * _UNIT)
        else:
            begin = low * _UNIT if below == low * _UNIT else (low + 1) * _UNIT
            if begin == high * _UNIT:
                cause = f"only {high} itself has a price above a hole, and a row's bracket needs more"
                raise SettingsError(Problem("overlap", high, cause, _WITHOUT_OVERLAPS))
            found.append(ListedBracket(begin, high * _UNIT, one.row, one.extra_from))
    return tuple(found)


class _JoinedLadder:
    """The ladders of all groups that hold a code, looked up as a quote looks them up."""

    def __init__(self, layers: Layers, arrays: Mapping[str, Numbers], parts: TableParts) -> None:
        self._layers, self._arrays, self._parts = layers, arrays, parts

    def borders(self, *, fills: bool) -> list[int]:
        """Whole units at which another row may begin to count, rising; the last one ends all brackets."""
        found = {0} if fills else set()
        for layer in self._layers:
            for group in layer:
                floors, limits, _ = self._parts.ladders[self._arrays["ladder_of"][group]]
                found |= {max(floor, 0) for floor in floors} | set(limits)
                if self._opens(group):
                    found.add(_ENDLESS)
        return sorted(found)

    def pricing(self, low: int, high: int, *, fills: bool) -> _HeldRow | None:
        """The row that prices whatever is above `low` and at most `high`; None in a hole."""
        for filling in (False, True) if fills else (False,):
            for layer in self._layers:
                held = [one for group in layer if (one := self._held(group, high, fills=filling))]
                if held:
                    return _dearest(held, low, high)
        return None

    def _held(self, group: int, weight: int, *, fills: bool) -> _HeldRow | None:
        floors, limits, extras = self._parts.ladders[self._arrays["ladder_of"][group]]
        rung = next((at for at, limit in enumerate(limits) if weight <= limit), len(limits))
        if rung == len(limits):
            if not self._opens(group):
                return None
            rung -= 1
        elif weight <= floors[rung] and not fills:
            return None
        row = self._arrays["firsts"][group] + rung
        terms = self._parts.terms[self._arrays["terms_of"][row]]
        return _HeldRow(row, self._arrays["prices"][row], extras[rung], terms)

    def _opens(self, group: int) -> bool:
        """Whether the highest bracket of a group has no upper end, for each kg above its border has a price."""
        _, limits, extras = self._parts.ladders[self._arrays["ladder_of"][group]]
        row = self._arrays["firsts"][group] + len(limits) - 1
        terms = self._parts.terms[self._arrays["terms_of"][row]]
        return bool(terms.extra_per_kg) and extras[-1] >= limits[-1] * _UNIT


def _dearest(held: Sequence[_HeldRow], low: int, high: int) -> _HeldRow:
    """The row that comes to most for every shipment of such a weight; one without a price goes before all others."""
    priceless = [one for one in held if one.price < 0]
    if priceless:
        return min(priceless, key=lambda one: one.price != REFUSED)
    for one in held:
        if all(one is other or _is_dearer(one, other, high) for other in held):
            return one
    prices = " and ".join(sorted({str(one.price) for one in held})[:3])
    cause = f"which of {len(held)} rows is dearest between {low} and {high} hangs on the shipment (prices {prices})"
    raise SettingsError(Problem("overlap", "dearest", cause, _WITHOUT_OVERLAPS))


def _is_dearer(one: _HeldRow, other: _HeldRow, high: int) -> bool:
    """Whether a row comes to no less than another one, and takes no less time where both may come to the same."""
    own, its = one.terms, other.terms
    if (own.fees, own.minimum, own.tax, own.max_volume) != (its.fees, its.minimum, its.tax, its.max_volume):
        return False
    more = one.price - other.price
    clearly = more >= MICROS and not own.minimum
    slower = (own.days_max, own.days_min) >= (its.days_max, its.days_min)
    return more >= 0 and _charges_no_less(one, other, high) and (clearly or slower)


def _charges_no_less(one: _HeldRow, other: _HeldRow, high: int) -> bool:
    """Whether the excess weight of a row comes to no less than another one's, up to a weight."""
    own, its = one.terms, other.terms
    if not its.extra_per_kg or other.extra_from >= high * _UNIT:
        return True
    same_step = own.extra_step == its.extra_step
    return same_step and own.extra_per_kg >= its.extra_per_kg and one.extra_from <= other.extra_from
