"""What is asked of Correos, and what its answers mean: every known form of an answer, good and bad."""

import json
from base64 import urlsafe_b64encode
from codecs import BOM_UTF8
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from portes.contract import PickupKind, PickupPoint
from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes.toolbox import HttpResponse, Token
from portes_correos_es import wire

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"
HTML = b"<HTML><HEAD><TITLE>ERROR</TITLE></HEAD><BODY>Request blocked.</BODY></HTML>"


def sample(name: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status, {}, (SAMPLES / name).read_bytes())


def received(body: object, status: int = 200, **headers: str) -> HttpResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def terminals(answer: HttpResponse) -> tuple[PickupPoint, ...]:
    return wire.read_terminals(answer, pytest.fail)


def offices_in(answer: HttpResponse) -> tuple[PickupPoint, ...]:
    return wire.read_offices(answer, pytest.fail)


def jwt(**claims: object) -> str:
    parts = ({"alg": "RS256"}, claims)
    return ".".join([*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "sig"])


def test_the_published_token_is_read_and_lasts_as_long_as_anybody_is_sure() -> None:
    token = wire.read_token(sample("token-200.json"), NOW)

    assert token.value.get_secret_value() == "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.REMOVED.REMOVED"
    assert token.expires == NOW + timedelta(minutes=25)


def test_the_other_name_of_the_token_is_read_too() -> None:
    token = wire.read_token(sample("token-200-access-token-minutes.json"), NOW)

    assert token.value.get_secret_value().startswith("eyJ")
    assert token.expires == NOW + timedelta(minutes=25)


def test_a_byte_order_mark_before_an_answer_changes_nothing() -> None:
    mark = BOM_UTF8.decode()

    assert wire.read_token(received(f'{mark}{{"idToken": "e.f.g"}}'.encode()), NOW).value.get_secret_value() == "e.f.g"
    assert terminals(received(f"{mark}[]".encode())) == ()
    assert wire.is_stale_token(received(f'{mark}{{"error": "JWT Token is required."}}'.encode(), 400))


@pytest.mark.parametrize("name", ["idToken", "access_token"])
@pytest.mark.parametrize("expires_in", [30, "30", 1800, "1800", None])
def test_a_token_ends_when_its_own_claims_say_whatever_the_answer_says(name: str, expires_in: object) -> None:
    ends = NOW + timedelta(minutes=47)

    token = wire.read_token(received({name: jwt(exp=int(ends.timestamp())), "expiresIn": expires_in}), NOW)

    assert token.expires == ends


@pytest.mark.parametrize("claims", [{}, {"exp": None}, {"exp": "soon"}, {"exp": 10**20}, {"exp": [1]}], ids=str)
def test_an_end_that_makes_no_sense_is_replaced_by_25_minutes(claims: dict[str, Any]) -> None:
    assert wire.read_token(received({"idToken": jwt(**claims)}), NOW).expires == NOW + timedelta(minutes=25)


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1))
def test_any_text_that_a_header_can_hold_may_be_a_token(text: str) -> None:
    token = wire.read_token(received({"idToken": text}), NOW)

    assert token.value.get_secret_value() == text
    assert token.expires.tzinfo is not None


@pytest.mark.parametrize("text", ["", "two words", "tok\u00e9n", "a\r\nb", "x" * 20_000, 7, None, ["a"]], ids=repr)
def test_what_no_header_can_hold_is_no_token(text: object) -> None:
    with pytest.raises(GarbledError, match="without a token"):
        wire.read_token(received({"idToken": text}), NOW)


@pytest.mark.parametrize("claims", [b"[" * 100_000, b'{"exp": 1e400}', b'{"exp": NaN}', b"\xff"])
def test_claims_that_are_no_json_do_not_matter(claims: bytes) -> None:
    token = f"head.{urlsafe_b64encode(claims[:9000]).decode()}.tail"

    assert wire.read_token(received({"idToken": token}), NOW).expires == NOW + timedelta(minutes=25)


@pytest.mark.parametrize("distance", ["inf", 1e308, "1e308", "nan", -1, 10**90], ids=repr)
def test_a_distance_longer_than_the_earth_is_none(distance: object) -> None:
    said: list[str] = []

    (point,) = wire.read_offices(
        received({"others": {"offices": [{"officeId": "1", "distance": distance}]}}), said.append
    )

    assert point.distance is None
    assert said == ["Correos writes the distance of an office in a shape that nobody knows"]


