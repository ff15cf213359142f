"""Fields that only decorate an answer: whatever their shape, a sound price and a sound token stand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from jamef_answers import asked, brl, offered, received

from portes.errors import GarbledError
from portes_jamef.wire import Price, read_login, read_quote

PARTS = {"frete": 372.93, "imposto": 50.86}


@pytest.mark.parametrize(
    ("fields", "number", "parts"),
    [
        ({"numeroCotacao": 12345}, "12345", True),
        ({"numeroCotacao": ""}, "", True),
        ({"numeroCotacao": {"a": 1}}, "", True),
        ({"numeroCotacao": "A" * 9000}, "A" * 99 + "…", True),
        ({"modalidadeTransporte": 1}, "", True),
        ({"modalidadeTransporte": 1.0}, "", True),
        ({"modalidadeTransporte": ""}, "", True),
        ({"modalidadeTransporte": "01"}, "", True),
        ({"imposto": ""}, "", False),
        ({"frete": "372,93"}, "", False),
        ({"frete": []}, "", False),
        ({"frete": -1}, "", False),
        ({"imposto": True}, "", False),
    ],
    ids=str,
)
def test_a_field_of_an_offer_that_only_decorates_costs_no_price(
    fields: dict[str, Any], number: str, *, parts: bool
) -> None:
    said = read_quote(received(offered(**PARTS | fields)), asked())

    assert isinstance(said, Price)
    assert (said.total, said.promised, said.number) == (brl(423_79), date(2024, 12, 30), number)
    assert said.parts == ((brl(372_93), brl(50_86)) if parts else None)


@pytest.mark.parametrize(
    "fields",
    [
        {"situacao": "200"},
        {"situacao": "OK"},
        {"situacao": None},
        {"mensagem": 17},
        {"mensagem": ["a", {"b": None}]},
        {"idCorrelacao": 4711},
        {"dataHora": 1764500000},
        {"erros": "nada"},
    ],
    ids=str,
)
def test_a_field_of_the_envelope_that_only_decorates_costs_no_price(fields: dict[str, Any]) -> None:
    said = read_quote(received(offered() | fields), asked())

    assert isinstance(said, Price)
    assert said.total == brl(423_79)


def test_an_offer_for_another_transport_may_be_odd_as_it_likes() -> None:
    said = read_quote(received(offered({"modalidadeTransporte": "2", "total": "a pedido"})), asked())

    assert isinstance(said, Price)
    assert said.total == brl(423_79)


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"expiresIn": "1800"}, 1800),
        ({"expiresIn": "soon"}, 3600),
        ({"expiresIn": 3600.0}, 3600),
        ({}, 3600),
        ({"expiresIn": 10**12}, 10_000_000),
        ({"expiresIn": 3600, "refreshToken": 5, "tokenType": None}, 3600),
    ],
    ids=str,
)
def test_what_a_login_says_beside_its_token_costs_no_login(fields: dict[str, Any], seconds: int) -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    token = read_login(received({"situacao": "200", "dado": [{"accessToken": "t", **fields}]}), noon)

    assert token.expires == noon + timedelta(seconds=seconds)


@pytest.mark.parametrize("token", ["two words", "tok\u00e9n", "a\r\nb", "x" * 20_000], ids=lambda text: text[:9])
def test_what_no_header_can_hold_is_no_token(token: str) -> None:
    with pytest.raises(GarbledError, match="accessToken"):
        read_login(received({"situacao": 200, "dado": [{"accessToken": token}]}), datetime.now(UTC))
