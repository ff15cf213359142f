"""A tariff, compiled for one lane and for the fees of a row into steps that are gone through for each price."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from portes.contract.rounding import Rounding, quotient
from portes.tables.pricing.lanes import UNKNOWN_STATE, FactNeededError, Lane, tax_rate
from portes.tables.pricing.tariff import (
    BASE,
    EXCESS,
    MINIMUM,
    ROUNDING,
    TAX,
    Base,
    Component,
    Tariff,
    Tier,
    ordered,
    usual_base,
)
from portes.tables.protocol import Fee, Per

OF_VALUE: Final = -1
"""Of the declared value, where slots are wanted."""
OF_FREIGHT: Final = -2
"""Of all that comes before, where slots are wanted."""
OF_UNSAID: Final = -3
"""Of what nobody says, where slots are wanted."""
SCALE: Final = 10**8
"""Numerators are over it: the milligrams of 100 kg, and millionths of a percent in the whole."""
_KG: Final = 10**6
_HUNDRED_KG: Final = 10**8


class StepKind(IntEnum):
    """Where the amount of a step comes from."""

    FEE = 0
    BASE = 1
    EXCESS = 2
    MINIMUM = 3
    TABLE = 4
    FIXED = 5


class Count(NamedTuple):
    """How often an amount is charged: per so many milligrams, or so many shipments, parcels or units."""

    size: int = 0
    """Milligrams; 0 where no weight counts."""
    started: bool = False
    """Whether a started one counts whole."""
    of: Per = "shipment"


COUNTS: Final[dict[Per, Count]] = {
    "shipment": Count(),
    "parcel": Count(of="parcel"),
    "unit": Count(of="unit"),
    "kg": Count(_KG, of="kg"),
    "started_kg": Count(_KG, started=True, of="started_kg"),
    "100_kg": Count(_HUNDRED_KG, of="100_kg"),
    "started_100_kg": Count(_HUNDRED_KG, started=True, of="started_100_kg"),
}
"""How each way to charge an amount counts."""


class Choice(NamedTuple):
    """What one tier charges: an amount for each of what is counted, and a percentage."""

    amount: int
    counted: Count
    percent: int


class Step(NamedTuple):
    """One amount to work out and round: `(numerator + offset) // divisor * unit`."""

    kind: StepKind
    slot: int
    """Which name's amount it adds to."""
    unit: int
    """What it is rounded to a multiple of, in millionths of a minor unit."""
    offset: int
    """What makes rounding down its own rounding, since no numerator is negative."""
    divisor: int
    """What the numerator is over, and the unit in it."""
    fixed: int = 0
    """What it comes to, rounded, whatever is shipped."""
    limits: tuple[int, ...] = ()
    """Upper ends of all choices but the last."""
    by_value: bool = True
    """Whether they are declared values, in minor units, rather than milligrams."""
    marginal: bool = False
    larger: bool = False
    """Whether the larger of amount and percentage counts."""
    choices: tuple[Choice, ...] = ()
    of: int | tuple[int, ...] = OF_FREIGHT
    """`OF_VALUE`, `OF_FREIGHT`, or the slots that a percentage is of; of a minimum, the slots that count towards it."""
    least: int = 0
    most: int | None = None
    table: int = -1
    """The number of the fee table whose rows are charged."""
    name: str = ""
    """That of the component of the table."""
    add: bool = False
    """Whether the table is charged beside the others of its slot; else no later one is where it names the place."""


class PricePlan(NamedTuple):
    """What a price is made of on one lane, for rows with the same fees."""

    names: tuple[str, ...]
    """One for each slot, then those of the tax and of what rounding adds."""
    steps: tuple[Step, ...]
    units: tuple[tuple[int, Rounding], ...]
    """How the amount of each slot is rounded."""
    taxed: bool
    """Whether a tax is worked out at all."""
    rate: int
    """The rate of tax of the lane, in millionths of a percent; a row's own comes before it."""
    fault: str
    """Why there is no rate, to be told where the row has none of its own."""


