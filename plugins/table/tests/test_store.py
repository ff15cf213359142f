"""What a table carrier compares with its store: its origins, its calendar, and the days on which the table holds."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portes.carrier import Deadline
from portes.contract import DeliveryType, Dimensions, FailureKind, Origin, Parcel, Place, Shipment
from portes.errors import SettingsError
from portes.toolbox import StoreFacts, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings

TABLE = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\neconomy,01000000,05999999,0,1000,12.90,3\n"
)
HERE, THERE = (
    Origin(id=number, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP") for number in (1, 4)
)
MARCH = {"valid_from": date(2026, 3, 1), "valid_to": date(2026, 3, 31)}

Make = Callable[..., TableCarrier]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A carrier of a store in São Paulo that ships from these origins."""

    def made(*origins: Origin, services: Sequence[TableService] = (), **settings: Any) -> TableCarrier:
        (tmp_path / "table.csv").write_text(TABLE)
        zone = ZoneInfo("America/Sao_Paulo")
        facts = StoreFacts("shop", "BR", "BRL", zone, "BR-SP", tmp_path, origins=origins)
        service = TableService(code="economy", delivery=DeliveryType.NORMAL)
        priced = services or (service,)
        return TableCarrier(TableSettings(file="table.csv", **settings), priced, tools_for(facts, "tables"))

    return made


def test_an_origin_that_the_store_does_not_have_is_told_with_those_that_there_are(make: Make) -> None:
    with pytest.raises(SettingsError) as raised:
        make(HERE, THERE, origins=(1, 7, 9))

    assert list(map(str, raised.value.problems)) == [
        "settings.origins: is no origin of this store (got '7'); write one of 1, 4, or leave it out",
        "settings.origins: is no origin of this store (got '9'); write one of 1, 4, or leave it out",
    ]


def test_a_table_of_fees_is_no_table_to_sell_by(make: Make, tmp_path: Path) -> None:
    (tmp_path / "fees.csv").write_text("TARIFA;CEP Inicial;CEP Final;Valor\nrisco;01000000;01099999;64,70\n")
    service = TableService(code="economy", delivery=DeliveryType.NORMAL, file="fees.csv")

    with pytest.raises(SettingsError, match="is for fees by place: its rows state no days") as raised:
        make(HERE, format="fees", services=(service,))

    assert raised.value.problems[0].where == "settings.format"


@pytest.mark.parametrize("origins", [(), (HERE, THERE)], ids=["a_host_that_tells_none", "all_known"])
def test_origins_that_may_be_the_stores_are_taken(make: Make, origins: tuple[Origin, ...]) -> None:
    assert make(*origins, origins=(1, 4)).abilities.instant


@pytest.mark.parametrize(
    ("calendar", "fix"),
    [("MG", "write BR-MG"), ("ES-MD", "write BR"), ("", "write BR"), ("BR-XX", "write one of BR-TO")],
)
def test_a_calendar_of_another_country_is_told_with_the_one_that_is_meant(make: Make, calendar: str, fix: str) -> None:
    with pytest.raises(SettingsError, match=fix):
        make(HERE, calendar=calendar)


def test_a_table_counts_in_a_calendar_of_the_stores_country_as_it_is_told(make: Make) -> None:
    assert make(HERE, calendar="BR-MG").abilities.instant


@pytest.mark.parametrize(
    "more", [{"limits": {"weight": 100}}, {"origins": (4,)}], ids=["too_heavy", "no_prices_from_here"]
)
def test_a_table_that_has_lapsed_fails_also_where_it_would_refuse(make: Make, more: dict[str, Any]) -> None:
    """What it would say in April is not known: the next table may have other limits and other origins."""
    box = Parcel(weight=500, size=Dimensions(length=200, width=150, height=100), lines=(0,))
    place = Place(country="BR", postal_code="01512651")
    asked = Shipment(id="1", parcels=(box,), origin=HERE, place=place, dispatch_date=date(2026, 4, 1))

    (answer,) = make(HERE, THERE, **MARCH, **more).quote([asked], Deadline(1))

    assert [failure.kind for failure in answer.failures] == [FailureKind.INCOMPLETE]
