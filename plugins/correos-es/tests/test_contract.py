"""Correos held to the suite that every carrier plugin passes, its lists of pick-up points in the background."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlencode

from portes.contract import Origin, Parcel, Place, RefusalKind, Shipment
from portes.toolbox.response import HttpResponse
from portes_testing import (
    RATE,
    CarrierContract,
    Case,
    OwnFault,
    Published,
    Scenario,
    StoreProfile,
    Tokens,
    parcel,
    shipment,
)
from portes_testing.case import OutcomeKind
from portes_testing.recordings.exchange import Exchange, SentRequest

HERE: Final = Path(__file__).parent
MADRID: Final = Origin(id=1, place=Place(country="ES", postal_code="28013"), calendar="ES-MD")
PALMA: Final = Origin(id=1, place=Place(country="ES", postal_code="07001"), calendar="ES-IB")
PERPIGNAN: Final = Origin(id=1, place=Place(country="FR", postal_code="66000"), calendar="FR")
BARCELONA: Final = Place(country="ES", postal_code="08001")
ONLY_LOCKER: Final = ("LOCKER",)
HIDE: Final = {"without_points": "hide"}
"""Only so a price hangs on what is looked up: by default our own faults there cost no rate."""
BOX: Final = parcel(1000, 300, 200, 150)
LARGER: Final = parcel(7000, 600, 400, 400)
HEAVY: Final = parcel(30_001, 300, 200, 150)
SERVICES: Final = ("LOCKER", "OFFICE", "HOME", "PREMIUM")
CREDENTIALS: Final = {
    "client_id": "01234567-89ab-cdef-0123-456789abcdef",
    "client_secret": "canary-correos-id-4711",
    "gateway_client_id": "0123456789abcdef0123456789abcdef",
    "gateway_client_secret": "canary-gateway-0815",
}
API: Final = "https://api1.correos.es"
LOGIN: Final = "https://apioauthcid.correos.es/Api/Authorize/Token"


def to(name: str, country: str, postal_code: str, *parcels: Parcel) -> Shipment:
    place = Place(country=country, postal_code=postal_code)
    return shipment(name, *parcels, origin=MADRID, to=place, on=date(2026, 11, 24))


def each(outcome: OutcomeKind, **other: OutcomeKind) -> Mapping[str, OutcomeKind]:
    return {code: other.get(code, outcome) for code in SERVICES}


def login(sample: str) -> Exchange:
    """The token call, answered by a sample."""
    form = {
        "grant_type": "client_credentials",
        "client_id": CREDENTIALS["client_id"],
        "client_secret": CREDENTIALS["client_secret"],
        "scope": "AP3 LBS RCG",
    }
    return Exchange(SentRequest("POST", LOGIN, body=urlencode(form).encode()), answered(200, sample))


def lookup(path: str, status: int, sample: str) -> Exchange:
    return Exchange(SentRequest("GET", f"{API}{path}"), answered(status, sample))


def answered(status: int, sample: str) -> HttpResponse:
    return HttpResponse(status, {"Content-Type": "application/json"}, (HERE / "samples" / sample).read_bytes())


LOCKERS: Final = "/logistics/terminals/api/v1/homepaqs?postalCode=28001&visible=S&terminalStates=ACTIVO"
LOCATOR: Final = "/digital-services/searchloc/api/v1"
OFFICES: Final = (
    lookup(f"{LOCATOR}/suggestions?text=28001", 200, "searchloc-suggestions-200.shape.json"),
    lookup(f"{LOCATOR}/offices?latitude=40.42&longitude=-3.69", 200, "searchloc-offices-200.shape.json"),
)
INVALID: Final = lookup(LOCKERS, 401, "gateway-401-invalid-token.json")
LISTED: Final = lookup(LOCKERS, 200, "homepaqs-200.shape.json")


def published(name: str, source: str, *exchanges: Exchange) -> Scenario:
    """A scenario of public samples; tests/samples/PROVENANCE.md says of each whether its values are real."""
    quoted = Published(source, date(2026, 11, 23), exchanges, "terminals v1, searchloc v1")
    return Scenario(name, to(name, "ES", "28001", BOX), each(RATE), published=quoted)


def without_an_entry(position: str, path: str) -> str:
    """The test in which a list loses its one entry; then an empty answer is asked for once more."""
    where = f"{position}-GET-digital-services-searchloc-api-v1-{path}"
    return f"test_a_fault_is_told_as_what_it_is[{where}-missing_entry]"


AGAIN: Final = (
    without_an_entry("published_points-4", "offices"),
    without_an_entry("published_points-3", "suggestions"),
    without_an_entry("served-3", "suggestions"),
    without_an_entry("canarias_without_citypaq-1", "suggestions"),
    without_an_entry("no_point_nearby-3", "suggestions"),
)


class TestCorreos(CarrierContract):
    exempt: ClassVar = dict.fromkeys(AGAIN, "an empty answer may be a passing fault, and is asked for once more")
    case = Case(
        plugin="correos-es",
        settings={
            "tariff": "contract.csv",
            "times": "times.csv",
            "points_days": 0,
            "points_timeout": 0.8,
            **CREDENTIALS,
        },
        services=(
            # a delivery type of its own: where only it fails, the fallback has to cover it
            {"code": "LOCKER", "delivery": "super_express", "product": "paq_estandar", "mode": "citypaq"},
            {"code": "OFFICE", "delivery": "normal", "product": "paq_estandar", "mode": "office"},
            {"code": "HOME", "delivery": "normal", "product": "paq_estandar", "mode": "home"},
            {"code": "PREMIUM", "delivery": "express", "product": "paq_premium", "mode": "home"},
            {"code": "S0236", "delivery": "express", "active": False},
        ),
        store=StoreProfile("ES", "EUR", "Europe/Madrid", "ES-MD", folder=HERE / "tariffs"),
        moment=datetime(2026, 11, 23, 13, 0, tzinfo=UTC),
        served=Scenario("served", to("served", "ES", "08001", BOX), each(RATE)),
        unserved=Scenario("unserved", to("unserved", "FR", "75001", BOX), each(RefusalKind.NOT_SERVED)),
        too_heavy=Scenario("too_heavy", to("too_heavy", "ES", "08001", HEAVY), each(RefusalKind.TOO_HEAVY)),
        several=Scenario("several", to("several", "ES", "08001", BOX, LARGER), each(RATE)),
        more=(
            Scenario(
                "canarias_without_citypaq",
                to("canarias", "ES", "35001", BOX),
                each(RATE, LOCKER=RefusalKind.NOT_SERVED),
            ),
            Scenario(
                "several_need_customs_papers",
                to("customs", "ES", "35001", BOX, BOX),
                each(RefusalKind.OTHER, LOCKER=RefusalKind.NOT_SERVED),
            ),
            Scenario("no_point_nearby", to("remote", "ES", "22001", BOX), each(RATE)),
            *(
                Scenario(mood, to(mood, "ES", "08001", BOX), each(RATE), moods=(mood,))
                for mood in (
                    "not_activated",
                    "secret_reset",
                    "wrong_scope",
                    "not_subscribed",
                    "firewall",
                    "throttled",
                    "ill",
                    "down",
                    "deserted",
                    "access_token",
                )
            ),
            published(
                "published_points",
                "samples with field names from public code",
                login("token-200.json"),
                LISTED,
                *OFFICES,
            ),
            published(
                "published_invalid_token",
                "deployment notes of Return-Shield: the answer to a token of the wrong scope",
                *(login("token-200.json"), INVALID) * 2,
                *OFFICES,
            ),
            published(
                "published_access_token",
                "a look-up function for pick-up points that reads access_token and minutes",
                login("token-200-access-token-minutes.json"),
                LISTED,
                *OFFICES,
            ),
        ),
        tokens=Tokens(path="/Api/Authorize/Token", fields=("idToken", "access_token"), lifetime=timedelta(minutes=31)),
        own_faults=(
            OwnFault(
                "origin_that_correos_does_not_carry_from",
                about="origin",
                finding="origin",
                shipments=(shipment("abroad", BOX, origin=PERPIGNAN, to=BARCELONA, on=date(2026, 11, 24)),),
            ),
            OwnFault(
                "origin_that_the_tariff_lacks",
                about="origin",
                finding="origin",
                settings={"tariff": "mainland.csv"},
                shipments=(shipment("palma", BOX, origin=PALMA, to=BARCELONA, on=date(2026, 11, 24)),),
            ),
            OwnFault("tariff_that_lapsed", about="contract", finding="tariff", settings={"tariff": "lapsed.csv"}),
            OwnFault(
                "contract_without_the_api", "contract", "citypaq", ("not_subscribed",), HIDE, services=ONLY_LOCKER
            ),
            OwnFault("secret_that_was_reset", "credentials", "login", ("secret_reset",), HIDE, services=ONLY_LOCKER),
            OwnFault(
                "application_not_activated", "credentials", "login", ("not_activated",), HIDE, services=ONLY_LOCKER
            ),
            OwnFault("scope_of_another_api", "credentials", "citypaq", ("wrong_scope",), HIDE, services=ONLY_LOCKER),
            OwnFault("token_taken_out", "request", "citypaq", ("token_unseen",), HIDE, services=ONLY_LOCKER),
            OwnFault("malformed_call", "request", "citypaq", ("malformed",), HIDE, services=("LOCKER", "OFFICE")),
        ),
        base_urls=("base_url", "login_url"),
        cassettes=Path(__file__).parents[3] / "cassettes" / "correos-es",
        scrub=("client_id", "gateway_client_id"),
    )
