"""Components whose amount stands in the rows of a table of their own, by place."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tariffs import brl, component, fee, load, percent, row

from portes.tables import Charge, Component, FactNeededError, FoundRow, Lane, Tariff, TariffPricer, Tax, tariff_fault

PARANA = Lane("SC", "PR")


def priced(
    tables: Mapping[int, Sequence[FoundRow]],
    *components: Component,
    found: FoundRow | None = None,
    lane: Lane = PARANA,
    weight: str = "10",
    **tariff: Any,
) -> Charge:
    """The charge where these rows of fee tables, by their number, hold the place."""
    pricer = TariffPricer(Tariff(components, **tariff))
    return pricer.charge(
        found or row("100"), load(weight, "1000.00"), lane, lambda number: tuple(tables.get(number, ()))
    )


def test_a_fee_table_charges_its_row_where_it_names_the_place_and_nothing_elsewhere() -> None:
    access = component("hard_access", table=0)

    assert priced({0: [row("32.06")]}, access).parts == {"base": 100_00, "hard_access": 32_06}
    assert priced({}, access).parts == {"base": 100_00}


def test_what_a_row_of_a_fee_table_charges_is_its_price_its_extra_weight_and_its_fees_rounded_once() -> None:
    """20 + 2.5 kg of 0.333 + 0.1234 % of 1000.00 are 22.0665; no less than 25.00 with such a minimum."""
    fees = [fee("ad_valorem", "0.1234")]

    assert priced({0: [row("20", fees, above="7.5", per_kg="0.333")]}, component("risk", table=0)).parts["risk"] == 2207
    least = row("20", fees, above="7.5", per_kg="0.333", minimum="25")
    assert priced({0: [least]}, component("risk", table=0)).parts["risk"] == 25_00


def test_a_percentage_in_a_fee_table_is_of_what_its_component_or_its_own_name_says() -> None:
    """Under the component's name it is of the freight so far, 110.00, or as `of` says; `ad_valorem` is of the value."""
    dispatch = component("dispatch", amount="10")
    traffic = component("restricted_traffic", table=0)
    rows = {0: [row("0", [fee("restricted_traffic", "15")])]}

    assert priced(rows, dispatch, traffic).parts["restricted_traffic"] == 16_50
    assert priced(rows, dispatch, traffic._replace(of=("dispatch",))).parts["restricted_traffic"] == 1_50
    assert priced({0: [row("0", [fee("ad_valorem", "1")])]}, dispatch, traffic).parts["restricted_traffic"] == 10_00


def test_a_percentage_of_what_nobody_says_is_a_fact_to_be_written() -> None:
    with pytest.raises(FactNeededError, match='name = "island"'):
        priced({0: [row("0", [fee("island", "15")])]}, component("island", table=0))


def test_a_fee_of_a_fee_table_has_its_least_and_the_component_its_own_least_and_most() -> None:
    rows = {0: [row("1", [fee("restricted_traffic", "15", least="20")])]}

    assert priced(rows, component("restricted_traffic", table=0)).parts["restricted_traffic"] == 21_00
    assert priced(rows, component("restricted_traffic", table=0, least="30")).parts["restricted_traffic"] == 30_00
    assert priced(rows, component("restricted_traffic", table=0, most=brl("12"))).parts["restricted_traffic"] == 12_00


def test_of_several_tables_of_one_name_the_first_that_has_the_place_is_charged() -> None:
    both = [component("metropolitan", table=0), component("metropolitan", table=1)]

    assert priced({0: [row("4.54")], 1: [row("14")]}, *both).parts["metropolitan"] == 4_54
    assert priced({1: [row("14")]}, *both).parts["metropolitan"] == 14_00
    assert "metropolitan" not in priced({}, *both).parts


def test_a_free_row_of_the_first_table_is_the_fee_and_no_later_table_is_asked() -> None:
    both = [component("metropolitan", table=0), component("metropolitan", table=1)]

    assert "metropolitan" not in priced({0: [row("0")], 1: [row("14")]}, *both).parts


