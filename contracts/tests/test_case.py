"""A case that contradicts itself is refused before anything runs."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from gallery.case import CASE

from portes.contract import FailureKind, Money
from portes_testing import RATE, AllowedOutcomes, Scenario, parcel


def test_a_service_that_a_scenario_forgets_is_named() -> None:
    with pytest.raises(ValueError, match="scenario 'served': service 'EXP' is not both active and expected"):
        replace(CASE, served=Scenario("served", CASE.served.shipments, {"STD": RATE}))


def test_an_inactive_service_cannot_be_expected() -> None:
    expect = {"STD": RATE, "EXP": RATE, "OLD": RATE}

    with pytest.raises(ValueError, match="service 'OLD' is not both active and expected"):
        replace(CASE, served=Scenario("served", CASE.served.shipments, expect))


def test_two_scenarios_of_one_name_would_share_a_cassette() -> None:
    with pytest.raises(ValueError, match="two scenarios are named 'served'"):
        replace(CASE, more=(CASE.served,))


def test_as_many_expectations_as_shipments() -> None:
    odd = Scenario("odd", CASE.served.shipments * 2, ({"STD": RATE, "EXP": RATE},))

    with pytest.raises(ValueError, match="'odd' expects 1 answers to 2"):
        replace(CASE, more=(odd,))


def test_recordings_and_addresses_go_together() -> None:
    with pytest.raises(ValueError, match="cassettes and base_urls go together"):
        replace(CASE, base_urls=())
    with pytest.raises(ValueError, match="cassettes and base_urls go together"):
        replace(CASE, cassettes=None)
    assert replace(CASE, base_urls=(), cassettes=None).cassettes is None


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="the moment needs a time zone"):
        replace(CASE, moment=datetime(2026, 11, 23, 13, 0))  # noqa: DTZ001 — the point


def test_every_problem_of_a_case_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"two scenarios are named 'served'.*go together"):
        replace(CASE, more=(CASE.served,), base_urls=())


def test_an_exception_from_the_table_of_faults_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="say why"):
        AllowedOutcomes.one_of(FailureKind.LATE, because="")


def test_an_exception_for_one_path_goes_before_one_for_all() -> None:
    everywhere = AllowedOutcomes.one_of(FailureKind.LATE, because="it waits")
    there = AllowedOutcomes.one_of(FailureKind.BUSY, because="it counts")
    case = replace(CASE, faults={"redirect": everywhere, "redirect /v2/token": there})

    assert there is case.allowed("redirect", "/v2/token")
    assert everywhere is case.allowed("redirect", "/v2/quotes")
    assert case.allowed("hang", "/v2/quotes") is None


def test_a_store_starts_where_the_case_says() -> None:
    facts = replace(CASE.store, folder=Path("tables")).facts()

    assert Path.cwd() / "tables" == facts.folder
    assert (facts.country, facts.currency, facts.calendar) == ("BR", "BRL", "BR-SP")


def test_a_parcel_is_worth_what_its_text_says() -> None:
    assert Money(minor=10_050, currency="BRL") == parcel(1, 1, 1, 1, value="100.50 BRL").value
    assert parcel(1, 1, 1, 1).value is None