LOGIN_TROUBLES: list[tuple[HttpResponse, type[CarrierError]]] = [
    (received({"error": "invalid_client"}, 401), wire.WrongSecretError),
    (received({"error": "invalid_client"}, 400), wire.WrongSecretError),
    (received(b"", 401), wire.WrongSecretError),
    (received({"message": "No autorizado"}, 403), wire.NotActivatedError),
    (received(b"No autorizado", 403), wire.NotActivatedError),
    (received(b"", 403), wire.NotActivatedError),
    (received(HTML, 403), wire.BlockedError),
    (received(b"", 429), ThrottledError),
    (received(HTML, 502), UnreachableError),
    (received(b"", 302, Location="https://elsewhere.example"), RejectedRequestError),
    (received({}), GarbledError),
    (received({"idToken": ""}), GarbledError),
    (received({"idToken": 5}), GarbledError),
    (received([]), GarbledError),
    (received(b""), GarbledError),
    (received({"error": "no"}), RejectedRequestError),
]


@pytest.mark.parametrize(("answer", "error"), LOGIN_TROUBLES)
def test_a_login_that_fails_is_told_as_what_it_is(answer: HttpResponse, error: type[CarrierError]) -> None:
    with pytest.raises(error) as caught:
        wire.read_token(answer, NOW)

    assert type(caught.value) is error
    assert caught.value.hint


LIST_TROUBLES: list[tuple[HttpResponse, type[CarrierError]]] = [
    (sample("gateway-401-invalid-token.json", 401), wire.WrongScopeError),
    (received({"error": "JWT Token is required."}, 400), wire.TokenUnseenError),
    (received({"error": "Invalid Client"}, 403), wire.NotSubscribedError),
    (received({"message": "Forbidden"}, 403), wire.NotSubscribedError),
    (received(HTML, 403), wire.BlockedError),
    (received({"error": "Too many"}, 429), ThrottledError),
    (received({"message": "Unable to process payload."}, 500), UnreachableError),
    (received(HTML, 503), UnreachableError),
    (sample("api-400.json", 400), RejectedRequestError),
    (sample("label-200-with-error.json"), RejectedRequestError),
    (received({"content": None, "errors": ["x"]}), RejectedRequestError),
    (received({"content": {}}), GarbledError),
    (received({}), GarbledError),
    (received("text"), GarbledError),
    (received(HTML), GarbledError),
    (received({"content": [{"alias": "without a code"}]}), GarbledError),
    (received({"content": [{"terminalId": " ", "alias": "blank"}]}), GarbledError),
    (received({"content": ["CT0000001P"]}), GarbledError),
]


@pytest.mark.parametrize(("answer", "error"), LIST_TROUBLES)
def test_a_list_that_fails_is_told_as_what_it_is(answer: HttpResponse, error: type[CarrierError]) -> None:
    with pytest.raises(error) as caught:
        terminals(answer)

    assert type(caught.value) is error
    assert caught.value.hint


def test_the_words_of_an_error_are_shown_shortened() -> None:
    with pytest.raises(RejectedRequestError) as caught:
        terminals(sample("api-400.json", 400))

    assert caught.value.hint.startswith("Correos answers 400: Bad Request shape only: the plugin joins message and")
    assert len(caught.value.hint) < 110


def test_throttling_says_when_to_try_again() -> None:
    with pytest.raises(ThrottledError) as caught:
        terminals(received({}, 429, Retry_After="7"))
    with pytest.raises(ThrottledError) as silent:
        terminals(received({}, 429, Retry_After="tomorrow"))

    assert (caught.value.retry_after, silent.value.retry_after) == (7, None)


def test_the_published_lockers_are_read() -> None:
    assert terminals(sample("homepaqs-200.shape.json")) == (
        PickupPoint(
            id="CT0000001P",
            kind=PickupKind.LOCKER,
            name="CITYPAQ EJEMPLO",
            address="CALLE EJEMPLO 1",
            postal_code="28001",
            town="MADRID",
            hours="24H",
        ),
    )


def test_lockers_may_come_as_a_bare_list_with_the_older_name_of_their_code() -> None:
    found = terminals(received([{"codHomepaq": 77, "postalCode": 8001, "terminalType": "P"}]))

    assert [(point.id, point.name, point.postal_code) for point in found] == [("77", "77", "8001")]


