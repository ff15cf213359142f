"""The rules as `docs/rules.md` tells them, worked out slowly on plain offers; nothing of the product is used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from oracle_days import arrives, later
from oracle_nouns import PlainOffer
from oracle_shares import in_cents
from oracle_when import Asked, covered, inside, met
from written_store import WrittenLine

DELIVERIES = ("normal", "express", "super_express")
Rule = Mapping[str, Any]


def best_first(offers: Sequence[PlainOffer]) -> list[PlainOffer]:
    """Cheaper, then faster, then as the settings stand."""
    return sorted(offers, key=_rank)


def _rank(one: PlainOffer) -> tuple[int, int, int, int]:
    return one.price, one.days[1], one.days[0], one.rank


def may_be_asked(carrier: str, rules: Sequence[Rule], asked: Asked) -> bool:
    """Whether no `exclude` keeps a carrier from being asked about these lines."""
    tags = {tag for line in asked.lines for tag in line.tags}
    for rule in rules:
        if rule["use"] != "exclude" or _looks_at_answers(rule) or not _holds(rule, asked):
            continue
        named = carrier in rule.get("carriers", [carrier]) and carrier in rule.get("when", {}).get(
            "carriers", [carrier]
        )
        tagged = "tags" not in rule or bool(tags & set(rule["tags"]))
        if named and tagged:
            return False
    return True


def _looks_at_answers(rule: Rule) -> bool:
    return bool({"services", "delivery_types", "notes"} & rule.get("when", {}).keys())


def after_shipment_rules(offers: Sequence[PlainOffer], rules: Sequence[Rule], asked: Asked) -> list[PlainOffer]:
    """One shipment's offers, in the order of the settings, through the rules of the file; best first."""
    left: list[PlainOffer] = []
    for delivery in DELIVERIES:
        of_type = [offer for offer in offers if offer.delivery == delivery]
        for rule in rules:
            if (
                rule["use"] in _ON_SHIPMENTS
                and _holds(rule, asked)
                and delivery in rule.get("delivery_types", DELIVERIES)
            ):
                mine = [offer for offer in of_type if covered(rule, offer)]
                others = [offer for offer in of_type if not covered(rule, offer)]
                of_type = _ON_SHIPMENTS[rule["use"]](rule, mine, asked) + others
        left += of_type
    return best_first(left)


def after_cart_rules(
    offers: Sequence[Sequence[PlainOffer]], rules: Sequence[Rule], asked: Asked, *, together: bool
) -> list[list[PlainOffer]]:
    """The offers of all lines, after every rule of the file on carts. Lines know what the catalogue adds."""
    left = [list(line) for line in offers]
    for rule in rules:
        if rule["use"] in _ON_CARTS and _holds(rule, asked) and _deserved(rule, asked.lines):
            after = _ON_CARTS[rule["use"]](rule, left)
            left = _best_first_again(after, together=together) if after != left else left
    return left


def _best_first_again(lines: list[list[PlainOffer]], *, together: bool) -> list[list[PlainOffer]]:
    """Each line's offers, best first; of one type those stand first that cost least of all that leaves together."""

    def whole(line: list[PlainOffer], one: PlainOffer) -> int:
        rivals = [other for each in lines for other in each] if together else line
        key = (one.carrier, one.service, one.origin)
        return sum(other.price for other in rivals if (other.carrier, other.service, other.origin) == key)

    again = []
    for line in lines:
        by_type = [
            sorted(
                (one for one in line if one.delivery == delivery), key=lambda one: (whole(line, one), _rank(one)[1:])
            )
            for delivery in DELIVERIES
        ]
        again.append(made := list[PlainOffer]())
        while any(by_type):
            made.append(min((own for own in by_type if own), key=lambda own: _rank(own[0])).pop(0))
    return again


def _holds(rule: Rule, asked: Asked) -> bool:
    """Whether the short forms of conditions and those in `when` hold, as far as they look at no offer."""
    regions = rule.get("regions")
    here = regions is None or any(inside(region, asked.cart.postal_code) for region in regions)
    return here and asked.cart.storefront in rule.get("storefronts", [asked.cart.storefront]) and met(rule, asked)


