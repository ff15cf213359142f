"""A table that was built, has drifted, is checked, and is asked again only where it drifted."""

from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bulk_shop import Shop
from drifting import ALL, report_of, table_text

from portes.contingency.build import build_table
from portes.contingency.drift.kept import keep_report
from portes.contingency.drift.measure import DriftTerms, Found, ask_lanes, lanes_of_table, read_receipts
from portes.contingency.drift.opening import PortalTerms, version_table
from portes.contingency.drift.refresh import DriftedLanes
from portes.contingency.drift.report import DriftedArea, DriftFigures, DriftReport
from portes.contingency.drift.sample import policy_of
from portes.contingency.goods_sources import GoodsWishes
from portes.contingency.order import BuildOrder
from portes.contingency.portals import find_portal
from portes.contingency.prices import PriceTerms
from portes.contingency.recipe import Wishes
from portes.contingency.sampling import LanePoint
from portes.errors import SettingsError
from portes.receipts.database import FILE_NAME
from portes.store import Store
from portes.tables import MICROS, RateTable, ReadOptions
from portes.tables.versions import NewVersion, TableVersions

SAO_PAULO, RIO = ("01000000", "05999999"), ("20000000", "23799999")
"""The capitals' own ranges."""
ORDER = BuildOrder(
    find_portal("plain"),
    "somebody",
    goods=GoodsWishes(density=200_000, no_value=True),
    borders=(1000, 5000),
    regions=(SAO_PAULO, RIO),
    most_calls=60,
)
NO_TERMS = PortalTerms({}, None)


def dearer_in_rio(asked: dict[str, Any]) -> dict[str, Any]:
    return {"cents": 1500 if asked["to"].startswith("2") else 1000, "days": 3}


def same_everywhere(asked: dict[str, Any]) -> dict[str, Any]:
    return {"cents": 1000, "days": 3}


@pytest.fixture
def store(shop: Shop) -> Store:
    shop.simulator.price = same_everywhere
    return shop.open()


def state(shop: Shop) -> Path:
    return shop.folder / "state"


def check(shop: Shop, store: Store) -> DriftReport:
    """Check the newest table by all of its rows, and keep the report."""
    shop.clock.seconds += 3600
    held, now = version_table(state(shop), "", NO_TERMS), shop.clock.now()
    terms = DriftTerms("shop", now - timedelta(days=7), now, Decimal(1), {})
    receipts = read_receipts(state(shop) / FILE_NAME, held, terms, lambda _moment: None)
    fresh = ask_lanes(lanes_of_table(held, 60), held, policy_of(store, held.rules), terms, lambda: None)
    report = Found(held, terms, receipts, fresh).report()
    keep_report(state(shop), report, now)
    return report


FREE_SHIPPING = '[[rules]]\nuse = "free_shipping"\nthreshold = "99.00"\nwhich = "normal"\n'


@pytest.mark.parametrize("with_rules", [(), ("free_shipping",), ("rules.0",)])
def test_a_fresh_sample_prices_by_the_rules_of_the_cart_that_the_table_was_built_with(
    shop: Shop, with_rules: tuple[str, ...]
) -> None:
    shop.simulator.price = same_everywhere
    store = shop.open(more=FREE_SHIPPING)
    goods = GoodsWishes(density=200_000, value=100_00)
    build_table(store, replace(ORDER, goods=goods, wishes=Wishes(with_rules=with_rules)), shop.clock)

    found = check(shop, store).against_fresh

    assert found is not None
    assert (found.total.compared, found.total.cheaper, found.total.dearer, found.left_out) == (120, 0, 0, {})


def test_where_a_rule_of_the_table_does_not_hold_any_more_its_free_prices_are_too_cheap(shop: Shop) -> None:
    shop.simulator.price = same_everywhere
    goods = GoodsWishes(density=200_000, value=100_00)
    order = replace(ORDER, goods=goods, wishes=Wishes(with_rules=("free_shipping",)))
    build_table(shop.open(more=FREE_SHIPPING), order, shop.clock)

    found = check(shop, shop.open(more=FREE_SHIPPING.replace("99.00", "199.00"))).against_fresh

    assert found is not None
    assert 0 < found.total.cheaper < found.total.compared  # of the express ones none


