"""Fees by place in a table carrier: components with files of their own, from a store's folder to a rate."""

from collections.abc import Callable, Mapping
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
    Outcome,
    Parcel,
    Place,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
)
from portes.errors import SettingsError
from portes.toolbox import StoreFacts, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
TABLE = HEADER + "00000000,99999999,0,2000000,100.00,3\n"
BLUMENAU, SAO_PAULO, CAPITAL_ZONE = "89010000", "04616003", "01526010"
ACCESS = "postal_from,postal_to,price\n89000000,89099999,32.06\n"
TRAFFIC = "postal_from,postal_to,weight_from_g,weight_to_g,price\n" + "".join(
    f"04616003,04616003,{low},{high},{price}\n"
    for low, high, price in ((0, 100_000, "66.10"), (100_000, 200_000, "85.19"), (300_000, 500_000, "154.22"))
)

Make = Callable[..., TableCarrier]
Quote = Callable[..., Outcome]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A carrier whose components are these, with these files in its store's folder."""

    def made(*components: Mapping[str, Any], files: Mapping[str, str] = {}, **settings: Any) -> TableCarrier:
        for name, text in {"table.csv": TABLE, "access.csv": ACCESS, "traffic.csv": TRAFFIC, **files}.items():
            (tmp_path / name).write_text(text)
        facts = StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SC", tmp_path)
        services = [TableService(code="road", delivery=DeliveryType.NORMAL)]
        given = {"file": "table.csv", "tariff": {"components": components}, **settings}
        return TableCarrier(TableSettings.model_validate(given), services, tools_for(facts, "southern"))

    return made


def said(carrier: TableCarrier, to: str, kilograms: int = 10, value: int | None = 500_00, count: int = 1) -> Outcome:
    """What a carrier says of so many boxes."""
    worth = None if value is None else Money(minor=value, currency="BRL")
    size = Dimensions(length=300, width=200, height=100)
    box = Parcel(weight=kilograms * 1000, size=size, value=worth, count=count)
    origin = Origin(id=1, place=Place(country="BR", postal_code="89201000"), calendar="BR-SC")
    place = Place(country="BR", postal_code=to)
    asked = Shipment(id="1", parcels=(box,), origin=origin, place=place, dispatch_date=date(2026, 3, 2))
    (answer,) = carrier.quote([asked], Deadline(1))
    (only,) = answer.outcomes
    return only


def parts(outcome: Outcome) -> dict[str, str]:
    """The named parts of a rate, in reais."""
    assert isinstance(outcome, Rate), outcome
    return {part.name: str(part.amount.amount) for part in outcome.surcharges}


@pytest.fixture
def quote(make: Make) -> Quote:
    """What a carrier with these components says of boxes to a place."""

    def outcome(*components: Mapping[str, Any], to: str = BLUMENAU, **more: Any) -> Outcome:
        asked = {key: more.pop(key) for key in ("kilograms", "value", "count") if key in more}
        return said(make(*components, **more), to, **asked)

    return outcome


ACCESS_FEE = {"name": "hard_access", "file": "access.csv"}
TRAFFIC_FEE = {"name": "restricted_traffic", "file": "traffic.csv", "hole": "fail"}


def test_a_fee_by_place_is_charged_there_and_nowhere_else(quote: Quote) -> None:
    assert parts(quote(ACCESS_FEE)) == {"base": "100.00", "hard_access": "32.06"}
    assert parts(quote(ACCESS_FEE, to=SAO_PAULO)) == {"base": "100.00"}


@pytest.mark.parametrize(("kilograms", "fee"), [(100, "66.10"), (101, "85.19"), (400, "154.22")])
def test_the_tier_is_that_of_the_taxable_weight(quote: Quote, kilograms: int, fee: str) -> None:
    told = parts(quote(ACCESS_FEE, TRAFFIC_FEE, to=SAO_PAULO, kilograms=kilograms))

    assert told == {"base": "100.00", "restricted_traffic": fee}


