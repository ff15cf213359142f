"""A carrier whose table is kept in the state folder: priced by the version in force on the dispatch day."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
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
    Note,
    Origin,
    Outcome,
    Parcel,
    Place,
    Rate,
    Shipment,
)
from portes.errors import SettingsError
from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions
from portes.toolbox import StoreFacts, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DECEMBER, JANUARY, LATER = date(2026, 12, 15), date(2027, 1, 15), date(2028, 6, 1)
NEXT_YEAR = {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 12, 31)}
HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"

Keep = Callable[..., int]
Make = Callable[..., TableCarrier]


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[TableVersions]:
    kept = TableVersions(tmp_path / "state")
    yield kept
    kept.close()


@pytest.fixture
def keep(versions: TableVersions) -> Keep:
    """Keep a table of one price, and put it in force."""

    def kept(price: str, name: str = "contract", *, active: bool = True, service: str = "economy", **more: Any) -> int:
        source = f"{HEADER}{service},01000000,05999999,0,30000,{price},3\n".encode()
        options = more.pop("options", ReadOptions(country="BR", currency="BRL"))
        version = versions.keep(NewVersion(name, source, "plain", options, "ana", NOON, **more))
        if active:
            versions.activate(name, version.number, "ana", NOON)
        return version.number

    return kept


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A carrier of a store whose state folder has the tables."""

    def made(*services: TableService, state: bool = True, writes: bool = True, **settings: Any) -> TableCarrier:
        folder = tmp_path / "state" if state else None
        zone = ZoneInfo("America/Sao_Paulo")
        facts = StoreFacts("shop", "BR", "BRL", zone, "BR-SP", tmp_path, folder if writes else None, stored=folder)
        own = TableSettings.model_validate({"stored": "contract"} | settings)
        return TableCarrier(own, services or (service(),), tools_for(facts, "tables"))

    return made


def service(code: str = "economy", **more: Any) -> TableService:
    return TableService(code=code, delivery=DeliveryType.NORMAL, **more)


def outcome(carrier: TableCarrier, on: date = DECEMBER) -> Outcome:
    (only,) = outcomes(carrier, on)
    return only


def outcomes(carrier: TableCarrier, on: date) -> Sequence[Outcome]:
    parcel = Parcel(weight=500, size=Dimensions(length=200, width=150, height=100))
    origin = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    there = Place(country="BR", postal_code="01512651")
    asked = Shipment(id="s-1", parcels=(parcel,), origin=origin, place=there, dispatch_date=on)
    (answer,) = carrier.quote([asked], Deadline(1))
    return answer.outcomes


def price(carrier: TableCarrier, on: date = DECEMBER) -> int:
    found = outcome(carrier, on)
    assert isinstance(found, Rate), found
    return found.cost.minor


def test_the_version_in_force_prices_and_the_rate_says_which_it_is(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("99.00", active=False)

    found = outcome(make())

    assert isinstance(found, Rate)
    assert (found.cost.minor, found.notes) == (1290, (Note(kind="table_version", text="contract@1"),))


def test_next_years_version_can_be_activated_in_december(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("14.90", **NEXT_YEAR)
    carrier = make()

    assert [price(carrier, day) for day in (DECEMBER, JANUARY, LATER)] == [1290, 1490, 1290]
    assert carrier.abilities.dated


def test_a_versions_first_and_last_day_are_its_own(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("14.90", **NEXT_YEAR)
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))

    assert [price(make(), day) for day in days] == [1290, 1490, 1490, 1290]


def test_the_days_around_a_version_that_is_alone_are_no_rates(keep: Keep, make: Make) -> None:
    keep("14.90", **NEXT_YEAR)
    carrier = make()
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))

    assert [type(outcome(carrier, day)) for day in days] == [Failure, Rate, Rate, Failure]
    assert "is valid on 2028-01-01; activate one" in outcome(carrier, days[-1]).hint  # type: ignore[union-attr]


