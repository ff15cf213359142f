"""Parcelpost passes the suite that every carrier passes."""

from datetime import UTC, date, datetime
from pathlib import Path

from portes.contract import Origin, Parcel, Place, RefusalKind, Shipment
from portes_testing import RATE, Absent, CarrierContract, Case, OwnFault, Scenario, StoreProfile, parcel, shipment

HERE = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
BOX = parcel(1000, 200, 150, 100)
LARGER = parcel(2500, 300, 200, 100)
HEAVY = parcel(40_000, 200, 150, 100)


def to(name: str, postal_code: str, *parcels: Parcel) -> Shipment:
    place = Place(country="BR", postal_code=postal_code)
    return shipment(name, *parcels, origin=HERE, to=place, on=date(2026, 11, 24))


class TestParcelpost(CarrierContract):
    case = Case(
        plugin="parcelpost",
        settings={"key": "canary-key-4711"},
        services=({"code": "STD", "delivery": "normal"}, {"code": "EXP", "delivery": "express"}),
        store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
        moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
        served=Scenario("served", to("served", "70002900", BOX), dict.fromkeys(("STD", "EXP"), RATE)),
        unserved=Scenario(
            "unserved", to("unserved", "69980000", BOX), dict.fromkeys(("STD", "EXP"), RefusalKind.NOT_SERVED)
        ),
        too_heavy=Scenario(
            "too_heavy", to("too_heavy", "70002900", HEAVY), dict.fromkeys(("STD", "EXP"), RefusalKind.TOO_HEAVY)
        ),
        several=Scenario("several", to("several", "70002900", BOX, LARGER), dict.fromkeys(("STD", "EXP"), RATE)),
        tokens=Absent("a key that does not end is all that it wants"),
        cassettes=Path(__file__).parents[1] / "cassettes",
        api_version="1",
        own_faults=(
            OwnFault("picks_up_elsewhere", "origin", "origin", moods=("no_pickup",)),
            OwnFault("key_withdrawn", "credentials", "key", moods=("locked",)),
            OwnFault("express_not_agreed", "contract", "contract", moods=("no_contract",), services=("EXP",)),
            OwnFault("malformed", "request", "request", moods=("pedantic",)),
        ),
    )
