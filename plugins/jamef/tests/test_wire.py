"""What Jamef is sent, field by field: seen by a tap on the calls that leave, and held to the sum of the parcels."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from portes.contract import DeliveryType, Dimensions, Money, Origin, Parcel, Place, Shipment
from portes.toolbox import HttpResponse
from portes_jamef.services import question
from portes_jamef.settings import JamefService, JamefSettings
from portes_jamef.wire import Question, login_body, quote_body
from portes_testing import ask, parcel

AIR = {"code": "2", "delivery": "express"}
ROAD = {"code": "1", "delivery": "normal"}


def test_a_login_says_user_and_password_of_the_environment(quoting: Callable[..., Any]) -> None:
    for environment, password in (("production", "canary-password-4711"), ("qa", "canary-portal-0815")):
        login = quoting(environment=environment).calls[0]

        assert (login.method, login.path) == ("POST", "/auth/v1/login")
        assert login.json == {"username": "integracao@example.com", "password": password}


@pytest.mark.parametrize(("environment", "key"), [("production", "base_url"), ("qa", "qa_url")])
def test_each_environment_is_asked_at_its_own_address(
    simulating: Callable[..., Any], to: Callable[..., Shipment], environment: str, key: str
) -> None:
    with simulating(environment=environment) as (under_test, sandbox):
        ask(sandbox.new_carrier(), [to("20040020")])

        assert len(under_test.sent) == 3
        assert all(call.url.startswith(f"{sandbox.urls[key]}/") for call in under_test.sent)


def test_a_question_says_the_totals_of_the_shipment(quoting: Callable[..., Any], to: Callable[..., Shipment]) -> None:
    ten = parcel(5000, 420, 250, 400, value="150.00 BRL", count=10)

    assert quoting(to("20040020", ten, day=date(2026, 12, 1))).questions == [
        {
            "tipoTransporte": "1",
            "documentoDevedor": "11222333000181",
            "cepOrigem": "01001000",
            "cepDestino": "20040020",
            "quantidadeVolume": 10,
            "pesoMercadoria": 50,
            "valorNotaFiscal": 1500,
            "metragemCubica": 0.42,
            "filialOrigem": "07",
            "dataColeta": "01/12/2026",
        }
    ]


def test_road_and_air_are_one_question_each(quoting: Callable[..., Any]) -> None:
    told = quoting(services=[ROAD, AIR])

    assert [body["tipoTransporte"] for body in told.questions] == ["1", "2"]
    assert [call.path for call in told.calls].count("/auth/v1/login") == 1


def test_questions_carry_the_token_and_say_that_they_are_json(quoting: Callable[..., Any]) -> None:
    call = quoting().calls[1]

    assert (call.method, call.path) == ("POST", "/calculo-frete/v1/cotacao")
    assert call.header("Authorization").startswith("Bearer ")
    assert call.header("Content-Type") == "application/json"


def test_an_origin_may_have_a_branch_of_its_own(quoting: Callable[..., Any], to: Callable[..., Shipment]) -> None:
    shipments = [to("20040020"), to("20040020", origin=2)]
    bodies = quoting(*shipments, branches={"2": "27"}).questions

    assert sorted(body["filialOrigem"] for body in bodies) == ["07", "27"]


def test_equal_questions_are_asked_once(quoting: Callable[..., Any], to: Callable[..., Shipment]) -> None:
    told = quoting(to("20040020"), to("20040020"))

    assert len(told.questions) == 1
    assert [len(answer.rates) for answer in told.answers] == [1, 1]


def test_the_sender_is_told_only_where_the_settings_say_so(quoting: Callable[..., Any]) -> None:
    (without,), (named,) = quoting().questions, quoting(shipper="529.982.247-25").questions

    assert "documentoRemetente" not in without
    assert named["documentoRemetente"] == "52998224725"


@pytest.mark.parametrize(
    ("name", "transport", "grams", "cubic", "cents", "pieces"),
    [
        ("current-quote-request.json", "1", 50_000, 420_000_000, 1500_00, 10),
        ("current-quote-request-air.json", "2", 7_500, 42_100_000, 899_90, 1),
    ],
)
def test_the_documented_questions_are_asked_as_documented(
    sample: Callable[..., HttpResponse], name: str, transport: str, grams: int, cubic: int, cents: int, pieces: int
) -> None:
    """But for the document of the recipient, which no marketplace tells."""
    documented = json.loads(sample(name).body)
    day, month, year = map(int, documented["dataColeta"].split("/"))
    ours = Question(
        transport=transport,
        payer="11222333000181",
        shipper="11222333000181",
        origin=documented["cepOrigem"],
        destination=documented["cepDestino"],
        branch=documented["filialOrigem"],
        pieces=pieces,
        weight=grams,
        volume=cubic,
        value=cents,
        day=date(year, month, day),
    )

    assert json.loads(quote_body(ours)) == {
        key: value for key, value in documented.items() if key != "documentoDestino"
    }


def test_the_documented_login_is_made_as_documented(sample: Callable[..., HttpResponse]) -> None:
    documented = json.loads(sample("current-login-request.json").body)

    assert login_body("integracao@example.com", SecretStr("EXAMPLE")) == documented


parcels = st.builds(
    lambda grams, sides, cents, count, volumes: Parcel(
        weight=grams,
        size=Dimensions(length=sides[0], width=sides[1], height=sides[2]),
        value=Money(minor=cents, currency="BRL"),
        count=count,
        volumes=volumes,
    ),
    st.integers(1, 2_000_000),
    st.tuples(*[st.integers(1, 3000)] * 3),
    st.integers(1, 10_000_000),
    st.integers(1, 10_000),
    st.integers(1, 30),
)


@given(st.lists(parcels, min_size=1, max_size=6))
def test_what_is_sent_is_the_exact_sum_of_the_parcels(of: list[Parcel]) -> None:
    place = Place(country="BR", postal_code="20040020")
    here = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR-SP")
    sent = Shipment(id="1", parcels=tuple(of), origin=here, place=place, dispatch_date=date(2026, 11, 24))
    settings = JamefSettings(user="u", password=SecretStr("p"), payer="11222333000181", branch="07")
    asked = question(sent, JamefService(code="1", delivery=DeliveryType.NORMAL), settings)
    assert isinstance(asked, Question)

    body = json.loads(quote_body(asked), parse_float=Decimal)

    cubic_metres = sum(Decimal(each.volume * each.count) for each in of) / 10**9
    assert body["quantidadeVolume"] == sum(each.count * each.volumes for each in of)
    assert body["pesoMercadoria"] == sum(Decimal(each.weight * each.count) for each in of) / 1000
    assert body["valorNotaFiscal"] == sum(Decimal(each.value.minor * each.count) for each in of if each.value) / 100
    assert 0 <= body["metragemCubica"] - cubic_metres < Decimal("0.0001")
    assert body["metragemCubica"].as_tuple().exponent == -4
