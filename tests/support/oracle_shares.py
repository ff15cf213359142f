"""A price of several lines as each line's part of it, by chargeable weight and to the cent."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from written_store import WrittenLine


def shared_out(price: int, lines: Sequence[WrittenLine], divisor: int) -> list[int]:
    """A price in whole cents by chargeable weight."""
    return in_cents(exact_shares(price, lines, divisor))


def in_cents(exact: Sequence[Fraction]) -> list[int]:
    """Parts that add up to whole cents: rounded down, and what is left to the largest remainders."""
    parts = [floor(part) for part in exact]
    while sum(parts) < sum(exact):
        most = max(range(len(parts)), key=lambda index: exact[index] - parts[index])
        parts[most] += 1
    return parts


def exact_shares(price: int, lines: Sequence[WrittenLine], divisor: int) -> list[Fraction]:
    weights = [_chargeable(line, divisor) for line in lines]
    whole = sum(weights)
    return [Fraction(price * weight, whole) if whole else Fraction(price, len(lines)) for weight in weights]


def _chargeable(line: WrittenLine, divisor: int) -> int:
    length, width, height = line.sides
    cubic = ceil(Fraction(length * width * height, divisor))
    return line.quantity * max(line.weight, cubic)
