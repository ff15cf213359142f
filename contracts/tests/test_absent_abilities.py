"""An ability that is declared absent is proven absent; one that is there after all is found out."""

from dataclasses import replace

import pytest
from checking import broken, checks
from gallery.case import CASE, make_case
from gallery.flat import FLAT

from portes_testing import Absent, BrokenContractError, CarrierContract, Case, carrier_under_test


class Parcelpost(CarrierContract):
    """The suite, to be called test by test."""

    case = CASE


def verdict(case: Case, test: str) -> str:
    with carrier_under_test(case) as under_test, pytest.raises(BrokenContractError) as broken_contract:
        getattr(Parcelpost(), test)(under_test)
    return str(broken_contract.value)


def test_a_carrier_that_can_do_next_to_nothing_breaks_nothing() -> None:
    assert broken(lambda: FLAT, checks(faults=True)) == {}


def test_a_limit_that_is_there_after_all_is_found_out() -> None:
    case = replace(make_case(), too_heavy=Absent("it carries anything"))

    assert "a hundred tonnes are refused as too heavy" in verdict(case, "test_too_heavy_is_refused")


def test_countries_that_are_named_leave_a_place_unserved() -> None:
    case = replace(make_case(), unserved=Absent("it goes everywhere"))

    assert "so there is an unserved place" in verdict(case, "test_unserved_is_refused")


def test_several_parcels_that_are_priced_after_all_are_found_out() -> None:
    case = replace(make_case(), several=Absent("one parcel a shipment"))

    told = verdict(case, "test_several_parcels_are_priced_together")

    assert "several parcels are said to be beyond it, yet these services price them" in told


def test_tokens_that_are_fetched_after_all_are_found_out() -> None:
    case = replace(make_case(), tokens=Absent("it needs none"))

    for test in (
        "test_a_token_is_fetched_once_for_many_threads",
        "test_a_token_is_renewed_when_it_ends",
        "test_a_rejected_token_is_dropped",
    ):
        assert "does without tools.tokens, and uses its token" in verdict(case, test)


def test_a_carrier_that_says_it_sends_nothing_is_found_out() -> None:
    case = replace(make_case(), base_urls=(), cassettes=None)

    with carrier_under_test(case) as under_test, pytest.raises(BrokenContractError, match=r"does without tools\.http"):
        Parcelpost().test_a_recording_replays_to_its_end(under_test, None)


def test_nothing_recorded_yet_is_no_pass() -> None:
    with (
        carrier_under_test(make_case()) as under_test,
        pytest.raises(BrokenContractError, match="nothing is recorded yet"),
    ):
        Parcelpost().test_a_fault_is_told_as_what_it_is(under_test, None)


def test_absence_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="say why"):
        Absent(" ")