def test_a_last_day_may_be_the_last_of_all_days(keep: Keep, make: Make) -> None:
    keep("12.90", valid_from=date(2027, 1, 1), valid_to=date.max)
    carrier = make()

    assert [price(carrier, day) for day in (JANUARY, date.max)] == [1290, 1290]
    assert isinstance(outcome(carrier, DECEMBER), Failure)


@pytest.mark.parametrize("days", [{"valid_from": date(2027, 1, 1)}, {"valid_to": date(2026, 12, 31)}])
def test_behind_a_version_with_one_end_the_version_before_it_prices_the_other_days(
    keep: Keep, make: Make, days: dict[str, date]
) -> None:
    keep("12.90")
    keep("14.90", **days)
    carrier = make()

    assert sorted(price(carrier, day) for day in (DECEMBER, JANUARY)) == [1290, 1490]
    assert carrier.abilities.dated


def test_a_store_that_may_not_write_prices_and_leaves_no_compiled_table(
    versions: TableVersions, keep: Keep, make: Make
) -> None:
    keep("12.90")
    (compiled,) = (versions.state / "tables").glob("*.rates")
    compiled.unlink()

    assert price(make(writes=False)) == 1290
    assert not compiled.exists()
    assert price(make()) == 1290
    assert compiled.exists()


def test_days_that_no_version_is_valid_on_fail_as_incomplete_and_say_so(keep: Keep, make: Make) -> None:
    keep("14.90", **NEXT_YEAR)
    found = outcome(make())

    assert isinstance(found, Failure)
    assert found.kind is FailureKind.INCOMPLETE
    assert found.hint == (
        "no version of the table contract that is in force is valid on 2026-12-15; activate one that is: portes tables"
        " activate contract@NUMBER"
    )


def test_a_carrier_whose_version_has_no_days_does_not_depend_on_the_day(keep: Keep, make: Make) -> None:
    keep("12.90")

    assert not make().abilities.dated


def test_an_activation_changes_the_tariff_by_which_receipts_know_the_carrier(keep: Keep, make: Make) -> None:
    keep("12.90")
    before = make().abilities.version
    keep("14.90")
    after = make().abilities.version

    assert before.startswith("contract@1=")
    assert after.startswith("contract@2=")


def test_a_carrier_that_is_made_keeps_the_version_that_it_was_made_with(keep: Keep, make: Make) -> None:
    keep("12.90")
    carrier = make()
    keep("14.90")

    assert (price(carrier), price(make())) == (1290, 1490)