def _own(rule: Rule, offer: PlainOffer) -> bool:
    return offer.carrier in rule.get("carriers", [offer.carrier])


def _marked_up(rule: Rule, offers: list[PlainOffer], _: Asked) -> list[PlainOffer]:
    return [replace(one, price=_raised(rule, one.price)) if _own(rule, one) else one for one in offers]


def _cents(rule: Rule, key: str, default: str) -> Fraction:
    return Fraction(rule.get(key, default)) * 100


def _repriced(rule: Rule, offers: list[PlainOffer], asked: Asked) -> list[PlainOffer]:
    kilograms = Fraction(sum(line.weight * line.quantity for line in asked.lines), 1000)
    return [replace(one, price=_price(rule, one.price, kilograms)) for one in offers]


def _price(rule: Rule, price: int, kilograms: Fraction) -> int:
    """In the order of the page: added up or set, ended, and kept within the least and the most."""
    if "set" in rule:
        exact = _cents(rule, "set", "")
    else:
        percent = Fraction(str(rule.get("percent", 0)))
        exact = price * (100 + percent) / 100 + _cents(rule, "fixed", "0") + _cents(rule, "per_kg", "0") * kilograms
    ended = _ended(rule, max(Fraction(0), exact))
    return int(min(max(ended, _cents(rule, "least", "0")), _cents(rule, "most", "999999")))


def _ended(rule: Rule, exact: Fraction) -> Fraction:
    """The next price above, below or nearest that ends as it must; the one halfway goes up."""
    first = _cents(rule, "ending", "0")
    step = (
        next(Fraction(10**power) for power in (2, 3, 4) if first < 10**power)
        if first
        else _cents(rule, "round_to", "0.01")
    )
    below = first + max(0, floor((exact - first) / step)) * step
    above = below if below >= exact else below + step
    rounding = rule.get("rounding", "up")
    if rounding == "half_up":
        return below if exact - below < above - exact else above
    return above if rounding == "up" else below


def _put_off(rule: Rule, offers: list[PlainOffer], _: Asked) -> list[PlainOffer]:
    more = rule["more"]
    return [
        replace(
            one,
            days=(one.days[0] + more, one.days[1] + more),
            dates=(_postponed(one, 0, more), _postponed(one, 1, more)),
        )
        for one in offers
    ]


def _postponed(one: PlainOffer, end: int, more: int) -> date:
    """So many business days after a promised day; one of no days is the asking day, from which they are counted."""
    count = arrives if one.days[end] else later
    return count(one.dates[end], more, one.calendar)


def _kept(rule: Rule, offers: list[PlainOffer], asked: Asked) -> list[PlainOffer]:
    return {"cheapest": _cheapest, "fastest": _fastest, "preferred": _preferred}[rule["which"]](rule, offers, asked)


def _excluded(rule: Rule, offers: list[PlainOffer], asked: Asked) -> list[PlainOffer]:
    """What is left of offers that an `exclude` by answers covers; one without is told before anybody is asked."""
    tags = {tag for line in asked.lines for tag in line.tags}
    if not _looks_at_answers(rule) or ("tags" in rule and not tags & {*rule["tags"]}):
        return offers
    return [one for one in offers if not _own(rule, one)]


def _raised(rule: Rule, price: int) -> int:
    percent, fixed = Fraction(str(rule.get("percent", 0))), Fraction(rule.get("fixed", "0.00")) * 100
    step = Fraction(rule.get("round_to", "0.01")) * 100
    steps = max(Fraction(0), price * (100 + percent) / 100 + fixed) / step
    rounding = rule.get("rounding", "up")
    if rounding == "half_up":
        whole = floor(steps + Fraction(1, 2))
    else:
        whole = ceil(steps) if rounding == "up" else floor(steps)
    return int(whole * step)


