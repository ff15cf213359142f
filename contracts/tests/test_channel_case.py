"""What a channel's case says, how its samples become calls, and what its quotes must come to."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from hmac import digest
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from gallery.till.case import KEY, LAMP, question, till_case
from gallery.till.channel import Till, TillSettings
from pydantic import BaseModel, Field, SecretStr

from portes.channels.credentials import Expected
from portes.channels.protocol import ChannelRequest, ChannelSettings, Storefront
from portes.channels.understood import ReplyEffect, UnderstoodOption
from portes.channels.via import Via
from portes.contract import Money, Place, QuoteRequest
from portes.contract.goods import RequestLine
from portes.errors import UnauthorizedError
from portes_testing import Asks, BrokenContractError, ChannelCase, RequestSample, body_signature
from portes_testing.channels.calls import call_of, make_call
from portes_testing.channels.channel_under_test import ChannelUnderTest
from portes_testing.channels.checks.hostile import known_fields
from portes_testing.channels.checks.questions import its_example_is_a_question_of_the_store
from portes_testing.channels.checks.service import every_question_gets_what_the_document_says
from portes_testing.channels.expected import ExpectedOption, expected_options, misread
from portes_testing.channels.minimal import KEY as MADE_UP
from portes_testing.channels.minimal import minimal_channel, minimal_settings
from portes_testing.channels.quotes import served_quotes

TILL = till_case("till")


def till(**settings: Any) -> Till:
    table = {**(TILL.settings or {}), **settings}
    return Till(TillSettings.model_validate(table), Storefront("shop", "BR", "BRL"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"unknown": [ReplyEffect.NOT_DELIVERED]}, "neither a price nor a no"),
        ({"not_served": [ReplyEffect.PRICES]}, "is no price"),
        ({"requests": []}, "give the case a request"),
        ({"elsewhere": {304: " "}}, "say where 304 comes from"),
    ],
)
def test_a_case_that_would_prove_nothing_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(TILL, **said)


@pytest.mark.parametrize("said", [{}, {"asks": Asks("01512651"), "wrong": ["to"]}])
def test_a_sample_asks_something_or_is_wrong_somewhere(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="say what it asks, or which fields are wrong"):
        RequestSample(b"{}", **said)


def test_the_fewest_settings_of_a_channel_are_found_in_its_own_model() -> None:
    class Needy(TillSettings):
        seller: str = Field(description="Whose it is.", examples=["a-seller", "another"])
        unit: Literal["cents", "reais"] = Field(description="Of a price.")

    class NeedyTill(Till):
        Settings: ClassVar[type[ChannelSettings]] = Needy

    found = minimal_settings(NeedyTill)

    assert found == {"seller": "a-seller", "unit": "cents", "auth": {"kind": "url_token", "token": MADE_UP}}
    assert isinstance(minimal_channel(NeedyTill), NeedyTill)


def test_a_channel_whose_settings_cannot_be_guessed_says_what_it_wants() -> None:
    class Riddle(TillSettings):
        riddle: int = Field(description="Nobody knows.")

    class RiddleTill(Till):
        Settings: ClassVar[type[ChannelSettings]] = Riddle

    with pytest.raises(ValueError, match=r"give its required fields examples.*(?s:.)*riddle"):
        minimal_settings(RiddleTill)


def test_a_call_has_the_credentials_and_the_signature_of_the_case() -> None:
    body = question(LAMP)
    call = make_call(till(), TILL, body)

    assert (call.method, call.path, call.body) == ("POST", "/v1/shop/till", body)
    assert call.headers["till-key"] == KEY
    assert TILL.signature is not None
    assert call.headers["till-signature"] == TILL.signature(body)["Till-Signature"]


@pytest.mark.parametrize("form", ["base64", "hex"])
def test_a_body_is_signed_as_platforms_do_it(form: Any) -> None:
    made = digest(b"secret", b'{"a": 1}', sha256)

    signed = body_signature("X-Signed", "secret", form)(b'{"a": 1}')

    assert signed == {"X-Signed": made.hex() if form == "hex" else b64encode(made).decode()}


class ParameterCredential:
    """A credential that stands in the address, as a parameter."""

    challenge = 'Parameter realm="portes"'

    @staticmethod
    def expected() -> tuple[Expected, ...]:
        return (Expected(("token",), "", (b"the-stores-own",), place="query"),)

    @staticmethod
    def headers() -> dict[str, str]:
        return {}


class GetTill(Till):
    """A till whose questions stand in the address."""

    def example(self) -> Any:
        self.credentials = (ParameterCredential(),)
        return replace(self.call("GET", query="to=1"), query={"token": "the-stores-own", "to": "1"}, body=b"")


@pytest.mark.parametrize(
    ("told", "raw"),
    [
        ({"to": "01512 651"}, "to=01512%20651&token=the-stores-own"),
        ({"to": "1", "token": "of-the-sample"}, "to=1&token=the-stores-own"),
    ],
)
def test_a_sample_in_an_address_has_the_parameters_that_are_credentials(
    told: Mapping[str, str], raw: str, tmp_path: Path
) -> None:
    (tmp_path / "call.json").write_text(json.dumps({"method": "GET", "query": told}))
    made = GetTill(TillSettings.model_validate(TILL.settings), Storefront("shop", "BR", "BRL"))
    made.example()  # by which it is one with a credential in the address

    call = call_of(made, TILL, RequestSample(tmp_path / "call.json", wrong=["to"], in_query=True))

    assert (call.method, call.raw_query, call.body) == ("GET", raw, b"")
    assert call.query == {**told, "token": "the-stores-own"}


def test_a_credential_that_stands_in_the_body_is_put_into_each_sample() -> None:
    class NamedTill(Till):
        def example(self) -> Any:
            return self.call("POST", body=b'{"app": {"key": "own"}}')

    made = NamedTill(TillSettings.model_validate(TILL.settings), Storefront("shop", "BR", "BRL"))
    case = replace(TILL, body_secrets=["app.key"])

    assert json.loads(make_call(made, case, b'{"to": 1, "app": {"more": 2}}').body) == {
        "to": 1,
        "app": {"more": 2, "key": "own"},
    }


def request(*skus: str) -> QuoteRequest:
    place = Place(country="BR", postal_code="01512651")
    lines = tuple([RequestLine(sku=sku, quantity=1) for sku in skus])
    return QuoteRequest(channel="till", store="shop", destination=place, lines=lines, currency="BRL")


def expected(words: str, *skus: str, **said: Any) -> list[tuple[str, int]]:
    quote = dict(served_quotes(request(*skus)))[words]
    return [(one.sku, one.price.minor) for one in expected_options(quote, replace(TILL, **said))]


@pytest.mark.parametrize(
    ("said", "prices"),
    [
        ({}, [("", 1990), ("", 2475), ("", 3550)]),
        ({"options": "types"}, [("", 1990), ("", 3550)]),
        ({"options": "cheapest"}, [("", 1990)]),
        ({"by_line": True}, [("lamp", 1990), ("lamp", 2475), ("lamp", 3550)]),
        ({"by_line": True, "options": "types"}, [("lamp", 1990), ("lamp", 3550)]),
    ],
)
def test_what_is_told_of_a_quote_is_what_the_case_says(said: dict[str, Any], prices: list[tuple[str, int]]) -> None:
    assert expected("two carriers of one type", "lamp", **said) == prices


def test_lines_of_no_common_service_are_one_option_of_the_best_of_each() -> None:
    assert expected("another carrier for each line", "lamp", "vase") == [("", 1990 + 2475)]
    assert expected("a service that not every line has", "lamp", "vase") == [("", 2600 + 2475)]


def test_a_type_without_words_is_not_expected() -> None:
    quote = dict(served_quotes(request("lamp")))["a type of each kind"]
    normal = next(iter(quote.lines[0].offers)).delivery

    assert len(expected_options(quote, TILL)) == 3
    assert len(expected_options(quote, replace(TILL, types=[normal]))) == 1


def option(minor: int, days: int | None) -> UnderstoodOption:
    return UnderstoodOption("a", Money(minor=minor, currency="BRL"), days)


WANTED = expected_options(dict(served_quotes(request("lamp")))["two carriers of one type"], TILL)


@pytest.mark.parametrize(
    ("found", "said", "words"),
    [
        ([option(1990, 5), option(2475, 7), option(3550, 2)], {}, ""),
        ([option(1990, 9), option(2475, 7), option(3550, 2)], {}, ""),
        ([option(1990, 4), option(2475, 7), option(3550, 2)], {}, "read as 4 days, and the quote says 5"),
        ([option(1990, None), option(2475, 7), option(3550, 2)], {}, "tells no days"),
        ([option(1990, None), option(2475, 7), option(3550, 2)], {"times": "nothing"}, ""),
        ([option(1990, 5), option(2475, 7)], {}, "where the quote says 19.90 BRL, 24.75 BRL, 35.50 BRL"),
        ([option(2475, 7)], {"options": "one"}, ""),
        ([option(2474, 7)], {"options": "one"}, "says one of 19.90 BRL"),
        ([option(2475, 6)], {"options": "one"}, "read as 6 days"),
        ([option(1990, 5), option(2475, 7)], {"options": "one"}, "says one of"),
    ],
)
def test_what_is_read_back_is_held_to_prices_and_promises(
    found: list[UnderstoodOption], said: dict[str, Any], words: str
) -> None:
    faults = misread(found, WANTED, replace(TILL, **said))

    assert (faults == []) is (words == "")
    assert words in " ".join(faults)


def test_a_date_that_is_told_is_held_to_the_promise_as_well() -> None:
    wanted: ExpectedOption = WANTED[0]
    sooner = replace(option(1990, None), latest=wanted.latest.replace(day=wanted.latest.day - 1))

    assert misread([sooner], [wanted], replace(TILL, times="dates")) != []
    assert misread([replace(sooner, latest=wanted.latest)], [wanted], replace(TILL, times="dates")) == []


def test_every_secret_of_a_case_is_known_by_where_it_stands() -> None:
    case = replace(TILL, secrets=["a-number-of-the-shop"])

    assert sorted(ChannelUnderTest(case).secrets.values()) == [
        "a secret of the case",
        "a secret setting at auth.0.value",
        "a secret setting at secret.0",
    ]


def test_a_case_is_one_of_the_fewest_settings_where_it_says_none() -> None:
    under_test = ChannelUnderTest(ChannelCase("till", requests=TILL.requests))

    assert under_test.table == {"auth": {"kind": "url_token", "token": MADE_UP}}
    assert [value.get_secret_value() for value in secrets_of(under_test)] == [MADE_UP]


def secrets_of(under_test: ChannelUnderTest) -> list[SecretStr]:
    return [SecretStr(value) for value in under_test.secrets]


class ForgetfulVia(Via):
    """A channel whose questions stand in the address, and which knows one of them."""

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        if asked.raw_query != self.example().raw_query:
            raise LookupError(asked.raw_query)
        return super().read(asked)


@pytest.mark.exhaustive
def test_a_channel_that_is_asked_by_its_address_is_asked_what_its_document_says() -> None:
    one = RequestSample(b"", Asks("01512651"), method="GET", query="skuId=sku-1234-01%2C2&zipCode=01512651")
    under_test = ChannelUnderTest(ChannelCase("via", requests=[one]))
    under_test.plugin = ForgetfulVia

    with pytest.raises(BrokenContractError, match="since the channel crashed"):
        every_question_gets_what_the_document_says(under_test)


def test_an_example_without_a_signature_is_signed_by_the_case_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    said = replace(TILL, unsigned_example="only the platform has the key")
    with pytest.raises(BrokenContractError, match="leave out the case's unsigned_example"):
        its_example_is_a_question_of_the_store(ChannelUnderTest(said))

    monkeypatch.setattr(Till, "signed", lambda _, body: {})
    its_example_is_a_question_of_the_store(ChannelUnderTest(said))
    with pytest.raises(UnauthorizedError):
        its_example_is_a_question_of_the_store(ChannelUnderTest(TILL))


def test_fields_are_known_however_many_objects_they_stand_in() -> None:
    class Deep(BaseModel):
        inside: "Deep | None" = None
        things: "list[Deep]" = []

    class Around(Till):
        request_model: ClassVar[type[BaseModel]] = Deep

    under_test = ChannelUnderTest(TILL)
    under_test.plugin = Around

    assert "things.inside.things.inside" in known_fields(under_test)
