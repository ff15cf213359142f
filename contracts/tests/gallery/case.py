"""Parcelpost's case: what a plugin's author declares."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from portes.contract import Origin, Place, RefusalKind, Shipment
from portes.contract.goods import Parcel
from portes_contracts import RATE, Case, Scenario, StoreProfile, Tokens, parcel, shipment

HERE = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
BOX = parcel(1000, 200, 150, 100, value="100.00 BRL")
TEN_TONNES = parcel(10_000_000, 200, 150, 100, value="100.00 BRL")


def to(name: str, postal_code: str, *parcels: Parcel) -> Shipment:
    place = Place(country="BR", postal_code=postal_code)
    return shipment(name, *parcels, origin=HERE, to=place, on=date(2026, 11, 24))


BOTH_NOT_SERVED = {"STD": RefusalKind.NOT_SERVED, "EXP": RefusalKind.NOT_SERVED}
BOTH_TOO_HEAVY = {"STD": RefusalKind.TOO_HEAVY, "EXP": RefusalKind.TOO_HEAVY}

CASE = Case(
    plugin="parcelpost",
    settings={"user": "shop", "password": "canary-password-4711"},
    services=(
        {"code": "STD", "delivery": "normal", "insured": True},
        {"code": "EXP", "delivery": "express"},
        {"code": "OLD", "delivery": "normal", "active": False},
    ),
    store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
    moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
    served=Scenario("served", to("served", "70002900", BOX), {"STD": RATE, "EXP": RATE}),
    unserved=Scenario("unserved", to("unserved", "69980000", BOX), BOTH_NOT_SERVED),
    too_heavy=Scenario("too_heavy", to("too_heavy", "70002900", TEN_TONNES), BOTH_TOO_HEAVY),
    several=Scenario(
        "several",
        to("several", "70002900", BOX, parcel(2500, 300, 200, 100, value="50.00 BRL")),
        {"STD": RATE, "EXP": RATE},
    ),
    more=(
        Scenario(
            "no_express_on_this_lane",
            to("partial", "20040002", BOX),
            {"STD": RATE, "EXP": RefusalKind.SERVICE_UNAVAILABLE},
            moods=("partial",),
        ),
        Scenario(
            "four_at_once",
            (
                to("a", "70002900", BOX),
                to("b", "69980000", BOX),
                to("c", "01310100", BOX),
                to("d", "70002900", BOX, BOX),
            ),
            (
                {"STD": RATE, "EXP": RATE},
                BOTH_NOT_SERVED,
                {"STD": RATE, "EXP": RATE},
                {"STD": RATE, "EXP": RATE},
            ),
        ),
    ),
    tokens=Tokens(path="/v2/token", fields=("token",), lifetime=timedelta(hours=1)),
    cassettes=Path(__file__).parent / "cassettes" / "parcelpost",
    api_version="2",
)
