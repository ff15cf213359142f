"""The table carrier through its seam: shipments in, answers out."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from table_quotes import HEADER, MONDAY, SMALL, Make, answered, brl, economy, outcome, parcel, parts, rate, shipment

from portes.carrier import Carrier
from portes.contract import (
    CubicRule,
    Failure,
    FailureKind,
    Money,
    ParcelLimits,
    Rate,
    Service,
    Source,
)
from portes.errors import SettingsError
from portes.toolbox import StoreFacts, Tools, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings
from portes_table.tariff import TariffSettings


def test_a_rate_has_cost_parts_days_and_source(make: Make) -> None:
    found = rate(make())

    assert (found.cost, parts(found), found.source) == (brl(1290), {"base": 1290}, Source.TABLE)
    assert (found.transit.min, found.transit.max, found.transit.calendar) == (2, 3, "BR-SP")


def test_the_weights_of_all_parcels_are_priced_once(make: Make) -> None:
    found = rate(make(), parcel(500, count=3), parcel(1000))

    assert (found.cost, found.transit.max) == (brl(1990), 4)


def test_or_each_parcel_is_priced_by_setting(make: Make) -> None:
    carrier = make(price_each="parcel")

    found = rate(carrier, parcel(500, count=3), parcel(2000))

    assert (found.cost, found.transit.min, found.transit.max) == (brl(3 * 1290 + 1990), 3, 4)
    assert carrier.abilities.measure == "parcels"


def test_equal_parcels_are_each_priced(make: Make) -> None:
    assert rate(make(price_each="parcel"), parcel(500, count=2)).cost == brl(2 * 1290)


def test_a_percentage_of_each_parcel_has_its_minimum_for_each(make: Make) -> None:
    table = SMALL.replace(",12.90,,,,", ",12.90,,1,2.00,")

    found = rate(make(table, price_each="parcel"), parcel(value=brl(100_00), count=2), parcel(value=brl(900_00)))

    assert parts(found) == {"base": 3 * 1290, "ad_valorem": 2 * 200 + 900}


def test_every_part_of_a_price_is_named_and_they_add_up(make: Make) -> None:
    table = HEADER + "economy,01000000,05999999,0,1000,12.90,2.10,0.30,,,,2,3\n"

    found = rate(make(table, extra_percent=10), parcel(3500, value=brl(200_00)))

    assert parts(found) == {"base": 1290, "excess_weight": 525, "ad_valorem": 60, "extra": 188}
    assert found.cost == brl(1290 + 525 + 60 + 188)


def test_a_minimum_tops_the_price_up_before_the_extra_percentage(make: Make) -> None:
    found = rate(make(SMALL.replace(",12.90,,,,,", ",12.90,,,,20.00,"), extra_percent=10))

    assert parts(found) == {"base": 1290, "minimum": 710, "extra": 200}


@pytest.mark.parametrize(("rounding", "cents"), [("half_up", 39), ("down", 38), ("up", 39)])
def test_parts_are_rounded_as_told(make: Make, rounding: str, cents: int) -> None:
    table = SMALL.replace(",12.90,,,", ",12.90,,0.385,")

    assert parts(rate(make(table, rounding=rounding), parcel(value=brl(100_00))))["ad_valorem"] == cents


@pytest.mark.parametrize("value", [None, Money(minor=100, currency="EUR")])
def test_a_percentage_of_an_unknown_value_is_incomplete_and_never_nothing(make: Make, value: Money | None) -> None:
    found = outcome(make(SMALL.replace(",12.90,,,", ",12.90,,0.30,")), parcel(value=value))

    assert isinstance(found, Failure)
    assert (found.kind, "declared value" in found.hint) == (FailureKind.INCOMPLETE, True)


def test_a_row_without_a_percentage_needs_no_value(make: Make) -> None:
    assert isinstance(outcome(make(), parcel(value=None)), Rate)


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 4, 1)])
def test_outside_its_validity_a_table_is_incomplete(make: Make, day: date) -> None:
    carrier = make(valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))

    found = outcome(carrier, on=day)

    assert isinstance(found, Failure)
    assert (found.kind, str(day) in found.hint) == (FailureKind.INCOMPLETE, True)
    assert carrier.abilities.dated


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 31)])
def test_on_the_first_and_last_day_it_is_valid(make: Make, day: date) -> None:
    assert isinstance(outcome(make(valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31)), on=day), Rate)


def test_a_table_may_be_valid_for_a_day(make: Make) -> None:
    assert isinstance(outcome(make(valid_from=MONDAY, valid_to=MONDAY)), Rate)


def test_volume_counts_for_nothing_without_a_factor(make: Make) -> None:
    assert rate(make(), parcel(900, (2000, 2000, 2000))).cost == brl(1290)


def test_a_light_and_bulky_parcel_is_charged_by_its_volume(make: Make) -> None:
    """0.005 m³ at 300 kg/m³ are 1.5 kg."""
    bulky = parcel(900, (250, 200, 100))

    assert rate(make(), bulky).cost == brl(1290)
    assert rate(make(cubic_factor=300), bulky).cost == brl(1990)


def test_a_factor_may_have_decimals(make: Make) -> None:
    """0.006 m³ at 166.67 kg/m³ are 1000.02 g, more than the bracket holds."""
    carrier = make(cubic_factor=Decimal("166.67"))

    assert rate(carrier, parcel(900, (300, 200, 100))).cost == brl(1990)
    assert rate(carrier, parcel(900, (299, 200, 100))).cost == brl(1290)


def test_a_divisor_gives_the_documented_cubic_weight(make: Make) -> None:
    """VTEX's documents: 50 x 60 x 15 cm over 6000 are 7.5 kg, under the actual 9 kg."""
    table = (
        HEADER + "economy,01000000,05999999,0,7500,10,,,,,,2,3\n" + "economy,01000000,05999999,7500,9000,20,,,,,,2,3\n"
    )
    carrier = make(table, cubic_divisor=6000)

    assert rate(carrier, parcel(100, (500, 600, 150))).cost == brl(1000)
    assert rate(carrier, parcel(9000, (500, 600, 150))).cost == brl(2000)