def price(table: RateTable, code: str) -> int:
    found = table.find("normal", code, 900)
    assert not isinstance(found, str)
    return found.price // MICROS  # type: ignore[union-attr] # a row is found


def test_a_build_that_refreshes_asks_again_only_where_the_table_drifted(shop: Shop, store: Store) -> None:
    build_table(store, ORDER, shop.clock)
    shop.simulator.price = dearer_in_rio
    report = check(shop, store)
    shop.clock.seconds += 3600
    shop.simulator.asked.clear()

    built = build_table(store, replace(ORDER, refresh=True), shop.clock)

    assert {(area.state, area.part) for area in report.drifted} == {("RJ", "capital")}
    asked = {one["to"][:1] for one in shop.simulator.asked}
    assert asked == {"2"}
    table = version_table(state(shop), str(built.written.version), NO_TERMS).prices.table
    assert (price(table, "01310100"), price(table, "20040002")) == (1000, 1500)


def test_the_refreshed_table_has_not_drifted_any_more(shop: Shop, store: Store) -> None:
    build_table(store, ORDER, shop.clock)
    shop.simulator.price = dearer_in_rio
    assert check(shop, store).drifted != ()
    shop.clock.seconds += 3600
    build_table(store, replace(ORDER, refresh=True), shop.clock)

    assert check(shop, store).drifted == ()


def test_a_refresh_that_is_given_again_asks_nothing_again(shop: Shop, store: Store) -> None:
    build_table(store, ORDER, shop.clock)
    shop.simulator.price = dearer_in_rio
    check(shop, store)
    shop.clock.seconds += 3600
    build_table(store, replace(ORDER, refresh=True), shop.clock)
    shop.simulator.asked.clear()

    build_table(store, replace(ORDER, refresh=True), shop.clock)

    assert shop.simulator.asked == []


def test_a_table_that_was_never_checked_cannot_be_refreshed(shop: Shop, store: Store) -> None:
    with pytest.raises(SettingsError, match="was never checked"):
        build_table(store, replace(ORDER, refresh=True), shop.clock)


def test_a_stored_table_tells_how_old_its_oldest_answer_is_and_what_its_weights_stand_for(
    shop: Shop, store: Store
) -> None:
    began = shop.clock.now()
    wishes = GoodsWishes(density=150_000, no_value=True, cubic_factor=300_000)
    build_table(store, replace(ORDER, goods=wishes), shop.clock)
    shop.clock.seconds += 86_400

    held = version_table(state(shop), "contingency-plain@1", NO_TERMS)

    assert (held.name, held.number, held.oldest_from) == ("contingency-plain", 1, "row")
    assert began <= held.oldest <= shop.clock.now() - timedelta(days=1)
    assert held.prices.cubic_factor == 300
    assert (held.goods.density, held.goods.cubic_factor) == (150_000, 300_000)


def keep(state: Path, name: str, at: datetime, price: str = "10,00") -> None:
    source = table_text([("normal", *ALL, 0, 30_000, price)]).encode()
    with closing(TableVersions(state)) as versions:
        versions.keep(NewVersion(name, source, "plain", ReadOptions("BR", "BRL"), "somebody", at))


def test_the_newest_table_that_a_marketplace_falls_back_on_is_checked_unless_another_is_named(tmp_path: Path) -> None:
    now = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
    keep(tmp_path, "contingency-vtex", now)
    keep(tmp_path, "contingency-via", now + timedelta(hours=1))
    keep(tmp_path, "contingency-vtex", now + timedelta(hours=2), "11,00")
    keep(tmp_path, "contract", now + timedelta(hours=3))

    def opened(words: str) -> tuple[str, int, datetime, str]:
        held = version_table(tmp_path, words, NO_TERMS)
        return held.name, held.number, held.oldest, held.oldest_from

    assert opened("") == ("contingency-vtex", 2, now + timedelta(hours=2), "version")
    assert opened("contingency-vtex@1") == ("contingency-vtex", 1, now, "version")
    assert opened("contract")[:2] == ("contract", 1)


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("", "no table is kept whose name begins with contingency-"),
        ("nothing", "is no table that is kept"),
        ("nothing@1", "is no table that is kept"),
        ("nothing@x", "is no version"),
    ],
)
def test_a_table_that_is_not_there_is_named(tmp_path: Path, words: str, cause: str) -> None:
    with pytest.raises(SettingsError, match=cause):
        version_table(tmp_path, words, NO_TERMS)


