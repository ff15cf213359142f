"""What a table comes to for a lane as the portal works it out, and why it has no price."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portes.contingency.drift.compare import ABROAD, OTHER_MONEY, LaneComparer
from portes.contingency.drift.prices import TOO_LARGE, TablePrices, services_of
from portes.receipts.offers import OfferedLane
from portes.tables import ReadOptions, open_table

LANE = OfferedLane("BR", "01310100", "", "normal", 2000, "BRL", 2500, 1_000_000, None, 1)


def priced(folder: Path, row: str) -> TablePrices:
    file = folder / "table.csv"
    head = "postal_from;postal_to;weight_from_g;weight_to_g;price;price_per_extra_kg;max_volume_cm3;days_max\n"
    file.write_text(head + row)
    table = open_table(file, "plain", ReadOptions("BR", "BRL"))
    return TablePrices(table, services_of(table, {}), Decimal(0))


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
