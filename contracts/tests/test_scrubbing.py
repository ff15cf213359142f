"""What cassettes show in place of secrets, and how secrets are found that got away."""

import base64
import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.toolbox import HttpResponse
from portes_testing import SentRequest
from portes_testing.recordings.scrubbing import PLACEHOLDER, Scrubber, jwt_claims, leaks

JSON = {"Content-Type": "application/json"}
SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=8).filter(
    lambda text: PLACEHOLDER not in text and not text.isdigit() and text.strip()
)


def jwt(**claims: object) -> str:
    parts = ({"alg": "RS256"}, claims, "signature")
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)


def test_the_same_secret_gets_the_same_placeholder_wherever_it_shows() -> None:
    scrubber = Scrubber({"hunter2hunter2": "password"})

    sent = scrubber.sent(
        SentRequest(
            "POST", "https://x.example/a?key=hunter2hunter2", {"X-Key": "hunter2hunter2"}, b'{"p": "hunter2hunter2"}'
        )
    )

    assert sent.url == "https://x.example/a?key=SCRUBBED-password-1"
    assert sent.headers == {"X-Key": "SCRUBBED-password-1"}
    assert sent.json == {"p": "SCRUBBED-password-1"}


def test_a_token_learnt_from_an_answer_is_scrubbed_from_the_next_question() -> None:
    scrubber = Scrubber({}, {"access_token"})

    received = scrubber.received(HttpResponse(200, JSON, b'{"access_token": "tok-12345678", "expires": 30}'))
    sent = scrubber.sent(SentRequest("GET", "https://x.example/", {"Authorization": "Bearer tok-12345678"}))

    assert received.body == b'{"access_token": "SCRUBBED-access_token-1", "expires": 30}'
    assert sent.headers == {"Authorization": "Bearer SCRUBBED-access_token-1"}


def test_basic_credentials_are_scrubbed_whole() -> None:
    credential = base64.b64encode(b"shop:hunter2hunter2").decode()

    sent = Scrubber({}).sent(SentRequest("POST", "https://x.example/", {"Authorization": f"Basic {credential}"}))

    assert sent.headers == {"Authorization": "Basic SCRUBBED-basic-1"}


def test_digits_stay_digits_of_the_same_length_and_different_ones_stay_different() -> None:
    scrubber = Scrubber({}, {"card", "tax_id"})

    received = scrubber.received(HttpResponse(200, JSON, b'{"card": "0075123456", "tax_id": "12345678000199"}'))
    again = scrubber.received(HttpResponse(200, JSON, b'{"card": "0075999999"}'))

    first, tax_id, second = (
        json.loads(received.body)["card"],
        json.loads(received.body)["tax_id"],
        json.loads(again.body)["card"],
    )
    assert (len(first), len(tax_id), len(second)) == (10, 14, 10)
    assert first.isdigit()
    assert tax_id.isdigit()
    assert len({int(first), int(tax_id), int(second)}) == 3


JWT_IN_JSON = json.dumps({"cnpj": jwt(exp=1_800_000_000)}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b'{"cnpj":"11222333000181"}',
        b'{"cnpj":11222333000181, "n": [{"cnpj":"11222333000262"}]}',
        b'{"cnpj":"text-of-letters"}',
        b"cnpj=11222333000181&b=1",
        JWT_IN_JSON,
    ],
)
def test_what_was_scrubbed_stays_as_it_is_by_whichever_scrubber(body: bytes) -> None:
    scrubber = Scrubber({}, ("cnpj",))
    once = scrubber.body(body)

    assert once != body
    assert [scrubber.body(once), scrubber.body(body), Scrubber({}, ("cnpj",)).body(once)] == [once] * 3


def test_a_short_value_gets_one_placeholder_however_often_it_comes() -> None:
    scrubber, body = Scrubber({}, ("cnpj",)), b'{"cnpj":"17","b":{"cnpj":17},"c":{"cnpj":"18"},"d":{"cnpj":"box"}}'
    once = scrubber.body(body)

    assert [scrubber.body(once), scrubber.body(body)] == [once] * 2


