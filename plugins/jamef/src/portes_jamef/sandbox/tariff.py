"""The simulator's prices and days; they are invented, only the tax follows the law; it knows no call.

Freight without tax has five parts, each rounded to the centavo: so much a started kilogram and so much for each step
between the first digits of the two CEPs (which stand for regions); a share of the value; a share of it for risk
(GRIS); a toll for each started 100 kg, on the road only; and a fixed fee for dispatch (TAS). Charged is the cubic
weight where it is more: 300 kg a cubic metre on the road, a million over 6000 in the air.

ICMS is "por dentro": it is part of the price that it is a share of. So the price is the freight divided by one minus
the rate, and the tax is the freight times the rate over one minus the rate. Each part carries its own tax, rounded,
and nothing is worked out again from the sum, as in Jamef's own answers. Rates are those between states: 7 % from the
South and the South-East to the rest and to Espírito Santo, 12 % otherwise, 4 % by air; within a state 18 %, which is
ours, since states differ.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from portes.contract.states import state_of

ROAD, AIR = "1", "2"
_CENTAVO: Final = Decimal("0.01")
_RICH: Final = frozenset({"SP", "RJ", "MG", "PR", "SC", "RS"})
"""The South and the South-East without Espírito Santo: who sends from there owes the low rate elsewhere."""


class _Terms(NamedTuple):
    base: Decimal
    kilogram: Decimal
    step: Decimal
    value: Decimal
    risk: Decimal
    toll: Decimal
    dispatch: Decimal
    cubic: Decimal
    """Kilograms a cubic metre."""
    days: int
    steps_a_day: int


_TERMS: Final[Mapping[str, _Terms]] = {
    ROAD: _Terms(
        base=Decimal("21.40"),
        kilogram=Decimal("0.58"),
        step=Decimal("3.15"),
        value=Decimal("0.0040"),
        risk=Decimal("0.0022"),
        toll=Decimal("5.20"),
        dispatch=Decimal("4.90"),
        cubic=Decimal(300),
        days=2,
        steps_a_day=1,
    ),
    AIR: _Terms(
        base=Decimal("36.80"),
        kilogram=Decimal("3.90"),
        step=Decimal("6.30"),
        value=Decimal("0.0055"),
        risk=Decimal("0.0030"),
        toll=Decimal(0),
        dispatch=Decimal("7.60"),
        cubic=Decimal(1_000_000) / 6000,
        days=1,
        steps_a_day=3,
    ),
}


class Load(NamedTuple):
    """What is to be carried."""

    transport: str
    origin: str
    destination: str
    weight: Decimal
    """The weight of all pieces, in kilograms."""
    volume: Decimal
    """The volume of all pieces, in cubic metres."""
    value: Decimal
    """The value on the invoice, in reais."""


class Priced(NamedTuple):
    """A price, in reais."""

    freight: Decimal
    tax: Decimal
    total: Decimal


def price(load: Load) -> Priced:
    """The price of a load."""
    rate = tax_rate(load)
    parts = [part.quantize(_CENTAVO, ROUND_HALF_UP) for part in _parts(load, _TERMS[load.transport])]
    freight, tax = sum(parts, Decimal(0)), sum((tax_of(part, rate) for part in parts), Decimal(0))
    return Priced(freight, tax, freight + tax)


def tax_of(freight: Decimal, rate: Decimal) -> Decimal:
    """The tax on a part of the freight, to the centavo: a share of freight and tax together."""
    return (freight * rate / (1 - rate)).quantize(_CENTAVO, ROUND_HALF_UP)


def _parts(load: Load, terms: _Terms) -> tuple[Decimal, ...]:
    charged = max(load.weight, load.volume * terms.cubic).to_integral_value(ROUND_CEILING)
    hundreds = (charged / 100).to_integral_value(ROUND_CEILING)
    return (
        terms.base + terms.kilogram * charged + terms.step * _steps(load.origin, load.destination),
        load.value * terms.value,
        load.value * terms.risk,
        terms.toll * hundreds,
        terms.dispatch,
    )


def tax_rate(load: Load) -> Decimal:
    """The rate of ICMS."""
    origin, destination = state_of("BR", load.origin), state_of("BR", load.destination)
    if origin == destination:
        return Decimal("0.18")
    if load.transport == AIR:
        return Decimal("0.04")
    return Decimal("0.07") if origin in _RICH and destination not in _RICH else Decimal("0.12")


def _steps(origin: str, destination: str) -> int:
    return abs(int(origin[0]) - int(destination[0]))


def arrival(load: Load, collected: date) -> date:
    """The day of delivery, counted from Monday to Friday; holidays are left aside."""
    terms = _TERMS[load.transport]
    days = terms.days + _steps(load.origin, load.destination) // terms.steps_a_day
    day = collected
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
