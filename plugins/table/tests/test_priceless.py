"""Where no row prices a shipment, and where several do: a refusal only where somebody said no."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

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
from portes.toolbox import StoreFacts, Tools, tools_for
from portes_table.carrier import TableCarrier
from portes_table.settings import TableService, TableSettings

PLACES = "postal_from,postal_to"
HEADER = f"{PLACES},weight_from_g,weight_to_g,price,days_max\n"
HERE = "01000000,05999999"
NOTED = """
from portes.tables import Row, Terms

class Noted:
    version = 1

    def read(self, source, options, problems):
        problems.note("column colour is a decoration")
        code = options.beside["places"].decode().strip()
        yield Row(1, "", code, code, 0, 10**6, 10**9, 10**6, Terms(1, 1))
"""
Make = Callable[..., TableCarrier]


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return tools_for(StoreFacts("shop", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", tmp_path), "tables")


@pytest.fixture
def make(tools: Tools) -> Make:
    """A carrier of one service whose table stands in the store's folder."""

    def made(table: str, **settings: Any) -> TableCarrier:
        (tools.store.folder / "table.csv").write_text(table)
        service = TableService(code="economy", delivery=DeliveryType.NORMAL)
        return TableCarrier(TableSettings(file="table.csv", **settings), (service,), tools)

    return made


def parcel(weight: int = 500, value: int | None = None, **more: Any) -> Parcel:
    money = None if value is None else Money(minor=value, currency="BRL")
    return Parcel(weight=weight, size=Dimensions(length=200, width=150, height=100), value=money, **more)


def outcome(carrier: TableCarrier, *parcels: Parcel, origin: str = "01001000", country: str = "BR") -> Outcome:
    here = Origin(id=1, place=Place(country=country, postal_code=origin), calendar="BR-SP")
    place = Place(country="BR", postal_code="01512651")
    asked = Shipment(id="1", parcels=parcels or (parcel(),), origin=here, place=place, dispatch_date=date(2026, 3, 2))
    (answer,) = carrier.quote([asked], Deadline(1))
    outcomes: list[Outcome] = [*answer.rates, *answer.refusals, *answer.failures]
    (only,) = outcomes
    return only


def failed(said: Outcome) -> str:
    assert isinstance(said, Failure)
    assert said.kind is FailureKind.INCOMPLETE
    return said.hint


def cost(said: Outcome) -> int:
    assert isinstance(said, Rate)
    return said.cost.minor


def test_below_the_lowest_bracket_nobody_said_no(make: Make) -> None:
    table = f"{HEADER}{HERE},300,1000,12.90,3\n"

    assert "no price for 299 g, which is below the lowest bracket" in failed(outcome(make(table), parcel(299)))
    assert cost(outcome(make(table, hole="next_bracket"), parcel(299))) == 1290


def test_a_hole_between_brackets_is_no_refusal(make: Make) -> None:
    table = f"{HEADER}{HERE},0,1000,12.90,3\n{HERE},2000,3000,19.90,3\n"

    assert "no price for 1500 g, which is between two brackets" in failed(
        outcome(make(table, hole="fail"), parcel(1500))
    )
    assert cost(outcome(make(table, hole="next_bracket"), parcel(1500))) == 1990


def test_a_price_on_request_is_one_that_the_table_cannot_tell(make: Make) -> None:
    assert "by hand" in failed(outcome(make(f"{HEADER}{HERE},0,1000,sob consulta,3\n")))


def test_a_table_by_value_needs_a_declared_value(make: Make) -> None:
    carrier = make(f"{PLACES},value_from,value_to,price,days_max\n{HERE},0,100,10.00,3\n{HERE},100,200,20.00,3\n")

    assert cost(outcome(carrier, parcel(value=10_000))) == 1000
    assert cost(outcome(carrier, parcel(value=10_001))) == 2000
    assert "state every item's value in BRL" in failed(outcome(carrier))
    above = outcome(carrier, parcel(value=20_001))
    assert isinstance(above, Refusal)
    assert above.kind is RefusalKind.VALUE_OUT_OF_RANGE


def test_a_sum_of_values_above_the_highest_bracket_says_nothing_about_its_parcels(make: Make) -> None:
    carrier = make(f"{PLACES},value_from,value_to,price,days_max\n{HERE},0,200,20.00,3\n")

    assert "price_each" in failed(outcome(carrier, parcel(value=20_000, count=2)))


