"""A carrier that is asked for a table: how long it is waited for, and what ends a build or does not."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from bulk_shop import Shop

from portes.contingency.asking import StoreOracle
from portes.contingency.bulk_carrier import BuildStoppedError
from portes.contingency.goods import Goods
from portes.contingency.opening import store_oracle
from portes.contingency.order import OLDEST
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.sampling.protocol import LanePoint

SOME = [LanePoint(f"01{number:06d}", 1_000) for number in range(70)]


@contextmanager
def asker(shop: Shop, carrier: str) -> Iterator[StoreOracle]:
    """An oracle that asks a lane at a time."""
    store = shop.open(settings="batch = 1", carrier=carrier)
    with store_oracle(store, recipe_of(store, Goods(200_000), Wishes()), shop.clock, oldest=OLDEST) as oracle:
        yield oracle


@pytest.mark.parametrize(("timeout", "seconds"), [("1s", 10), ("30s", 30)])
def test_an_answer_is_waited_for_ten_seconds_at_least_or_as_long_as_a_live_one(
    shop: Shop, timeout: str, seconds: int
) -> None:
    with asker(shop, f'timeout = "{timeout}"') as oracle:
        oracle.ask(SOME[:1])

    assert {asked["seconds_left"] for asked in shop.simulator.asked} == {seconds}


OPENS_AT_ONCE = 'circuit = { failures = 1, pause = "60s" }\nbulk = { at_once = 1, calls_a_minute = 6000 }'


@pytest.mark.parametrize(("minutes", "ends"), [(57, False), (63, True)])
def test_an_outage_of_less_than_an_hour_is_waited_out_and_a_longer_one_ends_the_build(
    shop: Shop, minutes: int, *, ends: bool
) -> None:
    """One question a minute probes whether the carrier is there again."""
    shop.simulator.statuses = [503] * (minutes + 1)
    with ExitStack() as raised, asker(shop, OPENS_AT_ONCE) as oracle:
        if ends:
            raised.enter_context(pytest.raises(BuildStoppedError, match="answered nothing for an hour"))
        answers = oracle.ask(SOME)
        assert [answer is None for answer in answers] == [True] * (minutes + 1) + [False] * (len(SOME) - minutes - 1)
