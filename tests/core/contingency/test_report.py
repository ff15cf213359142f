"""The report of a table, figure by figure."""

from collections import Counter
from decimal import Decimal
from hashlib import sha256
from typing import Any

from bulk_shop import Shop
from lane_carrier import by_weight

from portes.contingency.asking import CallCounts, Doubt
from portes.contingency.build import BuiltTable, build_table
from portes.contingency.goods import Goods
from portes.contingency.goods_sources import ChosenGoods, GoodsWishes
from portes.contingency.order import BuildOrder
from portes.contingency.portals import find_portal
from portes.contingency.prices import PriceTerms
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.regions import regions_of_states
from portes.contingency.report import BuildFacts, report_of

CATALOGUE = "sku,declared_value,weight,size,handling_days\nsofa,80.00,2kg,10x10x50cm,4\n"
NORTH = "69930000"
RULES = """
[[rules]]
use = "free_shipping"
threshold = "99.00"
[[rules]]
use = "markup"
percent = 5
storefronts = ["OTHER"]
[[rules]]
use = "free_shipping"
threshold = "199.00"
"""


def price(asked: dict[str, Any]) -> dict[str, Any]:
    """No express price of half a kilogram, and no price at all of that in the north of the state."""
    if asked["grams"] > 500:
        return by_weight(asked)
    if asked["service"] == "x":
        return {"failed": "garbled"}
    return {"failed": "late"} if asked["to"] < NORTH else by_weight(asked)


def built_again_a_day_later(shop: Shop) -> BuiltTable:
    (shop.folder / "skus.csv").write_text(CATALOGUE)
    settings = {"carrier": "bulk = { calls_a_minute = 100000 }", "settings": "batch = 50", "more": RULES}
    store = shop.open(store='catalogue = "skus.csv"', **settings)
    shop.simulator.price = price
    order = BuildOrder(
        find_portal("vtex"),
        "tester",
        Wishes(origin=2, with_rules=("rules.1",), storefront="OUTLET", sku="sofa"),
        GoodsWishes(density=200_000, cubic_factor=167_000),
        PriceTerms(Decimal("2.5"), step=10, least=990),
        borders=(500, 1_000, 3_000),
        regions=regions_of_states("BR", ["AC"]),
        most_calls=40,
        out=shop.folder / "out",
    )
    build_table(store, order, shop.clock)
    shop.clock.seconds = 86_400.0
    shop.simulator.calls = 0
    shop.simulator.questions.clear()
    return build_table(store, order, shop.clock)


def test_every_figure_of_a_report_is_the_one_that_its_name_says(shop: Shop) -> None:
    table = built_again_a_day_later(shop)
    files, asked = table.written.files, shop.simulator.questions
    report = dict(table.report)
    left_out = [(each["where"], each["use"]) for each in report.pop("rules_left_out")]
    cells = report.pop("cells")
    assert report.pop("recipe")
    light = [(code, times) for (code, grams), times in asked.items() if grams <= 500]
    northern = sum(times for code, times in light if code < NORTH)

    assert left_out == [("rules.0", "free_shipping"), ("rules.2", "free_shipping")]
    assert (cells["asked"], cells["grid"]) == (40, 66)
    assert report == {
        "version": "contingency-vtex@1",
        "store": "shop",
        "portal": "vtex",
        "currency": "BRL",
        "at": shop.clock.now().isoformat(timespec="seconds"),
        "origin": {"id": 2, "postal_code": "37640000"},
        "goods": {
            "density_kg_per_m3": "200",
            "value": 8_000,
            "value_per_kg": None,
            "cubic_factor_kg_per_m3": "167",
            "density_from": "--density",
            "value_from": "the catalogue skus.csv",
            "sku": "sofa",
        },
        "storefront": "OUTLET",
        "rules_asked_for": ["rules.1"],
        "brackets": [500, 1_000, 3_000],
        "regions": [["69900000", "69999999"]],
        "margin_percent": "2.5",
        "round_to": 10,
        "least": 990,
        "lanes": {"asked": asked.total(), "remembered": cells["asked"] - asked.total(), "without_carrier": 0},
        "never_found_out": [],
        "calls": {"lanes": shop.simulator.calls},
        "doubts": [
            {"carrier": "lanes", "kind": "garbled", "hint": "", "times": sum(times for _, times in light)},
            {"carrier": "lanes", "kind": "late", "hint": "", "times": northern},
        ],
        "oldest_answer": "2026-03-02T03:00:00+00:00",
        "folder": str(shop.folder / "out"),
        "files": [
            {"name": one.name, "rows": one.rows, "bytes": len(one.content), "sha256": sha256(one.content).hexdigest()}
            for one in files
        ],
        "notes": ["TimeCost is the longest time; the template has no shortest one"],
    }


def test_of_very_many_reasons_fifty_are_told_those_met_most_often(shop: Shop) -> None:
    goods = Goods(200_000)
    order = BuildOrder(find_portal("plain"), "tester", Wishes(), GoodsWishes(), PriceTerms(Decimal(0)))
    doubts = Counter({Doubt("lanes", "garbled", f"hint {at}"): 1 + at for at in range(60)})
    facts = BuildFacts(
        order=order,
        recipe=recipe_of(shop.open(), goods, order.wishes),
        recipe_name="",
        goods=ChosenGoods(goods, "", ""),
        spent=CallCounts(0, 0, 0, {}),
        doubts=doubts,
        silent=(),
        counts={},
        oldest=None,
        at=shop.clock.now(),
    )

    told = report_of(facts, (), ())["doubts"]

    assert [(each["hint"], each["times"]) for each in told] == [(f"hint {at}", 1 + at) for at in range(59, 9, -1)]
