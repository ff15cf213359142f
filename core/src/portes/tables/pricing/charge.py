"""What a shipment comes to by a row of a rate table and a tariff, exactly.

Amounts are whole numbers throughout, millionths of a minor unit; each is worked out exactly and rounded once. What a
price is made of, and in which order, stands in its tariff.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, NoReturn, TypeAlias

from portes.contract.rounding import Rounding, quotient
from portes.tables.index.table import Candidates, FoundRow
from portes.tables.pricing.lanes import FactNeededError, Lane
from portes.tables.pricing.plan import (
    COUNTS,
    OF_FREIGHT,
    OF_UNSAID,
    OF_VALUE,
    SCALE,
    Choice,
    Count,
    PricePlan,
    Step,
    StepKind,
    make_plan,
    unsaid_base,
)
from portes.tables.pricing.tariff import BASE, WHOLE, Tariff, usual_base
from portes.tables.protocol import MICROS, Fee, Milligrams, Terms

_KG: Final = 10**6
"""Milligrams in a kg."""
_REMEMBERED: Final = 1 << 14
_NOWHERE: Final = Lane()
_HALF: Final = MICROS // 2
# looking a member up in its class takes as long as adding a fee up
_FEE, _BASE, _EXCESS, _TABLE, _FIXED = StepKind.FEE, StepKind.BASE, StepKind.EXCESS, StepKind.TABLE, StepKind.FIXED

FeeRows: TypeAlias = Callable[[int], Candidates]
"""What finds the rows of a fee table by the component's `table`: none where it does not name the place.

