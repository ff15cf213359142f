"""What error texts and whole answers of Correios mean: a no only about goods, destination or lane, else a failure."""

from typing import Any

import pytest
from correios_answers import LANE, PIECE, priced, prices, read_prices, read_times, received, sample, timed, times

from portes.contract import RefusalKind
from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes.toolbox import HttpResponse
from portes_correios_br.codes import RejectedCallError, TokenRejectedError
from portes_correios_br.services import No

DESTINATION = "ERP-005: CEP inexistente (05311900). --> UF DESTINO"
ORIGIN = "ERP-005: CEP inexistente (70002900). --> UF ORIGEM"


@pytest.mark.parametrize("code", ["PRZ-008", "ERP-006", "ERP-007"])
def test_a_code_of_the_lane_is_a_refusal_of_prices_and_times(code: str) -> None:
    for said in (priced(txErro=f"{code}: texto"), timed(txErro=f"{code}: texto")):
        assert said == No(RefusalKind.SERVICE_UNAVAILABLE, code, "texto")


@pytest.mark.parametrize(
    "text",
    [
        DESTINATION,
        "ERP-005: CEP do Destinatário inexistente.",
        "ERP-005: invalid DESTINATION",
        "ERP-005: CEP inexistente (05311900).",
        "ERP-005: CEP inexistente (05311-900).",
        "Erro no cálculo: ERP-005 CEP de destino inexistente",
        "[ERP-005] CEP de destino inexistente",
    ],
)
def test_a_cep_that_does_not_exist_is_not_served_where_the_text_names_the_destination(text: str) -> None:
    for said in (priced(txErro=text), timed(txErro=text)):
        assert isinstance(said, No)
        assert (said.kind, said.code) == (RefusalKind.NOT_SERVED, "ERP-005")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (ORIGIN, "the origin's CEP 70002900 does not exist for Correios: correct postal_code of that origin"),
        ("ERP-005: CEP do remetente inexistente", "the origin's CEP 70002900 does not exist"),
        ("ERP-005: CEP inexistente (70.002-900)", "the origin's CEP 70002900 does not exist"),
        ("ERP-005: CEP inexistente.", "the origin's, 70002900, or the destination's, 05311900"),
        ("ERP-005: CEP de origem ou destino inexistente", "the origin's, 70002900, or the destination's, 05311900"),
        ("ERP-005: CEP 70002900 ou 05311900", "the origin's, 70002900, or the destination's, 05311900"),
        ("ERP-005: CEP original inexistente", "the origin's, 70002900, or the destination's, 05311900"),
    ],
)
def test_a_cep_that_may_be_our_own_is_a_failure_that_names_it(text: str, advice: str) -> None:
    for said in (priced(txErro=text), timed(txErro=text)):
        assert isinstance(said, RejectedRequestError)
        assert advice in said.hint


@pytest.mark.parametrize(
    "text", ["CON-011: Serviço 03220 não disponível para o cartão.", "Serviço fora do contrato (CON-011)"]
)
def test_a_product_that_is_not_on_the_card_is_our_fault(text: str) -> None:
    for said in (priced(txErro=text), timed(txErro=text)):
        assert isinstance(said, RejectedRequestError)
        assert "not on this posting card: have it put on the contract" in said.hint


@pytest.mark.parametrize("code", ["PRC-101", "PRZ-101", "PRZ-116", "PRC-140", "XYZ-999"])
def test_a_malformed_question_and_an_unknown_code_are_failures_with_code_and_text(code: str) -> None:
    said = priced(txErro=f"{code}: Parâmetro 'psObjeto' inválido.")

    assert isinstance(said, RejectedRequestError)
    assert said.hint == f"Correios answers {code}: Parâmetro 'psObjeto' inválido."


@pytest.mark.parametrize("text", ["XERP-006: texto", "ERP-0061: texto", "erp-006: texto", "ERP-006 e PRC-101: texto"])
def test_what_only_looks_like_a_no_or_stands_beside_a_fault_is_a_failure(text: str) -> None:
    assert isinstance(priced(txErro=text), RejectedRequestError)


def test_an_error_without_a_code_is_a_failure_with_its_text() -> None:
    said = priced(txErro="Serviço fora do ar")

    assert isinstance(said, RejectedRequestError)
    assert said.hint == "Correios answers Serviço fora do ar"


def valued(text: str, centavos: int | None) -> Any:
    """What is said to a price question that declares so much, when its entry ends with this text."""
    question = prices("03220", piece=PIECE._replace(value=centavos))
    return read_prices(received([{"coProduto": "03220", "nuRequisicao": "1", "txErro": text}], 400), question)[0]


@pytest.mark.parametrize(
    "text",
    [
        "ERP-013: O valor declarado deve estar entre R$ 27,10 e R$ 10.000,00.",
        "ERP-013: 10000,01 fora da faixa de 27,10 a 10000,00",
        "ERP-013: o valor máximo é de R$ 10.000",
        "ERP-013: valor declarado acima do permitido",
    ],
)
def test_a_value_above_the_range_that_is_told_is_refused(text: str) -> None:
    said = valued(text, 10_000_01)

    assert isinstance(said, No)
    assert (said.kind, said.code) == (RefusalKind.VALUE_OUT_OF_RANGE, "ERP-013")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("ERP-013: O valor declarado deve estar entre R$ 27,10 e R$ 10.000,00.", 'write value_min = "27.10"'),
        ("ERP-013: 26,00 fora da faixa de 27,10 a 10000,00", 'write value_min = "27.10"'),
        ("ERP-013: o valor mínimo é R$ 27.10", 'write value_min = "27.10"'),
        ("ERP-013: valor abaixo do permitido", "write value_min for this service"),
        ("ERP-013: entre o mínimo e o máximo", "whether the declared value is too high or too low"),
        ("ERP-013: fora da faixa", "whether the declared value is too high or too low"),
        ("ERP-013: entre R$ 20,00 e R$ 30,00", "whether the declared value is too high or too low"),
    ],
)
def test_a_value_below_the_range_is_our_mistake_and_told_how_to_mend(text: str, advice: str) -> None:
    said = valued(text, 26_00)

    assert isinstance(said, RejectedRequestError)
    assert advice in said.hint


