"""Weight brackets that stand in a header, one column for each: `até 300g`, `10,01 a 20`, `acima de 30kg`, `exc./kg`."""

import re
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from portes.contract.numbers import AmbiguousNumberError, parse_number
from portes.tables.protocol import NO_LIMIT, Milligrams
from portes.tables.reading.headings import UNITS, plain_letters

_MILLIGRAMS: Final = {"g": 1000, "kg": 1_000_000}
_LARGEST: Final = 10**12
"""A thousand tonnes: what is more is a postal code, or no weight."""

_AMOUNT: Final = r"(\d[\d.,]*)(?: ?(kgs?|kilos?|quilos?|grs?|gramas?|gramos?|g)(?![a-z]))?"
_TO: Final = r"(?:a|ate|hasta|to|e|y|and|-|/)"
_UP: Final = r"(?:(?:de )?(?:ate|hasta|up to|to|until|no maximo|<=|<))"
_OVER: Final = r"(?:acima|a partir|superior|mas|mais|por encima|over|above|more than|\+|>=|>)(?: ?de)?"
_AND_MORE: Final = r"(?:\+|ou mais|o mas|or more|and above|e acima|y mas|em diante)"
_RANGE: Final = re.compile(rf"(?:de|desde|from|entre|between)? ?{_AMOUNT} ?{_TO} ?(?:ate|hasta)? ?{_AMOUNT}")
_UPPER: Final = re.compile(rf"{_UP} ?{_AMOUNT}")
_LOWER: Final = re.compile(rf"{_OVER} ?{_AMOUNT}|{_AMOUNT} ?{_AND_MORE}")
_SINGLE: Final = re.compile(_AMOUNT)

_KG: Final = r"(?:kgs?|kilos?|quilos?)"
_MORE: Final = r"(?:adicional|adicionais|excedentes?|excesso|exceso|excess|extras?|exced|exc|additional)"
_PRICED: Final = r"(?:(?:valor|preco|precio|price|custo|taxa|cost) ?(?:de|do|del|por|per|of)? ?)?"
_EXCESS: Final = re.compile(
    rf"{_PRICED}/?(?:(?:por |per |each |cada )?{_KG}[ /]?{_MORE}|(?:per |each )?{_MORE}[ /]?(?:por |per |de )?{_KG}"
    r"|excedente|excesso|exceso)"
)
_RATES: Final = (
    re.compile(rf"^/?{_KG} {_MORE} "),
    re.compile(rf"^/?(?:por |per )?{_KG} (?={_OVER})"),
    re.compile(rf"(?: por | per |/){_KG}$"),
    re.compile(rf" {_KG} {_MORE}$"),
)
"""What says beside a bracket that its cells are money for each kg."""
_FILLER: Final = re.compile(r"^(?:(?:peso|weight|preco|precio|price|valor|frete|faixa|tramo|tarifa|rate) )+")
_MONEY: Final = re.compile(r"us\$|r\$|€|\b(?:brl|eur|reais|euros)\b")


_Bounds = tuple[Milligrams | None, Milligrams]


class HeaderBracket(NamedTuple):
    """A weight bracket as a header states it; its column holds the prices, or rates for each kg above it."""

    weight_from: Milligrams | None
    """None where only the upper border is stated: it begins where the bracket before it ends."""
    weight_to: Milligrams
    """`NO_LIMIT` without an upper border."""
    per_kg: bool = False
    """Whether the cells are money for each kg above `weight_from`, or above the last bracket where that is None."""


def bracket_of(
    header: str, default_unit: Literal["g", "kg"], decimal: Literal[".", ","] | None = None
) -> HeaderBracket | None:
    """The weight bracket that a header's cell states; None when it states none.

    `default_unit` is that of amounts without a unit, unless the other end of the bracket has one, and `decimal` the
    decimal sign. Raises `AmbiguousNumberError` for an amount that may mean two things, such as `até 1.000`.
    """
    words = _words(header)
    if _EXCESS.fullmatch(words):
        return HeaderBracket(None, NO_LIMIT, per_kg=True)
    bare, per_kg = _without_rate(_FILLER.sub("", words))
    for pattern, build in ((_RANGE, _between), (_UPPER, _up_to), (_LOWER, _above)):
        match = pattern.fullmatch(bare)
        if match:
            bounds = build([part for part in match.groups() if part is not None], default_unit, decimal)
            return None if bounds is None or (per_kg and bounds[1] < NO_LIMIT) else HeaderBracket(*bounds, per_kg)
    single = _SINGLE.fullmatch(bare)
    if single and single[2] and not per_kg:  # a number alone may be anything
        bounds = _up_to([single[1], single[2]], default_unit, decimal)
        return None if bounds is None else HeaderBracket(*bounds)
    return None


def _words(header: str) -> str:
    """The header in small letters without accents, its words apart by one space."""
    text = _MONEY.sub(" ", plain_letters(header).lower().replace("≤", "<=").replace("≥", ">="))
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"[_():;\s]+|\.(?!\d)|(?<!\d),|,(?!\d)", " ", text)
    return re.sub(r" ?([-/+<>=]+) ?", r"\1", " ".join(text.split()))


def _without_rate(words: str) -> tuple[str, bool]:
    """The words without those that say that it is money for each kg, and whether there were any."""
    bare = next((rate.sub("", words) for rate in _RATES if rate.search(words)), words)
    return bare, bare != words


def _between(parts: list[str], unit: str, decimal: str | None) -> _Bounds | None:
    amounts = _amounts(parts, unit, decimal)
    if amounts is None or len(amounts) != 2 or amounts[0] >= amounts[1]:
        return None
    return amounts[0], amounts[1]


def _up_to(parts: list[str], unit: str, decimal: str | None) -> _Bounds | None:
    amounts = _amounts(parts, unit, decimal)
    return (None, amounts[0]) if amounts and amounts[0] else None


def _above(parts: list[str], unit: str, decimal: str | None) -> _Bounds | None:
    amounts = _amounts(parts, unit, decimal)
    return (amounts[0], NO_LIMIT) if amounts else None


def _amounts(parts: list[str], default: str, decimal: str | None) -> list[Milligrams] | None:
    """The weights that numbers and units stand for; one unit counts for both numbers. None for what is no weight."""
    numbers: list[tuple[Decimal, str]] = []
    for part in parts:
        if part[0].isdigit():
            if re.match(r"0\d", part):
                return None  # a postal code
            try:
                numbers.append((parse_number(part, decimal=decimal), ""))
            except AmbiguousNumberError:
                raise
            except ValueError:
                return None
        else:
            numbers[-1] = (numbers[-1][0], UNITS[part].name)
    own = next((unit for _, unit in reversed(numbers) if unit), default)
    weights = [number * _MILLIGRAMS[unit or own] for number, unit in numbers]
    return (
        [int(weight) for weight in weights] if max(weights) <= _LARGEST and all(w == int(w) for w in weights) else None
    )
