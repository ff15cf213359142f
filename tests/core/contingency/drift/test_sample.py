"""How questions are drawn and made up, and when each carrier's turn comes."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bulk_shop import HandWoundClock, Shop
from drifting import ALL, ENVIRON, asked, write_shop

from portes.contingency.drift.sample import FreshPace, Reservoir, drawn_lanes, request_again
from portes.contingency.recipe import CHANNEL
from portes.contract.bounds import HEAVIEST_UNIT
from portes.store import open_store
from portes.tables import NO_LIMIT, Row
from portes.tables.protocol import Terms

GRAM = 1000
"""Milligrams."""


def row(above: int, to: int | None, first: str = "20000000", last: str = "20000009") -> Row:
    """A row with its weights in grams; None where it has no upper end."""
    limit = NO_LIMIT if to is None else to * GRAM
    return Row(1, "", first, last, above * GRAM, limit, 1, limit, Terms(1, 1))


@pytest.mark.parametrize(
    ("above", "to", "lightest", "heaviest"),
    [(0, 3, 1, 3), (1000, 1003, 1001, 1003), (30_000, None, 30_001, 31_000), (HEAVIEST_UNIT - 2, None, None, None)],
)
def test_a_lane_weighs_what_its_row_prices(
    above: int, to: int | None, lightest: int | None, heaviest: int | None
) -> None:
    weights = {lane.weight for lane in drawn_lanes([row(above, to)], 2000, "BR")}

    most = HEAVIEST_UNIT if heaviest is None else heaviest
    assert min(weights) >= (lightest or above + 1)
    assert most - 50 <= max(weights) <= most


def test_lanes_lie_anywhere_in_their_rows_each_row_as_often_as_any_other() -> None:
    rows = [row(0, 500), row(0, 500, "30000000", "30000000")]

    codes = [lane.postal_code for lane in drawn_lanes(rows, 200, "BR")]

    assert codes.count("30000000") == 100
    assert set(codes) == {"30000000", *(f"2000000{digit}" for digit in range(10))}
    assert all((one == "30000000") != (other == "30000000") for one, other in pairwise(codes))


def test_what_comes_last_is_drawn_no_more_surely_than_what_came_before() -> None:
    def drawn(size: int) -> list[int]:
        reservoir = Reservoir[int](size)
        for number in range(size + 1):
            reservoir.offer(number)
        return reservoir.drawn

    left_out = [size for size in range(1, 40) if size not in drawn(size)]

    assert 0 < len(left_out) < 20


def test_a_question_is_put_again_on_nobody_s_behalf() -> None:
    before = asked().model_copy(update={"id": "of-a-shopper"})

    again = request_again(before.model_dump(mode="json"))

    assert (again.id, again.channel) == ("", CHANNEL)
    assert again == before.model_copy(update={"id": "", "channel": CHANNEL})


BUSY = 'bulk = { calls_a_minute = 60, busy = ["00:00-06:00"] }'


@pytest.mark.parametrize(("heeds", "hours"), [(True, 6), (False, 0)])
def test_a_carrier_is_left_alone_in_its_busy_hours_unless_all_the_same(shop: Shop, *, heeds: bool, hours: int) -> None:
    told: list[tuple[str, datetime]] = []
    pace = FreshPace(shop.open(carrier=BUSY), shop.clock, lambda *wait: told.append(wait), heed_hours=heeds)
    began = shop.clock.now()

    pace.wait_for_turn()

    assert timedelta(hours=hours) <= shop.clock.now() - began < timedelta(hours=hours, minutes=1)
    assert [carrier for carrier, _ in told] == ["lanes"] * heeds


def test_each_carrier_has_its_own_turn_and_the_slowest_one_is_waited_for(shop: Shop) -> None:
    second = SECOND.format(url=shop.url)
    store = shop.open(carrier="bulk = { calls_a_minute = 6000 }", more=second)
    pace = FreshPace(store, shop.clock, lambda *_: None, heed_hours=True)
    began = shop.clock.monotonic()

    for _ in range(4):
        pace.wait_for_turn()

    assert shop.clock.monotonic() - began >= 60


SECOND = """
[carriers.slow]
use = "lanes"
id = 2
bulk = {{ calls_a_minute = 2 }}
settings = {{ base_url = "{url}" }}
services = [{{ code = "n", delivery = "normal" }}]
"""


def test_a_rate_table_is_asked_at_once(tmp_path: Path) -> None:
    write_shop(tmp_path, [("normal", *ALL, 0, 30_000, "20,00")])
    clock = HandWoundClock()

    with open_store(tmp_path, environ=ENVIRON) as store:
        pace = FreshPace(store, clock, lambda *_: None, heed_hours=True)
        for _ in range(200):
            pace.wait_for_turn()

    assert clock.waits == []
