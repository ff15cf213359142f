"""What is understood of a token's answer: its end, its account and APIs, and every known way to be refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from correios_answers import received, sample

from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes_correios_br.tokens import account_of, apis_of, read_card_token, read_login_token

BRASILIA = "-03:00"


def test_the_token_of_2026_tells_its_end_contract_region_and_apis() -> None:
    token = read_card_token(received(sample("token-cartao-2026"), 201), "0000000000", BRASILIA)

    assert token.value.get_secret_value() == "REDACTED.JWT.TOKEN"
    assert token.expires == datetime(2026, 7, 2, 14, 50, 58, tzinfo=UTC)
    assert account_of(token) == ("9900000000", "36")
    assert {34, 35} <= apis_of(token)


def test_the_manuals_token_ends_in_brasilias_time_though_it_names_no_zone() -> None:
    token = read_card_token(received(sample("token-cartao-homolog-manual"), 201), "0000000000", BRASILIA)

    assert token.expires == datetime(2022, 3, 19, 13, 26, 51, tzinfo=UTC)
    assert account_of(token) == ("9900000000", "10")
    assert not {34, 35} & apis_of(token)


def test_the_settings_say_the_zone_of_an_end_that_names_none() -> None:
    token = read_card_token(received(sample("token-cartao-homolog-manual"), 201), "0000000000", "+00:00")

    assert token.expires == datetime(2022, 3, 19, 10, 26, 51, tzinfo=UTC)


@pytest.mark.parametrize("end", ["2026-07-02T11:50:58Z", "2026-07-02T11:50:58-03:00", "2026-07-02T11:50:58.000"])
def test_the_end_of_a_token_is_local_whatever_follows_it(end: str) -> None:
    body = {**sample("token-cartao-2026"), "expiraEm": end}

    assert read_card_token(received(body, 201), "0", BRASILIA).expires.utcoffset() == timedelta(hours=-3)


def test_the_zone_that_a_token_names_goes_before_the_settings() -> None:
    token = read_card_token(received(sample("token-cartao-2026"), 201), "0000000000", "+00:00")

    assert token.expires == datetime(2026, 7, 2, 14, 50, 58, tzinfo=UTC)


def test_a_login_token_is_no_posting_cards() -> None:
    reply = received(sample("token-simples-2023"), 201)

    assert read_login_token(reply, BRASILIA).expires == datetime(2023, 9, 22, 17, 40, 3, tzinfo=UTC)
    with pytest.raises(GarbledError):
        read_card_token(reply, "0000000000", BRASILIA)


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, {}, RejectedCredentialsError, "access code"),
        (400, {"msgs": ["Cartão inválido."]}, RejectedCredentialsError, "posting card that ends in 5678"),
        (403, {}, RejectedCredentialsError, "posting card that ends in 5678"),
        (404, {}, RejectedCredentialsError, "posting card that ends in 5678"),
        (401, {"msgs": ["GTW-014: Basic"]}, RejectedRequestError, "GTW-014"),
        (403, {"msgs": ["GTW-012: API: 5"]}, RejectedCredentialsError, "services 38202 (prices)"),
        (418, {}, RejectedRequestError, "418"),
        (429, {}, ThrottledError, "no more calls"),
        (503, {}, UnreachableError, "503"),
        (201, {"token": "x"}, GarbledError, "not what Correios documents"),
        (201, {"token": "x", "expiraEm": "breve"}, GarbledError, "the end of the token is no date"),
    ],
)
def test_a_login_that_fails_is_told_as_what_it_is(
    status: int, body: dict[str, Any], error: type[CarrierError], words: str
) -> None:
    if "expiraEm" in body:
        body = {**body, "cartaoPostagem": {"contrato": "9900000000", "dr": 36}}
    with pytest.raises(CarrierError) as caught:
        read_card_token(received(body, status), "0012345678", BRASILIA)

    assert type(caught.value) is error
    assert words in caught.value.hint