def test_private_lockers_are_left_out() -> None:
    listed = [{"terminalId": kind or "none", "terminalType": kind} for kind in ("P", "PUBLICO", "PRIVADO", "")]

    assert [point.id for point in terminals(received({"content": listed}))] == ["P", "PUBLICO", "none"]


def test_the_published_offices_are_read_without_rural_links() -> None:
    assert offices_in(sample("searchloc-offices-200.shape.json")) == (
        PickupPoint(
            id="2800101",
            kind=PickupKind.OFFICE,
            name="MADRID SUC. EJEMPLO",
            address="CALLE EJEMPLO 2",
            postal_code="28001",
            town="MADRID",
            distance=350,
        ),
    )


def test_an_office_where_nothing_can_be_fetched_is_known_by_its_kind_or_its_name() -> None:
    kinds = [{"officeType": "EAM"}, {"typeName": "ENLACE RURAL"}, {"officeType": "OFI", "typeName": "SUCURSAL"}, {}]
    offices = [{"officeId": str(number), "unitName": "x", **kind} for number, kind in enumerate(kinds)]

    found = offices_in(received({"others": {"offices": offices}}))

    assert [point.id for point in found] == ["2", "3"]


@pytest.mark.parametrize("far", [1e300, 40_100_001, -1])
def test_what_decorates_an_office_is_cut_or_left_out_where_it_makes_no_sense(far: float) -> None:
    long = dict.fromkeys(("unitName", "address", "postalCode", "cityName"), "x" * 5000)
    office = {"officeId": "7", "distance": far, "timetables": ["y" * 5000] * 9, **long}

    (found,) = wire.read_offices(received({"others": {"offices": [office]}}), lambda _: None)

    assert found.distance is None
    assert {found.name, found.address, found.town} == {"x" * 199 + "…"}
    assert len(found.hours) == 600


def test_offices_come_nearest_first_and_of_unknown_distance_last() -> None:
    offices = [
        {"officeId": str(number), "unitName": "x", "distance": far} for number, far in enumerate((900, None, 12.4, 350))
    ]

    found = offices_in(received({"others": {"offices": offices}}))

    assert [(point.id, point.distance) for point in found] == [("2", 12), ("3", 350), ("0", 900), ("1", None)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"others": {}},
        {"others": {"offices": None}},
        {"others": {"offices": [{"unitName": "without a code"}]}},
        {"others": {"offices": [{"officeId": " ", "unitName": "blank"}]}},
        {"others": {"offices": [{"officeId": "1", "officeType": ["EAM"]}]}},
    ],
)
def test_offices_of_another_shape_are_garbled(body: object) -> None:
    with pytest.raises(GarbledError):
        offices_in(received(body))


def test_the_published_middle_of_a_postal_code_is_read() -> None:
    middle = wire.read_middle(sample("searchloc-suggestions-200.shape.json"))

    assert middle is not None
    assert wire.offices_near(middle) == {"latitude": "40.42", "longitude": "-3.69"}
    assert wire.offices_near(middle, 20_000)["distance"] == "20000"


def test_a_postal_code_that_nobody_knows_has_no_middle() -> None:
    assert wire.read_middle(received({"suggestions": []})) is None


@pytest.mark.parametrize("latitude", [91, "north", None])
def test_a_middle_that_is_nowhere_on_earth_is_garbled(latitude: object) -> None:
    with pytest.raises(GarbledError):
        wire.read_middle(received({"suggestions": [{"latitude": latitude, "longitude": 0}]}))


def test_a_call_to_the_gateway_shows_token_and_both_halves_of_the_pair() -> None:
    token = Token(SecretStr("t-1"), NOW)

    assert wire.gateway_headers(token, "portal-id", "portal-secret") == {
        "Authorization": "Bearer t-1",
        "client_id": "portal-id",
        "client_secret": "portal-secret",
        "Accept": "application/json",
    }


def test_texts_of_points_are_tidied() -> None:
    (point,) = terminals(received([{"terminalId": "1", "alias": "  CITYPAQ \n  UNO ", "address": "A\tB"}]))

    assert (point.name, point.address) == ("CITYPAQ UNO", "A B")