def _quick_enough(rule: Rule, offers: list[PlainOffer], _: Asked) -> list[PlainOffer]:
    return [one for one in offers if not _own(rule, one) or one.days[1] <= rule["days"]]


def _cheapest(_rule: Rule, offers: list[PlainOffer], _: Asked) -> list[PlainOffer]:
    return best_first(offers)[:1]


def _fastest(_rule: Rule, offers: list[PlainOffer], _: Asked) -> list[PlainOffer]:
    return sorted(offers, key=lambda one: (one.days[1], one.days[0], one.price, one.rank))[:1]


def _preferred(rule: Rule, offers: list[PlainOffer], _: Asked) -> list[PlainOffer]:
    for carrier in rule["carriers"]:
        own = [one for one in offers if one.carrier == carrier]
        if own:
            return best_first(own)[:1]
    return offers


_ON_SHIPMENTS: Mapping[str, Callable[[Rule, list[PlainOffer], Asked], list[PlainOffer]]] = {
    "days": _put_off,
    "exclude": _excluded,
    "keep": _kept,
    "price": _repriced,
    "markup": _marked_up,
    "not_slower_than": _quick_enough,
    "cheapest": _cheapest,
    "fastest": _fastest,
    "preferred": _preferred,
}


def _deserved(rule: Rule, lines: Sequence[WrittenLine]) -> bool:
    if "threshold" in rule:
        if any(line.value is None for line in lines):
            return False
        if sum((line.value or 0) * line.quantity for line in lines) < Fraction(rule["threshold"]) * 100:
            return False
    if "skus" not in rule and "tags" not in rule:
        return True
    part = [line.sku in rule.get("skus", []) or bool(set(line.tags) & set(rule.get("tags", []))) for line in lines]
    return any(part) if rule.get("needs") == "any" else all(part)


def _frees(rule: Rule, offer: PlainOffer) -> bool:
    return _own(rule, offer) and covered(rule, offer, on_carts=True)


def _with_one_free(rule: Rule, lines: list[list[PlainOffer]]) -> list[list[PlainOffer]]:
    wanted = rule.get("which", "cheapest")
    chosen: list[tuple[tuple[int, int], list[PlainOffer]]] = []
    for delivery in DELIVERIES if wanted == "cheapest" else (wanted,):
        rivals = [[one for one in line if one.delivery == delivery and _frees(rule, one)] for line in lines]
        if all(rivals):  # the shop pays now, so what the carrier bills decides
            picks = [min(line, key=lambda one: (one.cost, one.days[1], one.days[0])) for line in rivals]
            seen = sum(min(one.price for one in line) for line in rivals)
            chosen.append(((seen, max(one.days[1] for one in picks)), picks))
    if not chosen:
        return lines
    _, picks = min(chosen, key=lambda one: one[0])
    return [
        [replace(pick, price=0), *(one for one in line if one is not pick)]
        for line, pick in zip(lines, picks, strict=True)
    ]


def _subsidised(rule: Rule, lines: list[list[PlainOffer]]) -> list[list[PlainOffer]]:
    """Each type of which every line has an offer that is covered, lowered by what the shop pays of the lowest ones."""
    for delivery in DELIVERIES:
        mine = [
            [one for one in line if one.delivery == delivery and covered(rule, one, on_carts=True)] for line in lines
        ]
        lowest = [min((one.price for one in line), default=0) for line in mine]
        if not all(mine) or not any(lowest):
            continue
        paid = min(Fraction(rule["up_to"]) * 100, sum(lowest) * Fraction(str(rule.get("percent", 100))) / 100)
        parts = in_cents([floor(paid) * Fraction(price, sum(lowest)) for price in lowest])
        lines = [
            [replace(one, price=one.price - part) if one in own else one for one in line]
            for line, own, part in zip(lines, mine, parts, strict=True)
        ]
    return lines


_ON_CARTS: Mapping[str, Callable[[Rule, list[list[PlainOffer]]], list[list[PlainOffer]]]] = {
    "free": _with_one_free,
    "free_shipping": _with_one_free,
    "subsidy": _subsidised,
}
