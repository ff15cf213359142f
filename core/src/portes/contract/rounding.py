"""How a fraction becomes a whole number, the one place that decides."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from math import isqrt
from typing import Final, Literal

Rounding = Literal["up", "half_up", "down"]
"""`up` to the next whole number, `down` to the one before, `half_up` to the nearest, the middle away from zero."""

_OF_DECIMAL: Final[dict[Rounding, str]] = {"up": ROUND_CEILING, "half_up": ROUND_HALF_UP, "down": ROUND_FLOOR}


def rounded(amount: Decimal, rounding: Rounding) -> int:
    """A decimal as a whole number."""
    return int(amount.to_integral_value(rounding=_OF_DECIMAL[rounding]))


def quotient(amount: int, divisor: int, rounding: Rounding) -> int:
    """A quotient of whole numbers as a whole number, exact until it is rounded; `divisor` is above zero."""
    if rounding == "down":
        return amount // divisor
    if rounding == "up":
        return -(-amount // divisor)
    nearest = (2 * abs(amount) + divisor) // (2 * divisor)
    return nearest if amount >= 0 else -nearest


def square_root(amount: int) -> int:
    """The smallest whole number whose square is at least the amount, exact for any amount from zero."""
    return isqrt(amount - 1) + 1 if amount else 0


def cube_root(amount: int) -> int:
    """The smallest whole number whose cube is at least the amount, exact for any amount from zero."""
    if not amount:
        return 0
    guess = 1 << -(-amount.bit_length() // 3)  # never too small, so that Newton's steps only go down
    while True:
        lower = (2 * guess + amount // guess**2) // 3
        if lower >= guess:
            return guess + (guess**3 < amount)
        guess = lower