def test_a_real_transport_document_comes_out_to_the_cent(make: Make) -> None:
    """A Brazilian CT-e of 2025: 165 kg in 1.787544 m³ at 200 kg/m³ are 357.5088 kg; every part cut to cents."""
    table = HEADER + "economy,01000000,05999999,60000,100000,86.60,0.865,0.316,,,,2,3\n"
    crate = parcel(165_000, (1_000, 1_000, 1_000), volume=1_787_544_000, value=brl(8990_00))

    found = rate(make(table, cubic_factor=200, rounding="down"), crate)

    assert parts(found) == {"base": 86_60, "excess_weight": 222_74, "ad_valorem": 28_40}


def test_up_to_the_exempt_actual_weight_the_cubic_one_is_ignored(make: Make) -> None:
    bulky = parcel(900, (250, 200, 100))

    assert rate(make(cubic_factor=300, cubic_exempt=900), bulky).cost == brl(1290)
    assert rate(make(cubic_factor=300, cubic_exempt=899), bulky).cost == brl(1990)


def test_a_table_may_promise_the_same_day(make: Make) -> None:
    transit = rate(make(SMALL.replace(",2,3\n", ",0,0\n"))).transit

    assert (transit.min, transit.max) == (0, 0)


def test_days_are_of_the_named_calendar(make: Make) -> None:
    assert rate(make(calendar="BR-RJ")).transit.calendar == "BR-RJ"


def test_every_active_service_is_answered_and_no_other(make: Make) -> None:
    services = (
        economy(),
        economy(code="03298", table_service="express"),
        economy(code="old", table_service="economy", active=False),
    )
    carrier = make(SMALL + "express,01000000,05999999,0,600,29.90,,,,,,1,1\n", *services)

    answer = answered(carrier, shipment(parcel(601)))

    assert answer.shipment_id == "s-1"
    assert [found.service for found in answer.rates] == ["economy"]
    assert [found.service for found in answer.refusals] == ["03298"]
    assert carrier.abilities.services == services


def test_a_service_that_the_table_does_not_know_is_a_setting_to_mend(make: Make) -> None:
    with pytest.raises(SettingsError, match="economy") as raised:
        make(SMALL, economy(code="03298"), economy(code="x", active=False))

    (problem,) = raised.value.problems
    assert (problem.where, problem.value) == ("services.0.table_service", "03298")


def test_a_table_without_service_names_serves_any_code(make: Make) -> None:
    table = "\n".join(line.partition(",")[2] for line in SMALL.splitlines())

    assert rate(make(table, economy(code="03298"))).cost == brl(1290)


