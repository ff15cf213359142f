"""The fewest origins: the same as by trying every combination where that can be done, and within a bound beyond."""

import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from counting import calls_of
from hypothesis import example, given
from hypothesis import strategies as st
from shop import MONDAY_MORNING, SAO_PAULO, item, member, origin, policy, request

from portes.catalogue import Catalogue, CatalogueEntry
from portes.engine.origins import STEPS, Cover, fewest_origins
from portes.engine.plan import make_plan

Stocked = Sequence[tuple[int, ...]]

MOST_CALLS = 10 * STEPS
"""Some milliseconds of work; trying every combination of sixty origins takes 2^60."""


def by_trial(stocked: Stocked) -> set[int]:
    """Every combination of every size, the smallest first; among the smallest the one that the lines prefer."""
    origins = sorted({origin for line in stocked for origin in line})
    for size in range(len(origins) + 1):
        covers = [set(some) for some in combinations(origins, size) if all(set(some) & set(line) for line in stocked)]
        if covers:
            return min(covers, key=lambda cover: [rank(cover, line) for line in stocked])
    raise AssertionError


def rank(cover: set[int], line: tuple[int, ...]) -> int:
    return next(place for place, origin in enumerate(line) if origin in cover)


def scattered(origins: int, lines: int, each: int) -> Stocked:
    chance = random.Random(12)  # noqa: S311 — the same lines each time, nothing secret
    return [tuple(chance.sample(range(1, origins + 1), each)) for _ in range(lines)]


origin_lists = st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True).map(tuple)


@given(st.lists(origin_lists, max_size=7))
@example([(2, 1), (2, 1)])
@example([(1, 2), (3,)])
@example([(1, 2), (2, 3), (3, 1), (4, 1)])
def test_the_origins_are_those_that_trying_every_combination_finds(stocked: list[tuple[int, ...]]) -> None:
    cover = fewest_origins(stocked)

    assert cover.exact
    assert cover.origins == by_trial(stocked)


def test_lines_stocked_in_two_origins_each_get_an_exact_answer() -> None:
    pairs = [(2 * number, 2 * number + 1) for number in range(30)]

    assert fewest_origins(pairs) == Cover(frozenset({2 * number for number in range(30)}), exact=True)


@pytest.mark.parametrize("each", [2, 5, 30])
def test_two_hundred_lines_and_sixty_origins_take_bounded_work(each: int) -> None:
    stocked = scattered(60, 200, each)
    cover = fewest_origins(stocked)

    assert all(cover.origins & set(line) for line in stocked)
    assert calls_of(lambda: fewest_origins(stocked)) < MOST_CALLS


def test_a_search_that_ends_at_its_bound_says_so_and_is_no_worse_than_greedy() -> None:
    stocked = scattered(12, 20, 3)
    bounded, whole = fewest_origins(stocked, steps=0), fewest_origins(stocked, steps=10**6)

    assert (bounded.exact, whole.exact) == (False, True)
    assert all(bounded.origins & set(line) for line in stocked)
    assert len(whole.origins) <= len(bounded.origins) <= len(whole.origins) + 2
    assert whole.origins == by_trial(stocked)


def test_a_plan_says_whether_its_origins_are_the_fewest_for_certain() -> None:
    for stocked, exact in ((scattered(60, 200, 3), False), (scattered(12, 8, 2), True)):
        entries = {f"sku-{number}": CatalogueEntry(origins=line) for number, line in enumerate(stocked)}
        origins = [origin(number) for number in range(1, 61)]
        shop = policy(member(), origins=origins, catalogue=Catalogue(entries), lines="together")
        planned = make_plan(request(*map(item, entries)), MONDAY_MORNING.astimezone(SAO_PAULO), shop)

        assert planned.exact is exact
        assert sum(len(one.lines) for one in planned.consignments) == len(stocked)
