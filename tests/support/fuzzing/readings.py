"""Numbers as the documents say that people write them, read a second time and otherwise than the product does."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

PRECISE = 80
LONGEST = 28
"""Characters of a number; longer ones are refused."""
SYMBOLS = {"BRL": ("R$", "BRL"), "EUR": ("€", "EUR")}


def number_read(text: str, decimal: str = "") -> Fraction | None:
    """The number that a text means under a decimal sign, or under none that is known; None when it means none."""
    body = text.strip()
    minus = body.startswith("-")
    if minus:
        body = body[1:].lstrip()
    if not body or len(body) > LONGEST or set(body) - set("0123456789.,"):
        return None
    sign = decimal or _sign_of(body)
    if sign is None:
        return None
    whole, point, fraction = body.partition(sign)
    if set(fraction) & set(".,") or (point and not fraction):
        return None
    digits = _ungrouped(whole, "." if sign == "," else ",")
    if digits is None or not digits + fraction:
        return None
    amount = Fraction(int(digits or "0")) + Fraction(int(fraction or "0"), 10 ** len(fraction))
    return -amount if minus else amount


def _sign_of(body: str) -> str | None:
    """The decimal sign that a number gives away; `.` too where it has none at all."""
    signs = [sign for sign in body if sign in ".,"]
    if not signs:
        return "."
    if len(signs) == 1:
        whole, _, fraction = body.partition(signs[0])
        grouped = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
        return None if grouped else signs[0]
    if len(set(signs)) == 1:
        return "," if signs[0] == "." else "."
    return signs[-1] if signs.count(signs[-1]) == 1 else None


def _ungrouped(whole: str, group: str) -> str | None:
    first, *rest = whole.split(group)
    if rest and (any(len(part) != 3 for part in rest) or not 1 <= len(first) <= 3 or first.startswith("0")):
        return None
    return first + "".join(rest)


def readings(text: str) -> set[Fraction]:
    """All that a number may mean, whichever sign is the decimal one."""
    return {found for sign in (".", ",") if (found := number_read(text, sign)) is not None}


def without_symbol(text: str, currency: str) -> str:
    """An amount without the sign or the code of its currency before or behind it."""
    body = text.strip()
    minus, bare = ("-", body[1:].lstrip()) if body[:1] == "-" else ("", body)
    for symbol in SYMBOLS.get(currency, (currency,)):
        if bare[: len(symbol)] == symbol:
            return minus + bare[len(symbol) :].lstrip()
        if bare[-len(symbol) :] == symbol:
            return minus + bare[: -len(symbol)]
    return body


def rounded_up(amount: Decimal, factor: int) -> set[int]:
    """The whole units that a JSON number may come to: up, but for what lies below a thousandth of a unit."""
    if not amount:
        return {0}
    if amount.adjusted() < -300:  # a float cannot hold some of these
        return {0, 1}
    with localcontext() as context:
        context.prec = PRECISE
        thousandths = amount * factor * 1000
        doubt = abs(thousandths) * Decimal("1e-14")
        nearest = {math.floor(thousandths + Decimal("0.5") + way * doubt) for way in (-1, 0, 1)}
    return {max(1, math.ceil(Fraction(near, 1000))) for near in nearest}