def test_a_margin_that_the_seller_wanted_is_no_drift(shop: Shop, store: Store) -> None:
    build_table(store, replace(ORDER, terms=PriceTerms(Decimal(10), step=50)), shop.clock)

    report = check(shop, store)

    total = report.figures
    assert (total.loss, total.cheaper, total.dearer, report.drifted) == (0, 0, 0, ())
    assert total.mean == 100


def area(**more: Any) -> DriftedArea:
    figures = DriftFigures(compared=1, cheaper=1, dearer=0, uncovered=0, loss=5, excess=0, median=-5)
    place: dict[str, Any] = {"delivery": "normal", "state": "RJ", "part": "capital", "ranges": [RIO]}
    return DriftedArea(**{**place, "weight_above": 1000, "weight_to": 2000, "figures": figures, **more})


@pytest.mark.parametrize(
    ("code", "weight", "again"),
    [
        ("20000000", 1001, True),
        ("23799999", 2000, True),
        ("19999999", 1500, False),
        ("23800000", 1500, False),
        ("20000000", 1000, False),
        ("20000000", 2001, False),
        ("00000000", 1500, False),
        ("20000000", 30_001, True),
        ("20000000", 10**9, True),
    ],
)
def test_a_lane_at_the_border_of_what_drifted_is_told_apart(code: str, weight: int, *, again: bool) -> None:
    fine = range(1, 30_100)
    lanes = DriftedLanes(report_of(area(), area(weight_above=30_000, weight_to=None)), fine)

    assert lanes.asked_since(LanePoint(code, weight)) == (lanes.since if again else 0)


@pytest.mark.parametrize(
    ("border", "again"),
    [(300, False), (1000, False), (1500, True), (3000, True), (10_000, False), (30_000, True), (40_000, True)],
)
def test_a_bracket_is_asked_again_where_a_part_of_it_drifted(border: int, *, again: bool) -> None:
    borders = (300, 1000, 1500, 3000, 10_000, 30_000, 35_000, 40_000)
    lanes = DriftedLanes(
        report_of(area(), area(weight_above=20_000, weight_to=30_000), area(weight_above=30_000, weight_to=None)),
        borders,
    )

    assert lanes.asked_since(LanePoint("20040002", border)) == (lanes.since if again else 0)


def test_what_drifted_in_no_known_state_has_nothing_asked_again_in_another() -> None:
    nowhere = area(state="", part="", ranges=(ALL,))
    elsewhere = area(ranges=(("30000000", "30099999"),))
    lanes = DriftedLanes(report_of(nowhere, area(), elsewhere), (2000,))

    again = {
        code for code in ("01310100", "20040002", "25000000", "30000000") if lanes.asked_since(LanePoint(code, 2000))
    }
    assert again == {"20040002", "30000000"}


def test_a_table_of_other_brackets_than_the_report_s_is_asked_again_where_it_drifted(shop: Shop, store: Store) -> None:
    order = replace(ORDER, borders=(3000, 7000))
    build_table(store, order, shop.clock)
    shop.simulator.price = dearer_in_rio
    shop.clock.seconds += 3600
    keep_report(state(shop), report_of(area(), table="contingency-plain", at=shop.clock.now()), shop.clock.now())
    shop.clock.seconds += 3600
    shop.simulator.asked.clear()

    built = build_table(store, replace(order, refresh=True), shop.clock)

    assert {one["to"][:1] for one in shop.simulator.asked} == {"2"}
    table = version_table(state(shop), str(built.written.version), NO_TERMS).prices.table
    assert (price(table, "01310100"), price(table, "20040002")) == (1000, 1500)