def test_a_table_by_units_counts_the_goods_and_not_the_parcels(make: Make) -> None:
    table = f"{PLACES},units_from,units_to,price,days_max\n{HERE},1,2,10.00,3\n{HERE},3,5,20.00,3\n"
    carrier = make(table)

    asked = [[parcel(units=2)], [parcel(units=1, count=2)], [parcel(units=3)], [parcel(units=1), parcel(units=4)]]
    assert [cost(outcome(carrier, *parcels)) for parcels in asked] == [1000, 1000, 2000, 2000]
    assert cost(outcome(make(table, price_each="parcel"), parcel(units=2, count=3), parcel(units=3))) == 5000
    assert "price_each" in failed(outcome(carrier, parcel(units=1, count=6)))
    assert "price_each" in failed(outcome(carrier, parcel(units=6))), "packed together they are no other goods"


@pytest.mark.parametrize("price_each", ["shipment", "parcel"])
def test_a_table_by_units_has_no_price_where_a_packer_does_not_say_how_many_a_parcel_holds(
    make: Make, price_each: str
) -> None:
    carrier = make(f"{PLACES},units_from,units_to,price,days_max\n{HERE},0,,10.00,3\n", price_each=price_each)

    hint = failed(outcome(carrier, parcel(units=1), parcel()))
    assert "brackets are of units of goods" in hint
    assert 'write packer = "single" or "totals"' in hint


def test_a_table_by_volume_rounds_it_up_to_whole_cm3(make: Make) -> None:
    header = f"{PLACES},volume_from_cm3,volume_to_cm3,price,days_max\n"
    carrier = make(f"{header}{HERE},0,3000,10.00,3\n{HERE},3000,9000,20.00,3\n")

    volumes = {3_000_000: 1000, 3_000_001: 2000}
    assert {volume: cost(outcome(carrier, parcel(volume=volume))) for volume in volumes} == volumes


@pytest.mark.parametrize(("origin", "country"), [("80010000", "BR"), ("8001", "AU")])
def test_an_origin_that_no_row_names_is_not_served(make: Make, origin: str, country: str) -> None:
    header = f"{PLACES},origin_from,origin_to,weight_from_g,weight_to_g,price,days_max\n"
    carrier = make(f"{header}{HERE},01000000,05999999,0,1000,10.00,3\n")

    assert cost(outcome(carrier)) == 1000
    said = outcome(carrier, origin=origin, country=country)
    assert isinstance(said, Refusal)
    assert (said.kind, "the table has no prices from" in said.text) == (RefusalKind.NOT_SERVED, True)


def test_the_dearest_row_is_the_one_that_costs_most_in_all(make: Make) -> None:
    header = f"{PLACES},weight_from_g,weight_to_g,price,days_max,minimum\n"
    table = f"{header}{HERE},0,1000,10.00,3,30.00\n01500000,01599999,0,1000,20.00,9,\n"

    said = outcome(make(table, overlap="dearest"))
    assert cost(said) == 3000
    assert isinstance(said, Rate)
    assert said.transit.max == 3
    assert cost(outcome(make(table, overlap="narrowest"))) == 2000


def test_a_price_with_more_decimals_is_rounded_once_as_told(make: Make) -> None:
    table = f"{HEADER}{HERE},0,1000,66.1051,3\n"

    assert [cost(outcome(make(table, rounding=one))) for one in ("half_up", "down", "up")] == [6611, 6610, 6611]


@pytest.fixture
def noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution with a format that has a file beside it and tells a note."""
    site = tmp_path / "site"
    (site / "noted-1.0.dist-info").mkdir(parents=True)
    (site / "noted_format.py").write_text(NOTED)
    (site / "noted-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: noted\nVersion: 1.0\n")
    entry = "[portes.table_formats]\nnoted = noted_format:Noted\n"
    (site / "noted-1.0.dist-info" / "entry_points.txt").write_text(entry)
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "noted_format", raising=False)


@pytest.mark.usefixtures("noted")
def test_a_file_beside_the_table_is_read_and_a_note_logged_once(make: Make, tools: Tools) -> None:
    (tools.store.folder / "places.csv").write_text("01512651")

    with capture_logs() as logged:
        carrier = make("x", format="noted", beside={"places": "places.csv"})
        make("x", format="noted", beside={"places": "places.csv"})
    assert cost(outcome(carrier)) == 1000
    assert [one["event"] for one in logged] == ["table.csv: column colour is a decoration"]

    (tools.store.folder / "places.csv").write_text("01512650")
    other = make("x", format="noted", beside={"places": "places.csv"})
    assert isinstance(outcome(other), Refusal)
    assert other.abilities.version != carrier.abilities.version


def test_a_file_beside_the_table_that_is_not_there_is_told_by_its_key(make: Make) -> None:
    with pytest.raises(SettingsError) as raised:
        make(f"{HEADER}{HERE},0,1000,12.90,3\n", beside={"places": "nowhere.csv"})

    assert [problem.where for problem in raised.value.problems] == ["settings.beside.places"]
