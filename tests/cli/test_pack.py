"""`portes pack`: the boxes of a cart as a table, as JSON and as a picture, and again where a quote is explained."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from store_text import ORIGIN, STORE
from terminal import Portes, cells

TABLE = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n01000000,05999999,0,30000,10.00,1,2\n"
BOX = '\n[[boxes]]\ncode = "cube"\ninside = { length = 200, width = 200, height = 200 }\nweight = 100\n'
CARRIER = """
[carriers.road]
use = "table"
id = 7
[carriers.road.settings]
file = "table.csv"
price_each = "parcel"
[[carriers.road.services]]
code = "economy"
delivery = "normal"
"""
CUBES = ("--item", "a<b>:12:0.4kg:10x10x10cm:2.00")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A carrier that prices parcels, and a carton that holds eight of the cubes."""
    (tmp_path / "table.csv").write_text(TABLE)
    file = tmp_path / "portes.toml"
    file.write_text(
        '[service]\nstate = "state"\n' + STORE.replace("[store]", '[store]\nname = "shop"') + ORIGIN + BOX + CARRIER
    )
    return file


def test_each_kind_of_box_is_a_row_with_what_it_holds(portes: Portes, shop: Path) -> None:
    told = portes("pack", "--store", shop, *CUBES)

    assert told.exit_code == 0
    assert "From origin 1 for road (economy)" in told.stdout
    assert cells(told.stdout) == [
        ["cube", "1", "200 x 200 x 200", "3300 g", "100 %", "8 x a<b>"],
        ["cube", "1", "200 x 200 x 200", "1700 g", "50 %", "4 x a<b>"],
    ]


def test_a_carrier_of_sums_is_told_in_how_many_volumes_they_are(portes: Portes, shop: Path) -> None:
    shop.write_text(shop.read_text().replace('price_each = "parcel"', ""))
    told = portes("pack", "--store", shop, *CUBES)

    ((name, pieces, _, weight, fill, lines),) = cells(told.stdout)
    assert (name, pieces, weight, fill, lines) == ("2 volumes in all", "1", "4800 g", "sums", "a<b>")


def test_json_has_the_places_of_all_units(portes: Portes, shop: Path) -> None:
    told = portes("pack", "--store", shop, "--json", *CUBES)
    (packing,) = json.loads(told.stdout)["packings"]
    layouts = [box["layout"] for box in packing["boxes"]]

    assert (packing["origin"], packing["carriers"]) == (1, {"road": ["economy"]})
    assert [(box["carton"], box["count"], box["units"]) for box in packing["boxes"]] == [("cube", 1, 8), ("cube", 1, 4)]
    assert layouts[0] == [{"line": 0, "corner": [0, 0, 0], "size": [100] * 3, "counts": [2, 2, 2], "pitch": [100] * 3}]


def test_the_picture_has_every_unit_in_its_place_and_foreign_words_escaped(
    portes: Portes, shop: Path, tmp_path: Path
) -> None:
    file = tmp_path / "boxes.svg"
    told = portes("pack", "--store", shop, "--svg", file, *CUBES)
    picture = ET.parse(file).getroot()  # noqa: S314 — our own file
    units = [shape for shape in picture.iter(f"{SVG}rect") if [one.text for one in shape] == ["a<b>"]]

    assert f"Drawn in {file}." in told.stdout
    assert len(units) == 12
    assert {(shape.get("x"), shape.get("y")) for shape in units} == {
        (x, y) for x in ("0.0", "110.0") for y in ("0.0", "110.0")
    }
    assert {shape.get("width") for shape in units} == {"110.0"}


def test_without_goods_it_says_what_to_write(portes: Portes, shop: Path) -> None:
    told = portes("pack", "--store", shop)

    assert told.exit_code == 2
    assert "give either a REQUEST file, or at least one --item" in told.stderr


