"""The native channel: the contract's own JSON in and out."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portes.channels.native import Native, NativeSettings
from portes.channels.protocol import Channel, ChannelRequest, Hinted, Storefront, request_in
from portes.contract import Dimensions, Item, Money, Offer, Place, Quote, QuoteRequest
from portes.errors import RequestError, TooMuchError, UnauthorizedError

MakeOffer = Callable[..., Offer]
MakeQuote = Callable[..., Quote]

LINE = {"sku": "zapato", "quantity": 2, "weight": 900, "size": {"length": 330, "width": 200, "height": 120}}


def channel(country: str = "ES", currency: str = "EUR", **settings: object) -> Native:
    fields = {"keys": "canary-key-of-ours", **settings}
    return Native(NativeSettings.model_validate(fields), Storefront(store="tienda", country=country, currency=currency))


def asked(**headers: str) -> ChannelRequest:
    return ChannelRequest(
        "POST", "/v1/tienda/quotes", headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def read(**changed: object) -> QuoteRequest:
    fields: dict[str, Any] = {"destination": {"country": "ES", "postal_code": "08001"}, "lines": [LINE]}
    return channel().read(ChannelRequest("POST", "/v1/tienda/quotes", body=json.dumps({**fields, **changed}).encode()))


def refusals(**changed: object) -> list[tuple[str, str]]:
    with pytest.raises(RequestError) as refused:
        read(**changed)
    return [(found.where, found.value) for found in refused.value.problems]


def test_a_question_is_the_contracts_request_without_channel_and_store() -> None:
    given = read(
        id="pedido 7", storefront="web", lines=[{**LINE, "declared_value": {"minor": 5990, "currency": "EUR"}}]
    )

    assert given == QuoteRequest(
        id="pedido 7",
        channel="native",
        storefront="web",
        store="tienda",
        destination=Place(country="ES", postal_code="08001"),
        lines=(
            Item(
                sku="zapato",
                quantity=2,
                weight=900,
                size=Dimensions(length=330, width=200, height=120),
                declared_value=Money(minor=5990, currency="EUR"),
            ),
        ),
        currency="EUR",
    )


def test_the_currency_is_the_stores_when_missing() -> None:
    assert read().currency == "EUR"
    assert read(currency="EUR") == read()


def test_money_of_another_currency_is_refused_wherever_it_stands() -> None:
    lines = [LINE, {**LINE, "declared_value": {"minor": 1, "currency": "BRL"}}]

    assert refusals(currency="USD", lines=lines) == [("currency", "USD"), ("lines.1.declared_value.currency", "BRL")]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"channel": "netshoes"}, [("channel", "netshoes")]),
        ({"store": "other"}, [("store", "other")]),
        ({"lines": []}, [("lines", "a list of 0")]),
        ({"lines": [{**LINE, "weight": 0.5}]}, [("lines.0.weight", "0.5")]),
        (
            {"lines": [{**LINE, "weight": -1}, {**LINE, "quantity": 0}]},
            [("lines.0.weight", "-1"), ("lines.1.quantity", "0")],
        ),
        ({"lines": [{**LINE, "wieght": 1}]}, [("lines.0.wieght", "1")]),
        ({"destination": {"country": "ES", "postal_code": 8001}}, [("destination.postal_code", "8001")]),
        ({"destination": {"country": "ES", "postal_code": "8001"}}, [("destination.postal_code", "8001")]),
        ({"destination": {"country": "UK", "postal_code": "SW1A1AA"}}, [("destination.country", "UK")]),
        (
            {"lines": [{**LINE, "declared_value": {"minor": -1, "currency": "EUR"}}]},
            [("lines.0.declared_value", "an object")],
        ),
        ({"destination": None}, [("destination", "None")]),
    ],
)
def test_a_wrong_or_unknown_field_is_named(changed: dict[str, object], refused: list[tuple[str, str]]) -> None:
    assert refusals(**changed) == refused


def test_a_question_of_thousands_of_lines_is_too_much() -> None:
    with pytest.raises(TooMuchError):
        read(lines=[LINE] * 2001)


@pytest.mark.parametrize("verdict", ["served", "not_served"])
def test_a_certain_quote_goes_out_whole_and_reads_back_equal(
    verdict: str, make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    offers = (make_offer("normal", 900, (2, 3)),) if verdict == "served" else ()
    quote = make_quote(verdict, ("zapato", offers), failed=("express",))

    reply = channel().write(quote, read())

    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert Quote.model_validate_json(reply.body) == quote


def test_an_unknown_quote_is_503_so_that_nobody_takes_it_for_not_served(make_quote: MakeQuote) -> None:
    quote = make_quote("unknown", ("zapato", ()), failed=("normal",))

    reply = channel().write(quote, read())

    assert (reply.status, reply.headers["content-type"]) == (503, "application/problem+json")
    body = json.loads(reply.body)
    assert body["quote"]["verdict"] == "unknown"
    assert Quote.model_validate_json(json.dumps(body["quote"])) == quote


def test_any_of_the_keys_opens_and_no_other() -> None:
    native = channel(keys=["canary-new-of-ours", "canary-old-of-ours"])

    for key in ("canary-new-of-ours", "canary-old-of-ours"):
        native.authenticate(asked(authorization=f"bearer {key}"))
    for text in ("canary-new-of-ours", "Bearer canary-new-of-ours2", "Basic canary-new-of-ours", "Bearer "):
        with pytest.raises(UnauthorizedError) as refused:
            native.authenticate(asked(authorization=text))
        assert "canary" not in str(refused.value)


@pytest.mark.parametrize("keys", [[], "", [""]])
def test_without_a_key_there_is_no_channel(keys: object) -> None:
    with pytest.raises(ValueError, match="NativeSettings"):
        channel(keys=keys)


def test_a_callers_hint_can_only_shorten_the_deadline() -> None:
    native = channel()

    assert isinstance(native, Hinted)
    assert native.within(asked()) == native.deadline == native.limit == 2.0
    assert native.within(asked(portes_deadline="800ms")) == pytest.approx(0.8)
    assert native.within(asked(portes_deadline="1h")) == 2.0


@pytest.mark.parametrize("hint", ["800", "soon", "0s", "-1s", ""])
def test_a_hint_that_is_no_duration_is_refused(hint: str) -> None:
    with pytest.raises(RequestError) as refused:
        channel().within(asked(portes_deadline=hint))

    assert refused.value.problems[0].where == "portes-deadline"


@pytest.mark.parametrize(("country", "currency"), [("ES", "EUR"), ("BR", "BRL"), ("AD", "EUR"), ("MX", "MXN")])
def test_the_example_can_be_read_in_any_country(country: str, currency: str) -> None:
    native: Channel = channel(country, currency)
    example = native.example()

    native.authenticate(example)
    assert request_in(native.read(example)).destination.country == country
    assert example.path == "/v1/tienda/quotes"


def test_every_status_says_what_it_means() -> None:
    assert sorted(Native.statuses) == [200, 401, 413, 422, 503]