def test_a_value_that_nobody_declared_is_never_too_high() -> None:
    text = "ERP-013: acima de R$ 27,10"

    assert isinstance(valued(text, None), RejectedRequestError)
    assert isinstance(timed(txErro=text), RejectedRequestError)


def raised(reply: HttpResponse, *products: str) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        read_prices(reply, prices(*products or ("03220",)))
    return caught.value


def test_an_expired_token_is_known_by_its_misleading_text() -> None:
    for status in (401, 403):
        assert isinstance(raised(received(sample("error-gtw-008"), status)), TokenRejectedError)


def test_an_api_that_is_not_on_the_contract_says_which_services_are_missing() -> None:
    for body in ({"msgs": ["GTW-012: Acesso restrito. API: 34"]}, {"msg": "Acesso negado (GTW-012)"}):
        problem = raised(received(body, 403))

        assert type(problem) is RejectedCredentialsError
        assert problem.hint == "services 38202 (prices) and 38210 (deadlines) are not on the contract"


def test_a_missing_parameter_is_our_fault() -> None:
    with pytest.raises(RejectedRequestError) as caught:
        read_times(received(sample("error-prz-116"), 400), times("03220"))

    assert "PRZ-116: Parâmetro 'cepDestino' obrigatório para obter o prazo." in caught.value.hint


@pytest.mark.parametrize("body", [{"msgs": [DESTINATION]}, {"msg": DESTINATION}, {"txErro": DESTINATION}])
@pytest.mark.parametrize("status", [200, 400, 404])
def test_a_known_no_for_the_whole_call_is_a_refusal_of_its_only_question(body: object, status: int) -> None:
    reply = received(body, status)

    assert [said.kind for said in read_prices(reply, prices("03220"))] == [RefusalKind.NOT_SERVED]
    assert [said.kind for said in read_times(reply, times("03220"))] == [RefusalKind.NOT_SERVED]
    assert isinstance(raised(reply, "03220", "03298"), RejectedRequestError)


@pytest.mark.parametrize(
    "body",
    [
        {"msgs": [ORIGIN]},
        {"msg": ORIGIN},
        {"msgs": ["ERP-005: CEP inexistente."]},
        {"msgs": ["CON-011: fora do cartão"]},
        {"msgs": [DESTINATION, "PRC-101: Parâmetro inválido."]},
    ],
)
@pytest.mark.parametrize("status", [200, 400, 404])
def test_our_own_fault_for_the_whole_call_is_a_failure_of_its_only_question(body: object, status: int) -> None:
    assert isinstance(raised(received(body, status)), RejectedRequestError)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", GarbledError),
        (200, b"<html>", GarbledError),
        (200, b'{"pcFinal": "1,00"}', GarbledError),
        (206, b"[", GarbledError),
        (400, b"<html>", GarbledError),
        (400, '{"msg": "lote inválido"}'.encode(), RejectedCallError),
        (400, b'{"msgs": ["PRC-101: idLote"]}', RejectedCallError),
        (401, b"", TokenRejectedError),
        (403, b"<html>", TokenRejectedError),
        (404, b"<html>", RejectedRequestError),
        (404, b'{"msgs": ["CON-011: ops"]}', RejectedCallError),
        (412, b"{}", TokenRejectedError),
        (302, b"", UnreachableError),
        (500, b'{"msgs": ["PRC-500: ops"]}', UnreachableError),
        (502, b"<html>", UnreachableError),
        (503, b"", UnreachableError),
        (504, b"", UnreachableError),
    ],
)
def test_an_answer_that_is_no_list_is_told_as_what_it_is(status: int, body: bytes, error: type[CarrierError]) -> None:
    assert type(raised(HttpResponse(status, {}, body))) is error


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("", None)])
def test_throttling_passes_on_when_to_come_back(header: str, seconds: int | None) -> None:
    problem = raised(received({}, 429, Retry_After=header))

    assert isinstance(problem, ThrottledError)
    assert problem.retry_after == seconds


def test_a_long_error_text_is_cut() -> None:
    assert len(raised(received({"msg": "x" * 5000}, 400)).hint) < 400


def test_a_lane_within_one_cep_is_known_by_its_side_alone() -> None:
    inside = prices("03220")[0]._replace(lane=LANE._replace(destination=LANE.origin))
    reply = received([{"coProduto": "03220", "nuRequisicao": "1", "txErro": ORIGIN}], 400)

    assert isinstance(read_prices(reply, [inside])[0], RejectedRequestError)


@pytest.mark.parametrize("amount", ["9" * 5000 + ",00", "1." * 3000 + "00", "9" * 400])
def test_a_limit_of_thousands_of_digits_is_no_limit(amount: str) -> None:
    said = priced(txErro=f"ERP-013: O valor declarado deve ser de R$ {amount}.")

    assert isinstance(said, RejectedRequestError)
