"""Hypothesis strategies for stores and carts that an oracle can follow; values are few, so that ties are frequent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from hypothesis import strategies as st
from random_rules import NOTES, SKUS, TAGS, rules_about
from random_weeks import CALENDARS, asking_days, origins_of, some_days
from written_store import (
    WrittenCarrier,
    WrittenCart,
    WrittenLine,
    WrittenOutcome,
    WrittenService,
    WrittenSku,
    WrittenStore,
)

_OFTEN = ("normal", "normal", "express", "normal", "express", "super_express")
_KEYS = ("ant", "bee", "cat")
_SPARE = "spare"
_CODES = ("01512651", "69900000", "30110000")
_STOREFRONTS = ("NS", "NS", "ZT", "")
_HOURS = (time(0, 30), time(0, 30), time(9), time(9, 59), time(11, 0, 1), time(13, 0, 1), time(15), time(22, 30))
_TIMES = (*_HOURS, time(13, 59, 59), time(14), time(14, 0, 0, 999_999), time(14, 0, 1))


_booleans = st.booleans()
_rates = st.builds(
    WrittenOutcome,
    cost=st.sampled_from([1000, 1001, 999, 1002, 2345, 0]),
    days=st.sampled_from([(1, 2), (1, 3), (2, 3), (4, 9), (0, 2), (0, 2)]),
    notes=st.sampled_from([(), NOTES[:1], NOTES[1:], NOTES, (NOTES[0], "sample_tariff")]),
)
_spare_outcomes = st.one_of(_rates, _rates, _rates, st.sampled_from([WrittenOutcome("failed"), WrittenOutcome("no")]))
_troubles = st.sampled_from([WrittenOutcome("failed"), WrittenOutcome("no"), WrittenOutcome("failed")])
_outcomes = st.one_of(_rates, _troubles, _rates)


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
            extra_days=st.sampled_from([0, 0, 1, 2]),
            extra_cost=st.sampled_from([0, 0, 1, 250]),
            above_value=st.sampled_from(["cap", "undeclared", "refuse", "split", "cap"]),
        )

    least = 2 if key == _SPARE else 1
    return st.integers(least, 3).flatmap(lambda count: st.tuples(*map(service, range(count))))


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
        packer=st.sampled_from(["single"] if fallback_only else ["single", "volume", "single"]),
        most_value=st.sampled_from([700, 500] if fallback_only else [0, 700, 500]),
        calendar=st.sampled_from(CALENDARS),
        fallback_only=st.just(fallback_only),
        fallback=st.sampled_from([_SPARE, _SPARE, ""]) if spare and not fallback_only else st.just(""),
    ).map(lambda one: one if one.packer == "single" else replace(one, most_value=0))


@st.composite
def _carriers(draw: st.DrawFn) -> tuple[WrittenCarrier, ...]:
    keys = [*_KEYS[: draw(st.integers(1, 3))]]
    spare = draw(st.sampled_from([True, True, False]))
    if spare:
        keys.insert(draw(st.integers(0, len(keys))), _SPARE)
    carriers = [draw(_carrier(key, number, spare=spare)) for number, key in enumerate(keys, start=7)]
    down = draw(st.sampled_from(["", *keys])) if spare else ""  # a fallback is seldom needed by chance
    return tuple(_failing(one) if one.key == down and one.key != _SPARE else one for one in carriers)


def _failing(carrier: WrittenCarrier) -> WrittenCarrier:
    services = (replace(one, outcomes=(WrittenOutcome("failed"),)) for one in carrier.services)
    return replace(carrier, services=tuple(services), fallback=_SPARE)


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
        handling_days=st.sampled_from([0, 0, 0, 1, 2]),
        tags=st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple),
    ).flatmap(_counted)


@cache
def _catalogues(origins: int) -> st.SearchStrategy[Mapping[str, WrittenSku] | None]:
    shelf = st.fixed_dictionaries({sku: _stock(origins) for sku in SKUS[:-1]})
    return st.one_of(shelf, shelf, shelf, st.none())


@st.composite
def stores(draw: st.DrawFn) -> WrittenStore:
    """A store of up to three origins and carriers, a fallback, some rules, and perhaps a catalogue."""
    count = draw(st.sampled_from([1, 2, 3, 2]))
    carriers = draw(_carriers())
    fetching = tuple(one.key for one in carriers if not one.fallback_only)
    numbers = draw(st.permutations(range(1, count + 1)))
    closed = tuple(draw(some_days(2)))
    return WrittenStore(
        lines=draw(st.sampled_from(["each", "together", "together"])),
        origins=tuple(draw(origins_of(number, fetching, closed)) for number in numbers),
        carriers=carriers,
        rules=tuple(draw(rules_about(tuple(one.key for one in carriers), count))),
        catalogue=draw(_catalogues(count)),
        unknown_sku=draw(st.sampled_from(["quote", "quote", "refuse", "unknown"])),
        closed_days=closed,
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
    pre_sale=st.sampled_from([False, False, True]),
    tags=st.sampled_from([(), ("gift",), ("fragile",)]),
)


def _moment(day: date, at: time) -> datetime:
    """The moment of a time in São Paulo, in UTC."""
    return datetime.combine(day, at, UTC) + timedelta(hours=3)


carts = st.builds(
    WrittenCart,
    moment=st.builds(_moment, asking_days, st.sampled_from(_TIMES)),
    postal_code=st.sampled_from(_CODES),
    storefront=st.sampled_from(_STOREFRONTS),
    lines=st.lists(_lines, min_size=1, max_size=4).map(tuple),
    calendar=st.sampled_from([None, *CALENDARS]),
)
