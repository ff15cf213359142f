"""Hypothesis strategies for stores and carts that an oracle can follow; values are few, so that ties are frequent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from written_store import (
    WrittenCarrier,
    WrittenCart,
    WrittenLine,
    WrittenOrigin,
    WrittenOutcome,
    WrittenService,
    WrittenSku,
    WrittenStore,
)

SKUS = ("a", "b", "c", "new")
"""The last one stands in no catalogue."""
_TAGS = ("fragile", "gift")
_DELIVERIES = ("normal", "express", "super_express")
_OFTEN = ("normal", "normal", "express", "normal", "express", "super_express")
_KEYS = ("ant", "bee", "cat")
_SPARE = "spare"
_CODES = ("01512651", "69900000", "30110000")
_STOREFRONTS = ("NS", "NS", "ZT", "")
_DAYS = (
    date(2026, 3, 4),
    date(2026, 3, 6),  # a Friday
    date(2026, 3, 7),
    date(2026, 4, 2),  # before Good Friday
    date(2026, 4, 22),  # before a holiday of Rio de Janeiro alone
    date(2026, 7, 8),  # before a holiday of São Paulo alone
    date(2026, 9, 4),
    date(2026, 11, 19),
    date(2026, 12, 23),
    date(2026, 12, 24),
)
_CLOSED = (date(2026, 3, 9), date(2026, 4, 6), date(2026, 12, 24), date(2026, 12, 28))
_CALENDARS = ("BR", "BR-SP", "BR-RJ")
_TIMES = (time(9), time(13, 59, 59), time(14), time(14, 0, 0, 999_999), time(14, 0, 1), time(22, 30))


@cache
def _some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


_booleans = st.booleans()
_few = st.integers(0, 2)
_rates = st.builds(
    WrittenOutcome,
    cost=st.sampled_from([1000, 1001, 999, 2345, 0]),
    days=st.sampled_from([(1, 2), (1, 3), (2, 3), (4, 9)]),
)
_spare_outcomes = st.one_of(_rates, _rates, _rates, st.sampled_from([WrittenOutcome("failed"), WrittenOutcome("no")]))
_outcomes = st.one_of(_rates, _rates, st.sampled_from([WrittenOutcome("failed"), WrittenOutcome("no")]))


@cache
def _services(key: str) -> st.SearchStrategy[tuple[WrittenService, ...]]:
    """At least one service, the first of them active; a fallback fails less often than the others."""
    outcomes = _spare_outcomes if key == _SPARE else _outcomes

    def service(number: int) -> st.SearchStrategy[WrittenService]:
        return st.builds(
            WrittenService,
            code=st.just(f"{key}-{number}"),
            delivery=st.sampled_from(_OFTEN),
            outcomes=st.lists(outcomes, min_size=1, max_size=3).map(tuple),
            active=st.just(value=True) if number == 0 else st.sampled_from([True, True, False]),
            extra_days=_few,
            extra_cost=st.sampled_from([0, 0, 1, 250]),
        )

    return st.integers(1, 3).flatmap(lambda count: st.tuples(*map(service, range(count))))


@cache
def _carrier(key: str, number: int, *, spare: bool) -> st.SearchStrategy[WrittenCarrier]:
    fallback_only = key == _SPARE
    return st.builds(
        WrittenCarrier,
        key=st.just(key),
        number=st.just(number),
        services=_services(key),
        remote=st.just(value=False) if fallback_only else st.sampled_from([False, False, False, False, True]),
        batch=st.integers(1, 3),
        most_grams=st.sampled_from([0, 1500]),
        packer=st.sampled_from(["single", "volume"]),
        calendar=st.sampled_from(_CALENDARS),
        fallback_only=st.just(fallback_only),
        fallback=st.sampled_from([_SPARE, ""]) if spare and not fallback_only else st.just(""),
    )


@st.composite
def _carriers(draw: st.DrawFn) -> tuple[WrittenCarrier, ...]:
    keys = [*_KEYS[: draw(st.integers(1, 3))]]
    spare = draw(_booleans)
    if spare:
        keys.insert(draw(st.integers(0, len(keys))), _SPARE)
    return tuple(draw(_carrier(key, number, spare=spare)) for number, key in enumerate(keys, start=7))


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
    of_lines = {"tags": _some(_TAGS), "skus": _some(SKUS), **{f"line_{key}": each for key, each in _cart_spans.items()}}
    kinds: list[Mapping[str, st.SearchStrategy[Any]]] = [of_offers, of_offers, of_lines, of_lines, _cart_spans, _asking]

    @st.composite
    def made(draw: st.DrawFn) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2)):  # seldom do more of them hold
            key = draw(st.sampled_from(sorted(kind)))
            found[key] = draw(kind[key])
        return {**found, **draw(st.sampled_from([{}, {"needs": "all"}, {"needs": "any"}]))}

    return made()


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
def _rules(keys: tuple[str, ...], origins: int) -> st.SearchStrategy[list[dict[str, Any]]]:
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
        "tags": _some(_TAGS),
        "needs": st.sampled_from(["all", "any"]),
        "which": st.sampled_from(["cheapest", *_DELIVERIES]),
        "carriers": carriers,
    }
    excludes = st.one_of(
        _rule("exclude", {"tags": _some(_TAGS)}, excluding),
        _rule("exclude", {"regions": _regions}, excluding),
        _rule("exclude", {"when": _whens(keys, origins, of_carriers=False)}, excluding),
    )
    on_shipments = st.one_of(
        _rule("markup", {"fixed": st.sampled_from(["3.00", "0.01", "-4.00"])}, {**amounts, **of_offer}),
        _rule("markup", {"percent": amounts["percent"]}, {**amounts, **of_offer}),
        _rule("price", {"fixed": st.sampled_from(["3.00", "-4.00", "0.01"])}, ended),
        _rule("price", {"per_kg": st.sampled_from(["0.50", "-0.10", "1.37"])}, ended),
        _rule("price", {"per_kg": st.sampled_from(["0.50", "-0.10", "1.37"])}, stepped),
        _rule("price", {"set": st.sampled_from(["9.90", "0.00", "12.34"])}, ended),
        _rule("days", {"more": st.integers(1, 3)}, when),
        _rule("keep", {"which": st.sampled_from(["cheapest", "fastest"])}, when),
        _rule("keep", {"which": st.just("preferred"), "carriers": carriers}, when),
        _rule("not_slower_than", {"days": st.integers(1, 9)}, of_offer),
        _rule("cheapest", {}, of_type),
        _rule("fastest", {}, of_type),
        _rule("preferred", {"carriers": carriers}, of_type),
    )
    on_carts = st.one_of(
        _rule("free_shipping", {"threshold": st.sampled_from(["0.00", "10.00", "25.00"])}, freeing),
        _rule("free", {}, {**when, "which": freeing["which"]}),
        _rule("free", {"when": whens}, {"which": freeing["which"]}),
        _rule("free", {"when": st.fixed_dictionaries({"origins": _numbers(origins)})}, {"which": freeing["which"]}),
        _rule("free_shipping", {"tags": _some(_TAGS)}, freeing),
        _rule("free_shipping", {"skus": _some(SKUS), "needs": st.just("any")}, freeing),
    )
    parts = (st.lists(excludes, max_size=1), st.lists(on_shipments, max_size=3), st.lists(on_carts, max_size=2))
    return st.tuples(*parts).map(lambda made: [*made[2], *made[1], *made[0]])  # phases, not the file, part these


def _counted(sku: WrittenSku) -> st.SearchStrategy[WrittenSku]:
    """The same, its units counted at some of its origins."""
    units = st.tuples(*[st.sampled_from([None, None, 3, None, 2, 0]) for _ in sku.origins])
    return units.map(lambda counted: replace(sku, units=counted))


@cache
def _stock(origins: int) -> st.SearchStrategy[WrittenSku]:
    numbers = st.permutations(range(1, origins + 1)).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda count: tuple(order[:count]))
    )
    return st.builds(
        WrittenSku,
        value=st.sampled_from([1000, 500, 1000, 500, 0, None]),
        origins=numbers,
        handling_days=_few,
        tags=st.lists(st.sampled_from(_TAGS), max_size=2, unique=True).map(tuple),
    ).flatmap(_counted)


@cache
def _catalogues(origins: int) -> st.SearchStrategy[Mapping[str, WrittenSku] | None]:
    shelf = st.fixed_dictionaries({sku: _stock(origins) for sku in SKUS[:-1]})
    return st.one_of(shelf, shelf, shelf, st.none())


_origins = st.builds(
    WrittenOrigin,
    number=st.just(0),
    handling_days=_few,
    cut_off=st.sampled_from([time(14), time(23, 59, 59)]),
    calendar=st.sampled_from(_CALENDARS),
)


@st.composite
def stores(draw: st.DrawFn) -> WrittenStore:
    """A store of up to three origins and carriers, a fallback, some rules, and perhaps a catalogue."""
    count = draw(st.sampled_from([1, 2, 3, 2]))
    carriers = draw(_carriers())
    numbers = draw(st.permutations(range(1, count + 1)))
    return WrittenStore(
        lines=draw(st.sampled_from(["each", "together", "together"])),
        origins=tuple(replace(draw(_origins), number=number) for number in numbers),
        carriers=carriers,
        rules=tuple(draw(_rules(tuple(one.key for one in carriers), count))),
        catalogue=draw(_catalogues(count)),
        unknown_sku=draw(st.sampled_from(["quote", "quote", "refuse", "unknown"])),
        closed_days=tuple(draw(st.lists(st.sampled_from(_CLOSED), max_size=3, unique=True))),
        allow_zero_measures=draw(st.sampled_from([True, True, True, True, True, False])),
        pre_sale_days=draw(st.sampled_from([0, 4])),
        cubic_divisor=draw(st.sampled_from([6000, 1000, 300_000])),
        origins_tried=draw(st.sampled_from([None, "next", "first", "all"])),
        most_origins=draw(st.sampled_from([3, 2, 1, 4])),
        next_origin_after=draw(st.sampled_from(["refusal", "failure"])),
    )


_lines = st.builds(
    WrittenLine,
    sku=st.sampled_from(SKUS),
    quantity=st.integers(1, 3),
    weight=st.sampled_from([300, 700, 1, 300, 700, 0]),
    sides=st.sampled_from([(100, 100, 100), (300, 200, 50), (7, 5, 3), (100, 100, 100), (50, 0, 50)]),
    value=st.sampled_from([1000, 500, 1000, 500, 0, None]),
    pre_sale=_booleans,
    tags=st.sampled_from([(), ("gift",), ("fragile",)]),
)


def _moment(day: date, at: time) -> datetime:
    """The moment of a time in São Paulo, in UTC."""
    return datetime.combine(day, at, UTC) + timedelta(hours=3)


carts = st.builds(
    WrittenCart,
    moment=st.builds(_moment, st.sampled_from(_DAYS), st.sampled_from(_TIMES)),
    postal_code=st.sampled_from(_CODES),
    storefront=st.sampled_from(_STOREFRONTS),
    lines=st.lists(_lines, min_size=1, max_size=4).map(tuple),
    calendar=st.sampled_from([None, *_CALENDARS]),
)
