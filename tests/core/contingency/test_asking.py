"""What the oracle of a table answers, by a real store whose carrier is asked over HTTP."""

from contextlib import ExitStack
from typing import Any

import pytest
from bulk_shop import HandWoundClock, Shop
from lane_carrier import by_weight

from portes.contingency.asking import StoreOracle
from portes.contingency.bulk_carrier import BuildStoppedError
from portes.contingency.goods import Goods
from portes.contingency.memory import SampleMemory
from portes.contingency.opening import recipe_name, store_oracle
from portes.contingency.order import OLDEST
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.sampling.protocol import LanePoint, LanePrice
from portes.contract import DeliveryType, Item, Place, QuoteRequest, Source
from portes.errors import SettingsError
from portes.store import Store

GOODS = Goods(density=200_000, value=10_000)
NEAR, FAR = LanePoint("01512651", 500), LanePoint("69900000", 5_000)
CHEAPEST = '[[rules]]\nuse = "cheapest"\n'


class Asker:
    """Opens oracles of a shop's store, and closes them at the end."""

    def __init__(self, stack: ExitStack, clock: HandWoundClock) -> None:
        self._stack, self._clock = stack, clock

    def __call__(self, store: Store, oldest: int = OLDEST, goods: Goods = GOODS, **wishes: Any) -> StoreOracle:
        recipe = recipe_of(store, goods, Wishes(**wishes))
        return self._stack.enter_context(store_oracle(store, recipe, self._clock, oldest=oldest))


@pytest.fixture
def oracle(shop: Shop) -> Asker:
    return Asker(shop.stores, shop.clock)


def test_a_lane_has_the_price_after_rules_and_the_days_to_leave_and_to_travel(shop: Shop, oracle: Asker) -> None:
    store = shop.open(more='[[rules]]\nuse = "markup"\npercent = 10\n')

    (answer,) = oracle(store).ask([NEAR])

    # one day at the origin, three or four on the way, two that the shop adds to normal delivery
    assert answer == {"normal": LanePrice(1_210, 6, 7), "express": LanePrice(2_420, 3, 4)}


def test_a_lane_has_the_price_that_a_live_quote_has(shop: Shop, oracle: Asker) -> None:
    store = shop.open(more='[[rules]]\nuse = "markup"\npercent = "7.5"\nround_to = "0.50"\n')
    item: Item = GOODS.item(FAR.weight, "BRL")
    destination = Place(country="BR", postal_code=FAR.postal_code)
    live = store.quote(
        QuoteRequest(channel="test", store="shop", destination=destination, lines=(item,), currency="BRL")
    )

    (answer,) = oracle(store).ask([FAR])

    assert {each.delivery.value: each.price.minor for each in live.lines[0].offers} == {
        type_: None if price is None else price.price for type_, price in (answer or {}).items()
    }


@pytest.mark.parametrize("hour", range(0, 24, 6))
def test_neither_the_hour_nor_a_holiday_changes_a_day_of_the_table(shop: Shop, oracle: Asker, hour: int) -> None:
    shop.clock.moment = shop.clock.moment.replace(month=7, day=7, hour=hour)  # the 9th is one in São Paulo

    (answer,) = oracle(shop.open()).ask([NEAR])

    assert answer == {"normal": LanePrice(1_100, 6, 7), "express": LanePrice(2_200, 3, 4)}


def test_a_refusal_is_an_answer_and_a_failure_is_none(shop: Shop, oracle: Asker) -> None:
    def price(asked: dict[str, Any]) -> dict[str, Any]:
        return {"no": "too far"} if asked["service"] == "x" else {"failed": "garbled"}

    shop.simulator.price = price
    asker = oracle(shop.open())

    assert asker.ask([NEAR]) == [{"express": None}]
    assert [(doubt.carrier, doubt.kind) for doubt in asker.doubts] == [("lanes", "garbled")]


def test_a_lane_of_which_nothing_could_be_found_out_is_none(shop: Shop, oracle: Asker) -> None:
    shop.simulator.statuses = [503]

    assert oracle(shop.open()).ask([NEAR]) == [None]


def test_what_failed_is_asked_again_and_what_was_answered_is_not(shop: Shop, oracle: Asker) -> None:
    shop.simulator.statuses = [503]
    asker = oracle(shop.open(settings="batch = 1", carrier="bulk = { at_once = 1 }"))

    first = asker.ask([NEAR, FAR])
    again = asker.ask([NEAR, FAR])

    assert (first[0] is None, first[1] is None) == (True, False)
    assert None not in again
    assert set(shop.simulator.questions.values()) == {1}


