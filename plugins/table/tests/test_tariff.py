"""A tariff in the settings of a table carrier: from a store's words to rates, refusals and failures."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from portes.carrier import Deadline
from portes.contract import (
    DeliveryType,
    Dimensions,
    Failure,
    FailureKind,
    Money,
    Origin,
    Parcel,
    Place,
    Rate,
    Shipment,
)
from portes.errors import SettingsError
from portes.toolbox import StoreFacts, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings
from portes_table.tariff import ComponentSettings, TariffSettings, TaxSettings, TierSettings

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,days_max\n"
TABLE = HEADER + "00000000,99999999,0,100000,86.60,0.865,0.316,3\n"
JOINVILLE, CURITIBA, SAO_PAULO, BELEM = "89201000", "80010000", "01001000", "66010000"

Quote = Callable[..., Rate | Failure]


@pytest.fixture
def quote(tmp_path: Path) -> Quote:
    """What a carrier with these settings says of one shipment."""

    def outcome(
        *parcels: Parcel, to: str = CURITIBA, country: str = "BR", table: str = TABLE, **settings: Any
    ) -> Rate | Failure:
        (tmp_path / "table.csv").write_text(table)
        zone = ZoneInfo("America/Sao_Paulo")
        facts = StoreFacts("shop", country, "BRL", zone, "BR-SC", tmp_path)
        service = TableService(code="road", delivery=DeliveryType.NORMAL)
        carrier = TableCarrier(TableSettings(file="table.csv", **settings), (service,), tools_for(facts, "tables"))
        origin = Origin(id=1, place=Place(country=country, postal_code=JOINVILLE), calendar="BR-SC")
        place = Place(country=country, postal_code=to)
        asked = Shipment(
            id="1", parcels=parcels or (crate(),), origin=origin, place=place, dispatch_date=date(2026, 3, 2)
        )
        (answer,) = carrier.quote([asked], Deadline(1))
        (only,) = answer.outcomes
        assert isinstance(only, Rate | Failure)
        return only

    return outcome


def crate(weight: int = 1000, value: str | None = "100.00", volume: int = 1000, **more: Any) -> Parcel:
    declared = None if value is None else Money.parse(value, "BRL")
    return Parcel(
        weight=weight, size=Dimensions(length=100, width=100, height=100), volume=volume, value=declared, **more
    )


def parts(rate: Rate | Failure) -> dict[str, int]:
    assert isinstance(rate, Rate), rate
    return {part.name: part.amount.minor for part in rate.surcharges}


def hint(failure: Rate | Failure) -> str:
    assert isinstance(failure, Failure)
    assert failure.kind is FailureKind.INCOMPLETE
    return failure.hint


SOUTHERN: dict[str, Any] = {
    "cubic_factor": "200",
    "rounding": "down",
    "tariff": {
        "components": [
            {"name": "ad_valorem", "tiers": [{"up_to": "1383.23", "amount": "4.37"}, {}]},
            {
                "name": "risk_management",
                "least": "1.55",
                "tiers": [{"up_to": "10000.00", "percent": "0.10"}, {"percent": "0.23"}],
            },
            {"name": "toll", "amount": "8.63", "per": "started_100_kg", "regions": ["N"]},
            {"name": "toll", "amount": "6.46"},
        ],
        "tax": {"kind": "inside", "interstate": "BR"},
    },
}


def test_a_real_transport_document_of_2025_comes_out_line_by_line_from_settings(quote: Quote) -> None:
    """165 kg in 1.787544 m³, an invoice of 8990.00, from SC to PR: 401.35."""
    rate = quote(crate(165_000, "8990.00", 1_787_544_000), **SOUTHERN)

    assert parts(rate) == {
        "base": 86_60,
        "excess_weight": 222_74,
        "ad_valorem": 28_40,
        "risk_management": 8_99,
        "toll": 6_46,
        "tax": 48_16,
    }
    assert isinstance(rate, Rate)
    assert rate.cost.minor == 401_35


def test_conditions_and_rates_are_of_the_states_of_origin_and_destination(quote: Quote) -> None:
    north = parts(quote(crate(101_000), to=BELEM, **SOUTHERN))

    assert north["toll"] == 2 * 863
    assert (sum(north.values()), north["tax"]) == (118_96, 8_32), "110.64 / 0.93, cut"


def test_within_a_state_whose_rate_nobody_gave_the_hint_is_the_key_to_write(quote: Quote) -> None:
    assert '"SC-SC" = "…" in settings.tariff.tax.rates' in hint(quote(to=JOINVILLE, **SOUTHERN))


def test_a_rate_for_the_lane_within_the_state_is_taken(quote: Quote) -> None:
    tax = {"kind": "inside", "rates": {"SC-SC": "17", "*-*": "12"}}

    assert parts(quote(to=JOINVILLE, table=TABLE.replace("86.60", "83"), tariff={"tax": tax}))["tax"] == 17_07


def test_a_postal_code_of_no_known_state_is_no_lane_with_a_general_rate(quote: Quote) -> None:
    assert "state of a postal code is not known" in hint(quote(to="00000001", **SOUTHERN))


def test_a_tier_of_a_value_that_nobody_stated_is_incomplete(quote: Quote) -> None:
    assert "declared value" not in hint(quote(to="00000001", **SOUTHERN))
    assert "declared value" in hint(quote(crate(value=None), **SOUTHERN))


def test_an_amount_for_each_parcel_counts_parcels_and_one_for_each_shipment_does_not(quote: Quote) -> None:
    tariff = {"components": [{"name": "toll", "amount": "2", "per": "parcel"}, {"name": "dispatch", "amount": "3"}]}

    together = parts(quote(crate(), crate(500, count=2), tariff=tariff))
    apart = parts(quote(crate(), crate(500, count=2), price_each="parcel", tariff=tariff))

    assert (together["toll"], together["dispatch"]) == (6_00, 3_00)
    assert (apart["toll"], apart["dispatch"]) == (6_00, 9_00)


def test_an_amount_for_each_unit_counts_the_goods_in_the_parcels(quote: Quote) -> None:
    tariff = {"components": [{"name": "toll", "amount": "2", "per": "unit"}]}
    crates = [crate(units=3), crate(500, count=2, units=2)]

    assert [parts(quote(*crates, tariff=tariff, price_each=each))["toll"] for each in ("shipment", "parcel")] == [
        14_00, 14_00,
    ]  # fmt: skip
    assert "charged for each unit of goods" in hint(quote(crate(), tariff=tariff))


@pytest.mark.parametrize(("grams", "cents"), [(60_000, 20_00), (60_001, 35_00)])
def test_tiers_of_weight_are_written_in_grams(quote: Quote, grams: int, cents: int) -> None:
    tiers = [{"up_to_weight": 60_000, "amount": "20.00"}, {"amount": "35.00"}]
    tariff = {"components": [{"name": "metropolitan", "tiers": tiers}]}

    assert parts(quote(crate(grams), tariff=tariff))["metropolitan"] == cents


def test_a_least_freight_and_what_is_outside_it(quote: Quote) -> None:
    tariff = {
        "components": [{"name": "hard_access", "amount": "15.00"}],
        "least_freight": "120.00",
        "outside_least": ["hard_access"],
    }

    assert parts(quote(tariff=tariff)) == {"base": 86_60, "ad_valorem": 32, "hard_access": 15_00, "minimum": 33_08}


def test_a_cost_is_rounded_to_a_step(quote: Quote) -> None:
    assert parts(quote(tariff={"step": "0.50", "rounding": "up"})) == {"base": 86_60, "ad_valorem": 32, "rounding": 8}


def test_parts_may_be_kept_finer_than_a_cent_until_the_end(quote: Quote) -> None:
    tiny = [{"name": "toll", "amount": "0.004"}, {"name": "dispatch", "amount": "0.004"}]

    assert parts(quote(crate(value="0.00"), tariff={"components": tiny})) == {"base": 86_60}
    fine = {"components": tiny, "component_places": 8, "rounding": "up"}
    assert parts(quote(crate(value="0.00"), tariff=fine)) == {"base": 86_60, "rounding": 1}


@pytest.mark.parametrize(
    ("settings", "grams", "cents"),
    [
        ({}, 100_001, 86_60),
        ({"weight_step": 1000}, 100_001, 87_47),
        ({"least_weight": 101_000}, 1, 87_47),
        ({"least_weight": 100_500, "weight_step": 1000}, 1, 87_47),
    ],
)
def test_a_weight_may_have_a_least_and_be_charged_in_steps(
    quote: Quote, settings: dict[str, Any], grams: int, cents: int
) -> None:
    assert sum(parts(quote(crate(grams, "0.00"), **settings)).values()) == cents


def test_the_exemption_from_cubage_looks_at_the_actual_weight(quote: Quote) -> None:
    def cost(weight: int) -> int:
        """Of one cubic metre."""
        return sum(parts(quote(crate(weight, "0.00", 10**9), cubic_factor="300", cubic_exempt=10_000)).values())

    assert cost(10_000) == 86_60
    assert cost(10_001) == 86_60 + 173_00


def test_a_cubic_weight_is_kept_to_the_milligram_rounded_up(quote: Quote) -> None:
    """1.787544123 m³ at 200 kg/m³ are 357.5088246 kg."""
    heavy = TABLE.replace("0.865", "1000000")

    rate = quote(crate(1, "0.00", 1_787_544_123), cubic_factor="200", table=heavy)

    assert parts(rate)["excess_weight"] == 257_508_825_00


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ([{"name": "Toll"}], "pattern"),
        ([{"name": "tax", "percent": "12"}], "write settings.tariff.tax"),
        ([{"name": "minimum", "amount": "9"}], "write least_freight"),
        ([{"name": "base", "amount": "9"}], "what base comes to stands in the table"),
        ([{"name": "toll", "amount": "9", "per": "item"}], "should be 'shipment', 'parcel'"),
        ([{"name": "toll", "least": "9", "most": "8"}], "most is less than least; swap them"),
        ([{"name": "toll", "marginal": True}], "there are none; leave it out"),
        ([{"name": "toll", "tiers": [{"amount": "1"}, {"amount": "2"}]}], "every tier but the last says where it ends"),
        ([{"name": "toll", "tiers": [{"up_to": "1", "up_to_weight": 1}, {}]}], "up_to_weight in all"),
        ([{"name": "toll", "tiers": [{"up_to": "9", "amount": "1"}]}], "the last tier has an end"),
        ([{"name": "toll", "tiers": [{"up_to": "9"}, {"up_to": "9"}, {}]}], "tiers do not rise"),
        (
            [{"name": "toll", "marginal": True, "tiers": [{"up_to_weight": 9, "amount": "1"}, {}]}],
            "slices of weight charge amounts per weight",
        ),
        (
            [{"name": "ad_valorem", "marginal": True, "tiers": [{"up_to": "9", "amount": "1"}, {}]}],
            "slices of the value charge percentages of it",
        ),
        ([{"name": "risk", "percent": "1", "of": ["extra"]}], "risk is a percentage of extra, which does not come"),
        ([{"name": "toll", "percent": "0.0000001"}], "decimal places"),
        ([{"name": "toll", "amount": "-1"}], "greater than or equal to 0"),
    ],
)
def test_a_component_that_cannot_be_is_told_with_the_fix(components: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TableSettings.model_validate({"tariff": {"components": components}})


@pytest.mark.parametrize(
    ("tariff", "words"),
    [
        ({"places": 1, "step": "0.05"}, "give places or step, not both"),
        ({"tax": {"rates": {"SC-PR": "12"}}}, 'write kind = "inside"'),
        ({"tax": {"kind": "inside", "rates": {"SC>PR": "12"}}}, "is no lane; write two states"),
        ({"tax": {"kind": "inside", "rates": {"SC-PR": "100"}}}, "less than 100"),
        ({"order": ["tol"]}, "order names tol, which is no component"),
    ],
)
def test_a_tariff_that_cannot_be_is_told_with_the_fix(tariff: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TableSettings.model_validate({"tariff": tariff})


def test_an_extra_percentage_beside_a_tariff_is_written_as_a_component() -> None:
    with pytest.raises(ValidationError, match='write a component of the tariff instead: name = "extra"'):
        TableSettings.model_validate({"extra_percent": "10", "tariff": {}})


@pytest.mark.parametrize(
    ("tariff", "problem"),
    [
        (
            {"components": [{"name": "toll", "amount": "1", "states": ["XX"]}]},
            "settings.tariff.components.0.states: is no state of BR (got 'XX'); write one of AC",
        ),
        (
            {"tax": {"kind": "inside", "rates": {"SC-XX": "12"}}},
            "settings.tariff.tax.rates.SC-XX: is no state of BR (got 'XX'); write one of AC",
        ),
        (
            {"components": [{"name": "toll", "amount": "1"}], "places": 3},
            "settings.tariff.places: is finer than a cost can be (got '3'); write at most 2",
        ),
        (
            {"step": "0.005"},
            "settings.tariff.step: is finer than a cost can be (got '0.005'); write a multiple of 0.01",
        ),
    ],
)
def test_what_is_not_of_the_country_or_its_money_is_told_by_its_key(
    quote: Quote, tariff: dict[str, Any], problem: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        quote(tariff=tariff)

    (only,) = map(str, raised.value.problems)
    assert only.startswith(problem)


def test_every_key_of_a_tariff_is_described() -> None:
    for model in (TariffSettings, ComponentSettings, TierSettings, TaxSettings):
        assert not [name for name, field in model.model_fields.items() if not field.description]
