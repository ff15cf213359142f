"""How far a carrier goes ahead of what is kept of it, and what becomes of the others when one fails."""

from collections.abc import Generator
from itertools import count
from threading import Event, Semaphore

import pytest
from bulk_shop import Shop

from portes.contingency.asking import CallCounts
from portes.contingency.goods import Goods
from portes.contingency.opening import NoWatch, store_oracle
from portes.contingency.order import OLDEST
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.sampling.protocol import LanePoint
from portes.contingency.side_by_side import side_by_side

SECONDS = 60.0


class SlowToKeep(NoWatch):
    """Whoever keeps the first answers takes until four calls were made, and then as long as a fifth would need."""

    def __init__(self, made: Semaphore) -> None:
        self.made = made
        self.early: list[bool] = []

    def asked(self, progress: CallCounts) -> None:
        if not self.early:
            assert all(self.made.acquire(timeout=SECONDS) for _ in range(4))
            self.early.append(self.made.acquire(timeout=0.5))


def test_no_more_calls_are_open_than_a_build_may_lose_however_long_answers_take_to_keep(shop: Shop) -> None:
    store, watch = shop.open(settings="batch = 5"), SlowToKeep(Semaphore(0))
    shop.simulator.on_call = watch.made.release
    recipe = recipe_of(store, Goods(density=200_000, value=10_000), Wishes())
    lanes = [LanePoint("01512651", grams) for grams in range(100, 5_100, 100)]

    with store_oracle(store, recipe, shop.clock, oldest=OLDEST, watch=watch) as oracle:
        answers = oracle.ask(lanes)

    assert watch.early == [False]
    assert None not in answers
    assert shop.simulator.calls == 10


def each(*given: int | None) -> Generator[int | None, None, None]:
    yield from given


class Endless:
    """Gives numbers until it is closed."""

    def __init__(self) -> None:
        self.closed = Event()

    def numbers(self) -> Generator[int, None, None]:
        try:
            yield from count()
        finally:
            self.closed.set()


def test_what_several_give_comes_under_its_key_in_the_order_of_each() -> None:
    given = [*side_by_side({"a": each(1, 2, 3), "b": each(), "c": each(None, 4)}, "test")]

    assert sorted(given, key=lambda one: one[0]) == [("a", 1), ("a", 2), ("a", 3), ("c", None), ("c", 4)]


def test_once_one_failed_no_other_is_asked_for_more() -> None:
    endless, taken = Endless(), Event()

    def failing() -> Generator[int, None, None]:
        assert taken.wait(SECONDS)
        yield from ()
        raise LookupError("no more")

    given = side_by_side({"endless": endless.numbers(), "failing": failing()}, "test")
    assert next(given) == ("endless", 0)
    taken.set()
    with pytest.raises(LookupError, match="no more"):
        list(given)

    assert endless.closed.wait(SECONDS)


def test_who_is_no_longer_waited_for_is_asked_for_nothing_more() -> None:
    endless = Endless()
    given = side_by_side({"endless": endless.numbers()}, "test")
    next(given)
    given.close()

    assert endless.closed.wait(SECONDS)
