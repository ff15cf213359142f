"""What a carrier charges beside the rows of its table: components, their order, a least freight, tax and rounding.

Amounts are millionths of a minor unit, percentages millionths of a percent, weights milligrams, and declared values
whole minor units. Order and bases are those of road freight in Brazil, as carriers' proposals and transport
documents of 2025 have them, unless a tariff says otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from portes.contract.rounding import Rounding
from portes.tables.protocol import MICROS, NO_LIMIT, Per

ONE_PERCENT: Final = 10**6
"""Millionths of a percent in a percent."""
WHOLE: Final = 100 * ONE_PERCENT
"""Millionths of a percent in the whole."""

BASE: Final = "base"
EXCESS: Final = "excess_weight"
MINIMUM: Final = "minimum"
TAX: Final = "tax"
ROUNDING: Final = "rounding"
COMPUTED: Final = (MINIMUM, TAX, ROUNDING)
"""Parts of a price that no component charges: they follow from the others."""

_BEFORE_OWN: Final = (
    BASE,
    EXCESS,
    "ad_valorem",
    "risk_management",
    "toll",
    "dispatch",
    "document",
    "administration",
    "hard_access",
    "hard_delivery",
    "restricted_traffic",
    "metropolitan",
    "risk",
    "exceptional",
    "free_zone",
)
_AFTER_OWN: Final = ("extra",)
KNOWN: Final = (*_BEFORE_OWN, *_AFTER_OWN)
"""Names of what carriers charge, in the order in which they are worked out."""
_OF_VALUE: Final = frozenset([BASE, "ad_valorem", "risk_management", "risk", "exceptional"])

ANY_LANE: Final = ("*", "*")

Base = Literal["value", "freight"] | tuple[str, ...]
"""What a percentage is of: the declared value, all that comes before it, or components by name."""


class Tier(NamedTuple):
    """What a component charges up to a declared value or a taxable weight."""

    up_to: int = NO_LIMIT
    """Minor units or milligrams, inclusive; `NO_LIMIT` for the last."""
    amount: int | None = None
    """For each `per` of the component; none with no percentage either: as the row, or else the component, says."""
    percent: int | None = None


class Component(NamedTuple):
    """One named charge of a tariff; several of one name are alternatives, the first that applies counts."""

    name: str
    amount: int = 0
    per: Per = "shipment"
    percent: int = 0
    of: Base | None = None
    """What the percentage is of; none: as is usual for the name."""
    least: int = 0
    most: int | None = None
    tiers: tuple[Tier, ...] = ()
    """Lowest first, the last without an end."""
    tiers_by: Literal["value", "weight"] = "value"
    marginal: bool = False
    """Whether each tier charges only the slice within it, rather than one of them the whole."""
    states: frozenset[str] = frozenset()
    """Where the goods go; empty: anywhere."""
    rounding: Rounding | None = None
    unit: int | None = None
    """What it is rounded to a multiple of; none, and no rounding: as the tariff says."""
    table: int | None = None
    """The number of the fee table whose rows say what it comes to, where they name the place; none: it says so."""
    add: bool = False
    """Whether a component with a table is charged beside the others of its name, rather than in place of later ones."""

    @property
    def charges(self) -> bool:
        """Whether it charges something by itself, also where a row says nothing."""
        return bool(self.amount or self.percent or self.least or self.tiers or self.table is not None)


class Tax(NamedTuple):
    """The tax on the freight, by lane."""

    kind: Literal["stated", "inside", "included", "none"] = "stated"
    """`inside`: subtotal / (1 - rate), ICMS "por dentro". `stated`: the same, only where a row states its rate.
    `included` and `none` add nothing, whatever rows say."""
    rates: Mapping[tuple[str, str], int] = {}
    """By the states of origin and destination, `*` for any."""
    interstate: Literal["BR"] | None = None
    """Whose general rates hold between two states that none of `rates` names."""
    whole: bool = True
    """Whether the sum is taxed, and the tax a part of its own; else each part is shown with its tax inside."""

    @property
    def by_state(self) -> bool:
        """Whether a rate can depend on the states that goods go from and to."""
        return self.kind == "inside" and (self.interstate is not None or any(key != ANY_LANE for key in self.rates))


class Tariff(NamedTuple):
    """What is charged beside the rows of a table, how it is rounded and taxed."""

    components: tuple[Component, ...] = ()
    order: tuple[str, ...] = ()
    """Names in the order in which they are worked out, as far as it is not the usual one; see `ordered`."""
    least_freight: int = 0
    least_of: tuple[str, ...] | None = None
    """What counts towards the least freight; none: all that comes before it."""
    outside_least: tuple[str, ...] = ()
    """What does not count towards it, and is added on top."""
    tax: Tax = Tax()
    component_rounding: Rounding = "half_up"
    component_unit: int = MICROS
    rounding: Rounding = "half_up"
    """Of the cost, at the end."""
    step: int = MICROS
    """What the cost is rounded to a multiple of; whole minor units."""


def usual_base(name: str) -> Base | None:
    """What a percentage of a name is usually of; None for a name of the operator's own."""
    if name in _OF_VALUE:
        return "value"
    return "freight" if name in KNOWN else None


