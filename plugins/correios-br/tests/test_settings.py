"""Settings of Correios that cannot be right are refused with the fix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from correios_stubs import MINI, SEDEX
from pydantic import ValidationError

from portes.errors import SettingsError
from portes_testing import Case, carrier_under_test


@pytest.mark.parametrize(
    ("services", "settings", "where"),
    [
        ([SEDEX], {"posting_card": None}, "services.0.posting_card"),
        ([SEDEX, {**MINI, "own_hand": True}], {}, "services.1.own_hand"),
        ([{"code": "99999", "delivery": "normal", "declare_value": True}], {}, "services.0.value_extra"),
    ],
)
def test_services_that_cannot_be_asked_keep_the_store_from_starting(
    case_of: Callable[..., Case], services: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], where: str
) -> None:
    with carrier_under_test(case_of(services, settings)) as under_test, pytest.raises(SettingsError) as caught:
        under_test.new_carrier(under_test.public())

    assert where in [problem.where for problem in caught.value.problems]


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "api.correios.com.br"},
        {"base_url": "ftp://api.correios.com.br"},
        {"collect_at_office": "hide"},
        {"leave_out": "soon"},
        {"code_made_on": "last spring"},
        {"code_made_on": 20260610},
        {"code_made_on": 86400},
        {"price_batch": 0},
        {"prazo_unit": "weeks"},
        {"zone_offset": "Brasília"},
    ],
)
def test_settings_that_cannot_be_right_are_refused(case_of: Callable[..., Case], settings: Mapping[str, Any]) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test:
        model = under_test.plugin.Settings

        with pytest.raises(ValueError, match=next(iter(settings))):
            model.model_validate({**under_test.case.settings, **settings})


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("12345678", ["has 8 digits", 'zeros in front count: write "0012345678" in quotes']),
        (12345678, ["has 8 digits", 'zeros in front count: write "0012345678" in quotes']),
        (1234567890, ["is not in quotes", 'write "1234567890" in quotes']),
        ("00012345678", ["has 11 digits", "write the 10 digits that the contract shows"]),
        ("12345-678", ["is no posting card", "write its 10 digits in quotes"]),
        (True, ["is no posting card", "write its 10 digits in quotes"]),
        ("", ["is no posting card", "write its 10 digits in quotes"]),
        ("\uff10012345678", ["is no posting card", "write its 10 digits in quotes"]),
    ],
)
def test_a_posting_card_without_its_ten_digits_is_told_how_to_be_written(
    case_of: Callable[..., Case], number: object, words: list[str]
) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test:
        own = {**under_test.case.settings, "posting_card": number}
        for model, table in (
            (under_test.plugin.Settings, own),
            (under_test.plugin.ServiceSettings, {**SEDEX, "posting_card": number}),
        ):
            with pytest.raises(ValidationError) as caught:
                model.model_validate(table)

            (found,) = caught.value.errors()
            assert found["loc"] == ("posting_card",)
            for part in words:
                assert part in found["msg"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("MG", "BR-MG"), ("SP", "BR-SP"), ("PT", "BR"), ("BR-XX", "one of BR-TO, BR-SP, BR-SE, BR-SC, BR-RS")],
)
def test_a_calendar_of_another_country_or_of_none_is_refused_with_the_one_that_is_meant(
    case_of: Callable[..., Case], name: str, meant: str
) -> None:
    with carrier_under_test(case_of([SEDEX], {})) as under_test, pytest.raises(ValidationError) as caught:
        under_test.plugin.Settings.model_validate({**under_test.case.settings, "calendar": name})

    assert caught.value.errors()[0]["msg"].endswith(f"; write {meant}")


def test_a_store_that_counts_in_another_currency_is_refused(case_of: Callable[..., Case]) -> None:
    case = case_of([SEDEX], {})
    with (
        carrier_under_test(replace(case, store=replace(case.store, currency="EUR"))) as under_test,
        pytest.raises(SettingsError),
    ):
        under_test.new_carrier(under_test.public())
