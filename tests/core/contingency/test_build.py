"""A table built from a real store whose carrier is asked over HTTP: kept, written, told."""

import csv
import io
import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bulk_shop import Shop
from lane_carrier import by_weight

from portes.cli.render.contingency import report_lines
from portes.contingency.build import BuiltTable, build_table
from portes.contingency.goods_sources import GoodsWishes
from portes.contingency.order import BuildOrder
from portes.contingency.portals import find_portal
from portes.contingency.prices import PriceTerms
from portes.contingency.recipe import Wishes
from portes.contingency.regions import regions_of_places, regions_of_states
from portes.errors import SettingsError
from portes.store import Store, open_store
from portes.tables import MICROS, ReadOptions, open_table
from portes.tables.versions import TableVersions

GOODS = GoodsWishes(density=200_000, value=10_000)
QUICK = "bulk = { calls_a_minute = 100000, at_once = 4 }"
ACRE = regions_of_states("BR", ["AC"])


MAPPING = """
weight_unit = "kg"
decimal = ","
[columns]
"Modalidade" = "service"
"De" = "postal_from"
"Ate" = "postal_to"
"Kg de" = "weight_from"
"Kg ate" = "weight_to"
"Tarifa" = "price"
"Dias" = "days_max"
"""


def order(portal: str = "plain", **more: Any) -> BuildOrder:
    given = {"goods": GOODS, "borders": (500, 1_000, 3_000), "regions": ACRE, "most_calls": 150, **more}
    return BuildOrder(find_portal(portal), "tester", **given)


@pytest.fixture
def store(shop: Shop) -> Store:
    return shop.open(carrier=QUICK, settings="batch = 50")


def built(shop: Shop, store: Store, **more: Any) -> BuiltTable:
    return build_table(store, order(**more), shop.clock)


def rows(table: BuiltTable) -> list[dict[str, str]]:
    (file,) = table.written.files
    return list(csv.DictReader(io.StringIO(file.content.decode())))


def test_a_table_has_the_prices_that_the_store_would_answer_on_every_lane(shop: Shop, store: Store) -> None:
    found = {(row["service"], row["weight_to_g"]): row["price"] for row in rows(built(shop, store))}

    assert found == {
        ("normal", "1000"): "11.00",  # the two brackets up to a kilogram cost the same, and are one row
        ("normal", "3000"): "13.00",
        ("express", "1000"): "22.00",
        ("express", "3000"): "26.00",
    }


def test_margin_rounding_and_a_least_price_are_in_the_rows(shop: Shop, store: Store) -> None:
    terms = PriceTerms(Decimal(7), step=50, least=1_250)

    prices = {row["price"] for row in rows(built(shop, store, terms=terms)) if row["service"] == "normal"}

    assert prices == {"12.50", "14.00"}  # 11.77 and 13.91


def test_the_table_is_kept_as_a_version_that_is_not_in_force_with_its_report(shop: Shop, store: Store) -> None:
    table = built(shop, store)
    versions = TableVersions(shop.folder / "state")
    (kept,) = versions.versions("contingency-plain")

    assert versions.active("contingency-plain") is None
    assert (str(kept), kept.who) == ("contingency-plain@1", "tester")
    assert json.loads(json.dumps(kept.report))["recipe"] == table.report["recipe"]
    assert table.report["version"] == "contingency-plain@1"


def test_the_report_says_goods_rules_calls_and_files(shop: Shop) -> None:
    rules = '[[rules]]\nuse = "free_shipping"\nthreshold = "99.00"\n'
    table = built(shop, shop.open(more=rules, carrier=QUICK, settings="batch = 50"))
    report, (file,) = table.report, table.written.files

    assert report["goods"]["density_kg_per_m3"] == "200"
    assert report["goods"]["density_from"] == "--density"
    assert [rule["use"] for rule in report["rules_left_out"]] == ["free_shipping"]
    assert report["calls"] == {"lanes": shop.simulator.calls}
    assert report["lanes"] == {"asked": len(shop.simulator.questions), "remembered": 0, "without_carrier": 0}
    assert report["cells"]["unknown"] == 0
    assert report["files"] == [
        {"name": file.name, "rows": file.rows, "bytes": len(file.content), "sha256": report["files"][0]["sha256"]}
    ]