def test_what_the_carrier_calls_incomplete_is_not_asked_again_in_the_same_build(shop: Shop, oracle: Asker) -> None:
    shop.simulator.price = lambda _: {"failed": "incomplete"}
    asker = oracle(shop.open())

    assert [asker.ask([NEAR]), asker.ask([NEAR])] == [[None], [None]]
    assert shop.simulator.calls == 1


def test_no_fallback_stands_in_for_a_carrier_that_failed(shop: Shop, oracle: Asker) -> None:
    (shop.folder / "table.csv").write_text(
        "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\nt,01000000,99999999,0,9000,1.00,1\n"
    )
    table = """
[carriers.table]
use = "table"
id = 2
fallback_only = true
settings = { file = "table.csv" }
services = [{ code = "t", delivery = "normal" }]
"""
    store = shop.open(carrier='fallback = "table"', more=table)
    shop.simulator.statuses = [503, 503]

    assert oracle(store).ask([NEAR]) == [None]
    live = store.quote(
        QuoteRequest(
            channel="test",
            store="shop",
            destination=Place(country="BR", postal_code="01512651"),
            lines=(GOODS.item(500, "BRL"),),
            currency="BRL",
        )
    )  # the same store sells by it live
    assert [each.rate.source for each in live.lines[0].offers] == [Source.FALLBACK]


def test_no_stale_memory_of_live_quotes_stands_in_for_a_carrier_that_failed(shop: Shop, oracle: Asker) -> None:
    store = shop.open()
    request = recipe_of(store, GOODS, Wishes()).request(*NEAR)
    store.quote(request)
    shop.simulator.statuses = [503]

    assert oracle(store).ask([NEAR]) == [None]


def test_a_sample_tariff_is_not_taken_for_the_truth(shop: Shop, oracle: Asker) -> None:
    shop.simulator.price = lambda asked: {**by_weight(asked), "notes": ["sample_tariff"]}
    asker = oracle(shop.open())

    assert asker.ask([NEAR]) == [None]
    assert [doubt.kind for doubt in asker.doubts] == ["pretended"] * 1


def test_lanes_share_calls_as_large_as_the_carrier_takes(shop: Shop, oracle: Asker) -> None:
    points = [LanePoint(f"01{number:06d}", 1_000) for number in range(20)]

    answers = oracle(shop.open(settings="batch = 10")).ask(points)

    assert None not in answers
    assert shop.simulator.calls == 2


def test_lanes_whose_shipments_are_numbered_alike_are_not_mixed_up(shop: Shop, oracle: Asker) -> None:
    shop.simulator.price = lambda asked: {"cents": int(asked["to"][:4]) + asked["grams"], "days": 1}
    points = [LanePoint(f"{number:04d}0000", weight) for number in range(1_000, 1_030) for weight in (300, 700)]

    answers = oracle(shop.open(settings="batch = 7", carrier="bulk = { at_once = 4, calls_a_minute = 100000 }")).ask(
        points
    )

    found = [each["normal"] for each in answers if each is not None]
    assert [each.price for each in found if each] == [int(point.postal_code[:4]) + point.weight for point in points]


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


def test_the_parcel_keeps_the_limits_that_a_cube_of_its_volume_keeps(shop: Shop, oracle: Asker) -> None:
    oracle(shop.open()).ask([LanePoint("01512651", 30_000)])
    sides = shop.simulator.asked[0]["sides"]

    assert max(sides) <= 1_050
    assert sum(sides) <= 2_000


def test_another_origin_asks_from_there(shop: Shop, oracle: Asker) -> None:
    (answer,) = oracle(shop.open(), origin=2).ask([NEAR])

    assert (answer or {})["normal"] == LanePrice(1_100, 5, 6)  # this one needs no day to hand over


def test_what_may_wait_for_a_carrier_that_does_not_come_every_day_waits_its_longest(shop: Shop, oracle: Asker) -> None:
    """Ready on a Friday, it waits for Tuesday: two days more on which the origin works."""
    week = '[[origins.collections]]\ndays = ["tue", "thu"]\ntimes = ["16:00"]\n'

    (answer,) = oracle(shop.open(more=week), origin=2).ask([NEAR])

    assert (answer or {})["normal"] == LanePrice(1_100, 5, 8)


def test_a_value_that_nobody_wants_told_is_not_told(shop: Shop, oracle: Asker) -> None:
    store = shop.open()
    oracle(store).ask([NEAR])
    oracle(store, goods=Goods(200_000)).ask([NEAR])

    assert [each["value"] for each in shop.simulator.asked if each["service"] == "n"] == [10_000, None]


def test_types_are_those_of_every_service_that_is_asked(shop: Shop, oracle: Asker) -> None:
    shop.simulator.price = lambda _: {"no": "not there"}

    assert oracle(shop.open()).ask([NEAR]) == [{DeliveryType.NORMAL.value: None, DeliveryType.EXPRESS.value: None}]


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