def test_a_number_stays_a_number() -> None:
    received = Scrubber({}, {"dr"}).received(HttpResponse(200, JSON, b'{"dr": 7412345, "other": 7412345}'))

    told = json.loads(received.body)
    assert told["dr"] == told["other"] != 7412345
    assert 9_000_000 < told["dr"] < 9_001_000


def test_a_short_value_is_replaced_in_its_own_field_only() -> None:
    received = Scrubber({}, {"id"}).received(HttpResponse(200, JSON, b'{"id": "7", "price": "17.70"}'))

    assert json.loads(received.body)["price"] == "17.70"
    assert json.loads(received.body)["id"] != "7"


def test_a_token_with_times_becomes_a_token_with_the_same_times() -> None:
    token = jwt(exp=1_800_000_000, iat=1_799_996_400, cnpj="12345678000199")

    received = Scrubber({}, {"token"}).received(HttpResponse(200, JSON, json.dumps({"token": token}).encode()))
    shown = json.loads(received.body)["token"]

    assert jwt_claims(shown) == {"exp": 1_800_000_000, "iat": 1_799_996_400}
    assert shown != token


def test_a_body_keeps_its_spaces_its_order_and_its_doubled_names() -> None:
    body = b'{ "b":1,  "token" : "secret-token", "a":2, "a":3 }'

    received = Scrubber({}, {"token"}).received(HttpResponse(200, JSON, body))

    assert received.body == b'{ "b":1,  "token" : "SCRUBBED-token-1", "a":2, "a":3 }'


def test_form_fields_and_query_parameters_are_scrubbed_by_name() -> None:
    scrubber = Scrubber({}, {"client_secret"})

    sent = scrubber.sent(
        SentRequest("POST", "https://x.example/?client_secret=one-secret", body=b"a=1&client_secret=two-secret")
    )

    assert sent.url == "https://x.example/?client_secret=SCRUBBED-client_secret-1"
    assert sent.body == b"a=1&client_secret=SCRUBBED-client_secret-2"


def test_what_differs_on_each_call_is_left_out() -> None:
    scrubber = Scrubber({})

    sent = scrubber.sent(
        SentRequest("GET", "https://x.example/", {"X-Request-Id": "1", "User-Agent": "p", "Accept": "a"})
    )
    received = scrubber.received(HttpResponse(200, {"Date": "now", "Set-Cookie": "c", "Retry-After": "7"}, b""))

    assert sent.headers == {"Accept": "a"}
    assert received.headers == {"Retry-After": "7"}


def test_bodies_that_are_no_text_pass_untouched() -> None:
    assert Scrubber({"secret-secret": "s"}).body(b"\xff\xfe\x00") == b"\xff\xfe\x00"


@given(SECRETS)
def test_nothing_learnt_can_be_found_in_what_was_scrubbed(secret: str) -> None:
    scrubber = Scrubber({secret: "password"})

    sent = scrubber.sent(SentRequest("POST", "https://x.example/", body=json.dumps({"p": secret}).encode()))
    form = scrubber.sent(SentRequest("POST", "https://x.example/", body=f"p={quote_plus(secret)}".encode()))

    assert leaks(sent.body.decode() + form.body.decode(), [secret]) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "the password is hunter2hunter2!",
        "https://shop:hunter2hunter2@x.example",
        json.dumps({"p": "hunter2hunter2"}),
        f"Authorization: Basic {base64.b64encode(b'shop:hunter2hunter2').decode()}",
        f"Basic {base64.b64encode(b'a-longer-name:hunter2hunter2').decode().rstrip('=')}",
        base64.urlsafe_b64encode(b"\xfb\xffhunter2hunter2").decode(),
    ],
)
def test_a_secret_is_found_in_disguise(hidden: str) -> None:
    assert leaks(hidden, ["hunter2hunter2"]) == ["hunter2hunter2"]


def test_an_innocent_text_leaks_nothing() -> None:
    assert leaks("POST /v2/quotes 200, 1842 bytes, SCRUBBED-token-1", ["hunter2hunter2"]) == []