@pytest.mark.parametrize("portal", ["plain", "vtex", "via"])
def test_what_a_rule_that_was_asked_for_makes_free_is_free_in_the_table(shop: Shop, portal: str) -> None:
    rules = '[[rules]]\nuse = "free_shipping"\nthreshold = "99.00"\nwhich = "normal"\n'
    store = shop.open(more=rules, carrier=QUICK, settings="batch = 50")

    table = built(shop, store, portal=portal, wishes=Wishes(with_rules=("free_shipping",)))

    with closing(TableVersions(shop.folder / "state")) as versions:
        kept = versions.version(f"contingency-{portal}", 1)
        lines = [*csv.DictReader(io.StringIO(versions.source(kept).decode()))]
    assert kept.options.zero_price == "free"
    assert {row["price"] for row in lines if row["service"] == "normal"} == {"0.00"}
    assert {row["price"] for row in lines if row["service"] == "express"} == {"22.00", "26.00"}
    assert any("charge nothing" in note for note in table.report["notes"])


def test_a_portal_without_a_column_for_the_service_gets_a_file_for_each(shop: Shop, store: Store) -> None:
    table = built(shop, store, portal="vtex", out=shop.folder / "out")

    assert len(table.written.files) == 2
    assert {file.name for file in table.written.files} == {path.name for path in (shop.folder / "out").iterdir()}
    assert table.report["version"] == "contingency-vtex@1"