@pytest.mark.parametrize(
    ("kilograms", "why"), [(250, "between two brackets"), (501, "above the highest bracket")], ids=["hole", "above"]
)
def test_a_place_that_the_fee_table_names_without_a_price_is_a_failure_that_names_it(
    quote: Quote, kilograms: int, why: str
) -> None:
    """Nobody said no, and nobody said that there is no fee."""
    failed = quote(TRAFFIC_FEE, to=SAO_PAULO, kilograms=kilograms)

    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.INCOMPLETE
    assert failed.hint.startswith(f"restricted_traffic (traffic.csv): {why}")


def test_a_fee_on_request_is_a_failure_that_names_the_table(quote: Quote) -> None:
    failed = quote(ACCESS_FEE, files={"access.csv": ACCESS.replace("32.06", "sob consulta")})

    assert isinstance(failed, Failure)
    assert failed.hint.startswith("hard_access (access.csv): the carrier quotes such shipments by hand")


def test_a_zero_fee_may_mean_that_nothing_is_charged_or_that_the_carrier_does_not_go_there(quote: Quote) -> None:
    free = {"access.csv": ACCESS.replace("32.06", "0")}

    assert parts(quote({**ACCESS_FEE, "zero_price": "free"}, files=free)) == {"base": "100.00"}
    refused = quote({**ACCESS_FEE, "zero_price": "refuse"}, files=free)
    assert isinstance(refused, Refusal)
    assert (refused.kind, refused.text.partition(":")[0]) == (
        RefusalKind.SERVICE_UNAVAILABLE,
        "hard_access (access.csv)",
    )


def test_a_fee_table_by_value_needs_a_value_where_it_names_the_place_alone(quote: Quote) -> None:
    files = {"risk.csv": "postal_from,postal_to,value_from,value_to,price\n01526000,01526060,0,1000,64.70\n"}
    risk = {"name": "risk", "file": "risk.csv"}

    failed = quote(risk, files=files, to=CAPITAL_ZONE, value=None)

    assert parts(quote(risk, files=files, to=CAPITAL_ZONE))["risk"] == "64.70"
    assert parts(quote(risk, files=files, value=None)) == {"base": "100.00"}
    assert isinstance(failed, Failure)
    assert failed.hint.startswith("risk (risk.csv): its brackets are of the declared value")


def test_a_shipment_larger_than_the_row_of_a_fee_table_has_no_price(quote: Quote) -> None:
    files = {"access.csv": "postal_from,postal_to,price,max_volume_cm3\n89000000,89099999,32.06,5999\n"}

    failed = quote(ACCESS_FEE, files=files)

    assert isinstance(failed, Failure)
    assert failed.hint == "hard_access (access.csv): larger than the largest volume of its row"


def test_each_parcel_pays_the_fee_where_each_is_priced(quote: Quote) -> None:
    assert parts(quote(ACCESS_FEE, count=3, price_each="parcel")) == {"base": "300.00", "hard_access": "96.18"}
    assert parts(quote(ACCESS_FEE, count=3)) == {"base": "100.00", "hard_access": "32.06"}


def test_a_fee_table_has_overlaps_of_its_own(quote: Quote) -> None:
    """In all the narrow row is the dearer one: 9.99 and 10 % of 500.00."""
    header = "postal_from,postal_to,price,percent_of_value\n"
    files = {"access.csv": header + "89000000,89099999,32.06,\n89010000,89010999,9.99,10\n"}
    wide = {"access.csv": header + "89000000,89099999,70.00,\n89010000,89010999,9.99,10\n"}

    assert parts(quote({**ACCESS_FEE, "overlap": "dearest"}, files=files))["hard_access"] == "59.99"
    assert parts(quote({**ACCESS_FEE, "overlap": "dearest"}, files=wide))["hard_access"] == "70.00"
    assert parts(quote({**ACCESS_FEE, "overlap": "narrowest"}, files=wide))["hard_access"] == "59.99"


def test_fees_are_found_by_town_and_by_the_carriers_own_list_of_places(quote: Quote) -> None:
    files = {
        "towns.csv": "state,town,price\nSC,Blumenau,21.58\n",
        "zones.csv": "zone,price\nTX-505,20.16\n",
        "places.csv": "zone,postal_from,postal_to\nTX-505,94900001,94999999\n",
    }
    zones = {"name": "metropolitan", "file": "zones.csv", "beside": {"places": "places.csv"}}
    towns = {"name": "hard_access", "file": "towns.csv"}

    assert parts(quote(towns, zones, files=files)) == {"base": "100.00", "hard_access": "21.58"}
    assert parts(quote(towns, zones, files=files, to="94910000")) == {"base": "100.00", "metropolitan": "20.16"}


