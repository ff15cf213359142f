"""The table carrier through its seam: shipments in, answers out."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from portes.carrier import Carrier, Deadline
from portes.contract import (
    Answer,
    CubicRule,
    DeliveryType,
    Dimensions,
    Failure,
    FailureKind,
    Money,
    Origin,
    Parcel,
    ParcelLimits,
    Place,
    Rate,
    Refusal,
    RefusalKind,
    Service,
    Shipment,
    Source,
)
from portes.errors import SettingsError
from portes.toolbox import StoreFacts, Tools, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings
from portes_table.tariff import TariffSettings

MONDAY = date(2026, 3, 2)
HEADER = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,"
    "percent_minimum,minimum,max_volume_cm3,days_min,days_max\n"
)
SMALL = (
    HEADER
    + "economy,01000000,05999999,0,1000,12.90,,,,,,2,3\n"
    + "economy,01000000,05999999,1000,5000,19.90,,,,,,3,4\n"
)

Make = Callable[..., TableCarrier]


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return tools_for(StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", tmp_path), "tables")


@pytest.fixture
def make(tools: Tools) -> Make:
    """A carrier of one service whose table stands in the store's folder."""

    def made(table: str = SMALL, *services: TableService, **settings: Any) -> TableCarrier:
        (tools.store.folder / "table.csv").write_text(table)
        return TableCarrier(TableSettings(file="table.csv", **settings), services or (economy(),), tools)

    return made


def economy(**more: Any) -> TableService:
    return TableService(code=more.pop("code", "economy"), delivery=DeliveryType.NORMAL, **more)


def parcel(weight: int = 500, size: tuple[int, int, int] = (200, 150, 100), **more: Any) -> Parcel:
    length, width, height = size
    return Parcel(weight=weight, size=Dimensions(length=length, width=width, height=height), **more)


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def shipment(
    *parcels: Parcel, to: str = "01512651", country: str = "BR", on: date = MONDAY, origin: int = 1
) -> Shipment:
    here = Origin(id=origin, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    place = Place(country=country, postal_code=to)
    return Shipment(id="s-1", parcels=parcels or (parcel(),), origin=here, place=place, dispatch_date=on)


def answered(carrier: TableCarrier, asked: Shipment) -> Answer:
    (answer,) = carrier.quote([asked], Deadline(1))
    return answer


def outcome(carrier: TableCarrier, *parcels: Parcel, **more: Any) -> Rate | Refusal | Failure:
    """What is said of the only service."""
    answer = answered(carrier, shipment(*parcels, **more))
    outcomes: list[Rate | Refusal | Failure] = [*answer.rates, *answer.refusals, *answer.failures]
    (only,) = outcomes
    return only


def rate(carrier: TableCarrier, *parcels: Parcel, **more: Any) -> Rate:
    found = outcome(carrier, *parcels, **more)
    assert isinstance(found, Rate)
    return found


def parts(found: Rate) -> dict[str, int]:
    return {part.name: part.amount.minor for part in found.surcharges}


def refused(carrier: TableCarrier, *parcels: Parcel, **more: Any) -> RefusalKind:
    found = outcome(carrier, *parcels, **more)
    assert isinstance(found, Refusal)
    assert found.text
    return found.kind


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


def test_one_parcel_that_is_refused_refuses_the_shipment(make: Make) -> None:
    assert refused(make(price_each="parcel"), parcel(500), parcel(5001)) is RefusalKind.TOO_HEAVY


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