def test_a_lane_that_is_refused_or_not_known_has_no_row_and_is_counted(shop: Shop, store: Store) -> None:
    def price(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["service"] == "x":
            return {"no": "not there"}
        return {"failed": "incomplete"} if asked["grams"] > 1_000 else by_weight(asked)

    shop.simulator.price = price
    table = built(shop, store)

    assert {(row["service"], row["weight_to_g"]) for row in rows(table)} <= {("normal", "500"), ("normal", "1000")}
    assert table.report["cells"]["refused"] > 0
    assert table.report["cells"]["unknown"] > 0
    assert [doubt["kind"] for doubt in table.report["doubts"]] == ["incomplete"]


def test_a_delivery_type_that_could_not_be_found_out_anywhere_is_told_and_counted(shop: Shop, store: Store) -> None:
    shop.simulator.price = lambda asked: {"failed": "incomplete"} if asked["service"] == "x" else by_weight(asked)

    report = built(shop, store).report

    assert report["never_found_out"] == ["express"]
    assert report["cells"]["unknown"] == report["cells"]["grid"]
    assert "Not in the table: express, for it could not be found out on any lane." in report_lines(report)


def test_a_delivery_type_that_is_refused_everywhere_was_found_out(shop: Shop, store: Store) -> None:
    shop.simulator.price = lambda asked: {"no": "not there"} if asked["service"] == "x" else by_weight(asked)

    report = built(shop, store).report

    assert (report["never_found_out"], report["cells"]["unknown"]) == ([], 0)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"goods": GoodsWishes(density=1_000, value=1), "borders": (27_001_000,)}, "--density: makes a box of 30 m"),
        ({"goods": GoodsWishes(density=200_000, value=10**10 + 1)}, "--value"),
        ({"goods": GoodsWishes(density=30_000_000, value=1), "borders": (100_000_001,)}, "--brackets"),
    ],
)
def test_goods_that_no_question_may_have_are_told_before_anybody_is_asked(
    shop: Shop, store: Store, more: dict[str, Any], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        built(shop, store, **more)
    assert shop.simulator.calls == 0


def test_a_table_without_a_single_price_is_none(shop: Shop, store: Store) -> None:
    shop.simulator.price = lambda _: {"no": "never"}

    with pytest.raises(SettingsError, match="carriers refuse every lane"):
        built(shop, store)


def test_a_table_of_prices_that_nobody_sells_by_is_none_and_says_why(shop: Shop, store: Store) -> None:
    shop.simulator.price = lambda asked: {**by_weight(asked), "notes": ["sample_tariff"]}

    with pytest.raises(SettingsError, match="lanes pretended: its price is of a tariff to try things out with"):
        built(shop, store)


def test_lanes_that_a_rate_table_prices_are_neither_calls_nor_memories(shop: Shop) -> None:
    header = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max"
    (shop.folder / "table.csv").write_text(f"{header}\nn,01000000,99999999,0,9000,1.00,1\n")
    table = '[carriers.t]\nuse = "table"\nid = 2\nsettings = { file = "table.csv" }\n'
    services = 'services = [{ code = "n", delivery = "normal" }]\n'
    file = shop.write(carrier="active = false", more=table + services)
    with open_store(file, environ={}, clock=shop.clock) as tables_only:
        report = built(shop, tables_only).report

    assert report["lanes"] == {"asked": 0, "remembered": 0, "without_carrier": report["cells"]["asked"]}
    lanes, calls = [line for line in report_lines(report) if line.startswith(("Lanes", "Calls"))]
    assert lanes.endswith(f": {report['cells']['asked']:,} that no carrier had to be called for.")
    assert calls == "Calls: none."


def test_a_second_build_of_the_same_asks_nothing_and_makes_the_same_table(shop: Shop, store: Store) -> None:
    first = built(shop, store)
    calls = shop.simulator.calls
    second = built(shop, store)

    assert shop.simulator.calls == calls
    assert rows(first) == rows(second)
    assert second.report["lanes"] == {"asked": 0, "remembered": first.report["lanes"]["asked"], "without_carrier": 0}


def test_no_more_lanes_are_asked_than_are_allowed(shop: Shop, store: Store) -> None:
    built(shop, store, most_calls=12)

    assert len(shop.simulator.questions) <= 12


def test_a_store_without_a_state_folder_is_told_what_it_lacks(shop: Shop) -> None:
    file = shop.write(carrier=QUICK)
    file.write_text(file.read_text().replace('state = "state"', ""))

    with (
        open_store(shop.folder, environ={}, clock=shop.clock) as stateless,
        pytest.raises(SettingsError, match=r"service\.state"),
    ):
        built(shop, stateless)


def test_brackets_that_do_not_rise_are_refused(shop: Shop, store: Store) -> None:
    with pytest.raises(SettingsError, match="--brackets"):
        built(shop, store, borders=(1_000, 500))


def test_a_list_of_places_makes_a_small_table(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("state,town,postal_from,postal_to\n,,01000000,01099999\nAC,,,\n")
    options = ReadOptions("BR", "BRL")

    regions = regions_of_places(tmp_path / "places.csv", options)

    assert regions == (("01000000", "01099999"), *ACRE)


@pytest.mark.parametrize(
    ("words", "told"), [("vetx", "vtex"), ("nobody", "vtex, via"), ("missing.toml", "cannot be read")]
)
def test_a_portal_that_is_none_is_told_with_those_there_are(words: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        find_portal(words)


def test_a_state_that_is_none_is_told(shop: Shop) -> None:
    with pytest.raises(SettingsError, match="--regions"):
        regions_of_states("BR", ["SP", "XX"])


@pytest.mark.parametrize("portal", ["plain", "vtex", "via"])
def test_what_is_uploaded_prices_a_lane_as_the_store_does(shop: Shop, store: Store, portal: str) -> None:
    """Each portal's file is read back by its own format."""
    table = built(shop, store, portal=portal, out=shop.folder / "out")
    prices = set()
    for file in table.written.files:
        found = open_table(shop.folder / "out" / file.name, find_portal(portal).format, ReadOptions("BR", "BRL"))
        prices |= {row.price // MICROS for row in found.rows() if row.weight_to == 3_000_000}

    assert prices == {1_300, 2_600}


def test_a_mapping_writes_a_sheet_of_any_layout(shop: Shop, store: Store, tmp_path: Path) -> None:
    layout = tmp_path / "sheet.toml"
    layout.write_text(MAPPING)
    table = built(shop, store, portal=str(layout))

    assert table.report["version"] == "contingency-sheet@1"
    (file,) = table.written.files
    assert "Modalidade" in file.content.decode().splitlines()[0]
    assert file.rows == len(table.sampled.rows)


@pytest.mark.parametrize(
    ("more", "told"), [({"portal": "sheet.toml"}, "separator"), ({"name": "no name"}, "is no name of a table")]
)
def test_what_cannot_be_written_is_told_before_anybody_is_asked(
    shop: Shop, store: Store, monkeypatch: pytest.MonkeyPatch, more: dict[str, str], told: str
) -> None:
    monkeypatch.chdir(shop.folder)
    (shop.folder / "sheet.toml").write_text(f'separator = ";"\n{MAPPING}')

    with pytest.raises(SettingsError, match=told):
        built(shop, store, **more)
    assert shop.simulator.calls == 0


def test_a_folder_that_cannot_be_written_to_is_told_before_anybody_is_asked(shop: Shop, store: Store) -> None:
    (shop.folder / "taken").write_text("a file")

    with pytest.raises(SettingsError, match="--out"):
        built(shop, store, out=shop.folder / "taken")
    assert shop.simulator.calls == 0
