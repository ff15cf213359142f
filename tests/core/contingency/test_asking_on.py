"""An oracle that goes on: what it remembers, how it takes a carrier that fails, and when it will be done."""

import pytest
from bulk_shop import FAR, GOODS, NEAR, Asker, Shop

from portes.contingency.bulk_carrier import BuildStoppedError
from portes.contingency.memory import SampleMemory
from portes.contingency.opening import recipe_name, store_oracle
from portes.contingency.order import OLDEST
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.sampling.protocol import LanePoint, LanePrice
from portes.errors import SettingsError


def test_a_second_oracle_asks_nothing_that_the_first_one_asked(shop: Shop, oracle: Asker) -> None:
    store = shop.open()
    oracle(store).ask([NEAR, FAR])
    later = oracle(store)

    assert None not in later.ask([NEAR, FAR])
    assert shop.simulator.calls == 1
    assert (later.progress().asked, later.progress().remembered) == (0, 2)


def test_another_rule_is_another_price_without_a_call(shop: Shop, oracle: Asker) -> None:
    oracle(shop.open()).ask([NEAR])
    (answer,) = oracle(shop.open(more='[[rules]]\nuse = "markup"\nfixed = "1.00"\n')).ask([NEAR])

    assert (answer or {})["normal"] == LanePrice(1_200, 6, 7)
    assert shop.simulator.calls == 1


def test_days_that_a_rule_adds_are_days_of_the_table(shop: Shop, oracle: Asker) -> None:
    later = '[[rules]]\nuse = "days"\nmore = 3\nwhen = { delivery_types = ["normal"], regions = ["BR-SP"] }\n'
    near, far = oracle(shop.open(more=later)).ask([NEAR, FAR])

    assert near == {"normal": LanePrice(1_100, 9, 10), "express": LanePrice(2_200, 3, 4)}
    assert (far or {})["normal"] == (oracle(shop.open()).ask([FAR])[0] or {})["normal"]


def test_an_answer_older_than_is_wanted_is_asked_for_again(shop: Shop, oracle: Asker) -> None:
    store = shop.open()
    oracle(store).ask([NEAR])
    shop.clock.seconds += 3_601
    oracle(store, oldest=3_600).ask([NEAR])

    assert shop.simulator.calls == 2


def test_a_carrier_whose_prices_hang_on_the_day_is_not_asked_again_the_day_after(shop: Shop, oracle: Asker) -> None:
    store = shop.open(settings="dated = true")
    oracle(store).ask([NEAR])
    shop.clock.seconds += 86_400
    oracle(store).ask([NEAR])

    assert shop.simulator.calls == 1


def test_how_old_the_answer_behind_a_lane_is_can_be_read_later(shop: Shop, oracle: Asker) -> None:
    store = shop.open()
    oracle(store).ask([NEAR])
    began = int(shop.clock.now().timestamp())
    shop.clock.seconds += 1_000
    later = oracle(store)
    later.ask([NEAR, FAR])
    ages = SampleMemory(shop.folder / "state").ages(recipe_name(store, recipe_of(store, GOODS, Wishes())))

    assert [(age.postal_code, age.weight) for age in ages] == [NEAR, FAR]
    assert [age.at - began < 500 for age in ages] == [True, False]
    assert later.oldest == ages[0].at
    assert (shop.folder / "state" / "samples.sqlite").stat().st_mode & 0o777 == 0o600


def test_credentials_that_are_not_accepted_end_a_build_with_the_doctor_as_the_remedy(shop: Shop, oracle: Asker) -> None:
    shop.simulator.statuses = [401]

    with pytest.raises(SettingsError, match="portes doctor STORE lanes"):
        oracle(shop.open()).ask([NEAR])


def test_a_carrier_that_throttles_is_asked_at_half_the_pace_and_after_the_time_it_named(
    shop: Shop, oracle: Asker
) -> None:
    shop.simulator.statuses, shop.simulator.headers = [429], {"Retry-After": "77"}
    asker = oracle(shop.open(settings="batch = 1", carrier="bulk = { at_once = 1, calls_a_minute = 60 }"))
    points = [LanePoint(f"01{number:06d}", 1_000) for number in range(4)]

    first = asker.ask(points)

    assert [each is None for each in first] == [True, False, False, False]
    assert shop.clock.waits == [pytest.approx(1.0), pytest.approx(76.0), 2.0, 2.0] or max(shop.clock.waits) >= 75
    assert shop.clock.waits[-1] == pytest.approx(2.0)


