"""Which offer becomes free, and when."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made, occasion, offer
from pydantic import ValidationError
from shop import EXPRESS, SUPER_EXPRESS, brl, item

from portes.contract import DeliveryType, Item, Offer
from portes.errors import SettingsError
from portes.rules.free_shipping import FreeShipping

HUNDRED = item("a", quantity=2, declared_value=brl(5000))
SIXTY = item("b", declared_value=brl(6000), tags=("summer",))
UNKNOWN = item("c")

N, E = offer(1000, "slow", (3, 6)), offer(2500, "quick", (1, 2), EXPRESS)

lines_of_offers = st.lists(
    st.lists(
        st.builds(
            lambda price, cost, delivery: offer(price, delivery=delivery, cost=cost),
            st.integers(1, 9),
            st.integers(1, 9),
            st.sampled_from(DeliveryType),
        ),
        max_size=4,
    ),
    min_size=1,
    max_size=3,
)


def freed(lines: Sequence[Sequence[Offer]], *items: Item, **keys: Any) -> list[list[str]]:
    """Per line, the free offers as `carrier delivery-type`."""
    asked = items or tuple(item(declared_value=brl(100_000)) for _ in lines)
    after = made(FreeShipping, **keys)(lines, occasion(*asked, storefront="NS"))
    return [[f"{one.carrier} {one.delivery}" for one in line if one.price.minor == 0] for line in after]


@pytest.mark.parametrize(
    ("threshold", "items", "free"),
    [
        ("100.00", (HUNDRED,), True),
        ("100.01", (HUNDRED,), False),
        ("160.00", (HUNDRED, SIXTY), True),
        ("160.01", (HUNDRED, SIXTY), False),
        ("0.00", (HUNDRED,), True),
        ("0.00", (HUNDRED, UNKNOWN), False),
        ("100.00", (HUNDRED, UNKNOWN), False),
    ],
)
def test_a_cart_is_free_from_the_threshold_on_and_never_on_a_guess(
    threshold: str, items: tuple[Item, ...], *, free: bool
) -> None:
    expected = [["slow normal"] if free else [] for _ in items]

    assert expected == freed([[N, E] for _ in items], *items, threshold=threshold)


@pytest.mark.parametrize(
    ("keys", "free"),
    [
        ({"skus": ["b"]}, False),
        ({"skus": ["b"], "needs": "any"}, True),
        ({"skus": ["a", "b"]}, True),
        ({"skus": ["z"], "needs": "any"}, False),
        ({"tags": ["summer"]}, False),
        ({"tags": ["summer"], "needs": "any"}, True),
        ({"skus": ["a"], "tags": ["summer"]}, True),
        ({"skus": ["a"], "tags": ["summer"], "threshold": "500.00"}, False),
        ({"regions": ["01"]}, True),
        ({"regions": ["69"]}, False),
        ({"storefronts": ["NS"]}, True),
        ({"storefronts": ["ZT"]}, False),
        ({"storefronts": ["NS"], "regions": ["69"]}, False),
    ],
)
def test_a_cart_is_free_when_every_condition_holds(keys: dict[str, Any], *, free: bool) -> None:
    expected = [["slow normal"], ["slow normal"]] if free else [[], []]

    assert expected == freed([[N, E], [N, E]], HUNDRED, SIXTY, **keys)


def test_values_are_not_needed_when_no_threshold_is_set() -> None:
    assert freed([[N]], UNKNOWN, regions=["0"]) == [["slow normal"]]


@pytest.mark.parametrize(
    ("keys", "free"),
    [
        ({}, ["slow normal"]),
        ({"which": "cheapest"}, ["slow normal"]),
        ({"which": "normal"}, ["slow normal"]),
        ({"which": "express"}, ["quick express"]),
        ({"which": "super_express"}, []),
        ({"carriers": ["quick"]}, ["quick express"]),
        ({"carriers": ["quick"], "which": "normal"}, []),
        ({"carriers": ["other"]}, []),
    ],
)
def test_the_settings_say_which_offer_becomes_free(keys: dict[str, Any], free: list[str]) -> None:
    assert [free] == freed([[N, E]], regions=["0"], **keys)


def test_the_cheapest_type_is_the_one_cheapest_over_all_lines() -> None:
    lines = [[offer(100), offer(300, "e", delivery=EXPRESS)], [offer(900), offer(400, "e", delivery=EXPRESS)]]

    assert freed(lines, regions=["0"]) == [["e express"], ["e express"]]


def test_the_cheapest_type_is_so_by_the_prices_that_shoppers_see_not_by_what_carriers_bill() -> None:
    dear = offer(3000, "a", cost=1000)
    line = [dear, offer(1200, "b"), offer(2000, "e", delivery=EXPRESS, cost=900)]

    assert freed([line], regions=["0"]) == [["a normal"]]


def test_of_types_that_cost_the_same_the_faster_becomes_free() -> None:
    line = [offer(500, "n", (2, 5)), offer(500, "s", (1, 2), SUPER_EXPRESS), offer(500, "e", (1, 3), EXPRESS)]

    assert freed([line], regions=["0"]) == [["s super_express"]]


def test_a_type_that_one_line_lacks_becomes_free_on_none() -> None:
    lines = [[N, E], [E]]

    assert freed(lines, regions=["0"], which="normal") == [[], []]
    assert freed(lines, regions=["0"]) == [["quick express"], ["quick express"]]
    assert freed([[N], [E]], regions=["0"]) == [[], []]
    assert freed([[N], []], regions=["0"]) == [[], []]


def test_a_carrier_that_one_line_lacks_frees_no_line() -> None:
    assert freed([[N, offer(900, "b")], [N]], regions=["0"], carriers=["b"]) == [[], []]


def test_the_offer_that_costs_the_shop_least_becomes_free() -> None:
    line = [offer(900, "a", cost=800), offer(1000, "b", cost=500)]

    assert freed([line], regions=["0"]) == [["b normal"]]


def test_lines_that_travel_together_are_freed_with_one_carrier() -> None:
    # one shipment, each price apportioned to its lines and rounded: on the feather b came out cheaper than a
    a, b = offer(1000, "a", (2, 6)), offer(1001, "b", (1, 3))
    heavy = [one.model_copy(update={"price": brl(one.price.minor - 2)}) for one in (a, b)]
    feather = [b.model_copy(update={"price": brl(1)}), a.model_copy(update={"price": brl(2)})]

    assert freed([heavy, feather], regions=["0"]) == [["a normal"], ["a normal"]]


def test_a_free_offer_stands_first_and_keeps_all_but_its_price() -> None:
    made_free = made(FreeShipping, regions=["0"], which="express")([[N, E]], occasion())

    assert [[E.model_copy(update={"price": brl(0)}), N]] == made_free
    assert E.rate == made_free[0][0].rate


def test_what_is_not_freed_keeps_its_order_on_every_line() -> None:
    a, b, c = (offer(price, key, cost=price) for price, key in ((100, "a"), (1000, "b"), (1001, "c")))
    feather = [a, b.model_copy(update={"price": brl(2)}), c.model_copy(update={"price": brl(1)})]
    after = made(FreeShipping, regions=["0"])([[a, b, c], feather], occasion())

    assert [[one.carrier for one in line] for line in after] == [["a", "b", "c"], ["a", "b", "c"]]


@pytest.mark.parametrize("keys", [{}, {"which": "normal"}, {"carriers": ["a"], "needs": "any"}])
def test_freeing_every_cart_by_leaving_everything_out_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="would make every cart free"):
        made(FreeShipping, **keys)


def test_a_threshold_finer_than_the_currency_is_refused() -> None:
    with pytest.raises(SettingsError) as caught:
        made(FreeShipping, threshold="199.999")

    assert [problem.where for problem in caught.value.problems] == ["threshold"]


@given(lines_of_offers, st.sampled_from(["cheapest", *DeliveryType]))
def test_one_offer_of_one_common_type_becomes_free_on_every_line_or_nothing_changes(
    lines: list[list[Offer]], which: str
) -> None:
    after = made(FreeShipping, regions=["0"], which=str(which))(lines, occasion(*(item() for _ in lines)))
    free = [[one.delivery for one in line if one.price.minor == 0] for line in after]
    common = set.intersection(*({one.delivery for one in line} for line in lines))
    wanted = common if which == "cheapest" else common & {DeliveryType(which)}

    assert [len(line) for line in lines] == [len(line) for line in after]
    if wanted:
        assert [1] * len(lines) == [len(types) for types in free]
        assert len({types[0] for types in free}) == 1
        assert free[0][0] in wanted
    else:
        assert lines == after
