"""Freight that is the largest of a minimum, a price for each kg and a percentage of the value; none is added."""

import pytest
from tariffs import brl, percent

from portes.tables import Component, Fee, FoundRow, PricedLoad, Tariff, TariffPricer, Terms, ValueNeededError

COMPARED = Fee("base", brl("0.80"), "kg", percent("0.50"), brl("35.00"), larger=True)


def charged(load: PricedLoad, *fees: Fee, tariff: Tariff | None = None) -> dict[str, int]:
    row = FoundRow(0, 0, Terms(1, 1, fees=(COMPARED, *fees)))
    return TariffPricer(tariff or Tariff()).charge(row, load).parts


@pytest.mark.parametrize(
    ("kilograms", "value", "base"),
    [
        (10, 100_00, 35_00),  # 8.00 by weight, 0.50 by value
        (100, 1_000_00, 80_00),  # 80.00 by weight, 5.00 by value
        (100, 20_000_00, 100_00),  # 80.00 by weight, 100.00 by value
    ],
)
def test_the_largest_of_the_three_is_the_freight(kilograms: int, value: int, base: int) -> None:
    assert charged(PricedLoad(kilograms * 10**6, value)) == {"base": base}


def test_other_fees_are_added_to_the_largest() -> None:
    toll = Fee("toll", brl("4.00"), "started_100_kg")
    extra = Tariff(components=(Component("extra", percent=percent("10"), of="freight"),))

    assert charged(PricedLoad(150 * 10**6, 0), toll, tariff=extra) == {"base": 120_00, "toll": 8_00, "extra": 12_80}


def test_a_percentage_to_be_compared_needs_the_value_all_the_same() -> None:
    with pytest.raises(ValueNeededError):
        charged(PricedLoad(100 * 10**6, None))


def test_a_row_of_a_fee_table_may_be_the_largest_as_well() -> None:
    tariff = Tariff(components=(Component("hard_access", table=0),))
    found = FoundRow(0, 0, Terms(0, 0, fees=(COMPARED,)))

    charge = TariffPricer(tariff).charge(
        FoundRow(brl("10.00"), 0, Terms(1, 1)), PricedLoad(100 * 10**6, 20_000_00), fee_rows=lambda _: (found,)
    )

    assert charge.parts == {"base": 10_00, "hard_access": 100_00}