def test_each_service_may_have_a_file_of_its_own(tools: Tools) -> None:
    for name, price in (("slow.csv", "9.90"), ("quick.csv", "29.90")):
        (tools.store.folder / name).write_text(SMALL.replace("12.90", price))
    services = (
        economy(code="slow", file="slow.csv", table_service="economy"),
        economy(code="quick", file="quick.csv", table_service="economy"),
    )

    answer = answered(TableCarrier(TableSettings(), services, tools), shipment())

    assert [found.cost for found in answer.rates] == [brl(990), brl(2990)]


def test_the_problems_of_all_files_are_told_at_once(tools: Tools) -> None:
    (tools.store.folder / "broken.csv").write_text(SMALL.replace("12.90", "free").replace("19.90", "dear"))
    services = (economy(file="broken.csv"), economy(code="b", file="missing.csv"), economy(code="c"))

    with pytest.raises(SettingsError) as raised:
        TableCarrier(TableSettings(), services, tools)

    assert [problem.where for problem in raised.value.problems] == [
        "settings.file",
        "price",
        "price",
        "services.1.file",
    ]


def test_a_changed_table_changes_the_version(make: Make) -> None:
    assert make().abilities.version != make(SMALL.replace("12.90", "13.90")).abilities.version


def test_it_is_an_instant_carrier_of_its_country(make: Make) -> None:
    carrier = make()

    assert isinstance(carrier, Carrier)
    assert (carrier.abilities.instant, carrier.abilities.countries) == (True, frozenset({"BR"}))
    assert (carrier.abilities.price_source, carrier.abilities.time_source) == ("table", "table")


def test_compiled_tables_stand_in_the_state_folder(tmp_path: Path) -> None:
    facts = StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", tmp_path, tmp_path / "state")
    (tmp_path / "table.csv").write_text(SMALL)

    TableCarrier(TableSettings(file="table.csv"), (economy(),), tools_for(facts, "tables"))

    assert len(list((tmp_path / "state" / "tables").glob("*.rates"))) == 1


def test_vtex_templates_are_quoted_like_our_own(tools: Tools) -> None:
    (tools.store.folder / "vtex.csv").write_text(
        "ZipCodeStart;ZipCodeEnd;WeightStart;WeightEnd;AbsoluteMoneyCost;PricePercent;TimeCost;MinimumValueInsurance\n"
        "1000001;5999999;1;1000;10,00;10;4;15,00\n"
    )
    carrier = TableCarrier(TableSettings(file="vtex.csv", format="vtex"), (economy(),), tools)

    assert rate(carrier, parcel(value=brl(100_00))).cost == brl(25_00)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"cubic_factor": 300, "cubic_divisor": 6000}, "not both"),
        ({"cubic_factor": Decimal("166.6666667")}, "more than six decimals"),
        ({"valid_from": MONDAY, "valid_to": date(2026, 3, 1)}, "valid_from is after valid_to"),
        ({"encoding": "utf-9"}, "is no encoding"),
        ({"fil": "x"}, "not permitted"),
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        TableSettings(**wrong)


def test_every_setting_is_described() -> None:
    for model in (TableSettings, TableService):
        own = set(model.model_fields) - set(Service.model_fields)
        assert not [name for name in own if not model.model_fields[name].description]


def test_it_says_how_it_bills_sizes_and_where_its_prices_end(make: Make) -> None:
    plain, cubic = make().abilities, make(cubic_factor=Decimal("166.67"), price_each="parcel").abilities
    stepped = make(weight_step=300, cubic_divisor=6000, cubic_exempt=2000).abilities

    assert (plain.cubic, plain.measure, plain.splits_at["economy"]) == (None, "totals", ParcelLimits(weight=5000))
    assert cubic.measure == "parcels"
    assert cubic.cubic is not None
    assert cubic.cubic.billed(1, 1_000_000_000) == 166_670
    assert cubic.splits_at["economy"] == ParcelLimits(weight=5000, volume=29_999_400)
    assert stepped.cubic == CubicRule(6000, exempt_weight=2000)
    assert stepped.splits_at["economy"] == ParcelLimits(weight=4800)


def test_parcels_of_sums_are_charged_by_the_volumes_that_are_handed_over(make: Make) -> None:
    component = {"name": "label", "amount": Decimal(2), "per": "parcel"}
    carrier = make(tariff=TariffSettings.model_validate({"components": [component]}))
    packed = parcel(500, units=9).model_copy(update={"volumes": 3})

    assert {part.name: part.amount for part in rate(carrier, packed).surcharges}["label"] == brl(600)
