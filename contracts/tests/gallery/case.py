"""Parcelpost's case: what a plugin's author declares."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from portes.contract import Origin, Place, RefusalKind, Shipment
from portes.contract.goods import Parcel
from portes_testing import RATE, Case, OwnFault, Scenario, StoreProfile, Tokens, parcel, shipment

HERE = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
BORDER = Origin(id=1, place=Place(country="BR", postal_code="99999000"), calendar="BR-SP")


def to(name: str, postal_code: str, *parcels: Parcel, origin: Origin = HERE) -> Shipment:
    place = Place(country="BR", postal_code=postal_code)
    return shipment(name, *parcels, origin=origin, to=place, on=date(2026, 11, 24))


BOTH_NOT_SERVED = {"STD": RefusalKind.NOT_SERVED, "EXP": RefusalKind.NOT_SERVED}
BOTH_TOO_HEAVY = {"STD": RefusalKind.TOO_HEAVY, "EXP": RefusalKind.TOO_HEAVY}


def make_case() -> Case:
    """A case with shipments of its own: a saboteur may change them."""
    box = parcel(1000, 200, 150, 100, value="100.00 BRL")
    ten_tonnes = parcel(10_000_000, 200, 150, 100, value="100.00 BRL")
    return Case(
        plugin="parcelpost",
        settings={"user": "shop", "password": "canary-password-4711"},
        services=(
            {"code": "STD", "delivery": "normal", "insured": True},
            {"code": "EXP", "delivery": "express"},
            {"code": "OLD", "delivery": "normal", "active": False},
        ),
        store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
        moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
        served=Scenario("served", to("served", "70002900", box), {"STD": RATE, "EXP": RATE}),
        unserved=Scenario("unserved", to("unserved", "69980000", box), BOTH_NOT_SERVED),
        too_heavy=Scenario("too_heavy", to("too_heavy", "70002900", ten_tonnes), BOTH_TOO_HEAVY),
        several=Scenario(
            "several",
            to("several", "70002900", box, parcel(2500, 300, 200, 100, value="50.00 BRL")),
            {"STD": RATE, "EXP": RATE},
        ),
        more=(
            Scenario(
                "no_express_on_this_lane",
                to("partial", "20040002", box),
                {"STD": RATE, "EXP": RefusalKind.SERVICE_UNAVAILABLE},
                moods=("partial",),
            ),
            Scenario(
                "four_at_once",
                (
                    to("a", "70002900", box),
                    to("b", "69980000", box),
                    to("c", "01310100", box),
                    to("d", "70002900", box, box),
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
        own_faults=(
            OwnFault("origin_unknown", "origin", "origin", shipments=(to("border", "70002900", box, origin=BORDER),)),
            OwnFault("user_unknown", "credentials", "login", settings={"user": "nobody"}),
            OwnFault("no_contract", "contract", "contract", moods=("no_contract",), services=("EXP",)),
            OwnFault("malformed", "request", "request", moods=("pedantic",)),
        ),
    )


CASE = make_case()