def test_added_tables_are_charged_beside_the_others_of_their_name() -> None:
    listed = [
        component("hard_access", table=0),
        component("hard_access", table=1, add=True),
        component("hard_access", amount="5"),
        component("hard_access", table=3, add=True),
    ]

    assert priced({0: [row("1")], 1: [row("20")], 3: [row("300")]}, *listed).parts["hard_access"] == 321_00
    assert priced({1: [row("20")]}, *listed).parts["hard_access"] == 25_00


def test_a_component_without_a_table_is_charged_where_none_before_it_has_the_place() -> None:
    listed = [component("toll", table=0), component("toll", amount="6.46")]

    assert priced({0: [row("8")]}, *listed).parts["toll"] == 8_00
    assert priced({}, *listed).parts["toll"] == 6_46
    assert tariff_fault(Tariff(tuple(listed))) == ""
    assert "never applies" in tariff_fault(Tariff(tuple(reversed(listed))))


def test_a_table_for_some_states_is_not_asked_elsewhere() -> None:
    """It would have failed there: a hole of it is nobody's business in another state."""

    def unasked(_number: int) -> tuple[FoundRow, ...]:
        raise AssertionError

    goias = component("metropolitan", table=0, states=frozenset({"GO"}))
    pricer = TariffPricer(Tariff((goias,)))

    assert pricer.charge(row("100"), load(), PARANA, unasked).cost == 100_00


def test_what_the_row_itself_states_counts_in_place_of_the_fee_table_and_beside_an_added_one() -> None:
    stated = row("100", [fee("toll", amount="7")])
    rows = {0: [row("8")], 1: [row("20")]}
    listed = [component("toll", table=0), component("toll", table=1, add=True)]

    assert priced(rows, *listed, found=stated).parts["toll"] == 27_00


def test_of_several_rows_of_a_fee_table_the_dearest_is_charged() -> None:
    rows = {0: [row("8"), row("1", [fee("ad_valorem", "1")]), row("9")]}

    assert priced(rows, component("risk", table=0)).parts["risk"] == 11_00


def test_fees_by_place_count_towards_the_least_freight_unless_they_are_outside_it_and_are_taxed() -> None:
    """100.00 and 32.06 are less than 150.00; outside it the fee comes on top. The tax is 12 % of the whole."""
    rows, twelve = {0: [row("32.06")]}, Tax("inside", {("*", "*"): percent("12")})
    access = component("hard_access", table=0)

    inside = priced(rows, access, least_freight=brl("150"), tax=twelve)
    outside = priced(rows, access, least_freight=brl("150"), outside_least=("hard_access",), tax=twelve)

    assert inside.parts == {"base": 100_00, "hard_access": 32_06, "minimum": 17_94, "tax": 20_45}
    assert outside.parts == {"base": 100_00, "hard_access": 32_06, "minimum": 50_00, "tax": 24_83}
    assert list(outside.parts) == ["base", "hard_access", "minimum", "tax"]


def test_a_fee_table_is_rounded_as_its_component_says() -> None:
    rows = {0: [row("0", [fee("ad_valorem", "0.0316")])]}

    assert priced(rows, component("risk", table=0)).parts["risk"] == 32
    assert priced(rows, component("risk", table=0, rounding="down")).parts["risk"] == 31


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 10**10)), min_size=1, max_size=6),
    st.integers(1, 10**9),
)
def test_whichever_tables_have_the_place_the_parts_add_up_and_the_fee_is_theirs(
    tables: Sequence[tuple[bool, bool, int]], weight: int
) -> None:
    """Beside a plain sum: the first alternative that has the place, and all added ones that have it."""
    listed = [component("risk", table=at, add=add) for at, (add, _, _) in enumerate(tables)]
    rows = {at: [row("0")._replace(price=price)] for at, (_, held, price) in enumerate(tables) if held}
    alone = [price for add, held, price in tables if held and not add][:1]
    added = [price for add, held, price in tables if held and add]
    pricer = TariffPricer(Tariff(tuple(listed), component_unit=1, component_rounding="down", rounding="down"))

    charge = pricer.charge(
        row("10"), load()._replace(weight=weight), PARANA, lambda number: tuple(rows.get(number, ()))
    )

    assert charge.cost == sum(charge.parts.values()) == (brl("10") + sum(alone + added)) // 10**6
