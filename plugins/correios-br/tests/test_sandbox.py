"""The simulator is as strict as Correios' documents, whoever asks it; no plugin is needed to ask."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from correios_client import BASIC, CARD, LOGIN, PRICE, PRICES, TIME, TIMES, TOKEN, Client, errors, message


@pytest.fixture
def client() -> Client:
    client = Client()
    client.log_in()
    return client


def test_a_token_names_card_contract_region_apis_and_its_end_in_brasilia() -> None:
    answer = Client().log_in()

    assert answer["cartaoPostagem"]["numero"] == "0012345678"
    assert (answer["cartaoPostagem"]["contrato"], answer["cartaoPostagem"]["dr"]) == ("9912345679", 29)
    assert {34, 35} <= set(answer["cartaoPostagem"]["api"])
    assert (answer["emissao"], answer["expiraEm"], answer["zoneOffset"]) == (
        "2026-11-23T10:00:00",
        "2026-11-24T10:00:00",
        "-03:00",
    )


@pytest.mark.parametrize(
    "authorization", ["", "Basic", "Basic !!!", "Basic " + b64encode(b"shop:").decode(), "Digest x"]
)
def test_a_token_needs_login_and_code(authorization: str) -> None:
    assert Client().ask(TOKEN, CARD, authorization)[0] == 401


def test_a_token_is_not_given_for_a_token() -> None:
    assert message(Client().ask(TOKEN, CARD, "Bearer x")) == (401, "GTW-014")


@pytest.mark.parametrize("card", [{"numero": "12345678"}, {"numero": 1234567890}, {"numero": "123456789x"}, {}, None])
def test_a_posting_card_has_ten_digits(card: object) -> None:
    assert Client().ask(TOKEN, card, BASIC)[0] == 400


def test_a_fourth_token_within_a_second_is_too_many() -> None:
    client = Client()
    for _ in range(3):
        client.log_in()

    assert client.ask(TOKEN, CARD, BASIC)[0] == 429
    client.clock.moment += timedelta(seconds=1)
    assert client.ask(TOKEN, CARD, BASIC)[0] == 201


def test_every_token_is_another_one() -> None:
    client = Client()

    assert client.log_in()["token"] != client.log_in()["token"]


@pytest.mark.parametrize("path", [PRICES, TIMES])
def test_prices_and_times_need_a_token_that_has_not_ended(client: Client, path: str) -> None:
    assert client.ask(path, {}, "")[0] == 412
    assert message(client.ask(path, {}, "Bearer x")) == (403, "GTW-008")
    client.clock.moment += timedelta(hours=24)
    assert message(client.ask(path, {})) == (403, "GTW-008")


@pytest.mark.parametrize("path", [PRICES, TIMES])
def test_the_token_of_a_login_alone_opens_neither_prices_nor_times(path: str) -> None:
    client = Client()
    client.log_in(LOGIN, None)

    assert message(client.ask(path, {})) == (403, "GTW-012")


def test_a_price_has_parts_that_add_up(client: Client) -> None:
    extras = {"servicosAdicionais": [{"coServAdicional": "019"}, {"coServAdicional": "001"}], "vlDeclarado": "200.00"}
    status, (entry,) = client.prices({**PRICE, **extras})
    cents = {key: int(value.replace(",", "")) for key, value in entry.items() if key.startswith("pc")}

    assert status == 200
    assert (entry["coProduto"], entry["nuRequisicao"]) == ("03220", "1")
    assert cents["pcFinal"] == cents["pcProduto"] + cents["pcTotalServicosAdicionais"]
    assert [extra["pcServicoAdicional"] for extra in entry["servicoAdicional"]] == ["1,74", "7,00"]


def test_who_does_not_name_the_contract_pays_the_list_price_in_silence(client: Client) -> None:
    _, (ours, without, other) = client.prices(
        PRICE,
        {key: value for key, value in PRICE.items() if key != "nuContrato"} | {"nuRequisicao": "2"},
        {**PRICE, "nuContrato": "9900000000", "nuRequisicao": "3"},
    )

    assert ours["peVariacao"] > without["peVariacao"] == other["peVariacao"] == "0,0000"
    assert without["pcFinal"] == other["pcFinal"] == "25,80"


def test_heavier_parcels_pay_by_the_kilogram_above_ten(client: Client) -> None:
    _, (ten, more) = client.prices({**PRICE, "psObjeto": "10000"}, {**PRICE, "psObjeto": "12001", "nuRequisicao": "2"})

    assert (ten["qtAdicional"], more["qtAdicional"], more["pcTotalAdicional"]) == ("0", "3", "15,30")


def test_a_large_light_box_is_charged_by_its_volume(client: Client) -> None:
    sides = {"comprimento": "60", "largura": "50", "altura": "40"}
    _, (box, envelope) = client.prices({**PRICE, **sides}, {**PRICE, **sides, "tpObjeto": "1", "nuRequisicao": "2"})

    assert (box["inPesoCubico"], box["psCobrado"]) == ("S", "20000")
    assert (envelope["inPesoCubico"], envelope["psCobrado"]) == ("N", "300")


def test_mini_envios_above_300_g_are_priced_as_another_product_without_a_word(client: Client) -> None:
    mini = {**PRICE, "coProduto": "04227", "altura": "4"}
    status, (kept, swapped) = client.prices(mini, {**mini, "psObjeto": "301", "nuRequisicao": "2"})

    assert (status, kept["coProduto"]) == (200, "04227")
    assert (swapped["coProduto"], swapped["nuRequisicao"], "txErro" in swapped) == ("04960", "2", False)


VALUED = {"servicosAdicionais": [{"coServAdicional": "019"}]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"coProduto": "3220"}, "PRC-101"),
        ({"coProduto": "04014"}, "CON-011"),
        ({"nuRequisicao": None}, "PRC-101"),
        ({"nuRequisicao": 1}, "PRC-101"),
        ({"cepOrigem": "01001-000"}, "PRC-101"),
        ({"cepDestino": 20040020}, "PRC-101"),
        ({"cepDestino": "00000000"}, "ERP-005"),
        ({"cepOrigem": "00999999"}, "ERP-005"),
        ({"psObjeto": "0"}, "PRC-101"),
        ({"psObjeto": "30001"}, "PRC-101"),
        ({"psObjeto": "0.3"}, "PRC-101"),
        ({"tpObjeto": "4"}, "PRC-101"),
        ({"comprimento": "15"}, "PRC-101"),
        ({"largura": "10"}, "PRC-101"),
        ({"altura": "1"}, "PRC-101"),
        ({"altura": "20.5"}, "PRC-101"),
        ({"comprimento": "106"}, "PRC-101"),
        ({"comprimento": "100", "largura": "60", "altura": "41"}, "PRC-101"),
        ({"dtEvento": "2026-11-24"}, "PRC-101"),
        ({"dtEvento": "31-02-2026"}, "PRC-101"),
        ({"vlDeclarado": "100.00"}, "PRC-101"),
        (VALUED, "PRC-101"),
        ({**VALUED, "vlDeclarado": "100,00"}, "PRC-101"),
        ({**VALUED, "vlDeclarado": "25.62"}, "ERP-013"),
        ({**VALUED, "vlDeclarado": "10000.01"}, "ERP-013"),
        ({"servicosAdicionais": ["001"]}, "PRC-101"),
        ({"servicosAdicionais": [{"coServAdicional": "064"}], "vlDeclarado": "100.00"}, "PRC-101"),
        ({"servicosAdicionais": [{"coServAdicional": "001"}, {"coServAdicional": "001"}]}, "PRC-101"),
        ({"coProduto": "04227", "servicosAdicionais": [{"coServAdicional": "002"}]}, "PRC-101"),
    ],
)
def test_an_entry_that_is_not_as_documented_fails_with_its_code(
    client: Client, change: dict[str, Any], code: str
) -> None:
    reply = client.prices({**PRICE, **change})

    assert (reply[0], errors(reply)) == (400, [code])


@pytest.mark.parametrize(
    "change",
    [
        {"psObjeto": 300},
        {"dtEvento": "24-11-2026"},
        {"dtEvento": "24/11/2026"},
        {**VALUED, "vlDeclarado": "100"},
        {**VALUED, "vlDeclarado": "10000.00"},
    ],
)
def test_what_the_documents_allow_is_priced(client: Client, change: dict[str, Any]) -> None:
    assert client.prices({**PRICE, **change})[0] == 200


def test_a_batch_that_fails_in_part_is_206(client: Client) -> None:
    reply = client.prices(PRICE, {**PRICE, "cepDestino": "00000000", "nuRequisicao": "2"})

    assert (reply[0], errors(reply)) == (206, ["", "ERP-005"])


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"parametrosProduto": [PRICE]},
        {"idLote": "1"},
        {"idLote": "1", "parametrosProduto": []},
        {"idLote": "1", "parametrosProduto": [PRICE] * 6},
    ],
)
def test_a_batch_holds_one_to_five_entries(client: Client, body: object) -> None:
    assert message(client.ask(PRICES, body)) == (400, "PRC-101")
    assert client.prices(*[{**PRICE, "nuRequisicao": str(number)} for number in range(5)])[0] == 200


def test_a_time_counts_from_today_in_brasilia_or_from_the_day_it_is_asked_for(client: Client) -> None:
    client.clock.moment = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # still Friday the 20th there
    client.log_in()
    _, (today, later) = client.times(TIME, {**TIME, "dtEvento": "27/11/2026", "nuRequisicao": "2"})

    assert (today["prazoEntrega"], today["dataMaxima"]) == (1, "2026-11-23T23:58:00")
    assert later["dataMaxima"] == "2026-11-30T23:58:00"


def test_a_time_without_a_destination_is_told_by_its_own_code(client: Client) -> None:
    reply = client.times({key: value for key, value in TIME.items() if key != "cepDestino"})

    assert (reply[0], errors(reply)) == (400, ["PRZ-116"])


def test_a_product_that_stays_in_its_region_is_not_on_other_lanes(client: Client) -> None:
    reply = client.times({**TIME, "coProduto": "03158"}, {**TIME, "coProduto": "03158", "cepDestino": "08000000"})

    assert errors(reply) == ["PRZ-008", ""]


@pytest.mark.parametrize(("card", "products"), [("0012345671", ["", "CON-011"]), ("0012345672", ["CON-011", ""])])
def test_the_last_digit_of_a_card_says_which_products_are_on_it(card: str, products: Sequence[str]) -> None:
    client = Client()
    client.log_in(TOKEN, {"numero": card})
    both = [{**TIME, "nuRequisicao": code, "coProduto": code} for code in ("03220", "03298")]

    assert errors(client.times(*both)) == products


def test_other_paths_and_methods_are_not_found(client: Client) -> None:
    assert client.ask("/preco/v1/internacional", {})[0] == 404
    assert client.ask(PRICES, {}, method="GET")[0] == 404