It raises `FactNeededError` where the table names the place and has no price.
"""


UNKNOWN_UNITS: Final = (
    'how many the parcels hold is not known; write packer = "single" or "totals" for the carrier, or one that says it'
)
"""Why nothing by units of goods can be worked out, and the fix."""


class ValueNeededError(ValueError):
    """A percentage of a declared value, or a tier of it, where nobody stated one; it is never taken for nothing."""


class PricedLoad(NamedTuple):
    """What is priced at once, as its carrier counts it."""

    weight: Milligrams
    """Taxable weight."""
    value: int | None
    """Declared value in minor units; None when unknown."""
    parcels: int = 1
    units: int | None = None
    """Units of goods; None when unknown."""


class Charge(NamedTuple):
    """The named parts of a price, in minor units; they add up to it, and none is negative."""

    names: tuple[str, ...]
    amounts: tuple[int, ...]

    @property
    def cost(self) -> int:
        """The whole price, in minor units."""
        return sum(self.amounts)

    @property
    def parts(self) -> dict[str, int]:
        """The parts that come to something, and the base, by name."""
        both = zip(self.names, self.amounts, strict=True)
        return {name: amount for name, amount in both if amount or name == BASE}


class TariffPricer:
    """Prices loads by rows under one tariff, which is compiled once for each lane and set of fees. Thread-safe."""

    def __init__(self, tariff: Tariff) -> None:
        self._tariff = tariff
        self._plans: dict[tuple[Lane, tuple[Fee, ...]], PricePlan] = {}

    @property
    def needs_states(self) -> bool:
        """Whether a price can depend on the states that goods go from and to."""
        return self._tariff.tax.by_state or any(component.states for component in self._tariff.components)

    def charge(
        self, found: FoundRow, load: PricedLoad, lane: Lane = _NOWHERE, fee_rows: FeeRows | None = None
    ) -> Charge:
        """The charge for a load by a row, on a lane; `fee_rows` finds what a tariff's fee tables charge.

        Raises `ValueNeededError` when it depends on a value that nobody stated, and `FactNeededError` when too
        little else is known.
        """
        rows_of = fee_rows or _no_tables
        terms = found.terms
        plan = self._plans.get((lane, terms.fees)) or self._planned(lane, terms.fees)
        amounts = [0] * len(plan.units)
        freight, priced = 0, -1
        for step in plan.steps:
            kind, slot, unit, offset, divisor, amount = step[:6]
            if kind is not _FIXED:
                if kind is _FEE:
                    numerator = 0 if slot == priced else _fee(step, load, amounts, freight)
                elif kind is _BASE:
                    numerator = found.price * SCALE
                elif kind is _EXCESS:
                    numerator = _excess(terms, found.extra_from, load.weight) if terms.extra_per_kg else 0
                elif kind is _TABLE:
                    if slot == priced and not step.add:
                        continue
                    rows = rows_of(step.table)
                    if not rows:
                        continue
                    numerator = _by_rows(step, rows, load, amounts, freight)
                    priced = priced if step.add else slot
                else:
                    numerator = _missing(step, terms.minimum, amounts, freight) if step.least or terms.minimum else 0
                amount = (numerator + offset) // divisor * unit
            elif slot == priced:
                continue
            amounts[slot] += amount
            freight += amount
        return Charge(plan.names, self._finished(plan, amounts, _rate(plan, terms.tax)))

    def _planned(self, lane: Lane, fees: tuple[Fee, ...]) -> PricePlan:
        if len(self._plans) >= _REMEMBERED:
            self._plans.clear()
        plan = self._plans[lane, fees] = make_plan(self._tariff, lane, fees)
        return plan

    def _finished(self, plan: PricePlan, amounts: Sequence[int], rate: int) -> tuple[int, ...]:
        """The parts in whole minor units: taxed, rounded at the end, and made to add up."""
        tariff = self._tariff
        left, whole = WHOLE - rate, tariff.tax.whole
        if rate and not whole:
            amounts = [_gross(amount, left, *unit) for amount, unit in zip(amounts, plan.units, strict=True)]
        subtotal = sum(amounts)
        numerator, divisor = (subtotal * WHOLE, left) if rate and whole else (subtotal, 1)
        cost = quotient(numerator, divisor * tariff.step, tariff.rounding) * tariff.step // MICROS
        shown = [(amount + _HALF) // MICROS for amount in amounts]  # none is negative
        tax = 0
        if rate and whole:
            # Rounded as the cost is, so that a subtotal in whole minor units and its tax are the cost.
            taxed = quotient(numerator, divisor * MICROS, tariff.rounding)
            tax = max(0, taxed - (subtotal + _HALF) // MICROS)
        return _adding_up(plan.names, [*shown, tax], cost)


def _rate(plan: PricePlan, stated: int) -> int:
    """The rate of tax: a row's own, or its lane's."""
    if not plan.taxed:
        return 0
    if stated >= 0:
        return stated
    if plan.fault:
        raise FactNeededError(plan.fault)
    return plan.rate


def _gross(net: int, left: int, unit: int, rounding: Rounding) -> int:
    """An amount with its tax inside, where so much of a hundred is left after tax."""
    return quotient(net * WHOLE, left * unit, rounding) * unit


def _adding_up(names: Sequence[str], shown: list[int], cost: int) -> tuple[int, ...]:
    """The parts and what rounding adds to them.

    What rounding takes away is taken from the base, and then from the largest part: none may be negative.
    """
    rest = cost - sum(shown)
    if rest >= 0:
        return (*shown, rest)
    for at in sorted(range(len(shown)), key=lambda at: (names[at] != BASE, -shown[at])):
        taken = min(shown[at], -rest)
        shown[at] -= taken
        rest += taken
    return (*shown, 0)


def _excess(terms: Terms, border: Milligrams, weight: Milligrams) -> int:
    """The numerator of what a row charges for weight above its border."""
    over = weight - border
    if over <= 0:
        return 0
    if terms.extra_step:
        over = -(-over // terms.extra_step) * terms.extra_step
    return over * terms.extra_per_kg * (SCALE // _KG)


def _missing(step: Step, minimum: int, amounts: Sequence[int], freight: int) -> int:
    """The numerator of what is missing to the least freight: the row's or the tariff's, whichever is more."""
    of = step.of
    counted = freight if isinstance(of, int) else sum([amounts[slot] for slot in of])
    return max(0, max(step.least, minimum) - counted) * SCALE


def _fee(step: Step, load: PricedLoad, amounts: Sequence[int], freight: int) -> int:
    """The numerator of a fee: its amounts and its percentage, no less than its least and no more than its most."""
    limits, by_value, marginal, larger, choices, of, least, most = step[6:14]
    if marginal:
        numerator = _by_slice(step, load)
    else:
        choice = choices[bisect_left(limits, _measured(load, by_value=by_value))] if limits else choices[0]
        amount, counted, percent = choice
        numerator = _counted(amount, counted, load, load.weight) if amount else 0
        if percent:
            share = (freight if of == OF_FREIGHT else _of(of, load, amounts, freight)) * percent
            numerator = max(numerator, share) if larger else numerator + share
    if least:
        numerator = max(numerator, least * SCALE)
    return numerator if most is None else min(numerator, most * SCALE)


def _by_rows(step: Step, rows: Candidates, load: PricedLoad, amounts: Sequence[int], freight: int) -> int:
    """The numerator of what a fee table charges: all that its row comes to, the dearest of several."""
    numerator, most = step.least * SCALE, step.most
    for row in rows:
        numerator = max(numerator, _whole_row(step, row, load, amounts, freight))
    return numerator if most is None else min(numerator, most * SCALE)


def _whole_row(step: Step, row: FoundRow, load: PricedLoad, amounts: Sequence[int], freight: int) -> int:
    """The numerator of a row's price, its extra weight and its fees, and no less than its minimum."""
    price, border, terms = row
    numerator = price * SCALE
    if terms.extra_per_kg:
        numerator += _excess(terms, border, load.weight)
    for name, amount, per, percent, least, larger in terms.fees:
        fee = _counted(amount, COUNTS[per], load, load.weight) if amount else 0
        if percent:
            share = _of(_base_of(name, step), load, amounts, freight) * percent
            fee = max(fee, share) if larger else fee + share
        numerator += max(fee, least * SCALE)
    return max(numerator, terms.minimum * SCALE) if terms.minimum else numerator


