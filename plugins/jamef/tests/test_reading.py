"""What is understood of Jamef's answers: every published sample to hand-checked values, and every known trouble."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from jamef_answers import ID, asked, brl, offered, received

from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes.toolbox import HttpResponse
from portes_jamef.branches import branches
from portes_jamef.complaints import complaint_of
from portes_jamef.wire import NoOffer, Price, Question, read_login, read_quote

Sample = Callable[..., HttpResponse]


def problem(answer: HttpResponse, question: Question | None = None) -> CarrierError:
    with pytest.raises(CarrierError) as raised:
        read_quote(answer, question or asked())
    return raised.value


def test_the_recorded_quote_costs_423_79_and_arrives_on_30_december(sample: Sample) -> None:
    """R$ 372,93 and 12 % of tax, which is 50,86 of 423,79."""
    said = read_quote(sample("current-quote-response-200.json"), asked())

    assert said == Price(
        total=brl(423_79),
        parts=(brl(372_93), brl(50_86)),
        promised=date(2024, 12, 30),
        number="AHMVT5",
        correlation_id="a4c6e1a4-e1bb-452c-aab3-c79389c54ee1",
    )


def test_the_documented_login_gives_a_token_for_an_hour(sample: Sample) -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    token = read_login(sample("current-login-response-200.json"), noon)

    assert token.value.get_secret_value() == "eyJhbGciOiJSUzI1NiJ9.EXAMPLE-PAYLOAD.EXAMPLE-SIGNATURE"
    assert token.expires == noon + timedelta(hours=1)


@pytest.mark.parametrize("name", ["erros", "errors"])
def test_the_documented_error_is_told_with_its_id_and_without_the_component(sample: Sample, name: str) -> None:
    body = json.loads(sample("current-error-envelope.json").body)
    body[name] = body.pop("erros")
    answer = received(body, 400)

    told = read_quote(answer, asked())

    assert isinstance(told, NoOffer)
    assert told.text == (
        "Jamef answers 400: Mensagem detalhada descrevendo o erro; Detalhes do erro ocorrido durante a execução. "
        f"(idCorrelacao {ID})"
    )
    assert complaint_of(answer).component == "Componente específico que falhou."


def test_every_branch_of_the_lists_that_has_a_code_is_known(sample: Sample) -> None:
    """Thirty-four; the two oldest have letters only, and nobody can name them to the API."""
    rows = [line.split(",") for line in sample("branches.csv").body.decode().splitlines()[1:]]
    listed = {code: (letters, town, state) for letters, town, state, code, _ in rows if code}

    assert {code: tuple(branch)[1:] for code, branch in branches().items()} == listed
    assert len(listed) == 34
    assert [letters for letters, _, _, code, _ in rows if not code] == ["JAS", "NAT"]


@pytest.mark.parametrize(
    "name",
    [
        "restv1-response-200-number.json",
        "restv1-response-200-string.json",
        "soap04-response-ok.xml",
        "soap05-response-ok.xml",
        "asp-xml-response-ok.latin1.xml",
        "current-login-response-200.json",
        "current-tracking-response-200.json",
        "current-branch-lookup-response-200.RECONSTRUCTED.json",
    ],
)
def test_an_answer_of_another_call_or_generation_is_no_price(sample: Sample, name: str) -> None:
    assert isinstance(problem(sample(name)), GarbledError)


@pytest.mark.parametrize("status", [200, 201])
def test_both_statuses_of_success_are_read(sample: Sample, status: int) -> None:
    said = read_quote(sample("current-quote-response-200.json", status), asked())

    assert isinstance(said, Price)


def test_the_total_is_the_price_where_nothing_else_is_named() -> None:
    said = read_quote(received(offered()), asked())

    assert isinstance(said, Price)
    assert (said.total, said.parts) == (brl(423_79), None)


def test_parts_that_do_not_add_up_are_left_out_and_the_total_stays() -> None:
    said = read_quote(received(offered(frete=372.93, imposto=50.85)), asked())

    assert isinstance(said, Price)
    assert (said.total, said.parts) == (brl(423_79), None)


def test_a_total_that_was_added_up_in_binary_is_rounded_to_the_centavo() -> None:
    said = read_quote(received(offered(total=423.78999999999996)), asked())

    assert isinstance(said, Price)
    assert said.total == brl(423_79)


def test_an_offer_that_names_no_transport_is_for_the_one_asked_for() -> None:
    assert isinstance(read_quote(received(offered(modalidadeTransporte=None)), asked("2")), Price)


def test_of_several_offers_the_one_for_the_transport_counts() -> None:
    air = {"modalidadeTransporte": "2", "previsaoEntrega": "26/12/2024", "total": 900.10}

    said = read_quote(received(offered(air)), asked("2"))

    assert isinstance(said, Price)
    assert said.total == brl(900_10)


@pytest.mark.parametrize(
    "body",
    [
        offered(total=None),
        offered(total=0),
        offered(total=-1),
        offered(total="423,79"),
        offered(total=None, frete=372.93),
        offered(previsaoEntrega=None),
        offered(previsaoEntrega="30/12/24"),
        offered(previsaoEntrega="2024-12-30"),
        offered(previsaoEntrega="31/02/2025"),
        offered(previsaoEntrega="24/12/2024"),
        offered(previsaoEntrega="30/12/9999"),
        offered(modalidadeTransporte="2"),
        offered(offered()["dado"][0]),
        offered(modalidadeTransporte=["1"]),
        offered(modalidadeTransporte="rodoviário"),
        offered(modalidadeTransporte=2),
        {"situacao": 200},
        [],
    ],
    ids=[
        "no_total",
        "total_of_zero",
        "negative_total",
        "total_with_a_comma",
        "freight_without_tax_only",
        "no_day",
        "two_digit_year",
        "another_form_of_day",
        "no_such_day",
        "before_the_collection",
        "never",
        "another_transport",
        "two_for_one_transport",
        "a_transport_that_cannot_be_read",
        "a_transport_by_another_name",
        "another_transport_as_a_number",
        "no_list",
        "a_list_for_an_object",
    ],
)
def test_an_offer_that_cannot_be_meant_is_garbled(body: object) -> None:
    assert isinstance(problem(received(body)), GarbledError)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (None, "without a day of delivery"),
        ("31/02/2025", "no day"),
        ("24/12/2024", "promised for 2024-12-24, before the collection on 2024-12-25"),
        ("30/12/2031", "more than a year ahead"),
    ],
)
def test_a_day_that_cannot_be_meant_is_told_as_what_it_is(day: str | None, why: str) -> None:
    assert why in problem(received(offered(previsaoEntrega=day))).hint


@pytest.mark.parametrize("listed", [[], None])
def test_an_empty_list_is_no_offer_and_null_is_an_empty_list(listed: object) -> None:
    said = read_quote(received({"situacao": 200, "dado": listed, "idCorrelacao": ID}), asked())

    assert isinstance(said, NoOffer)
    assert said.text == f"Jamef offers nothing (idCorrelacao {ID})"


@pytest.mark.parametrize("situacao", ["500", 500.0])
def test_an_error_that_the_body_tells_as_text_or_with_a_point_is_an_error_too(situacao: object) -> None:
    assert isinstance(problem(received({"situacao": situacao, "dado": []})), UnreachableError)


def test_a_404_of_a_gateway_is_told_from_one_of_the_api() -> None:
    own = {"situacao": 404, "mensagem": "Nada encontrado", "idCorrelacao": ID}
    said = [read_quote(received(body, 404), asked()) for body in (own, {"error": "No listener for endpoint"})]

    assert [isinstance(each, NoOffer) and each.complaint.enveloped for each in said] == [True, False]


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("body", [{"situacao": 0, "mensagem": "não", "erros": []}, {"error": "no"}, "text", None])
def test_a_status_about_the_question_is_an_answer_without_an_offer(status: int, body: object) -> None:
    assert isinstance(read_quote(received(body, status), asked()), NoOffer)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, RejectedCredentialsError),
        (403, RejectedCredentialsError),
        (409, RejectedRequestError),
        (500, UnreachableError),
        (502, UnreachableError),
        (504, UnreachableError),
        (204, GarbledError),
        (302, UnreachableError),
    ],
)
@pytest.mark.parametrize("body", [{"situacao": 0, "mensagem": "não", "erros": []}, {"error": "no"}, "text", None])
def test_a_status_means_the_same_from_the_api_and_from_its_gateway(
    status: int, kind: type[CarrierError], body: object
) -> None:
    assert type(problem(received(body, status))) is kind


def test_an_error_that_http_calls_a_success_is_an_error() -> None:
    told = problem(received({"situacao": 500, "mensagem": "Falha", "dado": [], "idCorrelacao": ID}))

    assert isinstance(told, UnreachableError)
    assert told.hint == f"Jamef answers 500: Falha (idCorrelacao {ID})"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, None), ({"Retry-After": "7"}, 7), ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None)],
)
def test_a_429_says_when_to_ask_again_if_the_answer_does(headers: dict[str, str], seconds: int | None) -> None:
    told = problem(HttpResponse(429, headers, b'{"error":"Quota has been exceeded"}'))

    assert isinstance(told, ThrottledError)
    assert told.retry_after == seconds
    assert "Quota has been exceeded" in told.hint


@pytest.mark.parametrize(("headers", "seconds"), [({}, 60), ({"Retry-After": "7"}, 7)])
def test_a_429_to_a_login_means_a_minute_unless_it_says_otherwise(headers: dict[str, str], seconds: int) -> None:
    with pytest.raises(ThrottledError) as raised:
        read_login(HttpResponse(429, headers, b'{"error":"Quota has been exceeded"}'), datetime.now(UTC))

    assert raised.value.retry_after == seconds


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_says_that_production_has_a_password_of_its_own(status: int) -> None:
    with pytest.raises(RejectedCredentialsError, match="production has a password of its own"):
        read_login(received({"error": "no"}, status), datetime.now(UTC))


@pytest.mark.parametrize(
    "grants",
    [
        [],
        [{"expiresIn": 3600}],
        [{"accessToken": "", "expiresIn": 3600}],
        [{"accessToken": 4711, "expiresIn": 3600}],
        [{"accessToken": "t", "expiresIn": 0}],
        [{"accessToken": "t", "expiresIn": "-1"}],
        [{"accessToken": "t", "expiresIn": 3600}] * 2,
    ],
)
def test_a_login_without_one_living_token_is_garbled(grants: list[dict[str, Any]]) -> None:
    with pytest.raises(GarbledError):
        read_login(received({"situacao": 200, "dado": grants}), datetime.now(UTC))


def test_words_of_an_error_are_told_once_on_one_line_and_not_for_ever() -> None:
    entries = [{"detalhes": "required key\n [pesoMercadoria]"}, {"detalhes": None}]
    twice = {"mensagem": "Ruim", "erros": entries, "errors": entries}
    long = {"mensagem": "x" * 9000}

    assert complaint_of(received(twice, 400)).told == "Jamef answers 400: Ruim; required key [pesoMercadoria]"
    assert len(complaint_of(received(long, 400)).told) < 350
