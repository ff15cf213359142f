"""What the oracle of a table answers, by a real store whose carrier is asked over HTTP."""

from typing import Any

import pytest
from bulk_shop import FAR, GOODS, NEAR, Asker, Shop
from lane_carrier import by_weight

from portes.contingency.goods import Goods
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.sampling.protocol import LanePoint, LanePrice
from portes.contract import DeliveryType, Item, Place, QuoteRequest, Source


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
    store = shop.open_with_fallback()
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