def _base_of(name: str, step: Step) -> int | tuple[int, ...]:
    """What a percentage in a row of a fee table is of: as its component says, or as is usual for another name."""
    usual = usual_base(name)
    of = step.of if name == step.name else (OF_VALUE if usual == "value" else OF_FREIGHT if usual else OF_UNSAID)
    if of == OF_UNSAID:
        raise unsaid_base(name)
    return of


def _no_tables(table: int) -> NoReturn:
    raise LookupError(f"the tariff has a fee table {table}, and nothing was given to find its rows")


def _of(of: int | tuple[int, ...], load: PricedLoad, amounts: Sequence[int], freight: int) -> int:
    """What a percentage is of, in millionths of a minor unit."""
    if isinstance(of, tuple):
        return sum([amounts[slot] for slot in of])
    return _value(load) * MICROS if of == OF_VALUE else freight


def _by_slice(step: Step, load: PricedLoad) -> int:
    """The numerator of a fee whose tiers each charge the slice of the value or weight within them."""
    whole = _measured(load, by_value=step.by_value)
    numerator = floor = 0
    for choice, limit in zip(step.choices, (*step.limits, whole), strict=True):
        within = min(whole, limit) - floor
        if within <= 0:
            break
        numerator += _of_slice(choice, within, load, by_value=step.by_value)
        floor = limit
    return numerator


def _of_slice(choice: Choice, within: int, load: PricedLoad, *, by_value: bool) -> int:
    return within * MICROS * choice.percent if by_value else _counted(choice.amount, choice.counted, load, within)


def _measured(load: PricedLoad, *, by_value: bool) -> int:
    """What tells tiers apart: the declared value in minor units, or the weight in milligrams."""
    return _value(load) if by_value else load.weight


def _value(load: PricedLoad) -> int:
    if load.value is None:
        msg = "a percentage of the declared value, or a tier of it, is charged"
        raise ValueNeededError(msg)
    return load.value


def _counted(amount: int, counted: Count, load: PricedLoad, weight: Milligrams) -> int:
    """The numerator of an amount for each of what is counted."""
    size, started, of = counted
    if size:
        return amount * -(-weight // size) * SCALE if started else amount * weight * (SCALE // size)
    if of == "shipment":
        return amount * SCALE
    number = load.parcels if of == "parcel" else load.units
    if number is None:
        raise FactNeededError(f"an amount is charged for each unit of goods, and {UNKNOWN_UNITS}")
    return amount * number * SCALE


def percentage(amount: int, percent: int, rounding: Rounding = "half_up") -> int:
    """The part of an amount, in its own units, that millionths of a percent make."""
    return quotient(amount * percent, WHOLE, rounding)
