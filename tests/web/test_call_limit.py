"""How many calls a worker takes at once, on a clock wound by hand."""

import pytest

from portes.web.call_limit import LEAST, MOST, START, CallLimit

LOOK = 0.02


def under_way(limit: CallLimit, calls: int, store: str = "shop") -> None:
    """Have so many calls of a store under way, whatever the limit says."""
    while limit.under_way.get(store, 0) > calls:
        limit.end(store)
    while limit.under_way.get(store, 0) < calls:
        limit.begin(store)


def look(limit: CallLimit, seconds: float, *, share: float, lag: float = 0.0) -> None:
    """Let so many seconds pass, with a look each 20 ms."""
    for _ in range(round(seconds / LOOK)):
        limit.adjust(LOOK + lag, processor=share * (LOOK + lag), lag=lag)


def let_in(limit: CallLimit, store: str = "shop") -> int:
    """How many calls of a store begin when more come than there is room for."""
    begun = 0
    while begun < 2 * MOST and limit.has_room(store):
        limit.begin(store)
        begun += 1
    return begun


def test_a_service_at_rest_lets_a_crowd_in_up_to_a_limit() -> None:
    assert let_in(CallLimit()) == START


@pytest.mark.parametrize(("share", "lag"), [(1.0, 0.0), (0.3, 0.05)])
def test_a_full_processor_and_one_that_others_take_lower_it_to_less_than_was_under_way(
    share: float, lag: float
) -> None:
    limit = CallLimit()
    under_way(limit, 30)

    look(limit, 0.4, share=share, lag=lag)

    assert LEAST <= limit.most < 24
    assert not limit.has_room("shop")


def test_it_is_never_lowered_to_nothing() -> None:
    limit = CallLimit()
    for calls in (40, 20, 9, 1):
        under_way(limit, calls)
        look(limit, 10, share=1.0)

    under_way(limit, 0)

    assert let_in(limit) == LEAST


def test_a_burst_lowers_nothing() -> None:
    limit = CallLimit()
    for _ in range(20):
        under_way(limit, 40)
        look(limit, 0.06, share=1.0)
        under_way(limit, 0)
        look(limit, 0.02, share=0.5)

    assert limit.most >= START


def test_one_long_pause_lowers_nothing() -> None:
    limit = CallLimit()
    under_way(limit, 40)

    limit.adjust(1.0, processor=1.0, lag=0.98)

    assert limit.most == START


def test_few_calls_that_fill_the_processor_lower_nothing() -> None:
    limit = CallLimit()
    under_way(limit, LEAST)

    look(limit, 10, share=1.0)

    assert limit.most == START


@pytest.mark.parametrize(("calls", "lowest", "highest"), [(15, START, MOST), (60, 12, 25)])
def test_calls_that_are_soon_done_may_be_many(calls: int, lowest: int, highest: int) -> None:
    """As many as 16 connections that never pause keep under way with a table, where nobody waits for long."""
    limit = CallLimit()
    for _ in range(500):
        under_way(limit, calls)
        under_way(limit, calls - 15)
        under_way(limit, calls)
        limit.adjust(LOOK, processor=0.012, lag=0.03)

    assert lowest <= limit.most <= highest


def test_two_seconds_after_an_overload_a_crowd_gets_in_as_before() -> None:
    limit = CallLimit()
    under_way(limit, 40)
    look(limit, 10, share=1.0)
    under_way(limit, 0)
    lowered = limit.most

    look(limit, 2, share=0.5)

    assert lowered < START / 2
    assert let_in(limit) >= 4 * LEAST


def test_calls_that_only_wait_for_carriers_raise_it_as_far_as_it_goes() -> None:
    limit = CallLimit()
    for _ in range(600):
        let_in(limit)
        look(limit, LOOK, share=0.2)

    assert (limit.most, sum(limit.under_way.values())) == (MOST, MOST)


def test_what_nobody_uses_does_not_grow() -> None:
    limit = CallLimit()
    under_way(limit, 10)

    look(limit, 60, share=0.2)

    assert limit.most == START


def test_a_store_that_takes_all_the_room_leaves_the_others_their_share() -> None:
    limit = CallLimit()
    hot = let_in(limit, "hot")

    quiet = let_in(limit, "quiet")
    limit.end("hot")

    assert (hot, quiet) == (START, START // 2)
    assert not limit.has_room("hot")


def test_a_store_without_a_call_always_gets_one_in() -> None:
    limit = CallLimit()
    stores = [f"shop-{number}" for number in range(2 * START)]

    assert [let_in(limit, store) > 0 for store in stores] == [True] * len(stores)
    assert not limit.has_room(stores[-1])
