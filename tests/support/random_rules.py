"""Hypothesis strategies for the rules of a store that an oracle can follow; see `random_stores`."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

SKUS = ("a", "b", "c", "new")
"""The last one stands in no catalogue."""
TAGS = ("fragile", "gift")
NOTES = ("risk_area", "collect_at_office")
"""Kinds of notes that rates of carriers have."""
_DELIVERIES = ("normal", "express", "super_express")
_booleans = st.booleans()


@cache
def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


_regions = st.sampled_from(
    [
        ["0..9"],
        ["0", "6"],
        ["BR:3", "01..05"],
        ["69000000..69900000"],
        ["30110000"],
        ["PT:0..9", "69000000..69899999"],
    ]
)
_occasion = {"regions": _regions, "storefronts": st.sampled_from([["NS"], ["NS", "ZT"], ["ZT"]])}


_cart_spans = {
    "value_from": st.sampled_from(["10.00", "5.00", "0.00"]),
    "value_to": st.sampled_from(["10.00", "30.00"]),
    "weight_from": st.sampled_from([600, 1000]),
    "weight_to": st.sampled_from([700, 2100]),
    "units_from": st.sampled_from([2, 4]),
    "units_to": st.sampled_from([2, 5]),
    "longest_side_from": st.sampled_from([100, 300]),
    "longest_side_to": st.sampled_from([100, 50]),
}
_asking = {
    "regions": _regions | st.sampled_from([["BR-SP"], ["BR-MG/interior"], ["BR/capital"], ["BR-MG", "69"]]),
    "storefronts": _occasion["storefronts"],
    "weekdays": st.sampled_from([["mon", "tue", "wed"], ["fri", "sat"]]),
    "date_from": st.sampled_from([date(2026, 4, 2), date(2026, 9, 4)]),
    "date_to": st.sampled_from([date(2026, 4, 2), date(2026, 11, 19)]),
    "seasons": st.sampled_from([["11-19..12-23"], ["12-24..03-06", "07-08..07-08"]]),
}


_notes = st.sampled_from(
    [["risk_area"], ["risk_area", "collect_at_office"], ["value_capped"], ["value_capped", "fallback"], ["fallback"]]
)
_of_notes = st.fixed_dictionaries({"notes": _notes})


@cache
def _numbers(origins: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, origins), min_size=1, max_size=2, unique=True)


@cache
def _whens(keys: tuple[str, ...], origins: int, *, of_carriers: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """One or two conditions on what these carriers and origins may have."""
    codes = tuple(code for key in keys for code in (f"{key}-0", f"{key}:{key}-1"))
    of_offers = {
        **({"carriers": _some(keys)} if of_carriers else {}),
        "services": _some(codes),
        "delivery_types": _some(_DELIVERIES),
        "origins": _numbers(origins),
    }
    of_lines = {"tags": _some(TAGS), "skus": _some(SKUS), **{f"line_{key}": each for key, each in _cart_spans.items()}}
    kinds: list[Mapping[str, st.SearchStrategy[Any]]] = [
        of_offers,
        of_offers,
        {"notes": _notes},
        of_lines,
        of_lines,
        _cart_spans,
        _asking,
    ]

    @st.composite
    def made(draw: st.DrawFn) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2)):  # seldom do more of them hold
            key = draw(st.sampled_from(sorted(kind)))
            found[key] = draw(kind[key])
        return {**found, **draw(st.sampled_from([{}, {"needs": "all"}, {"needs": "any"}]))}

    return made()


def _says_more_than_whose(when: dict[str, Any]) -> bool:
    """An `exclude` of carriers and services alone is refused."""
    return bool(when.keys() - {"carriers", "services", "needs"})


@st.composite
def _rule(
    draw: st.DrawFn, use: str, needed: Mapping[str, Any], optional: Mapping[str, st.SearchStrategy[Any]]
) -> dict[str, Any]:
    """A rule with at most two of its optional keys, and `when` in half of them: with more it would seldom hold."""
    free = sorted(optional.keys() - needed.keys() - {"when"})
    others = draw(st.lists(st.sampled_from(free), max_size=2, unique=True)) if free else []
    if "when" in optional and "when" not in needed and draw(_booleans):
        others.append("when")
    keys = {key: draw(values) for key, values in needed.items()}
    return {"use": use, **keys, **{key: draw(optional[key]) for key in others}}


@cache
def rules_about(keys: tuple[str, ...], origins: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Some rules about these carriers and origins."""
    carriers, types, whens = _some(keys), _some(_DELIVERIES), _whens(keys, origins)
    when = {"when": whens}
    of_type = {**_occasion, **when, "delivery_types": types}
    of_offer = {**of_type, "carriers": carriers}
    amounts = {
        "percent": st.sampled_from([5, -10, "2.5", "33.333"]),
        "round_to": st.sampled_from(["0.10", "0.05", "1.00"]),
        "rounding": st.sampled_from(["up", "half_up", "down"]),
    }
    bounds = {**when, "least": st.sampled_from(["9.50", "0.00"]), "most": st.sampled_from(["10.00", "23.45"])}
    ended = {**bounds, "ending": st.sampled_from(["0.90", "9.90"]), "rounding": amounts["rounding"]}
    stepped = {**bounds, **amounts}
    excluding = {"carriers": carriers, **_occasion, **when}
    freeing = {
        **_occasion,
        **when,
        "skus": _some(SKUS),
        "tags": _some(TAGS),
        "needs": st.sampled_from(["all", "any"]),
        "which": st.sampled_from(["cheapest", *_DELIVERIES]),
        "carriers": carriers,
    }
    excludes = st.one_of(
        _rule("exclude", {"tags": _some(TAGS)}, excluding),
        _rule("exclude", {"regions": _regions}, excluding),
        _rule("exclude", {"when": _whens(keys, origins, of_carriers=False).filter(_says_more_than_whose)}, excluding),
        _rule("exclude", {"when": _of_notes}, {}),
        _rule("exclude", {"when": _of_notes}, {"carriers": carriers}),
    )
    on_shipments = st.one_of(
        _rule("markup", {"fixed": st.sampled_from(["3.00", "0.01", "-4.00"])}, {**amounts, **of_offer}),
        _rule("markup", {"percent": amounts["percent"]}, {**amounts, **of_offer}),
        _rule("price", {"fixed": st.sampled_from(["3.00", "-4.00", "0.01"])}, ended),
        _rule("price", {"per_kg": st.sampled_from(["0.50", "-0.10", "1.37"])}, ended),
        _rule("price", {"per_kg": st.sampled_from(["0.50", "-0.10", "1.37"])}, stepped),
        _rule("price", {"set": st.sampled_from(["9.90", "0.00", "12.34"])}, ended),
        _rule("price", {"fixed": st.sampled_from(["3.00", "-4.00"]), "when": _of_notes}, ended),
        _rule("days", {"more": st.integers(1, 3)}, when),
        _rule("keep", {"which": st.sampled_from(["cheapest", "fastest"])}, when),
        _rule("keep", {"which": st.just("preferred"), "carriers": carriers}, when),
        _rule("not_slower_than", {"days": st.integers(1, 9)}, of_offer),
        _rule("cheapest", {}, of_type),
        _rule("fastest", {}, of_type),
        _rule("preferred", {"carriers": carriers}, of_type),
    )
    subsidised = {"up_to": st.sampled_from(["5.00", "0.01", "0.02", "9.99", "20.00", "1000.00"])}
    paying = {**when, "percent": st.sampled_from([50, "33.333", 100])}
    subsidies = st.one_of(
        _rule("subsidy", subsidised, paying),
        _rule("subsidy", {**subsidised, "when": whens}, paying),
        _rule("subsidy", {**subsidised, "when": st.fixed_dictionaries({"carriers": carriers})}, {}),
        _rule("subsidy", {**subsidised, "when": _of_notes}, paying),
    )
    on_carts = st.one_of(
        subsidies,
        subsidies,
        _rule("subsidy", subsidised, {"percent": paying["percent"]}),
        _rule("free_shipping", {"threshold": st.sampled_from(["0.00", "10.00", "25.00"])}, freeing),
        _rule("free", {}, {**when, "which": freeing["which"]}),
        _rule("free", {"when": whens | _of_notes}, {"which": freeing["which"]}),
        _rule("free", {"when": st.fixed_dictionaries({"origins": _numbers(origins)})}, {"which": freeing["which"]}),
        _rule("free_shipping", {"tags": _some(TAGS)}, freeing),
        _rule("free_shipping", {"skus": _some(SKUS), "needs": st.just("any")}, freeing),
    )
    parts = (st.lists(excludes, max_size=1), st.lists(on_shipments, max_size=3), st.lists(on_carts, max_size=2))
    return st.tuples(*parts).map(lambda made: [*made[2], *made[1], *made[0]])  # phases, not the file, part these
