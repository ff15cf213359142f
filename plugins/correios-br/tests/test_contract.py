"""Correios held to the suite that every carrier plugin passes, on the simulator and on recordings."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from portes.contract import FailureKind, Origin, Parcel, Place, RefusalKind, Shipment
from portes_testing import RATE, CarrierContract, Case, OwnFault, Scenario, StoreProfile, Tokens, parcel, shipment

HERE = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
SMALL = parcel(250, 200, 150, 40, value="90.00 BRL")
SMALLER = parcel(180, 160, 110, 20, value="35.50 BRL")
HEAVY = parcel(60_000, 200, 150, 40, value="90.00 BRL")
NOWHERE = Origin(id=9, place=Place(country="BR", postal_code="00001000"), calendar="BR-SP")
PAC = ("03298",)
CODES = ("03220", "04227", "03298")


def to(name: str, postal_code: str, *parcels: Parcel, origin: Origin = HERE) -> Shipment:
    place = Place(country="BR", postal_code=postal_code)
    return shipment(name, *parcels, origin=origin, to=place, on=date(2026, 11, 24))


def failing(kind: FailureKind, mood: str) -> Scenario:
    return Scenario(mood, to(mood, "70002900", SMALL), dict.fromkeys(CODES, kind), moods=(mood,))


CASE = Case(
    plugin="correios-br",
    echo="nuRequisicao",
    settings={
        "user": "00000000000191",
        "access_code": "canary-access-code-4711",
        "posting_card": "0012345671",
    },
    services=(
        {"code": "03220", "delivery": "express", "declare_value": True, "receipt": True},
        {"code": "04227", "delivery": "super_express"},  # a type of its own, which no other service covers
        {"code": "03298", "delivery": "normal", "posting_card": "0012345672"},
        {"code": "03158", "delivery": "super_express", "active": False},
    ),
    store=StoreProfile(country="BR", currency="BRL", timezone="America/Sao_Paulo", calendar="BR-SP"),
    moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
    served=Scenario("served", to("served", "70002900", SMALL), dict.fromkeys(CODES, RATE)),
    unserved=Scenario("unserved", to("unserved", "00000000", SMALL), dict.fromkeys(CODES, RefusalKind.NOT_SERVED)),
    too_heavy=Scenario("too_heavy", to("heavy", "70002900", HEAVY), dict.fromkeys(CODES, RefusalKind.TOO_HEAVY)),
    several=Scenario("several", to("several", "69930000", SMALL, SMALLER), dict.fromkeys(CODES, RATE)),
    more=(
        Scenario(
            "partial",
            to("partial", "70002900", SMALL),
            {"03220": RefusalKind.SERVICE_UNAVAILABLE, "04227": RATE, "03298": RATE},
            moods=("partial",),
        ),
        Scenario(
            "swap",
            to("swap", "70002900", SMALL),
            {"03220": RATE, "04227": RefusalKind.SERVICE_UNAVAILABLE, "03298": RATE},
            moods=("swap",),
        ),
        Scenario(
            "token_expired_early",
            to("early", "70002900", SMALL),
            dict.fromkeys(CODES, RATE),
            moods=("token_expired_early",),
        ),
        failing(FailureKind.THROTTLED, "throttled"),
        failing(FailureKind.REJECTED_CREDENTIALS, "api_not_enabled"),
        failing(FailureKind.REJECTED_CREDENTIALS, "card_unknown"),
        failing(FailureKind.REJECTED_CREDENTIALS, "wrong_password"),
    ),
    own_faults=(
        OwnFault("origin_unknown", "origin", "origin", shipments=(to("astray", "70002900", SMALL, origin=NOWHERE),)),
        OwnFault("wrong_password", "credentials", "login", moods=("wrong_password",)),
        OwnFault("card_unknown", "credentials", "posting_card", moods=("pac_card_unknown",), services=PAC),
        OwnFault("api_not_enabled", "contract", "apis", moods=("api_not_enabled",)),
        OwnFault("not_on_card", "contract", "service", moods=("pac_not_on_card",), services=PAC),
        OwnFault("bad_request", "request", "service", moods=("bad_request",)),
        OwnFault("sunk_batch", "request", "service", moods=("sunk_by_pac",), services=PAC),
    ),
    tokens=Tokens(
        path="/token/v1/autentica/cartaopostagem",
        fields=("token",),
        lifetime=timedelta(hours=24),
        count=2,
        rejection=403,
        rejection_body=b'{"msgs": ["GTW-008: Token n\xc3\xa3o v\xc3\xa1lido para este ambiente."]}',
    ),
    cassettes=Path(__file__).parents[3] / "cassettes" / "correios-br",
    api_version="v1",
)


class TestCorreios(CarrierContract):
    case = CASE