def ordered(names: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    """All names, known ones too, as they are worked out under an `order`; names of the operator's own before `extra`.

    Base and excess weight come first and the minimum last, unless `order` has them elsewhere; what else it leaves out
    comes right before the minimum.
    """
    own = [name for name in names if name not in KNOWN and name not in COMPUTED]
    rest = [name for name in dict.fromkeys([*_BEFORE_OWN, *own, *_AFTER_OWN]) if name not in order]
    first = [name for name in rest if name in (BASE, EXCESS)]
    at = order.index(MINIMUM) if MINIMUM in order else len(order)
    return (*first, *order[:at], *rest[len(first) :], MINIMUM, *order[at + 1 :])


def tariff_fault(tariff: Tariff) -> str:
    """What is wrong with a tariff's names and order, its cause and its fix parted by `; `; empty when nothing is."""
    names = tuple(dict.fromkeys(component.name for component in tariff.components))
    sequence = ordered(names, tariff.order)
    strange = next((name for name in sequence if sequence.count(name) > 1), "")
    if strange:
        return f"order names {strange} twice; name it once"
    lists = {"order": tariff.order, "least_of": tariff.least_of or (), "outside_least": tariff.outside_least}
    for key, listed in lists.items():
        allowed = {*KNOWN, *names, *([MINIMUM] if key == "order" else ())}
        if wrong := next((name for name in listed if name not in allowed), ""):
            return f"{key} names {wrong}, which is no component; write one of {', '.join(sorted(allowed))}"
    if tariff.least_of is not None and tariff.outside_least:
        return "least_of and outside_least say the same in two ways; give one of them"
    late = next((name for name in tariff.least_of or () if sequence.index(name) > sequence.index(MINIMUM)), "")
    if late:
        return f"{late} counts towards the least freight and comes after the minimum; write it earlier in order"
    faults = (_alternatives_fault(tariff.components), *(_base_fault(one, sequence) for one in tariff.components))
    return next(filter(None, faults), "")


def _alternatives_fault(components: Sequence[Component]) -> str:
    final: set[str] = set()
    for component in components:
        if component.name in final and not component.add:
            return (
                f"a second component {component.name} never applies, because the one before it has no states;"
                " write the one for everywhere last"
            )
        if not component.states and component.table is None:
            final.add(component.name)
    return ""


def _base_fault(component: Component, sequence: Sequence[str]) -> str:
    name, of = component.name, component.of
    percents = component.percent or any(tier.percent for tier in component.tiers)
    if of is None:
        unclear = percents and usual_base(name) is None
        return (
            f'what the percentage of {name} is of is not said; write of = "value" or of = "freight"' if unclear else ""
        )
    for other in of if isinstance(of, tuple) else ():
        if other not in sequence:
            return f"{name} is a percentage of {other}, which is no component; write a component of that name"
        if sequence.index(other) >= sequence.index(name):
            fix = f'write order = ["{other}", "{name}"]'
            return f"{name} is a percentage of {other}, which does not come before it; {fix}"
    return ""
