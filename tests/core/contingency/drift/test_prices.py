"""What a table comes to for a lane as the portal works it out, and why it has no price."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portes.contingency.drift.compare import ABROAD, OTHER_MONEY, LaneComparer
from portes.contingency.drift.prices import FACT_NEEDED, TOO_LARGE, TablePrices, services_of
from portes.errors import SettingsError
from portes.receipts.offers import OfferedLane
from portes.tables import ReadOptions, open_table

LANE = OfferedLane("BR", "01310100", "", "normal", 2000, "BRL", 2500, 1_000_000, None, 1)


HEAD = "postal_from;postal_to;weight_from_g;weight_to_g;price;price_per_extra_kg;max_volume_cm3;days_max"


def priced(folder: Path, row: str, head: str = HEAD, factor: int = 0, **options: Any) -> TablePrices:
    file = folder / "table.csv"
    file.write_text(f"{head}\n{row}")
    table = open_table(file, "plain", ReadOptions("BR", "BRL", **options))
    return TablePrices(table, services_of(table, {}), Decimal(factor))


@pytest.mark.parametrize(
    ("row", "price"),
    [
        ("00000000;99999999;0;3000;18,00;;999;3\n", TOO_LARGE),
        ("00000000;99999999;0;3000;18,00;;1000;3\n", 1800),
        ("00000000;99999999;0;1000;18,00;2,00;;3\n", 2100),
        ("00000000;99999999;0;3000;18,0050;;;3\n", 1801),
    ],
)
def test_a_row_is_charged_as_it_says(tmp_path: Path, row: str, price: int | str) -> None:
    assert priced(tmp_path, row).price(LANE, LANE.weight) == price


@pytest.mark.parametrize(("changed", "why"), [({"country": "PT"}, ABROAD), ({"currency": "EUR"}, OTHER_MONEY)])
def test_what_the_table_is_not_for_is_not_compared(tmp_path: Path, changed: dict[str, Any], why: str) -> None:
    made = LaneComparer(priced(tmp_path, "00000000;99999999;0;3000;18,00;;;3\n"), 0)

    made.compare([LANE._replace(**changed)])

    assert (made.comparisons.tallies, made.comparisons.left_out) == ({}, {why: 1})


def test_a_minimum_of_the_row_is_charged(tmp_path: Path) -> None:
    head = "postal_from;postal_to;weight_from_g;weight_to_g;price;minimum;days_max"
    held = priced(tmp_path, "00000000;99999999;0;3000;18,00;25,00;3\n", head)

    assert held.price(LANE, LANE.weight) == 2500


def test_each_kilogram_above_the_last_bracket_is_of_the_billed_weight(tmp_path: Path) -> None:
    held = priced(tmp_path, "00000000;99999999;0;1000;18,00;2,00;;3\n", factor=300)
    bulky = LANE._replace(volume=20_000_000)

    assert (held.billed(bulky), held.price(bulky, held.billed(bulky))) == (6000, 2800)


@pytest.mark.parametrize("overlap", ["narrowest", "dearest"])
@pytest.mark.parametrize(("origin", "price"), [("01001000", 1800), ("20040002", 2200)])
def test_a_row_of_the_origin_that_a_lane_leaves_from_counts(
    tmp_path: Path, overlap: str, origin: str, price: int
) -> None:
    head = "origin_from;origin_to;postal_from;postal_to;weight_from_g;weight_to_g;price;days_max"
    rows = "01000000;09999999;00000000;99999999;0;3000;18,00;3\n20000000;28999999;00000000;99999999;0;3000;22,00;3\n"

    assert priced(tmp_path, rows, head, overlap=overlap).price(LANE._replace(origin=origin), 2500) == price


def test_of_rows_that_overlap_the_dearest_with_all_that_it_charges_counts_where_that_is_declared(
    tmp_path: Path,
) -> None:
    head = "postal_from;postal_to;weight_from_g;weight_to_g;price;percent_of_value;days_max"
    rows = "00000000;99999999;0;3000;18,00;10;3\n01000000;01999999;0;3000;20,00;0;3\n"
    held = priced(tmp_path, rows, head, overlap="dearest")

    assert held.price(LANE._replace(value=10_000), 2500) == 2800
    assert held.price(LANE._replace(value=1000), 2500) == 2000


def test_a_table_whose_brackets_are_no_weights_cannot_be_checked(tmp_path: Path) -> None:
    head = "postal_from;postal_to;value_from;value_to;price;days_max"

    with pytest.raises(SettingsError, match="has brackets of value"):
        priced(tmp_path, "00000000;99999999;0;100,00;18,00;3\n", head)


def test_the_tax_that_a_row_states_is_inside_the_price(tmp_path: Path) -> None:
    file = tmp_path / "full.csv"
    file.write_text(
        "CepInicial;CepFinal;PesoInicial;PesoFinal;Valor;ICMS;Prazo Máximo\n00000000;99999999;0;3;18,00;10;3\n"
    )
    table = open_table(file, "full", ReadOptions("BR", "BRL"))

    assert TablePrices(table, services_of(table, {}), Decimal(0)).price(LANE, LANE.weight) == 2000


def mapped(folder: Path, fee: str) -> TablePrices:
    """A table of 18.00 with one fee of its own making, whose column holds 2,50."""
    columns = {"De": '"postal_from"', "Ate": '"postal_to"', "Kg": '"weight_to"', "Base": '"price"', "Taxa": fee}
    lines = "\n".join(f"{name} = {meaning}" for name, meaning in columns.items())
    mapping = f'weight_unit = "kg"\n[columns]\n{lines}\n[defaults]\ndays_max = 3\n'
    file = folder / "mapped.csv"
    file.write_text("De;Ate;Kg;Base;Taxa\n00000000;99999999;3;18,00;2,50\n")
    table = open_table(file, "mapping", ReadOptions("BR", "BRL", beside={"mapping": mapping.encode()}))
    return TablePrices(table, services_of(table, {}), Decimal(0))


def test_an_amount_for_each_unit_of_goods_is_charged_for_all_that_travel_together(tmp_path: Path) -> None:
    held = mapped(tmp_path, '{ fee = "handling", per = "unit" }')

    assert [held.price(LANE._replace(units=units), 2500) for units in (1, 4)] == [2050, 2800]


def test_a_percentage_that_nobody_says_what_it_is_of_leaves_the_lane_without_a_price(tmp_path: Path) -> None:
    assert mapped(tmp_path, '{ fee = "of_ours", percent = true }').price(LANE, 2500) == FACT_NEEDED
