"""Answers are tied to their questions by the numbers that Correios sends back."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from correios_answers import received, sample
from correios_stubs import BOX, PRICES, Quoting

from portes.contract import FailureKind
from portes.errors import GarbledError
from portes.toolbox import HttpResponse
from portes.toolbox.numbers import Numbers
from portes_correios_br.sandbox import Sandbox
from portes_correios_br.tokens import account_of, apis_of, read_card_token
from portes_testing import ask, carrier_under_test, parcel, served_sandbox


class OneLate(Sandbox):
    """Answers each question for prices but the first as the one before it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._said: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PRICES:
            return super().__call__(environ, start_response)
        self._said.append(b"".join(super().__call__(environ, lambda _status, _headers: None)))
        start_response("200 Late", [("Content-Type", "application/json")])
        return self._said[-2:-1] or self._said


def test_the_answer_to_the_question_before_is_no_price(case_of: Quoting, to: Quoting) -> None:
    with carrier_under_test(case_of([{"code": "03220", "delivery": "express"}], {}, OneLate)) as under_test:
        under_test.tool_overrides = {"numbers": Numbers()}
        with served_sandbox(under_test) as sandbox:
            carrier = sandbox.new_carrier()
            first = ask(carrier, [to("70002900", BOX)]).answers[0]
            second = ask(carrier, [to("69900000", parcel(29_000, 400, 400, 400))]).answers[0]

    assert [rate.service for rate in first.rates] == ["03220"]
    assert [(each.kind, each.hint) for each in second.failures] == [
        (FailureKind.GARBLED, "Correios answers another question than ours")
    ]
    sent = [call.json["parametrosProduto"][0]["nuRequisicao"] for call in under_test.sent if call.path == PRICES]
    assert len(set(sent)) == 2


def test_a_token_of_another_posting_card_is_garbled_and_its_connection_closed() -> None:
    closed: list[bool] = []
    body = received({**sample("token-cartao-2026")}, 201).body
    answer = HttpResponse(201, {}, body.replace(b'"0000000000"', b'"0012345671"'), lambda: closed.append(True))

    with pytest.raises(GarbledError, match="another question"):
        read_card_token(answer, "0012345678", "-03:00")

    assert closed == [True]
    assert account_of(read_card_token(answer, "12345671", "-03:00")).region == "36"


@pytest.mark.parametrize("number", [12345678, "12345678", None, "", ["0012345678"], "x" * 99], ids=repr)
def test_a_posting_card_may_lose_its_zeros_or_its_shape_on_the_way(number: object) -> None:
    token = sample("token-cartao-2026")
    body = {**token, "cartaoPostagem": {**token["cartaoPostagem"], "numero": number}}

    assert account_of(read_card_token(received(body, 201), "0012345678", "-03:00")).region == "36"


@pytest.mark.parametrize(
    "odd", [{"dr": "9" * 5000}, {"contrato": "9" * 5000}, {"dr": -1}], ids=["dr", "contrato", "-1"]
)
def test_a_contract_or_region_of_thousands_of_digits_is_garbled(odd: dict[str, Any]) -> None:
    token = sample("token-cartao-2026")

    with pytest.raises(GarbledError):
        read_card_token(received({**token, "cartaoPostagem": {**token["cartaoPostagem"], **odd}}, 201), "0", "-03:00")


@pytest.mark.parametrize("text", ["two words", "tok\u00e9n", "a\r\nb", "x" * 20_000])
def test_what_no_header_can_hold_is_no_token(text: str) -> None:
    with pytest.raises(GarbledError):
        read_card_token(received({**sample("token-cartao-2026"), "token": text}, 201), "0", "-03:00")


def test_what_only_decorates_a_token_or_ends_it_oddly_harms_nothing() -> None:
    token = sample("token-cartao-2026")
    card = {**token["cartaoPostagem"], "api": ["9" * 5000, 34, -1, None]}
    body = {**token, "cartaoPostagem": card, "zoneOffset": ",5", "expiraEm": "0001-01-01T00:00:00"}

    read = read_card_token(received(body, 201), "0", "+14:00")

    assert (apis_of(read), account_of(read).region, read.expires.year) == (frozenset({34}), "36", 1970)
