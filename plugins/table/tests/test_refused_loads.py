"""What the table carrier refuses, and what it cannot say of a sum of parcels."""

from typing import Any

import pytest
from table_quotes import SMALL, Make, outcome, parcel, refused

from portes.contract import (
    Failure,
    FailureKind,
    Parcel,
    ParcelLimits,
    Rate,
    Refusal,
    RefusalKind,
)


def test_one_parcel_that_is_refused_refuses_the_shipment(make: Make) -> None:
    assert refused(make(price_each="parcel"), parcel(500), parcel(5001)) is RefusalKind.TOO_HEAVY


def test_out_of_every_range_is_not_served(make: Make) -> None:
    assert refused(make(), to="06000000") is RefusalKind.NOT_SERVED


def test_above_the_last_bracket_is_too_heavy(make: Make) -> None:
    assert refused(make(), parcel(5001)) is RefusalKind.TOO_HEAVY


@pytest.mark.parametrize("parcels", [[parcel(2000, count=3)], [parcel(5000), parcel(1)]])
def test_a_sum_above_the_last_bracket_says_nothing_about_parcels_that_each_have_a_price(
    make: Make, parcels: list[Parcel]
) -> None:
    carrier = make()
    found = outcome(carrier, *parcels)

    assert carrier.abilities.splits_at["economy"].weight == 5000, "packed together, units could not be looked at alone"
    assert isinstance(found, Failure)
    assert (found.kind, 'price_each = "parcel"' in found.hint) == (FailureKind.INCOMPLETE, True)
    assert isinstance(outcome(make(price_each="parcel"), *parcels), Rate)


def test_a_sum_beyond_the_rows_largest_volume_says_nothing_about_its_parcels(make: Make) -> None:
    carrier = make(SMALL.replace(",12.90,,,,,,", ",12.90,,,,,3000,"))

    assert isinstance(outcome(carrier, parcel(100, count=2)), Failure)


def test_a_sum_is_refused_where_one_of_its_parcels_would_be(make: Make) -> None:
    assert refused(make(), parcel(5001), parcel(1)) is RefusalKind.TOO_HEAVY


def test_a_bracket_without_service_above_the_last_refuses_a_sum(make: Make) -> None:
    end = "economy,01000000,05999999,5000,,0,,,,,,3,4\n"

    assert refused(make(SMALL + end, zero_price="refuse"), parcel(2000, count=3)) is RefusalKind.SERVICE_UNAVAILABLE


def test_a_zero_price_that_means_no_service_is_a_no_to_these_goods_and_not_to_the_place(make: Make) -> None:
    """It stands in one bracket; what lies in another one may be carried there."""
    assert refused(make(SMALL.replace("12.90", "0"), zero_price="refuse")) is RefusalKind.SERVICE_UNAVAILABLE


def test_another_country_is_not_served_even_where_its_codes_look_alike(make: Make) -> None:
    assert refused(make(), to="01512651", country="DE") is RefusalKind.NOT_SERVED


def test_an_origin_that_the_table_has_no_prices_from_is_not_served(make: Make) -> None:
    carrier = make(origins=(1,))

    assert isinstance(outcome(carrier, origin=1), Rate)
    assert refused(carrier, origin=2) is RefusalKind.NOT_SERVED


def test_beyond_the_rows_largest_volume_is_too_large(make: Make) -> None:
    carrier = make(SMALL.replace(",12.90,,,,,,", ",12.90,,,,,3000,"))

    assert isinstance(outcome(carrier, parcel(size=(200, 150, 100))), Rate)
    assert refused(carrier, parcel(size=(200, 150, 101))) is RefusalKind.TOO_LARGE


@pytest.mark.parametrize(
    ("limits", "one_parcel", "kind"),
    [
        ({"weight": 499}, parcel(500), RefusalKind.TOO_HEAVY),
        ({"longest_side": 199}, parcel(), RefusalKind.TOO_LARGE),
        ({"sides_sum": 449}, parcel(), RefusalKind.TOO_LARGE),
        ({"volume": 2_999_999}, parcel(), RefusalKind.TOO_LARGE),
    ],
)
def test_a_parcel_beyond_the_limits_is_refused(
    make: Make, limits: dict[str, Any], one_parcel: Parcel, kind: RefusalKind
) -> None:
    carrier = make(limits=limits)

    assert refused(carrier, parcel(1, (1, 1, 1)), one_parcel) is kind
    assert carrier.abilities.limits == ParcelLimits(**limits)


def test_more_parcels_than_the_limits_allow_are_refused_and_not_priced(make: Make) -> None:
    carrier = make(limits={"parcels": 2})

    refused = outcome(carrier, parcel(count=3))
    assert isinstance(refused, Refusal)
    assert refused.kind is RefusalKind.OTHER
    assert isinstance(outcome(carrier, parcel(count=2)), Rate)


def test_a_parcel_at_the_limits_is_carried(make: Make) -> None:
    limits = {"weight": 500, "longest_side": 200, "sides_sum": 450, "volume": 3_000_000}

    assert isinstance(outcome(make(limits=limits)), Rate)


@pytest.mark.parametrize("price_each", ["shipment", "parcel"])
def test_a_parcel_of_several_units_is_refused_where_one_of_them_must_be_too_much(make: Make, price_each: str) -> None:
    carrier = make(price_each=price_each)

    assert refused(carrier, parcel(10_002, units=2)) is RefusalKind.TOO_HEAVY
    packed = outcome(carrier, parcel(10_000, units=2))
    assert isinstance(packed, Failure)
    assert ("limits = { weight" in packed.hint) is (price_each == "parcel")


def test_what_is_packed_together_into_a_bracket_without_service_is_no_refusal_of_its_units(make: Make) -> None:
    end = "economy,01000000,05999999,5000,,0,,,,,,3,4\n"
    carrier = make(SMALL + end, zero_price="refuse", price_each="parcel")

    assert isinstance(outcome(carrier, parcel(6000, units=3)), Failure)
    assert refused(carrier, parcel(6000, units=1)) is RefusalKind.SERVICE_UNAVAILABLE
