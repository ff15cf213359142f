"""What is understood of Correios' answers: every published sample to hand-checked values, and every known trouble."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

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
from portes_correios_br.codes import TokenRejectedError
from portes_correios_br.services import No, Piece
from portes_correios_br.tokens import account_of, apis_of, read_card_token, read_login_token
from portes_correios_br.wire import (
    Lane,
    Price,
    PriceQuestion,
    Time,
    TimeQuestion,
    read_prices,
    read_times,
)

SAMPLES = Path(__file__).parent / "samples"
LANE = Lane("70002900", "05311900", None)
PIECE = Piece(300, (20, 20, 20), (), None)
BRASILIA = "-03:00"


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def received(body: object, status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()
    )


def prices(*products: str) -> list[PriceQuestion]:
    return [PriceQuestion(product, LANE, PIECE) for product in products]


def times(*products: str) -> list[TimeQuestion]:
    return [TimeQuestion(product, LANE) for product in products]


def numbered(entry: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """A single answer as a batch would hold it."""
    return {**entry, "nuRequisicao": str(number)}


def test_the_manuals_sedex_costs_19_92_with_its_extras() -> None:
    said = read_prices(received([numbered(sample("preco-get-03220-manual"))]), prices("03220"))

    assert said == [Price(1992, {"base": 1113, "ad_valorem": 179, "receipt": 700})]


def test_the_pac_of_2026_costs_106_25_and_nothing_beside() -> None:
    said = read_prices(received([numbered(sample("preco-get-03298-2026"))]), prices("03298"))

    assert said == [Price(10625, {"base": 10625})]


def test_the_manuals_older_sedex_costs_17_93() -> None:
    first, _twin = sample("preco-post-04162x2-manual")

    assert read_prices(received([first]), prices("04162")) == [
        Price(1793, {"base": 1014, "ad_valorem": 79, "receipt": 700})
    ]


def test_two_entries_with_one_number_are_no_answer() -> None:
    (said,) = read_prices(received(sample("preco-post-04162x2-manual")), prices("04162"))

    assert isinstance(said, GarbledError)
    assert said.hint == "2 entries answer the question for 04162"


def test_a_swapped_product_is_refused_with_its_reason() -> None:
    (entry,) = sample("preco-post-swap-04960")
    (said,) = read_prices(received([numbered(entry)]), prices("04227"))

    assert isinstance(said, No)
    assert (said.kind, said.code) == (RefusalKind.SERVICE_UNAVAILABLE, "04960")
    assert "04960 in place of 04227" in said.text


def test_a_cep_that_does_not_exist_is_not_served() -> None:
    entries = [numbered(entry, number) for number, entry in enumerate(sample("preco-post-erp005"), start=1)]
    said = read_prices(received(entries, 400), prices("03220", "03298", "04227"))

    assert said == [
        No(RefusalKind.NOT_SERVED, "ERP-005", "CEP inexistente (00000000). --> UF DESTINO"),
        No(RefusalKind.NOT_SERVED, "ERP-005", "CEP inexistente."),
        No(RefusalKind.NOT_SERVED, "ERP-005", "CEP inexistente."),
    ]


@pytest.mark.parametrize(
    ("name", "product", "promised"),
    [
        ("prazo-get-03220-manual", "03220", date(2022, 3, 22)),
        ("prazo-get-04014-2023", "04014", date(2023, 9, 27)),
    ],
)
def test_a_published_time_is_one_day_to_the_door(name: str, product: str, promised: date) -> None:
    assert read_times(received([numbered(sample(name))]), times(product)) == [Time(1, promised, home=True, notice="")]


def test_the_manuals_batch_of_times_is_read_entry_by_entry() -> None:
    said = read_times(received(sample("prazo-post-manual")), times("04162", "04669"))

    assert said == [
        Time(1, date(2022, 3, 21), home=True, notice=""),
        Time(5, date(2022, 3, 25), home=True, notice=""),
    ]


def test_the_manuals_times_are_business_days() -> None:
    """Posted on Friday, 18 March 2022: one day later is a Monday, five days later the Friday after."""
    posted = date(2022, 3, 18)
    one, five = (datetime.fromisoformat(entry["dataMaxima"]).date() for entry in sample("prazo-post-manual"))

    assert ((one - posted).days, (five - posted).days) == (3, 7)


def test_entries_are_matched_by_their_number_in_whatever_order_they_come() -> None:
    entries = list(reversed(sample("prazo-post-manual")))

    assert [said.days for said in read_times(received(entries), times("04162", "04669")) if isinstance(said, Time)] == [
        1,
        5,
    ]


def test_a_number_may_come_back_as_a_number() -> None:
    entry = {**sample("prazo-get-03220-manual"), "nuRequisicao": 1}

    assert isinstance(read_times(received([entry]), times("03220"))[0], Time)


def test_an_entry_that_is_missing_fails_and_the_others_stand() -> None:
    said = read_times(received(sample("prazo-post-manual")[1:]), times("04162", "04669"))

    assert isinstance(said[0], GarbledError)
    assert isinstance(said[1], Time)


def test_an_entry_nobody_asked_for_changes_nothing() -> None:
    assert len(read_times(received(sample("prazo-post-manual")), times("04162"))) == 1


@pytest.mark.parametrize("name", ["preco-get-03220-manual", "preco-get-03298-2026", "preco-post-04162x2-manual"])
def test_the_parts_of_every_published_price_add_up(name: str) -> None:
    entries = sample(name)
    for entry in entries if isinstance(entries, list) else [entries]:
        cents = {key: int(value.replace(",", "")) for key, value in entry.items() if key.startswith("pc")}

        assert cents["pcFinal"] == cents["pcProduto"] + cents.get("pcTotalServicosAdicionais", 0)
        assert cents["pcBaseGeral"] == cents["pcFaixa"] + cents.get("pcTotalAdicional", 0)
        assert cents["pcReferencia"] == cents["pcProduto"]


def priced(**fields: Any) -> Any:
    """What is said to one question when its entry has these fields."""
    return read_prices(received([{"coProduto": "03220", "nuRequisicao": "1", **fields}]), prices("03220"))[0]


@pytest.mark.parametrize(
    ("text", "centavos"), [("1.234,56", 123456), ("1234,56", 123456), ("0,90", 90), ("12.345.678,90", 1234567890)]
)
def test_a_price_is_read_with_or_without_dots_between_its_thousands(text: str, centavos: int) -> None:
    assert priced(pcFinal=text) == Price(centavos, {})


@pytest.mark.parametrize(
    "text", ["12.90", "12", "12,9", "-1,00", "R$ 12,90", "1.23,45", "", " 12,90", 12.9, 1290, None]
)
def test_what_is_no_amount_is_no_price(text: object) -> None:
    assert isinstance(priced(pcFinal=text), GarbledError)


def test_a_price_of_nothing_is_no_price() -> None:
    assert isinstance(priced(pcFinal="0,00"), GarbledError)


def test_parts_that_do_not_add_up_are_left_out() -> None:
    assert priced(pcFinal="20,00", pcProduto="11,13") == Price(2000, {})


def test_every_extra_is_a_part_by_its_name() -> None:
    extras = [("075", "V", "2,00"), ("001", "A", "3,00"), ("002", "A", "4,00"), ("057", "A", "5,00")]
    listed = [
        {"coServAdicional": code, "tpServAdicional": kind, "pcServicoAdicional": price} for code, kind, price in extras
    ]
    said = priced(pcFinal="24,00", pcProduto="10,00", servicoAdicional=listed)

    assert said.parts == {"base": 1000, "ad_valorem": 200, "receipt": 300, "own_hand": 400, "extra_057": 500}


def test_another_product_in_the_entry_is_no_answer() -> None:
    assert isinstance(priced(coProduto="03298", pcFinal="1,00"), GarbledError)


def test_an_error_beside_a_price_is_an_error() -> None:
    assert isinstance(priced(pcFinal="1,00", txErro="ERP-005: CEP inexistente."), No)


def test_an_empty_error_is_none() -> None:
    assert priced(pcFinal="1,00", txErro="") == Price(100, {})


def timed(**fields: Any) -> Any:
    """What is said to one question for a time when its entry has these fields."""
    return read_times(received([{"coProduto": "03220", "nuRequisicao": "1", **fields}]), times("03220"))[0]


def test_a_time_may_come_without_its_product_and_without_a_promise() -> None:
    (said,) = read_times(received([{"nuRequisicao": "1", "prazoEntrega": 3}]), times("03220"))

    assert said == Time(3, None, home=True, notice="")


def test_a_parcel_that_is_collected_and_a_notice_are_kept() -> None:
    said = timed(prazoEntrega=9, entregaDomiciliar="N", msgPrazo="Área com  restrição.\n")

    assert said == Time(9, None, home=False, notice="Área com restrição.")


@pytest.mark.parametrize("days", ["3", 3.5, -1, 366, True, None])
def test_what_is_no_number_of_days_is_no_time(days: object) -> None:
    assert isinstance(timed(prazoEntrega=days), GarbledError)


@pytest.mark.parametrize("promise", ["2026-02-30T23:58:00", "amanhã", 20261231])
def test_a_promise_that_is_no_date_is_no_time(promise: object) -> None:
    assert isinstance(timed(prazoEntrega=3, dataMaxima=promise), GarbledError)


KNOWN = {
    "ERP-005": RefusalKind.NOT_SERVED,
    "ERP-013": RefusalKind.VALUE_OUT_OF_RANGE,
    "PRZ-008": RefusalKind.SERVICE_UNAVAILABLE,
    "CON-011": RefusalKind.SERVICE_UNAVAILABLE,
}


@pytest.mark.parametrize(("code", "kind"), KNOWN.items())
def test_a_code_known_as_a_no_is_a_refusal(code: str, kind: RefusalKind) -> None:
    assert priced(txErro=f"{code}: texto") == No(kind, code, "texto")
    assert timed(txErro=f"{code}: texto") == No(kind, code, "texto")


@pytest.mark.parametrize("code", ["PRC-101", "PRZ-101", "PRZ-116", "PRC-140", "XYZ-999"])
def test_a_malformed_question_and_an_unknown_code_are_failures_with_code_and_text(code: str) -> None:
    said = priced(txErro=f"{code}: Parâmetro 'psObjeto' inválido.")

    assert isinstance(said, RejectedRequestError)
    assert said.hint == f"Correios answers {code}: Parâmetro 'psObjeto' inválido."


def test_an_error_without_a_code_is_a_failure_with_its_text() -> None:
    said = priced(txErro="Serviço fora do ar")

    assert isinstance(said, RejectedRequestError)
    assert said.hint == "Correios answers Serviço fora do ar"


def raised(reply: HttpResponse, *products: str) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        read_prices(reply, prices(*products or ("03220",)))
    return caught.value


def test_an_expired_token_is_known_by_its_misleading_text() -> None:
    for status in (401, 403):
        assert isinstance(raised(received(sample("error-gtw-008"), status)), TokenRejectedError)


def test_an_api_that_is_not_on_the_contract_says_which_services_are_missing() -> None:
    problem = raised(received({"msgs": ["GTW-012: Acesso restrito. API: 34"]}, 403))

    assert type(problem) is RejectedCredentialsError
    assert problem.hint == "services 38202 (prices) and 38210 (deadlines) are not on the contract"


def test_a_missing_parameter_is_our_fault() -> None:
    with pytest.raises(RejectedRequestError) as caught:
        read_times(received(sample("error-prz-116"), 400), times("03220"))

    assert "PRZ-116: Parâmetro 'cepDestino' obrigatório para obter o prazo." in caught.value.hint


def test_a_known_no_for_the_whole_call_is_a_refusal_of_its_only_question() -> None:
    reply = received({"msgs": ["ERP-005: CEP inexistente."]}, 400)

    assert read_prices(reply, prices("03220")) == [No(RefusalKind.NOT_SERVED, "ERP-005", "CEP inexistente.")]
    assert isinstance(raised(reply, "03220", "03298"), RejectedRequestError)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", GarbledError),
        (200, b"<html>", GarbledError),
        (200, b'{"pcFinal": "1,00"}', GarbledError),
        (206, b"[", GarbledError),
        (400, b"<html>", GarbledError),
        (400, '{"msg": "lote inválido"}'.encode(), RejectedRequestError),
        (400, b'{"msgs": ["PRC-101: idLote"]}', RejectedRequestError),
        (401, b"", TokenRejectedError),
        (403, b"<html>", TokenRejectedError),
        (404, b"<html>", RejectedRequestError),
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
