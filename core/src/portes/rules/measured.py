"""What carts and lines measure: value, weight, units, longest side, held against what a rule asks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from portes.contract import Item, Money
from portes.errors import shown
from portes.rules.when import MEASURES


class GoodsLimit(NamedTuple):
    """A key such as `line_weight_from`: what is measured, of a line or the cart, and which end it is."""

    measure: str
    of_line: bool
    least: bool
    """False for the most that is allowed."""

    def holds(self, amount: int, limit: int) -> bool:
        """Whether an amount keeps the limit; both ends are allowed themselves."""
        return amount >= limit if self.least else amount <= limit


BOUNDS: Final[Mapping[str, GoodsLimit]] = {
    f"{'line_' if of_line else ''}{measure}_{end}": GoodsLimit(measure, of_line, end == "from")
    for of_line in (False, True)
    for measure in MEASURES
    for end in ("from", "to")
}
"""Every such key."""


def _value(item: Item) -> int | None:
    return None if item.declared_value is None else item.declared_value.minor * item.quantity


def _weight(item: Item) -> int:
    return item.weight * item.quantity


def _units(item: Item) -> int:
    return item.units


def _longest_side(item: Item) -> int:
    return max(item.size.length, item.size.width, item.size.height)


_OF_LINE: Final[Mapping[str, Callable[[Item], int | None]]] = {
    "value": _value,
    "weight": _weight,
    "units": _units,
    "longest_side": _longest_side,
}
_UNITS: Final = {"weight": " g", "units": " units", "longest_side": " mm"}


def line_measure(measure: str) -> Callable[[Item], int | None]:
    """What measures one line: minor units, grams, units or mm; None where it is not known."""
    return _OF_LINE[measure]


def cart_measure(measure: str) -> Callable[[Sequence[Item]], int | None]:
    """What measures some lines together; None where one of them is not known: nothing is guessed."""
    of_line, join = _OF_LINE[measure], max if measure == "longest_side" else sum

    def measured(items: Sequence[Item]) -> int | None:
        amounts = [of_line(item) for item in items]
        known = [amount for amount in amounts if amount is not None]
        return join(known) if len(known) == len(amounts) else None

    return measured


def bound_fault(bound: GoodsLimit, items: Sequence[Item], limit: int, currency: str) -> str:
    """Why some lines do not keep a limit, in words: what they come to, or whose value nobody knows."""
    amount = cart_measure(bound.measure)(items)
    if amount is None:
        unknown = ", ".join(dict.fromkeys(f'"{shown(item.sku)}"' for item in items if item.declared_value is None))
        return f"the declared value of {unknown} is not known"
    whose = "the line" if bound.of_line else "the cart"
    written = _written(bound.measure, limit, currency)
    beyond = f"below {written}" if bound.least else f"above {written}"
    return f"{whose} has {_written(bound.measure, amount, currency)}, which is {beyond}"


def _written(measure: str, amount: int, currency: str) -> str:
    return str(Money(minor=amount, currency=currency)) if measure == "value" else f"{amount}{_UNITS[measure]}"