def test_a_fee_table_may_be_for_some_origins_and_some_services(quote: Quote) -> None:
    header = "service,postal_from,postal_to,origin_from,origin_to,price\n"
    files = {"access.csv": header + "road,89000000,89099999,89200000,89299999,32.06\n"}
    away = {"access.csv": header + "road,89000000,89099999,01000000,01999999,32.06\n"}

    assert parts(quote(ACCESS_FEE, files=files))["hard_access"] == "32.06"
    assert parts(quote(ACCESS_FEE, files=away)) == {"base": "100.00"}


def test_a_fee_table_for_other_services_alone_is_told(make: Make) -> None:
    files = {"access.csv": "service,postal_from,postal_to,price\nair,89000000,89099999,32.06\n"}

    with pytest.raises(SettingsError) as raised:
        make(ACCESS_FEE, files=files)

    assert str(raised.value.problems[0]).startswith("settings.tariff.components.0.file: has fees for other services")


def test_the_problems_of_all_fee_tables_are_told_at_once_with_file_and_key(make: Make) -> None:
    files = {"access.csv": ACCESS.replace("32.06", "dear")}
    gone = {"name": "risk", "file": "gone.csv"}
    strange = {"name": "exceptional", "file": "traffic.csv", "format": "nobodys"}

    with pytest.raises(SettingsError) as raised:
        make(ACCESS_FEE, gone, strange, {**TRAFFIC_FEE, "beside": {"places": "nowhere.csv"}}, files=files)

    told = [str(problem) for problem in raised.value.problems]
    assert sum("access.csv" in each and "dear" in each for each in told) == 1
    keys = ["components.1.file", "components.2.format", "components.3.beside.places"]
    assert [next((key for key in keys if f"settings.tariff.{key}" in each), "") for each in told] == ["", *keys]


def test_a_problem_of_a_list_of_places_names_its_file(make: Make, tmp_path: Path) -> None:
    files = {"zones.csv": "zone,price\nTX-505,20.16\n", "places.csv": "zone,town\nTX-505,Nowhere\n"}

    with pytest.raises(SettingsError) as raised:
        make({"name": "risk", "file": "zones.csv", "beside": {"places": "places.csv"}}, files=files)

    assert {problem.file for problem in raised.value.problems} >= {str(tmp_path / "places.csv")}


@pytest.mark.parametrize(
    ("component", "cause"),
    [
        ({**ACCESS_FEE, "amount": 3, "per": "kg"}, "stands in the rows of its file; leave amount, per out"),
        ({"name": "hard_access", "overlap": "dearest", "add": True}, "add, overlap say how a file is read"),
        ({"name": "base", "file": "access.csv"}, "what base comes to stands in the table"),
    ],
    ids=["amounts_beside_a_file", "a_file_that_is_not_named", "the_base"],
)
def test_what_contradicts_a_fee_table_is_told(component: Mapping[str, Any], cause: str) -> None:
    with pytest.raises(ValidationError, match=cause):
        TableSettings.model_validate({"file": "table.csv", "tariff": {"components": [component]}})


def test_the_version_changes_with_the_file_of_a_fee_table(make: Make) -> None:
    before = make(ACCESS_FEE).abilities.version

    assert make(ACCESS_FEE).abilities.version == before
    assert make(ACCESS_FEE, files={"access.csv": ACCESS.replace("32.06", "32.07")}).abilities.version != before


def test_what_was_left_out_of_a_fee_table_is_told_with_its_component(
    make: Make, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    make(ACCESS_FEE, files={"access.csv": "postal_from,postal_to,price,Bairro\n89000000,89099999,32.06,Centro\n"})

    assert "hard_access (access.csv): " in capsys.readouterr().out + caplog.text


def test_a_rate_table_still_says_its_weights_and_its_days(make: Make) -> None:
    with pytest.raises(SettingsError):
        make(files={"table.csv": ACCESS})
