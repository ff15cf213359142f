"""A table held against real receipts: what is too cheap, too dear or missing, where, and what that loses."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from drifting import (
    ALL,
    ENVIRON,
    NORMAL,
    SMALL,
    PricedRow,
    ask,
    asked,
    checked,
    quiet,
    report,
    table_of,
    terms,
    write_shop,
)
from shop import brl, item

from portes.contingency.drift.compare import NO_SERVICE
from portes.contingency.drift.measure import (
    BY_HAND,
    OTHER_CHANNEL,
    Found,
    ask_again,
    ask_lanes,
    lanes_of_table,
    read_receipts,
)
from portes.contingency.drift.sample import policy_of
from portes.contract import Dimensions
from portes.receipts.database import FILE_NAME
from portes.receipts.offers import FREE
from portes.store import open_store
from portes.tables import ReadOptions, open_table


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path, NORMAL)


def test_a_table_that_says_what_is_offered_has_not_drifted(shop: Path) -> None:
    ask(shop, *[asked()] * 3)

    found = report(shop, table_of(shop.parent, NORMAL))

    total = found.against_receipts.total
    assert (found.receipts, total.compared, total.cheaper, total.dearer, total.uncovered) == (3, 3, 0, 0, 0)
    assert (total.loss, total.excess, total.mean, total.median) == (0, 0, 0, 0)
    assert found.drifted == ()


def test_what_is_lost_and_what_is_too_dear_are_told_apart_and_cancel_nothing(shop: Path) -> None:
    ask(shop, asked(to="01310100"), asked(to="20040002"), asked(to="20040002"), asked(to="69900000"))
    table = table_of(
        shop.parent,
        [
            ("normal", "01000000", "19999999", 0, 30_000, "15,00"),
            ("normal", "20000000", "28999999", 0, 30_000, "21,50"),
        ],
    )

    total = report(shop, table).against_receipts.total

    assert (total.compared, total.cheaper, total.dearer, total.uncovered) == (3, 1, 2, 1)
    assert (total.loss, total.excess, total.mean) == (500, 300, -67)
    assert (total.loss_per_thousand, total.excess_per_thousand) == (166_667, 100_000)
    assert str(total.cheaper_percent) == "33.3333"


def test_a_price_within_the_tolerance_loses_money_and_is_not_too_cheap(shop: Path) -> None:
    ask(shop, asked())
    table = table_of(shop.parent, [("normal", *ALL, 0, 30_000, "19,80")])

    assert report(shop, table, tolerance="1").against_receipts.total.cheaper == 0
    assert report(shop, table, tolerance="0.99").against_receipts.total.cheaper == 1
    assert report(shop, table, tolerance="1").against_receipts.total.loss == 20


def test_a_hole_of_the_table_is_told_as_not_covered_and_with_its_reason(shop: Path) -> None:
    ask(shop, asked(item(weight=6000)), asked())

    found = report(shop, table_of(shop.parent, [("normal", *ALL, 0, 5000, "20,00")])).against_receipts

    assert (found.total.compared, found.total.uncovered) == (1, 1)
    assert found.unpriced == {"above the highest bracket, which has no price for more": 1}


def test_volume_counts_as_the_portal_s_factor_says(shop: Path) -> None:
    ask(shop, asked(item(weight=500, size=Dimensions(length=200, width=100, height=300))))
    rows: list[PricedRow] = [("normal", *ALL, 0, 1000, "18,00"), ("normal", *ALL, 1000, 30_000, "20,00")]
    table = table_of(shop.parent, rows)

    actual, cubic = (report(shop, table, factor) for factor in (0, 300))

    assert (actual.against_receipts.total.loss, actual.against_receipts.areas[0].weight_to) == (200, 500)
    assert (cubic.against_receipts.total.loss, cubic.against_receipts.areas[0].weight_to) == (0, 2000)


@pytest.mark.parametrize(
    ("code", "state", "part"),
    [
        ("05999999", "SP", "capital"),
        ("06000000", "SP", "interior"),
        ("07999999", "SP", "interior"),
        ("08000000", "SP", "capital"),
        ("19999999", "SP", "interior"),
        ("20000000", "RJ", "capital"),
        ("69900000", "AC", "capital"),
    ],
)
def test_a_code_at_a_border_belongs_to_its_own_region(shop: Path, code: str, state: str, part: str) -> None:
    ask(shop, asked(to=code))

    (area,) = report(shop, table_of(shop.parent, NORMAL)).against_receipts.areas

    assert (area.state, area.part) == (state, part)
    assert any(first <= code <= last for first, last in area.ranges)


@pytest.mark.parametrize(("grams", "above", "to"), [(500, 0, 500), (501, 500, 1000), (30_000, 20_000, 30_000)])
def test_a_weight_at_a_border_belongs_to_the_bracket_below(shop: Path, grams: int, above: int, to: int) -> None:
    ask(shop, asked(item(weight=grams, size=SMALL)))

    (area,) = report(shop, table_of(shop.parent, NORMAL)).against_receipts.areas

    assert (area.weight_above, area.weight_to) == (above, to)


def test_each_delivery_type_is_held_against_its_own_service(tmp_path: Path) -> None:
    both: list[PricedRow] = [*NORMAL, ("express", *ALL, 0, 30_000, "40,00")]
    file = write_shop(tmp_path, both)
    ask(file, asked())
    table = table_of(tmp_path, [("pac", *ALL, 0, 30_000, "20,00"), ("sedex", *ALL, 0, 30_000, "39,00")])

    found = report(file, table, services={"normal": "pac", "express": "sedex"}).against_receipts

    assert {delivery: one.loss for delivery, one in found.by_delivery.items()} == {"normal": 0, "express": 100}


def test_a_delivery_type_that_the_table_does_not_sell_is_left_out_and_told(tmp_path: Path) -> None:
    file = write_shop(tmp_path, [*NORMAL, ("express", *ALL, 0, 30_000, "40,00")])
    ask(file, asked())

    found = report(file, table_of(tmp_path, NORMAL)).against_receipts

    assert found.total.compared == 1
    assert found.left_out == {NO_SERVICE: 1}


def test_a_percentage_of_the_value_is_charged_as_the_table_says(shop: Path) -> None:
    ask(shop, asked(item(declared_value=brl(100_00))), asked())
    file = shop.parent / "fees.csv"
    file.write_text(
        "postal_from;postal_to;weight_from_g;weight_to_g;price;days_max;ad_valorem_percent\n"
        "00000000;99999999;0;30000;19,00;3;1\n"
    )
    found = report(shop, open_table(file, "plain", ReadOptions("BR", "BRL"))).against_receipts

    assert (found.total.compared, found.total.loss, found.total.uncovered) == (1, 0, 1)
    assert found.unpriced == {"the table charges by a declared value, and nobody stated one": 1}


def test_what_people_asked_by_hand_and_other_channels_are_left_out(shop: Path) -> None:
    ask(shop, asked(), asked(channel="cli"), asked(channel="other"))
    table = table_of(shop.parent, NORMAL)

    assert report(shop, table).against_receipts.left_out == {BY_HAND: 1}
    assert report(shop, table, channel="netshoes").against_receipts.left_out == {OTHER_CHANNEL: 2}


def test_a_cart_that_travels_free_is_left_out(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL, more='[[rules]]\nuse = "free_shipping"\nthreshold = "50.00"\n')
    ask(file, asked(item(declared_value=brl(100_00))), asked(item(declared_value=brl(10_00))))

    found = report(file, table_of(tmp_path, NORMAL)).against_receipts

    assert (found.total.compared, found.left_out) == (1, {FREE: 1})


def test_receipts_of_other_days_and_other_stores_are_not_read(shop: Path, tmp_path: Path) -> None:
    ask(shop, asked())
    held = checked(table_of(tmp_path, NORMAL))
    now = datetime.now(UTC) + timedelta(days=8)
    path = tmp_path / "state" / FILE_NAME

    later = terms(tmp_path.name)._replace(since=now - timedelta(days=7), now=now)

    soon = terms(tmp_path.name)._replace(since=datetime.now(UTC) + timedelta(seconds=5))

    assert read_receipts(path, held, later, quiet).count == 0
    assert read_receipts(path, held, soon, quiet).count == 0, "it is on a page that is read, and too old"
    assert read_receipts(path, held, terms("elsewhere"), quiet).count == 0
    assert read_receipts(path, held, terms(tmp_path.name), quiet).count == 1


def test_receipts_from_before_the_table_was_made_are_counted(shop: Path) -> None:
    ask(shop, asked())
    held, path = checked(table_of(shop.parent, NORMAL)), shop.parent / "state" / FILE_NAME
    hour = timedelta(hours=1)

    def older(**changed: Any) -> int:
        table = held._replace(**changed)
        given_terms = terms(shop.parent.name)
        return Found(table, given_terms, read_receipts(path, table, given_terms, quiet)).report().older

    now = datetime.now(UTC)
    assert (older(oldest=now - hour), older(oldest=now + hour)) == (0, 1)
    assert older(oldest=now - hour, kept=now + hour) == 1
    assert older(oldest=now - 2 * hour, kept=now - hour) == 0


def test_answers_that_came_late_or_as_503_were_taken_from_the_table(shop: Path) -> None:
    ask(shop, *[asked()] * 7)
    ask(shop, asked(), status=503)
    ask(shop, asked(), seconds=0.401)
    ask(shop, asked(), seconds=0.4)

    table = table_of(shop.parent, [("normal", *ALL, 0, 30_000, "19,50")])
    (share,) = report(shop, table).taken

    assert (share.channel, share.answers, share.taken, str(share.percent)) == ("netshoes", 10, 2, "20.0000")
    assert share.cost_per_thousand == 10_000


def test_an_area_drifts_when_more_than_one_lane_in_twenty_is_wrong(shop: Path) -> None:
    ask(shop, *[asked(to="01310100")] * 20, *[asked(to="20040002")] * 19, asked(to="20040003"), asked(to="30130000"))
    table = table_of(
        shop.parent,
        [
            ("normal", "00000000", "20040002", 0, 30_000, "20,00"),
            ("normal", "20040003", "20040003", 0, 30_000, "10,00"),
            ("normal", "20040004", "29999999", 0, 30_000, "20,00"),
        ],
    )

    found = report(shop, table)

    assert [(area.state, area.figures.cheaper, area.figures.uncovered) for area in found.drifted] == [("MG", 0, 1)]


def test_a_fresh_sample_asks_what_was_asked_and_leaves_no_receipt(shop: Path) -> None:
    ask(shop, *[asked(item(quantity=2), to="20040002")] * 5)
    write_shop(shop.parent, [("normal", *ALL, 0, 30_000, "25,00")])
    held, given_terms = checked(table_of(shop.parent, NORMAL)), terms(shop.parent.name, draw=3)
    path = shop.parent / "state" / FILE_NAME
    read = read_receipts(path, held, given_terms, quiet)
    pauses: list[None] = []

    with open_store(shop, environ=ENVIRON) as store:
        fresh = ask_again(read.drawn.drawn, held, store.quoter.policy, given_terms, lambda: pauses.append(None))
    found = Found(held, given_terms, read, fresh).report()

    assert found.against_fresh is not None
    assert (found.against_receipts.total.loss, found.against_fresh.total.loss) == (0, 1500)
    assert (found.against_fresh.total.compared, len(pauses)) == (3, 3)
    assert [(area.state, area.figures.loss) for area in found.drifted] == [("RJ", 1500)]
    assert read_receipts(path, held, given_terms, quiet).count == 5


def test_a_fresh_sample_knows_the_price_before_a_cart_is_made_free(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL, more='[[rules]]\nuse = "free_shipping"\nthreshold = "0.00"\n')
    held, given_terms = checked(table_of(tmp_path, NORMAL)), terms(tmp_path.name)
    question = asked(item(declared_value=brl(100_00))).model_dump(mode="json")

    with open_store(file, environ=ENVIRON) as store:
        fresh = ask_again([question], held, policy_of(store, held.rules), given_terms, lambda: None)

    total = fresh.comparer.comparisons.total()
    assert (total.compared, total.cheaper, total.loss, fresh.comparer.comparisons.left_out) == (1, 0, 0, {})


def test_a_cart_that_travelled_free_is_drawn_for_a_fresh_sample_as_any_other(tmp_path: Path) -> None:
    file = write_shop(tmp_path, NORMAL, more='[[rules]]\nuse = "free_shipping"\nthreshold = "50.00"\n')
    ask(file, asked(item(declared_value=brl(100_00))))
    held, given_terms = checked(table_of(tmp_path, NORMAL)), terms(tmp_path.name, draw=3)

    read = read_receipts(tmp_path / "state" / FILE_NAME, held, given_terms, quiet)

    assert len(read.drawn.drawn) == 1


def test_where_no_receipt_tells_what_is_asked_lanes_of_the_table_are(shop: Path) -> None:
    rows: list[PricedRow] = [("normal", "20000000", "20000099", 1000, 3000, "19,00")]
    held, given_terms = checked(table_of(shop.parent, rows), factor=200), terms(shop.parent.name)
    lanes = lanes_of_table(held, 50)

    with open_store(shop, environ=ENVIRON) as store:
        fresh = ask_lanes(lanes, held, store.quoter.policy, given_terms, lambda: None)

    assert len({lane.weight for lane in lanes}) > 20
    total = fresh.comparer.comparisons.total()
    assert (total.compared, total.loss, total.uncovered) == (50, 5000, 0)
    assert {key.place.state for key in fresh.comparer.comparisons.tallies} == {"RJ"}
