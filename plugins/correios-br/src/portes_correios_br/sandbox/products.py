"""The products that the simulator knows, with invented prices; it knows no call.

The formula is ours, and nobody's tariff: a base price, so much a started half kilogram up to 10 kg and a started
kilogram above, and so much for each step between the first digits of the two CEPs, which stand for regions. The
contract takes 5 % off, and one more for each of its region's number modulo 6, so that another contract shows.
"""

from dataclasses import dataclass
from typing import Final

HEAVIEST: Final = 30_000
"""Grams; the limit that most sources name."""
BAND: Final = 10_000
"""Grams up to which half kilograms count."""


@dataclass(frozen=True)
class Product:
    """One product; amounts in centavos."""

    family: str
    base: int
    half_kilogram: int
    kilogram: int
    step: int
    days: int
    """Business days within a region."""
    steps_a_day: int
    """Steps between regions that take one more day."""
    value_extra: str
    insured: int
    """Insured without a charge, and the least that can be declared."""
    most: int
    """The most that can be declared."""
    own_hand: bool = True
    everywhere: bool = True
    """False for a product that stays within a region."""


def _sedex(base: int, days: int, *, everywhere: bool = True) -> Product:
    return Product("sedex", base, 240, 510, 310, days, 3, "019", 25_63, 10_000_00, everywhere=everywhere)


_PAC: Final = Product("pac", 13_40, 130, 290, 180, 4, 1, "064", 25_63, 3_000_00)
_MINI: Final = Product("mini", 8_10, 0, 0, 55, 5, 1, "065", 12_82, 116_70, own_hand=False)

PRODUCTS: Final = {
    "03220": _sedex(17_20, 1),
    "04162": _sedex(17_20, 1),
    "03158": _sedex(39_90, 1, everywhere=False),
    "03140": _sedex(34_50, 1, everywhere=False),
    "03204": _sedex(44_80, 0, everywhere=False),
    "03298": _PAC,
    "04669": _PAC,
    "04227": _MINI,
}
DETOUR: Final = ("04227", "04960", 300)
"""Asked for the first above so many grams, Correios prices the second."""

_ON_CARD: Final = {"1": {"sedex", "mini"}, "2": {"pac"}}


def on_card(product: str, card: str) -> bool:
    """Whether a card has a product: those ending in 1 have no PAC, those ending in 2 nothing else, others all."""
    known = PRODUCTS.get(product)
    return known is not None and known.family in _ON_CARD.get(card[-1], {known.family})