def test_a_service_may_have_a_stored_table_of_its_own(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("45.00", "express", service="express")
    carrier = make(service("express", stored="express"))

    assert price(carrier) == 4500


def test_a_fee_table_may_be_stored(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("5.00", "access", service="", options=ReadOptions(country="BR", currency="BRL", of_fees=True))
    carrier = make(tariff={"components": [{"name": "hard_access", "stored": "access"}]})

    assert price(carrier) == 1790


def test_without_a_valid_version_of_its_fee_table_nothing_is_priced(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("5.00", "access", service="", options=ReadOptions(country="BR", currency="BRL", of_fees=True), **NEXT_YEAR)
    carrier = make(tariff={"components": [{"name": "hard_access", "stored": "access"}]})

    found = outcome(carrier)
    assert isinstance(found, Failure)
    assert "no version of the table access that is in force is valid on 2026-12-15" in found.hint
    assert price(carrier, JANUARY) == 1790


def test_each_service_without_a_price_is_told_with_the_table_that_lacks_a_version(keep: Keep, make: Make) -> None:
    keep("12.90")
    keep("45.00", "express", service="express", **NEXT_YEAR)
    keep("5.00", "access", service="", options=ReadOptions(country="BR", currency="BRL", of_fees=True), **NEXT_YEAR)
    fees = {"components": [{"name": "hard_access", "stored": "access"}]}
    carrier = make(service(), service("express", stored="express"), tariff=fees)

    told = {
        one.service: one.hint.split(" that is")[0] for one in outcomes(carrier, DECEMBER) if isinstance(one, Failure)
    }

    assert told == {
        "economy": "no version of the table access",
        "express": "no version of the table express",
    }


@pytest.mark.parametrize(
    "key", [{"format": "vtex"}, {"decimal": ","}, {"valid_from": "2026-01-01"}, {"defaults": {"days_max": "5"}}]
)
def test_how_a_file_is_read_is_refused_beside_a_stored_table_with_the_fix(key: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"leave .* out, and say it when you import: portes tables import FILE"):
        TableSettings.model_validate({"stored": "contract", **key})


def test_a_file_and_a_stored_table_are_not_both_taken() -> None:
    with pytest.raises(ValidationError, match="file and stored both name the table"):
        TableSettings(file="table.csv", stored="contract")
    with pytest.raises(ValidationError, match="file and stored both name the table"):
        service(file="table.csv", stored="contract")


def problems(make: Make, *services: TableService, **settings: Any) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        make(*services, **settings)
    return [*map(str, raised.value.problems)]


def test_a_name_that_is_not_there_is_told_with_those_that_there_are(keep: Keep, make: Make) -> None:
    told, fix = "settings.stored: is no table of the state folder (got 'contract'); ", "portes tables import FILE --as"

    assert problems(make) == [f"{told}import it: {fix} contract"]
    keep("1", "southern", active=False)
    assert problems(make) == [f"{told}write one of southern, or import it: {fix} contract"]


def test_a_table_without_a_version_in_force_is_told_with_the_command_that_puts_one(keep: Keep, make: Make) -> None:
    keep("1", active=False)

    assert problems(make) == [
        "settings.stored: has no version in force (got 'contract'); activate one: portes tables activate contract@1"
    ]


def test_a_store_without_a_state_folder_is_told_so(make: Make) -> None:
    (told,) = problems(make, state=False)

    assert told.startswith("settings.stored: is a stored table, and the store has no state folder (got 'contract')")
    assert told.endswith('add state = "state" to [service]: tables are kept there')


def test_a_version_of_another_currency_is_no_table_of_the_store(keep: Keep, make: Make) -> None:
    keep("1", options=ReadOptions(country="BR", currency="USD"))

    assert problems(make) == [
        (
            "settings.stored: is the currency of contract@1, and the store's is BRL (got 'USD'); name another table, or"
            " import it again"
        )
    ]


def test_a_version_of_another_country_is_no_table_of_the_store(versions: TableVersions, make: Make) -> None:
    source = f"{HEADER}economy,28001,28999,0,30000,9.90,3\n".encode()
    options = ReadOptions(country="ES", currency="BRL")
    versions.keep(NewVersion("contract", source, "plain", options, "ana", NOON))
    versions.activate("contract", 1, "ana", NOON)

    (told,) = problems(make)
    assert told.startswith("settings.stored: is the country of contract@1, and the carrier's is BR (got 'ES')")


def test_what_a_version_says_of_itself_is_held_against_the_settings(versions: TableVersions, make: Make) -> None:
    source = (
        "Generalidades & Restrições;;;;\nICMS;N\nAbrangência;;;;\nCEP inicial;CEP final;UF;Região;Prazo\n"
        "01000-000;05999-999;SP;Capital;2\nTarifas;;;;\nUF;Região;até 10kg;Excedente;\nSP;Capital;20,00;1,50;\n"
    )
    options = ReadOptions(country="BR", currency="BRL")
    versions.keep(NewVersion("contract", source.encode(), "intelipost", options, "ana", NOON))
    versions.activate("contract", 1, "ana", NOON)

    (told,) = problems(make)
    assert told.startswith("settings.tariff.tax: the table says that tax is not in its prices (ICMS N)")


def test_a_version_that_only_prices_other_days_must_be_of_use_to_the_store_too(keep: Keep, make: Make) -> None:
    keep("1", options=ReadOptions(country="BR", currency="USD"))
    keep("2", **NEXT_YEAR)

    (told,) = problems(make)
    assert told.startswith("settings.stored: is the currency of contract@1, and the store's is BRL (got 'USD')")


def test_a_service_that_a_version_does_not_have_is_told_with_the_version(keep: Keep, make: Make) -> None:
    keep("1")

    assert problems(make, service("express")) == [
        "services.0.table_service: is no service of contract@1 (got 'express'); write table_service = one of economy"
    ]
