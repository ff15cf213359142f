"""Odd texts and numbers that several doors share."""

from collections.abc import Sequence
from random import Random

from mutants import WORDS, torn

TEXTS: Sequence[str] = (
    *("", " ", "-", ",", ".", "0", "-0", "-1", "00", "1.5", "1,5", "1.234", "1,234", "1.234,56", "1,234.56"),
    *("1.234.567", "1,234,567", "1.234,5678", "0.703", "01.234", "1..2", "1,,2", "1.2.3", "1,2,3.4", ".5", "5.", ",5"),
    *("NaN", "nan", "inf", "-inf", "Infinity", "1e400", "1e-4009", "1e3", "1E-99999999", "0x10", "1_000", "+1"),
    *("9" * 19, "9" * 28, "9" * 29, "9" * 99, "9" * 5000, "10000000000000000000000000", "18.700000000000003"),
    *("R$ 1,00", "R$1.234,56", "-R$ 5", "R$ -5", "5 R$", "€ 5", "5 EUR", "BRL 5", "US$ 5", "10%", "0,30%", "% 5"),
    *("\u0661\u0662", "\u00b2", "\uff11", "1\u00a0234", "1 234", "\ufeff1", "\x00", "1\x00", "\u202e12", "\x1b[2J"),
    *("#REF!", "#N/A", "#DIV/0!", "#VALOR!", "=1+1", "=cmd|' /C calc'!A0", "@x", '"', "'", '"x', 'x"', "\r", "\n"),
    *(
        "01000000",
        "01000-000",
        "1000000",
        "1310100.0",
        "99999999",
        "999999999",
        "05.12:00:00",
        "99999:00:00",
        "x" * 501,
    ),
)
"""Cells and amounts, each one written by somebody or meant to do harm."""


def digits(draws: Random) -> str:
    """A number of any length and with any separators."""
    parts = [
        str(draws.randrange(10 ** draws.choice((1, 2, 3, 3, 3, 6, 12)))) for _ in range(draws.choice((1, 1, 2, 3)))
    ]
    return (
        draws.choice(("", "", "", "-", "R$ ", "0"))
        + "".join(part + draws.choice(".,") for part in parts[:-1])
        + parts[-1]
    )


def odd_text(draws: Random) -> str:
    """An odd text, or an odd number."""
    return draws.choice(TEXTS) if draws.random() < 0.5 else digits(draws)


def json_number(draws: Random) -> str:
    """A measure as JSON writes it, sound more often than not."""
    match draws.randrange(8):
        case 0:
            return draws.choice(WORDS)
        case 1:
            return repr(draws.random() * 10 ** draws.randrange(-6, 6))
        case 2:
            return f"{draws.randrange(10_000)}.{draws.randrange(10**6):06}5"
        case 3:
            return f"{draws.randrange(1, 10**6)}e{draws.randrange(-12, 3)}"
        case _:
            return f"{draws.randrange(3000)}.{draws.randrange(10**3)}"


def sometimes_torn(given: bytes, draws: Random, share: float = 0.1) -> bytes:
    """The same bytes, but for a share of them, in which some are lost, doubled or changed."""
    return torn(given, draws) if draws.random() < share else given
