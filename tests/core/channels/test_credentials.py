"""Credentials: who gets in, in which spelling, and what the others learn."""

from base64 import b64encode

import pytest
from pydantic import ValidationError

from portes.channels.credentials import (
    AppKeyCredential,
    BasicCredential,
    BearerCredential,
    Credential,
    Gate,
    HeaderCredential,
)
from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelRequest

BASIC = BasicCredential.model_validate({"kind": "basic", "username": "netshoes", "password": "canary:pass"})
APP_KEY = AppKeyCredential.model_validate({"kind": "app_key", "app_key": "canary-key", "app_token": "canary-token"})
HEADER = HeaderCredential.model_validate({"kind": "header", "value": "BASIC Y2FuYXJ5"})
BEARER = BearerCredential.model_validate({"key": "canary-bearer"})
TOKEN = b64encode(b"netshoes:canary:pass").decode()


def let_in(headers: dict[str, str], *credentials: Credential) -> bool:
    try:
        Gate(credentials).check(ChannelRequest("POST", "/", headers=headers))
    except ChallengedError:
        return False
    return True


@pytest.mark.parametrize("credential", [BASIC, APP_KEY, HEADER, BEARER])
def test_what_an_example_sends_opens_the_gate(credential: Credential) -> None:
    assert let_in(credential.headers(), credential)


@pytest.mark.parametrize("credential", [BASIC, APP_KEY, HEADER, BEARER])
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": ""}, {"authorization": "Basic"}, {"app_key": "", "app-token": ""}]
)
def test_without_credentials_nobody_gets_in(credential: Credential, headers: dict[str, str]) -> None:
    assert not let_in(headers, credential)


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "Basic "])
def test_the_scheme_of_basic_counts_in_any_case(scheme: str) -> None:
    assert let_in({"authorization": f"{scheme} {TOKEN}"}, BASIC)


@pytest.mark.parametrize(
    "value",
    [TOKEN, f"Bearer {TOKEN}", f"Basic {TOKEN}x", f"Basic {TOKEN[:-1]}", f"Basic{TOKEN}", "Basic é", "Basic \ud800"],
)
def test_another_scheme_or_token_stays_out(value: str) -> None:
    assert not let_in({"authorization": value}, BASIC)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_an_accented_password_counts_in_both_encodings_in_use(encoding: str) -> None:
    accented = BasicCredential.model_validate({"kind": "basic", "username": "loja", "password": "açaí"})

    assert let_in({"authorization": f"Basic {b64encode('loja:açaí'.encode(encoding)).decode()}"}, accented)


@pytest.mark.parametrize(
    "names", [("app_key", "app_token"), ("app-key", "app-token"), ("app_key", "app-token"), ("app-key", "app_token")]
)
def test_key_and_token_count_with_underscores_and_with_hyphens(names: tuple[str, str]) -> None:
    assert let_in({names[0]: "canary-key", names[1]: "canary-token"}, APP_KEY)


@pytest.mark.parametrize(
    "headers",
    [
        {"app_key": "canary-key"},
        {"app_token": "canary-token"},
        {"app_key": "canary-token", "app_token": "canary-key"},
        {"app_key": "canary-key", "app_token": "Canary-token"},
    ],
)
def test_key_without_its_token_stays_out(headers: dict[str, str]) -> None:
    assert not let_in(headers, APP_KEY)


@pytest.mark.parametrize(
    ("value", "opens"),
    [("BASIC Y2FuYXJ5", True), ("Basic Y2FuYXJ5", False), ("BASIC  Y2FuYXJ5", False), ("BASIC y2FuYXJ5", False)],
)
def test_a_verbatim_value_counts_letter_by_letter(value: str, *, opens: bool) -> None:
    assert let_in({"authorization": value}, HEADER) is opens


@pytest.mark.parametrize("wire", ["chave-ç", "chave-ç".encode().decode("latin-1")])
def test_a_verbatim_value_counts_in_both_encodings_in_use(wire: str) -> None:
    assert let_in({"authorization": wire}, HeaderCredential.model_validate({"kind": "header", "value": "chave-ç"}))


@pytest.mark.parametrize("credential", [BASIC, APP_KEY, HEADER])
def test_any_of_the_credentials_is_enough(credential: Credential) -> None:
    assert let_in(credential.headers(), BASIC, APP_KEY, HEADER)


def test_a_refusal_names_the_ways_in_and_nothing_secret() -> None:
    with pytest.raises(ChallengedError) as refused:
        Gate([BASIC, APP_KEY]).check(ChannelRequest("POST", "/", headers={"authorization": "Basic canary-guess"}))

    assert refused.value.challenge == 'Basic realm="portes", charset="UTF-8", APP_KEY realm="portes"'
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("shown", [repr(BASIC), repr(APP_KEY.expected()), str(HEADER), BEARER.model_dump_json()])
def test_secrets_are_masked_wherever_a_credential_is_shown(shown: str) -> None:
    assert "canary" not in shown
    assert "Y2FuYXJ5" not in shown


def test_an_empty_secret_lets_nobody_in() -> None:
    with pytest.raises(ValidationError, match="key"):
        BearerCredential.model_validate({"key": ""})


def test_a_user_name_with_a_colon_is_refused_because_it_would_end_there() -> None:
    with pytest.raises(ValidationError):
        BasicCredential.model_validate({"kind": "basic", "username": "a:b", "password": "c"})