def rounded_by(unit: int, rounding: Rounding) -> tuple[int, int, int]:
    """How a numerator over `SCALE` is rounded to a multiple of a unit: unit, offset and divisor of a step."""
    divisor = SCALE * unit
    return unit, {"down": 0, "half_up": divisor // 2, "up": divisor - 1}[rounding], divisor


def make_plan(tariff: Tariff, lane: Lane, fees: Sequence[Fee]) -> PricePlan:
    """The plan of a tariff for rows with these fees.

    Raises `FactNeededError` for a row's percentage that nobody says what it is of, and for a state that is not known.
    """
    components = _applying(tariff.components, lane)
    stated: dict[str, list[Fee]] = {}
    for fee in fees:
        stated.setdefault(fee.name, []).append(fee)
    charging = (name for name, listed in components.items() if any(one.charges for one in listed))
    present = {BASE, EXCESS, MINIMUM, *stated, *charging}
    own = dict.fromkeys([*(one.name for one in tariff.components), *stated])
    names = tuple(name for name in ordered(own, tariff.order) if name in present)
    steps, units = [], []
    for slot, name in enumerate(names):
        listed = components.get(name) or [Component(name)]
        units.append(_unit(tariff, listed[0]))
        unit = rounded_by(*units[-1])
        if name == MINIMUM:
            steps.append(
                Step(StepKind.MINIMUM, slot, *unit, of=_counted(tariff, names, slot), least=tariff.least_freight)
            )
        elif name in (BASE, EXCESS):
            steps.append(Step(StepKind.BASE if name == BASE else StepKind.EXCESS, slot, *unit))
        if name in stated or name not in (BASE, EXCESS, MINIMUM):
            steps += [
                _step(slot, _unit(tariff, component), component, fee, names)
                for component, fee in _charged(listed, stated.get(name))
            ]
    return PricePlan((*names, TAX, ROUNDING), tuple(steps), tuple(units), *_taxed(tariff, lane))


def _applying(components: Sequence[Component], lane: Lane) -> dict[str, list[Component]]:
    """The components of each name that may be charged on a lane: those with tables, and one without at most.

    After the one without a table come only those that are added.
    """
    found: dict[str, list[Component]] = {}
    for component in components:
        if component.states and not lane.destination:
            raise FactNeededError(UNKNOWN_STATE)
        if component.states and lane.destination not in component.states:
            continue
        listed = found.setdefault(component.name, [])
        if component.add or all(one.table is not None for one in listed):
            listed.append(component)
    return found


def _unit(tariff: Tariff, component: Component) -> tuple[int, Rounding]:
    """What a component is rounded to a multiple of, and how."""
    return component.unit or tariff.component_unit, component.rounding or tariff.component_rounding


def _charged(listed: Sequence[Component], stated: Sequence[Fee] | None) -> Iterator[tuple[Component, Fee | None]]:
    """The components of one name, in order; in place of all that are not added, the fees that a row states."""
    if not stated:
        yield from ((component, None) for component in listed)
        return
    shape = next((one for one in listed if one.table is None), Component(listed[0].name))
    yield from ((shape, fee) for fee in stated)
    yield from ((component, None) for component in listed if component.add)


def _counted(tariff: Tariff, names: Sequence[str], slot: int) -> int | tuple[int, ...]:
    """The slots before the minimum that count towards it."""
    if tariff.least_of is None and not tariff.outside_least:
        return OF_FREIGHT
    wanted = tariff.least_of
    return tuple(
        at
        for at, name in enumerate(names[:slot])
        if (wanted is None or name in wanted) and name not in tariff.outside_least
    )


def _step(slot: int, unit: tuple[int, Rounding], component: Component, fee: Fee | None, names: Sequence[str]) -> Step:
    """The step of a component, of a row's fee, or of a fee as a component of its name shapes it."""
    if component.table is not None:
        return _table_step(slot, unit, component, names)
    amount, per, percent = (component if fee is None else fee)[1:4]
    tiers = component.tiers or (Tier(),)
    choices = tuple(_choices(tiers, component.per, Choice(amount, COUNTS[per], percent)))
    least, kind, fixed = max(component.least, fee.least if fee else 0), StepKind.FEE, 0
    if len(choices) == 1 and not choices[0].percent and (choices[0].counted.of == "shipment" or not choices[0].amount):
        kind, fixed = StepKind.FIXED, _fixed(max(choices[0].amount, least), component.most, *unit)
    return Step(
        kind,
        slot,
        *rounded_by(*unit),
        fixed,
        limits=tuple(tier.up_to for tier in tiers[:-1]),
        by_value=component.tiers_by == "value",
        marginal=component.marginal,
        larger=fee is not None and fee.larger,
        choices=choices,
        of=_slots(component, names, percents=any(choice.percent for choice in choices)),
        least=least,
        most=component.most,
    )


def _fixed(amount: int, most: int | None, unit: int, rounding: Rounding) -> int:
    """An amount that is the same for every shipment, bounded and rounded."""
    return quotient(amount if most is None else min(amount, most), unit, rounding) * unit


def _table_step(slot: int, unit: tuple[int, Rounding], component: Component, names: Sequence[str]) -> Step:
    """The step of a component whose amount stands in the rows of a table of its own."""
    said = component.of or usual_base(component.name)
    return Step(
        StepKind.TABLE,
        slot,
        *rounded_by(*unit),
        of=_slots(component, names, percents=False) if said else OF_UNSAID,
        least=component.least,
        most=component.most,
        table=-1 if component.table is None else component.table,
        name=component.name,
        add=component.add,
    )


def _choices(tiers: Sequence[Tier], per: Per, otherwise: Choice) -> Iterator[Choice]:
    for tier in tiers:
        silent = tier.amount is None and tier.percent is None
        yield otherwise if silent else Choice(tier.amount or 0, COUNTS[per], tier.percent or 0)


def _slots(component: Component, names: Sequence[str], *, percents: bool) -> int | tuple[int, ...]:
    """What the percentage of a component is of, in slots."""
    of: Base | None = component.of or usual_base(component.name)
    if of is None and percents:
        raise unsaid_base(component.name)
    if isinstance(of, tuple):
        return tuple(names.index(name) for name in of if name in names)
    return OF_VALUE if of == "value" else OF_FREIGHT


def unsaid_base(name: str) -> FactNeededError:
    """The error of a row's percentage that nobody says what it is of."""
    fix = f'write a component name = "{name}" with of = "value" or "freight" in settings.tariff.components'
    return FactNeededError(f"a row charges a percentage called {name}; {fix}")


def _taxed(tariff: Tariff, lane: Lane) -> tuple[bool, int, str]:
    """Whether tax is worked out, the lane's rate, and why it has none."""
    tax = tariff.tax
    if tax.kind != "inside":
        return tax.kind == "stated", 0, ""
    try:
        return True, tax_rate(tax, lane), ""
    except FactNeededError as error:
        return True, 0, str(error)