def test_a_file_in_the_words_of_a_channel_is_packed(
    portes: Portes, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NATIVE_KEY", "a-long-enough-key-to-try")
    shop.write_text(shop.read_text() + '\n[channels.native]\nkeys = "${NATIVE_KEY}"\n')
    line = {"sku": "a", "quantity": 8, "weight": 400, "size": {"length": 100, "width": 100, "height": 100}}
    question = tmp_path / "question.json"
    question.write_text(
        json.dumps({"destination": {"country": "BR", "postal_code": "01512651"}, "lines": [line], "currency": "BRL"})
    )
    told = portes("pack", "--store", shop, question)

    assert [row[0] for row in cells(told.stdout)] == ["cube"], told.stderr


def test_explain_full_tells_the_boxes_with_the_places_of_the_goods(portes: Portes, shop: Path) -> None:
    told = portes("explain", asked(portes, shop), "--store", shop, "--full")

    assert "packed from origin 1 for road (economy):" in told.stdout
    assert "1 x cube, 200 x 200 x 200 mm inside, 3300 g, 100 %: 8 x a<b>" in told.stdout
    assert "      A = a<b>\n      0, 100 mm above the floor:\n      +----------------+" in told.stdout
    assert "a<b> at 0 x 0 x 0: 2 x 2 x 2 units of 100 x 100 x 100" in told.stdout


def test_explain_draws_the_picture_that_pack_draws(portes: Portes, shop: Path, tmp_path: Path) -> None:
    drawn, again, raw = (tmp_path / name for name in ("pack.svg", "explain.svg", "json.svg"))
    portes("pack", "--store", shop, "--svg", drawn, *CUBES)
    name = asked(portes, shop)
    told = portes("explain", name, "--store", shop, "--svg", again)
    as_json = portes("explain", name, "--store", shop, "--svg", raw, "--json")

    assert f"Drawn in {again}." in told.stdout
    assert json.loads(as_json.stdout)["quote"]["id"] == name
    assert drawn.read_text() == again.read_text() == raw.read_text()


def test_boxes_that_today_s_settings_do_not_lead_to_are_not_drawn(portes: Portes, shop: Path, tmp_path: Path) -> None:
    name = asked(portes, shop)
    shop.write_text(shop.read_text().replace("weight = 100", "weight = 200"))
    told = portes("explain", name, "--store", shop, "--svg", tmp_path / "boxes.svg")

    assert told.exit_code == 2
    assert "--svg: cannot be drawn: today's settings do not lead to this quote" in told.stderr
    assert f"see portes replay {name}" in told.stderr
    assert not (tmp_path / "boxes.svg").exists()


def asked(portes: Portes, shop: Path) -> str:
    """The id of a quote of the cubes, whose receipt is kept."""
    told = portes("quote", "--store", shop, "--to", "01512651", *CUBES)
    return told.stdout.split("portes explain ")[1].split()[0]


def test_a_sku_of_the_catalogue_is_packed_by_its_name(portes: Portes, shop: Path) -> None:
    (shop.parent / "catalogue.csv").write_text("sku,weight,size\ncube-1,400g,10x10x10cm\n")
    shop.write_text(shop.read_text().replace("[store]", '[store]\ncatalogue = "catalogue.csv"'))
    told = portes("pack", "--store", shop, "--item", "cube-1:8")

    assert [row[-1] for row in cells(told.stdout)] == ["8 x cube-1"]


def test_explain_tells_what_each_service_was_packed_for_and_what_was_not_declared(portes: Portes, shop: Path) -> None:
    more = '[[carriers.road.services]]\ncode = "dear"\ndelivery = "express"\n'
    limited = shop.read_text().replace('"parcel"', '"parcel"\nlimits = { value = 1200 }')
    shop.write_text(limited.replace('delivery = "normal"', f'delivery = "normal"\nabove_value = "cap"\n{more}'))
    name = asked(portes, shop)
    story = portes("explain", name, "--store", shop).stdout
    full = portes("explain", name, "--store", shop, "--full").stdout

    note = "value_capped: 1 parcel is worth more than 12.00 BRL, the most that can be declared; declared: 12.00 BRL"
    assert [line.rpartition(", ")[2] for line in story.splitlines() if line.startswith("from ")] == [
        "packed so for road (economy)",
        "packed so for road (dear)",
    ]
    assert f"          note {note}\n" in story
    assert note in full.partition("\nDecided")[2].partition("\nVerdict")[0]
    assert "  packed so for road (dear)\n" in full
