"""The carts, limits and cartons that every packer is tried on; the same in every run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portes.contract import CubicRule, Dimensions, Item, Money, ParcelLimits
from portes.contract.bounds import MOST_QUANTITY
from portes.packing.protocol import Carton, PackedLine, PackingTask

MANY: Final = MOST_QUANTITY
"""Equal units, as many as a line may have."""


@dataclass(frozen=True, slots=True)
class NamedTask:
    """A task and the words to tell it by."""

    words: str
    task: PackingTask


def _goods(quantity: int, sides: tuple[int, int, int], weight: int, worth: int | None = 1999, tag: str = "") -> Item:
    length, width, height = sides
    return Item(
        sku=f"{length}x{width}x{height}",
        quantity=quantity,
        weight=weight,
        size=Dimensions(length=length, width=width, height=height),
        declared_value=None if worth is None else Money(minor=worth, currency="BRL"),
        tags=(tag,) if tag else (),
    )


def _mixed(kinds: int) -> list[Item]:
    """Lines of all shapes, a third of them without a value."""
    return [
        _goods(
            1 + kind % 4,
            (40 + 37 * kind % 290, 30 + 53 * kind % 230, 20 + 71 * kind % 170),
            90 + 613 * kind % 2900,
            None if kind % 3 == 2 else 500 + 777 * kind % 9000,
        )
        for kind in range(kinds)
    ]


def _equal(quantity: int) -> Item:
    return _goods(quantity, (120, 50, 30), 100)


def _tagged() -> list[Item]:
    return [
        _goods(3, (150, 150, 400), 1300, tag="upright"),
        _goods(2, (300, 200, 100), 2000, tag="ships_alone"),
        _goods(2, (500, 350, 120), 4000, tag="own_box"),
        _goods(5, (280, 280, 250), 400, tag="nest:30"),
        _goods(4, (210, 140, 30), 350),
    ]


_CARTS: Final[dict[str, Callable[[], Sequence[Item]]]] = {
    "one unit": lambda: [_goods(1, (200, 150, 100), 900)],
    "ten equal units": lambda: [_equal(10)],
    "100 small units": lambda: [_goods(100, (60, 40, 20), 30)],
    "9 units of 5 kg": lambda: [_goods(9, (300, 250, 200), 5000)],
    "30 units that nest": lambda: [_goods(30, (400, 300, 200), 350, tag="nest:15")],
    "an upright unit among others": lambda: [_goods(2, (100, 100, 380), 700, tag="upright"), *_mixed(3)],
    "goods of every tag": _tagged,
    "twelve kinds": lambda: _mixed(12),
    "one kind in three lines": lambda: [_equal(4), _goods(2, (200, 100, 50), 300), _equal(3)],
    "a unit that is too long": lambda: [_goods(2, (1700, 60, 60), 3000), _goods(3, (200, 150, 100), 900)],
    "a unit that is too heavy": lambda: [_goods(2, (300, 300, 300), 45_000), _goods(3, (200, 150, 100), 900)],
    "a unit that is too dear": lambda: [_goods(2, (300, 200, 20), 1500, 400_000), _goods(6, (200, 150, 10), 90, 9000)],
    "10,000 equal units": lambda: [_equal(10_000)],
    "sixty kinds": lambda: _mixed(60),
}


def _cartons() -> list[Carton]:
    sides = ((220, 160, 110), (400, 300, 250), (600, 400, 400))
    return [
        Carton(
            code=f"C{number}",
            inside=Dimensions(length=length, width=width, height=height),
            outside=Dimensions(length=length + 8, width=width + 8, height=height + 16),
            weight=150 * number,
            most_weight=(1500, 8000, None)[number - 1],
            cost=120 * number,
        )
        for number, (length, width, height) in enumerate(sides, 1)
    ]


def _bounds() -> list[dict[str, Any]]:
    """What a task may be packed for, apart from its goods."""
    published = ParcelLimits(weight=30_000, longest_side=1000, sides_sum=2000, value=300_000)
    narrow = ParcelLimits(
        weight=10_000,
        sides=(620, 450, 450),
        girth=1900,
        volume=90_000_000,
        value=20_000,
        least_sides=(160, 110, 20),
    )
    return [
        {},
        {"limits": published, "cubic": CubicRule(6000, exempt=5000)},
        {"limits": narrow, "cubic": CubicRule(4000)},
        {"limits": published, "cubic": CubicRule(6000), "cartons": _cartons()},
        {"limits": narrow, "cartons": _cartons(), "kilo_price": 350},
    ]


_WORDS: Final = ("without limits", "within wide limits", "within narrow limits", "in cartons", "in cartons, narrow")


def tasks() -> Iterator[NamedTask]:
    """Every task, its nouns and lists made anew: whoever changes them in place spoils no other check."""
    for words, cart in _CARTS.items():
        yield from _within(words, cart)


def many_equal_units() -> Iterator[NamedTask]:
    """As many equal units as a line may have, within all bounds."""
    return _within(f"{MANY:,} equal units", lambda: [_equal(MANY)])


def _within(words: str, cart: Callable[[], Sequence[Item]]) -> Iterator[NamedTask]:
    for bound, around in zip(_WORDS, _bounds(), strict=True):
        lines = [PackedLine(position, item) for position, item in enumerate(cart())]
        yield NamedTask(f"{words} {bound}", PackingTask(lines, **around))


__all__ = ["MANY", "NamedTask", "many_equal_units", "tasks"]