def test_a_carrier_whose_circuit_is_open_is_waited_for_and_then_asked_on(shop: Shop, oracle: Asker) -> None:
    shop.simulator.statuses = [503, 503, 503]
    asker = oracle(
        shop.open(
            settings="batch = 1",
            carrier='circuit = { failures = 2, pause = "90s" }\nbulk = { at_once = 1, calls_a_minute = 6000 }',
        )
    )
    points = [LanePoint(f"01{number:06d}", 1_000) for number in range(6)]

    answers = asker.ask(points)

    assert [each is None for each in answers] == [True, True, True, False, False, False]
    assert shop.clock.seconds > 180  # two failures open it; the probe after 90 s fails, the one after 180 s does not
    assert shop.simulator.calls == 6


def test_a_carrier_that_answers_nothing_for_an_hour_ends_the_build(shop: Shop, oracle: Asker) -> None:
    shop.simulator.statuses = [503] * 10_000
    asker = oracle(shop.open(settings="batch = 1", carrier='circuit = { pause = "60s" }'))

    with pytest.raises(BuildStoppedError, match="build again"):
        asker.ask([LanePoint(f"01{number:06d}", 1_000) for number in range(300)])


def test_calls_are_counted_as_the_carrier_sees_them(shop: Shop, oracle: Asker) -> None:
    asker = oracle(shop.open(settings="batch = 1"))
    shop.simulator.statuses = [503]
    asker.ask([NEAR, FAR])

    assert asker.progress().calls == {"lanes": 2}
    assert shop.simulator.calls == 2


def test_when_the_lanes_that_are_left_will_be_answered_is_known_by_the_calls_that_a_lane_takes(
    shop: Shop, oracle: Asker
) -> None:
    busy = 'bulk = { calls_a_minute = 1, busy = ["00:30-20:00"] }'
    asker = oracle(shop.open(settings="batch = 10", carrier=busy))
    before = asker.end_of(600)
    asker.ask([LanePoint(f"01{number:06d}", 1_000) for number in range(20)])  # two calls, the second after a minute
    end = asker.end_of(290)

    assert before is None
    assert end is not None
    assert f"{end:%d %H:%M}" == "02 00:30"  # 29 calls, a minute each, at once until it is busy
    assert f"{asker.end_of(300):%d %H:%M}" == "02 20:01"


def test_busy_hours_that_are_not_heeded_put_no_end_off(shop: Shop) -> None:
    busy = 'bulk = { busy = ["00:00-23:00"] }'
    store = shop.open(carrier=busy)
    recipe = recipe_of(store, GOODS, Wishes())
    with store_oracle(store, recipe, shop.clock, oldest=OLDEST, heed_hours=False) as asker:
        asker.ask([NEAR])
        assert shop.clock.waits == []  # --now takes no heed of them
        assert f"{asker.end_of(3_600):%H:%M}" == "01:00"


def test_a_lane_that_one_of_two_carriers_is_called_about_is_no_memory(shop: Shop, oracle: Asker) -> None:
    other = """
[carriers.other]
use = "lanes"
id = 2
settings = {{ base_url = "{url}", longest_side = {side} }}
services = [{{ code = "y", delivery = "normal" }}]
"""
    oracle(shop.open(more=other.format(url=shop.url, side=900))).ask([NEAR])
    changed = oracle(shop.open(more=other.format(url=f"{shop.url}other", side=900)))
    changed.ask([NEAR])

    assert changed.progress().calls == {"lanes": 0, "other": 1}
    assert (changed.progress().asked, changed.progress().remembered) == (1, 0)


def test_calls_that_take_longer_than_their_turn_put_the_end_off(shop: Shop, oracle: Asker) -> None:
    asker = oracle(shop.open(settings="batch = 10", carrier="bulk = { calls_a_minute = 60, at_once = 2 }"))

    def slow() -> None:
        shop.clock.seconds += 60

    shop.simulator.on_call = slow
    asker.ask([LanePoint(f"01{number:06d}", 1_000) for number in range(10)])
    end = asker.end_of(100)

    assert end is not None
    assert (end - shop.clock.now()).total_seconds() >= 10 * 60 / 2  # ten calls, two at once
