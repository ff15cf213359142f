"""Which answers without an offer speak of the lane, and which of us: only the first may be "not served"."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from portes.contract import Failure, FailureKind, Refusal, RefusalKind

Answered = Callable[..., Any]

SURE = {"unserved": "not_served"}
EMPTY: Mapping[str, Any] = {"dado": [], "mensagem": "Operação realizada com sucesso"}


def error(words: str, details: Any = None) -> dict[str, Any]:
    return {"mensagem": words, "erros": [{"detalhes": details, "componenteFalho": "cotacao"}]}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, EMPTY),
        (200, {"dado": []}),
        (200, {"dado": None, "erros": None}),
        (200, {"dado": [], "erros": [], "errors": []}),
        (200, {"dado": [], "situacao": "200"}),
        (200, {"dado": [], "mensagem": "Não há rota para o trecho"}),
        (404, error("Nenhuma cotação encontrada para o trecho.")),
        (404, error("Não encontrado", "cepDestino")),
        (404, error("Local de ENTREGA nao atendido")),
        (404, error("CEP de destino inexistente")),
        (404, error("Trecho até Campos do Jordão não atendido")),
    ],
    ids=str,
)
def test_an_answer_that_speaks_of_the_lane_or_of_nothing_is_not_served_once_the_settings_say_so(
    answered: Answered, status: int, body: Mapping[str, Any]
) -> None:
    refused, failed = answered(status, body, **SURE), answered(status, body)

    assert isinstance(refused, Refusal)
    assert refused.kind is RefusalKind.NOT_SERVED
    assert isinstance(failed, Failure)
    assert 'unserved = "not_served"' in failed.hint


@pytest.mark.parametrize(
    ("status", "body", "about"),
    [
        (404, error("Filial não encontrada"), "the branch"),
        (404, error("documentoDevedor sem contrato"), "the payer"),
        (200, {"dado": [], "mensagem": "Cliente sem tabela"}, "the payer"),
        (200, {"dado": [], "mensagem": ["Cliente sem tabela"]}, "the payer"),
        (200, {"dado": [], "mensagem": "PAGADOR BLOQUEADO PARA O DESTINO"}, "the payer"),
        (200, {"dado": None, "mensagem": "CNPJ não cadastrado"}, "the payer"),
        (200, {"dado": [], "erros": ["Falha no cálculo"]}, "the question"),
        (200, {"dado": [], "erros": [{"detalhes": "Falha no cálculo"}]}, "the question"),
        (200, {"dado": [], "errors": [{"detalhes": None}]}, ""),
        (200, {"dado": [], "erros": {"detalhes": "Erro ao consultar a rota"}}, "the question"),
        (200, {"dado": [], **error("CEP de destino não atendido")}, "the lane"),
        (200, {"dado": [], "mensagem": 17}, ""),
        (200, {"dado": [], "mensagem": "CEP de origem da filial não encontrado"}, "the branch"),
        (200, {"dado": [], "mensagem": "CEP de origem não atendido"}, "the origin"),
        (200, {"dado": [], "mensagem": "Sem rota entre a origem e o destino"}, "the origin"),
        (200, {"dado": [], "mensagem": "Local de coleta não atendido"}, "the origin"),
        (200, {"dado": [], "mensagem": "Município do remetente não atendido"}, "the origin"),
        (200, {"dado": [], "mensagem": "CEP não encontrado"}, "a CEP without saying which"),
        (200, {"dado": [], "mensagem": "Crédito bloqueado"}, "unserved_texts"),
        (200, {"dado": [], "mensagem": "Tomador sem acordo comercial"}, "unserved_texts"),
        (200, {"dado": [], "mensagem": "Consulta sem sucesso"}, "unserved_texts"),
        (404, error("Nada encontrado"), ""),
        (404, error("Prazo de entrega não encontrado"), "the question"),
        (404, error("Tente mais tarde: destino não consultado"), "the question"),
        (404, error("CEP não encontrado"), "a CEP without saying which"),
        (400, error("CEP de destino nao atendido"), "the lane"),
        (422, error("Rota nao atendida"), "the lane"),
        (400, error("Requisição inválida.", "required key [cepDestino] not found"), "the question"),
    ],
    ids=str,
)
def test_an_answer_that_speaks_of_us_or_of_an_error_is_a_failure_whatever_the_settings_say(
    answered: Answered, status: int, body: Mapping[str, Any], about: str
) -> None:
    failed = answered(status, body, **SURE)

    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.REJECTED_REQUEST
    assert about in failed.hint
    assert "idCorrelacao" in failed.hint


@pytest.mark.parametrize("status", [400, 404, 422, 200])
@pytest.mark.parametrize("listed", ["nao atendida", "ROTA NÃO ATENDIDA"])
def test_a_listed_text_means_not_served_in_whatever_letters(answered: Answered, status: int, listed: str) -> None:
    body = {"dado": [], **error("Rota não  atendida")}

    refused = answered(status, body, unserved_texts=["outro motivo", listed])

    assert isinstance(refused, Refusal)
    assert refused.kind is RefusalKind.NOT_SERVED
    assert "Rota não atendida" in refused.text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Não há tabela para o trecho", Refusal),
        ("Não há tabela para o trecho da filial", Failure),
        ("CEP de origem: não há tabela para o trecho", Failure),
        ("Não há tabela", Failure),
    ],
)
def test_a_listed_text_accounts_for_its_own_words_and_for_no_others(answered: Answered, words: str, kind: type) -> None:
    """The operator knows that this text means the lane; what else is said beside it may still be about us."""
    assert isinstance(answered(400, error(words), unserved_texts=["não há tabela para o trecho"]), kind)


@pytest.mark.parametrize(("status", "kind"), [(403, "rejected_credentials"), (500, "unreachable")])
def test_a_status_that_is_no_answer_to_the_question_is_never_not_served(
    answered: Answered, status: int, kind: str
) -> None:
    failed = answered(status, error("Rota não atendida"), **SURE, unserved_texts=["rota não atendida"])

    assert isinstance(failed, Failure)
    assert failed.kind == kind


def test_an_address_of_another_server_is_a_failure(answered: Answered) -> None:
    failed = answered(404, {"situacao": None, "idCorrelacao": None, "error": "No listener for endpoint"}, **SURE)

    assert isinstance(failed, Failure)


@pytest.mark.parametrize("situacao", ["OK", 204, True, []])
def test_an_empty_list_in_a_strange_envelope_is_garbled(answered: Answered, situacao: object) -> None:
    failed = answered(200, {"dado": [], "situacao": situacao}, **SURE)

    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.GARBLED
