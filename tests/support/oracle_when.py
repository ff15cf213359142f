"""The table `when` as `docs/rules.md` tells it, looked at key by key; nothing of the product is used."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from oracle_days import by_clock
from written_store import WrittenCart, WrittenLine

Rule = Mapping[str, Any]

_PLACES = {
    "BR-SP": ["01..19"],
    "BR-MG": ["30..39"],
    "BR-MG/interior": ["32..39"],
    "BR/capital": ["01..05", "080..084", "30..31", "69900..69923"],
}
"""Public ranges, of the places that carts of the oracle go to."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Asked(NamedTuple):
    """What a rule is asked about: the cart, its lines with what the catalogue adds, and those concerned."""

    cart: WrittenCart
    whole: Sequence[WrittenLine]
    lines: Sequence[WrittenLine]
    """Of a shipment; for a rule on the whole cart all of them."""
    origin: int | None
    """Where the shipment leaves from; None for a rule on the whole cart, which looks at each offer's."""


class OfferLike(Protocol):
    """What conditions on offers look at."""

    @property
    def carrier(self) -> str: ...

    @property
    def service(self) -> str: ...

    @property
    def delivery(self) -> str: ...

    @property
    def origin(self) -> int: ...

    @property
    def notes(self) -> tuple[str, ...]: ...


def met(rule: Rule, asked: Asked) -> bool:
    """Whether all conditions hold that do not look at offers."""
    when = rule.get("when", {})
    return all((_of_asking(when, asked), _of_cart(when, asked.whole), _of_lines(when, asked.lines)))


def covered(rule: Rule, offer: OfferLike, *, on_carts: bool = False) -> bool:
    """Whether all conditions hold that look at an offer."""
    when = rule.get("when", {})
    codes = (offer.service, f"{offer.carrier}:{offer.service}")
    return all(
        (
            offer.carrier in when.get("carriers", [offer.carrier]),
            offer.delivery in when.get("delivery_types", [offer.delivery]),
            any(code in when.get("services", codes) for code in codes),
            not on_carts or offer.origin in when.get("origins", [offer.origin]),
            "notes" not in when or bool({*when["notes"]} & {*offer.notes}),
        )
    )


def inside(region: str, code: str) -> bool:
    """Whether a Brazilian postal code lies in a region."""
    if region in _PLACES:
        return any(inside(part, code) for part in _PLACES[region])
    country, _, codes = region.rpartition(":")
    low, _, high = codes.partition("..")
    return country in {"", "BR"} and low <= code[: len(low)] <= (high or low)


def _of_asking(when: Rule, asked: Asked) -> bool:
    day = by_clock(asked.cart.moment).date()
    return all(
        (
            "regions" not in when or any(inside(region, asked.cart.postal_code) for region in when["regions"]),
            asked.cart.storefront in when.get("storefronts", [asked.cart.storefront]),
            "test" in when.get("channels", ["test"]),
            asked.origin is None or asked.origin in when.get("origins", [asked.origin]),
            _WEEKDAYS[day.weekday()] in when.get("weekdays", _WEEKDAYS),
            when.get("date_from", day) <= day <= when.get("date_to", day),
            "seasons" not in when or any(_in_season(season, day) for season in when["seasons"]),
        )
    )


def _in_season(season: str, day: date) -> bool:
    first, _, last = season.partition("..")
    today = f"{day.month:02}-{day.day:02}"
    return first <= today <= last if first <= last else today >= first or today <= last


_MEASURES: Mapping[str, Callable[[WrittenLine], int | None]] = {
    "value": lambda line: None if line.value is None else line.value * line.quantity,
    "weight": lambda line: line.weight * line.quantity,
    "units": lambda line: line.quantity,
    "longest_side": lambda line: max(line.sides),
}


def _of_cart(when: Rule, lines: Sequence[WrittenLine]) -> bool:
    for what, measure in _MEASURES.items():
        parts = [measure(line) for line in lines]
        known = [part for part in parts if part is not None]
        whole = max(known, default=0) if what == "longest_side" else sum(known)
        if not _within(when, what, whole if len(known) == len(parts) else None):
            return False
    return True


def _of_lines(when: Rule, lines: Sequence[WrittenLine]) -> bool:
    bound = {"tags", "skus", *(f"line_{what}_{end}" for what in _MEASURES for end in ("from", "to"))} & when.keys()
    if not bound:
        return True
    found = [_meets(when, line) for line in lines]
    return all(found) if when.get("needs") == "all" else any(found)


def _meets(when: Rule, line: WrittenLine) -> bool:
    if "tags" in when and not {*when["tags"]} & {*line.tags}:
        return False
    if line.sku not in when.get("skus", [line.sku]):
        return False
    return all(_within(when, f"line_{what}", measure(line)) for what, measure in _MEASURES.items())


def _within(when: Rule, what: str, amount: int | None) -> bool:
    """Whether a measure lies between what a table names; what nobody knows lies between nothing."""
    low, high = when.get(f"{what}_from"), when.get(f"{what}_to")
    if low is None and high is None:
        return True
    if amount is None:
        return False
    return (low is None or _whole(low) <= amount) and (high is None or amount <= _whole(high))


def _whole(limit: int | str) -> Fraction:
    """Cents of an amount, and anything else as it is."""
    return Fraction(limit) * 100 if isinstance(limit, str) else Fraction(limit)
