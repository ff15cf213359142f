"""The demo store's own table: whole, tidy, and everywhere in Brazil."""

from pathlib import Path

import pytest

from portes.tables import FoundRow, NoRow, RateTable, ReadOptions, open_table

TABLE = Path(__file__).parents[3] / "examples" / "demo-store" / "tables" / "example-carrier.csv"
CAPITALS = {
    "AC": "69900001", "AL": "57010000", "AM": "69005010", "AP": "68900010", "BA": "40010000", "CE": "60010000",
    "DF": "70040010", "ES": "29010000", "GO": "74003010", "MA": "65010000", "MG": "30110000", "MS": "79002000",
    "MT": "78005000", "PA": "66010000", "PB": "58010000", "PE": "50010000", "PI": "64000020", "PR": "80010000",
    "RJ": "20010000", "RN": "59010000", "RO": "76801000", "RR": "69301000", "RS": "90010000", "SC": "88010000",
    "SE": "49010000", "SP": "01512651", "TO": "77001000",
}  # fmt: skip
INTERIOR = {
    "AC": "69980000", "AL": "57300000", "AM": "69400000", "AP": "68925000", "BA": "44001000", "CE": "63010000",
    "DF": "72005000", "ES": "29300000", "GO": "75001000", "MA": "65900000", "MG": "38400000", "MS": "79800000",
    "MT": "78700000", "PA": "68005000", "PB": "58400000", "PE": "56302000", "PI": "64200000", "PR": "86010000",
    "RJ": "28010000", "RN": "59600000", "RO": "76900000", "RR": "69375000", "RS": "96010000", "SC": "89201000",
    "SE": "49500000", "SP": "13010000", "TO": "77600000",
}  # fmt: skip


@pytest.fixture(scope="module")
def table() -> RateTable:
    return open_table(TABLE, "plain", ReadOptions(country="BR", currency="BRL"))


@pytest.mark.parametrize("postal_code", [*CAPITALS.values(), *INTERIOR.values()])
def test_economy_goes_to_capital_and_interior_of_every_state(table: RateTable, postal_code: str) -> None:
    row = table.find("economy", postal_code, 40_000)

    assert isinstance(row, FoundRow)
    assert row.terms.extra_per_kg > 0


@pytest.mark.parametrize("postal_code", CAPITALS.values())
def test_express_goes_to_every_capital_quicker_and_dearer(table: RateTable, postal_code: str) -> None:
    express, economy = (table.find(service, postal_code, 1000) for service in ("express", "economy"))

    assert isinstance(express, FoundRow)
    assert isinstance(economy, FoundRow)
    assert express.price > economy.price
    assert express.terms.days_max < economy.terms.days_max


@pytest.mark.parametrize("state", ["AM", "BA", "RS"])
def test_express_does_not_go_to_the_interior_of_far_states(table: RateTable, state: str) -> None:
    assert table.find("express", INTERIOR[state], 1000) is NoRow.RANGE


def test_it_says_that_it_is_nobodys_tariff() -> None:
    assert TABLE.read_text().startswith("# An example carrier of our own")
