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
def asker(shop: Shop, carrier: str, settings: str = "") -> Iterator[StoreOracle]:
    """An oracle that asks a lane at a time."""
    store = shop.open(settings=f"batch = 1\n{settings}", carrier=carrier)
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


def test_a_turn_that_an_open_circuit_left_unused_pays_for_no_later_call(shop: Shop) -> None:
    """Each question is two calls over the network, which take the room of two."""
    moments: list[float] = []
    shop.simulator.on_call = lambda: moments.append(shop.clock.seconds)
    shop.simulator.statuses = [503, 503]
    circuit = 'circuit = { failures = 1, pause = "60s" }\nbulk = { at_once = 1, calls_a_minute = 6 }'

    with asker(shop, circuit, "hops = 2") as oracle:
        oracle.ask(SOME[:4])

    assert moments == [0, 0, 60, 60, 80, 80, 100, 100]


def test_calls_side_by_side_are_over_sooner_than_one_after_the_other(shop: Shop) -> None:
    """Forty calls of ten seconds, four at a time, take a hundred."""

    def answered() -> None:
        shop.clock.seconds += 10

    shop.simulator.on_call = answered
    with asker(shop, "bulk = { at_once = 4, calls_a_minute = 6000 }") as oracle:
        oracle.ask(SOME[:1])
        begun, end = shop.clock.now(), oracle.end_of(40)

    assert end is not None
    assert (end - begun).total_seconds() == 100
