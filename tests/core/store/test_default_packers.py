"""Which packer a carrier of a store gets when its settings name none, seen in what the store quotes."""

from pathlib import Path

import pytest
from shop import brl
from store_text import ORIGIN, STORE

from portes.cli.question import read_question
from portes.contract import Quote, Verdict
from portes.store import Store, open_store

TABLE = """\
service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max
,01000000,05999999,0,5000,10.00,1,2
,01000000,05999999,5000,30000,20.00,1,2
"""
LOWER = TABLE + ",06000000,09999999,0,5000,12.00,1,2\n"
CARTON = (
    '\n[[boxes]]\ncode = "cube"\ninside = { length = 200, width = 200, height = 200 }\nweight = 100\ncost = "1.00"\n'
)
PENS = "pen:100:0.02kg:15x1x1cm:2.00"
BOOKS = "books:9:5kg:20x20x20cm:50.00"


def store(folder: Path, own: str = "", more: str = "", table: str = TABLE, keys: str = "") -> Store:
    """A store of one table, with keys of the carrier's own, of the file and of the carrier."""
    (folder / "table.csv").write_text(table)
    settings = f'[carriers.road.settings]\nfile = "table.csv"\nformat = "plain"\n{own}\n'
    carrier = f'[carriers.road]\nuse = "table"\nid = 7\n{keys}\n{settings}'
    service = '[[carriers.road.services]]\ncode = "economy"\ndelivery = "normal"\n'
    (folder / "portes.toml").write_text(
        STORE.replace("[store]", '[store]\nname = "shop"') + ORIGIN + more + carrier + service
    )
    return open_store(folder / "portes.toml", environ={})


def quoted(shop: Store, *items: str, to: str = "01512651") -> Quote:
    with shop:
        return shop.quote(read_question(items, to, "BR", "BRL", store="shop", channel="cli"))


def price(quote: Quote) -> int:
    return quote.lines[0].offers[0].price.minor


def test_a_hundred_pens_cost_one_postage_where_each_parcel_is_priced(tmp_path: Path) -> None:
    assert price(quoted(store(tmp_path, 'price_each = "parcel"'), PENS)) == 1000


def test_single_is_only_where_it_is_said(tmp_path: Path) -> None:
    assert price(quoted(store(tmp_path, 'price_each = "parcel"', keys='packer = "single"'), PENS)) == 100 * 1000


def test_the_store_s_cartons_are_packed_into_without_a_word(tmp_path: Path) -> None:
    """Sixteen cubes of 400 g are two cartons of 3.3 kg with their own weight, and one bare stack of 6.4 kg."""
    cubes = "cube:16:0.4kg:10x10x10cm:2.00"

    assert price(quoted(store(tmp_path, 'price_each = "parcel"', CARTON), cubes)) == 2 * 1000
    assert price(quoted(store(tmp_path, 'price_each = "parcel"'), cubes)) == 2000


def test_packaging_that_is_charged_stands_in_the_price_and_its_note(tmp_path: Path) -> None:
    cubes = "cube:16:0.4kg:10x10x10cm:2.00"
    shop = store(tmp_path, 'price_each = "parcel"', CARTON)
    file = tmp_path / "portes.toml"
    file.write_text(file.read_text().replace('name = "shop"', 'name = "shop"\npackaging_cost = "charged"'))
    shop.close()
    quote = quoted(open_store(file, environ={}), cubes)
    (offer,) = quote.lines[0].offers

    assert (offer.price, offer.rate.cost) == (brl(2200), brl(2000))
    assert [note.kind for note in offer.rate.notes] == ["packaging"]


def test_a_table_of_sums_adds_the_goods_up_exactly(tmp_path: Path) -> None:
    assert price(quoted(store(tmp_path, "cubic_factor = 300"), PENS)) == 1000


def test_a_table_of_parcels_parts_what_is_above_its_highest_bracket(tmp_path: Path) -> None:
    """Nine times 5 kg with brackets up to 30 kg: a parcel of six and one of three."""
    assert price(quoted(store(tmp_path, 'price_each = "parcel"'), BOOKS)) == 2 * 2000


def test_a_sum_above_the_highest_bracket_is_unknown_and_check_says_so_beforehand(tmp_path: Path) -> None:
    shop = store(tmp_path)
    (advice,) = shop.advice
    quote = quoted(shop, BOOKS)

    assert quote.verdict is Verdict.UNKNOWN
    assert 'price_each = "parcel"' in quote.lines[0].failures[0].failure.hint
    assert (advice.where, advice.value) == ("carriers.road", "table")
    assert "no price above 30000 g" in advice.cause
    assert 'price_each = "parcel"' in advice.fix


@pytest.mark.parametrize("own", ["", 'price_each = "parcel"'])
def test_a_unit_that_no_bracket_holds_is_refused_however_it_is_packed(tmp_path: Path, own: str) -> None:
    quote = quoted(store(tmp_path, own), "safe:1:31kg:40x40x40cm", "pen:3:0.02kg:15x1x1cm")

    assert [no.refusal.kind for no in quote.lines[0].refusals] == ["too_heavy"]
    assert quote.verdict is Verdict.NOT_SERVED


def test_what_is_packed_together_beyond_a_place_s_own_brackets_is_no_refusal_of_its_units(tmp_path: Path) -> None:
    quote = quoted(store(tmp_path, 'price_each = "parcel"', table=LOWER), BOOKS, to="06512651")

    assert (quote.verdict, quote.lines[0].refusals) == (Verdict.UNKNOWN, ())
    assert "limits = { weight = … }" in quote.lines[0].failures[0].failure.hint


@pytest.mark.parametrize(("end", "most"), [("5000,,0", 5000), ("5000,60000,0", 5000), ("5000,60000,30.00", 60_000)])
def test_a_bracket_at_the_top_that_says_no_service_ends_the_prices_below_it(
    tmp_path: Path, end: str, most: int
) -> None:
    with store(tmp_path, 'zero_price = "refuse"', table=TABLE.replace("5000,30000,20.00", end)) as shop:
        (advice,) = shop.advice

    assert f"no price above {most} g:" in advice.cause


@pytest.mark.parametrize("end", ["5000,,20.00,1,2,0.50", "5000,30000,20.00,1,2,3.00"])
def test_where_the_highest_bracket_has_no_upper_end_nothing_is_advised_about(tmp_path: Path, end: str) -> None:
    table = TABLE.replace("days_max", "days_max,price_per_extra_kg").replace("5000,30000,20.00,1,2", end)
    with store(tmp_path, table=table.replace("10.00,1,2", "10.00,1,2,")) as shop:
        assert tuple(shop.advice) == ()
