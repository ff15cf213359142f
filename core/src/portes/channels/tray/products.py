"""The products of a question to Tray's gateway: one text with parts in places, whose signs may stand in a code too."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from portes.channels.reading import minor_units, whole_up
from portes.channels.tray.wire import FIXES, PART_FIXES, PARTS
from portes.contract.bounds import DEAREST_UNIT, HEAVIEST_UNIT, LONGEST_SIDE, MOST_QUANTITY
from portes.errors import Problem, RequestError, shown

_SIDES: Final = ("length", "width", "height")
_BETWEEN: Final = re.compile(r"/(?=(?:[^;/]*;){6})")
"""Parts products: a `/` after which six parts follow; one in a code has fewer before the next `/`, or the end."""
_MOST: Final = {
    **dict.fromkeys(_SIDES, LONGEST_SIDE // 1000),
    "weight": HEAVIEST_UNIT // 1000,
    "price": DEAREST_UNIT // 100,
}
"""The largest parts, in metres, kilograms and reais."""
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?")
_BEFORE_CODE: Final = PARTS.index("code")


def read_products(text: str, currency: str) -> tuple[dict[str, Any], ...]:
    """The lines of a question. Raises `RequestError` naming each part that is wrong.

    A part with a decimal comma is read as one with a point. The code is whatever stands between the sixth `;` and the
    last one. A weight or a side of zero is left to the catalogue; the volume is that of the sides, and is not read.
    """
    products = [_parts(number, product) for number, product in enumerate(_BETWEEN.split(text))]
    wrong = [problem for number, parts in enumerate(products) for problem in _problems(number, parts)]
    if wrong:
        raise RequestError(wrong)
    return tuple([_line(parts, currency) for parts in products])


def _parts(number: int, product: str) -> Mapping[str, str]:
    parts = product.split(";")
    if len(parts) < len(PARTS):
        cause = f"has {len(parts)} of its {len(PARTS)} parts"
        raise RequestError(Problem(f"prods.{number}", shown(product), cause, FIXES["prods"]))
    told: Sequence[str] = [*parts[:_BEFORE_CODE], ";".join(parts[_BEFORE_CODE:-1]), parts[-1]]
    return {name: part.strip() for name, part in zip(PARTS, told, strict=True)}


def _problems(number: int, parts: Mapping[str, str]) -> Iterator[Problem]:
    for name, fix in PART_FIXES.items():
        part = parts[name]
        if name == "code":
            cause = "" if part else "is missing"
        elif not _NUMBER.fullmatch(part):
            cause = "is no number"
        elif name == "quantity":
            cause = "" if _is_quantity(_decimal(part)) else "is no quantity"
        else:
            cause = f"is more than {_MOST[name]}" if _decimal(part) > _MOST[name] else ""
        if cause:
            yield Problem(f"prods.{number}.{name}", shown(part), cause, fix)


def _is_quantity(amount: Decimal) -> bool:
    return amount == int(amount) and 1 <= amount <= MOST_QUANTITY


def _line(parts: Mapping[str, str], currency: str) -> dict[str, Any]:
    sides = {side: whole_up(float(_decimal(parts[side])), 1000) if _decimal(parts[side]) else 0 for side in _SIDES}
    weight = _decimal(parts["weight"])
    return {
        "sku": parts["code"],
        "quantity": int(_decimal(parts["quantity"])),
        "weight": whole_up(float(weight), 1000) if weight else None,
        "size": sides if all(sides.values()) else None,
        "declared_value": {"minor": minor_units(_decimal(parts["price"]), currency), "currency": currency},
    }


def _decimal(part: str) -> Decimal:
    return Decimal(part.replace(",", "."))
