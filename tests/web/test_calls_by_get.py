"""Channels that are called by GET, with a body or with a query alone, over real HTTP."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote as url_quote
from urllib.parse import quote_plus
from xml.etree.ElementTree import fromstring

import pytest
import requests
import schemathesis
from platforms import sample
from stage import EXPRESS, NORMAL, browser, on_loopback, service, write_store
from structlog.testing import capture_logs

from portes.contract import Quote
from portes.hooks import Watchers, hookimpl
from portes.receipts.database import FILE_NAME, ReceiptDatabase
from portes.store import Store, open_store
from portes.web.app import public_app
from portes.web.endpoints import endpoints
from portes.web.openapi import openapi_document

TOKEN = "t0ken-that-nobody-guesses"
ENVIRON = {
    "SECRET": "canary-4711-0815",
    "TOKEN": TOKEN,
    "AGREED": "agreed-0815-canary",
    "SELLER": "seller-canary/0815",
    "TRAY": "tray canary/0815+",
}
CHANNELS = """
[channels.mercado-livre]
auth = { kind = "header", name = "X-Me1-Key", value = "${AGREED}" }
limit = "60s"
services = { express = "12" }
[channels.via]
auth = [
    { kind = "url_token", token = "${TOKEN}" },
    { kind = "basic", username = "via", password = "${SECRET}" },
]
limit = "60s"
seller_token = "${SELLER}"
[channels.tray]
token = "${TRAY}"
limit = "60s"
"""
CATALOGUE = """sku,declared_value,origins,weight,size
RB-PC890A,69.90,1:2,0.5kg,10x10x31cm
"""
AGREED = {"x-me1-key": ENVIRON["AGREED"]}
PRINTED: dict[str, Any] = json.loads(sample("mercado_livre__zipcode.request"))


def write_shop(folder: Path) -> Path:
    services = {"near": [NORMAL, EXPRESS]}
    file = write_store(folder, "shop", {"near": {"prefixes": ["8"]}}, services=services, more=CHANNELS)
    told = '[store]\ncatalogue = "catalogue.csv"\nunknown_sku = "refuse"'
    file.write_text(file.read_text().replace("[store]", told, 1))
    (folder / "catalogue.csv").write_text(CATALOGUE)
    return file


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(write_shop(tmp_path_factory.mktemp("shop")), environ=ENVIRON) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    with on_loopback(public_app([store], Watchers())) as url:
        yield url


@pytest.fixture(scope="module")
def document(store: Store) -> dict[str, Any]:
    return openapi_document(endpoints([store]), "https://shop.example")


def livre(address: str, method: str = "GET", body: dict[str, Any] = PRINTED, **headers: str) -> requests.Response:
    named = {**AGREED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    with browser() as web:
        return web.request(method, f"{address}/v1/shop/mercado-livre", json=body, headers=named)


def test_mercado_livre_is_answered_by_get_with_a_body_and_by_post_alike(address: str) -> None:
    by_get, by_post = livre(address), livre(address, "POST")

    assert (by_get.status_code, by_post.status_code) == (200, 200)
    assert by_get.content == by_post.content
    assert [one["service"] for one in by_get.json()["packages"][0]["quotations"]] == [1, 12]
    assert (by_get.headers["cache-control"], by_get.headers["age"]) == ("private, max-age=300", "0")


def test_a_caller_that_has_the_answer_already_is_told_304_without_a_body(address: str) -> None:
    first = livre(address)
    again = livre(address, if_none_match=first.headers["etag"])
    other = livre(address, if_none_match='"another"')

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert again.headers["cache-control"] == "private, max-age=300"
    assert "content-type" not in again.headers
    assert (other.status_code, other.content) == (200, first.content)
    assert livre(address, "POST", if_none_match=first.headers["etag"]).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"destination": {"type": "zipcode", "value": "01512651"}}, 400, 3),
        ({"destination": {"type": "zipcode", "value": "1"}}, 500, 2),
        ({"destination": {"type": "city", "value": "Santiago/Maipú"}}, 500, -1),
        ({"items": [{**PRINTED["items"][0], "SKU": "nobody-knows"}]}, 500, 4),
        ({"items": [{**PRINTED["items"][0], "quantity": 3}]}, 500, 1),
        ({"items": []}, 500, -1),
    ],
)
def test_mercado_livre_is_told_each_thing_by_its_code(
    address: str, changed: dict[str, Any], status: int, code: int
) -> None:
    said = livre(address, body={**PRINTED, **changed})

    assert (said.status_code, said.json()["error_code"], said.headers["cache-control"]) == (status, code, "no-store")
    assert said.headers["content-type"] == "application/json"


class Causes:
    """A watcher that remembers why each answer was of no use."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str]] = []
        self.quotes: list[str] = []

    @hookimpl
    def portes_replied(self, status: int, cause: str, quote: Quote | None) -> None:
        self.told.append((status, cause))
        self.quotes += [] if quote is None else [quote.id]


def test_a_question_that_is_wrong_is_counted_as_such_though_its_status_is_500(tmp_path: Path) -> None:
    watchers, causes = Watchers(), Causes()
    watchers.register(causes, "causes")
    opened = open_store(write_shop(tmp_path), environ=ENVIRON)
    with on_loopback(public_app([opened], watchers)) as url:
        livre(url, body={**PRINTED, "items": []})
        livre(url, body={**PRINTED, "destination": {"type": "zipcode", "value": "01512651"}})
        livre(url, body=PRINTED, x_me1_key="another")

    assert causes.told == [(500, "bad_request"), (400, ""), (401, "unauthorized")]


def test_mercado_livre_without_what_was_agreed_is_401_and_by_another_method_405(address: str) -> None:
    with browser() as web:
        refused = web.get(f"{address}/v1/shop/mercado-livre", json=PRINTED)
        put = web.put(f"{address}/v1/shop/mercado-livre", json=PRINTED, headers=AGREED)

    assert (refused.status_code, refused.json()["error_code"]) == (401, -1)
    assert (put.status_code, put.headers["allow"]) == (405, "GET, POST")


def test_the_document_shows_both_methods_with_a_body_and_the_channel_s_own_problems(document: dict[str, Any]) -> None:
    operations = document["paths"]["/v1/shop/mercado-livre"]
    responses = operations["get"]["responses"]

    assert operations.keys() == {"get", "post"}
    assert operations["get"]["operationId"] != operations["post"]["operationId"]
    assert "application/json" in operations["get"]["requestBody"]["content"]
    assert list(responses["500"]["content"]) == ["application/json"]
    assert responses["500"]["content"]["application/json"]["schema"]["$ref"].endswith("MercadoLivreProblem")
    assert list(responses["415"]["content"]) == ["application/problem+json"]
    assert "content" not in responses["304"]
    assert operations["get"]["security"] == [{"x-me1-key": []}]


def receipts_of(folder: Path, ask: Callable[[str], None]) -> str:
    """All receipts of the calls that are made, as text."""
    watchers, causes = Watchers(), Causes()
    watchers.register(causes, "causes")
    file = write_shop(folder)
    file.write_text(f'{file.read_text()}\n[service]\nstate = "state"\n')
    opened = open_store(file, environ=ENVIRON)
    with on_loopback(public_app([opened], watchers)) as url:
        ask(url)
    opened.close()
    database = ReceiptDatabase(folder / "state" / FILE_NAME)
    places = [place for quote in causes.quotes for place in database.find(quote)]
    found = [database.read(place) for place in places]
    assert found
    return "\n".join(receipt.model_dump_json() for receipt in found if receipt is not None)


def via(address: str, query: str, token: str = f"/{TOKEN}") -> requests.Response:
    with browser() as web:
        return web.get(f"{address}/v1/shop/via{token}?{query}")


def test_via_is_answered_at_its_secret_address_by_the_measures_of_the_catalogue(address: str) -> None:
    said = via(address, "skuId=RB-PC890A%2C2%7CRB-PC890A,1&zipCode=88010000")

    assert said.status_code == 200
    assert [(one["skuIdOrigin"], one["quantity"]) for one in said.json()["freights"]] == [
        ("RB-PC890A", 2),
        ("RB-PC890A", 1),
    ]
    assert said.json()["sellerMpToken"] == ENVIRON["SELLER"]
    assert via(address, "skuId=nobody-knows,1&zipCode=88010000").json() == {"freights": []}
    assert via(address, "skuId=RB-PC890A,1&zipCode=8", token="").status_code == 401
    assert via(address, "skuId=RB-PC890A,1&zipCode=8").json()["errors"][0]["field"] == "zipCode"


def test_the_seller_s_token_of_via_and_that_of_the_address_stand_in_no_receipt(tmp_path: Path) -> None:
    kept = receipts_of(tmp_path, lambda url: told_to(via(url, "skuId=RB-PC890A,1&zipCode=88010000"), 200))

    assert "sellerMpToken" in kept
    assert not any(secret in kept for secret in ENVIRON.values())


def tray(address: str, query: str, token: str = ENVIRON["TRAY"]) -> requests.Response:
    with browser() as web:
        return web.get(f"{address}/v1/shop/tray?token={url_quote(token, safe='')}&{query}")


PRODS = "cep=01001000&cep_destino=88010000&envio=1&prods=0.31;0.1;0.1;0.0031;1;0.5;RB-PC890A;69.90"


def shapes(secret: str) -> list[str]:
    """A secret as it is, and as an address has it."""
    return [secret, url_quote(secret, safe=""), quote_plus(secret)]


def test_tray_is_answered_in_xml_also_where_its_question_is_wrong(address: str) -> None:
    right, wrong = tray(address, PRODS), tray(address, "cep_destino=88010000&prods=1;2")
    with browser() as web:
        bare = web.get(f"{address}/v1/shop/tray")
        posted = web.post(f"{address}/v1/shop/tray")

    assert (right.status_code, wrong.status_code, bare.status_code, posted.status_code) == (200, 422, 401, 405)
    for said in (right, wrong, bare):
        assert said.headers["content-type"] == "application/xml; charset=windows-1252"
        assert fromstring(said.content).tag == "cotacao"  # noqa: S314 -- our own
    assert b"prods.0" in wrong.content
    assert [result.findtext("peso") for result in fromstring(right.content)] == ["0,50", "0,50"]  # noqa: S314 -- our own
    assert tray(address, PRODS, token="another").status_code == 401


def test_a_weight_that_tray_lacks_is_the_catalogue_s(address: str) -> None:
    said = tray(address, PRODS.replace(";0.5;", ";0;"))

    assert [result.findtext("peso") for result in fromstring(said.content)] == ["0,50", "0,50"]  # noqa: S314 -- our own


def test_the_token_of_tray_stands_in_no_log_and_no_receipt(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def ask(url: str) -> None:
        told_to(tray(url, PRODS), 200)
        told_to(tray(url, PRODS, token="stranger canary"), 401)
        told_to(tray(url, "cep_destino=1&prods=1"), 422)
        told_to(requests.get(f"{url}/v1/shop/nobody?token={quote_plus(ENVIRON['TRAY'])}", timeout=60), 404)

    with capture_logs() as log, caplog.at_level(logging.DEBUG):
        kept = receipts_of(tmp_path, ask)

    libraries = [one.getMessage() for one in caplog.records if not one.name.startswith("urllib3")]  # the caller's own
    spoken = f"{kept}{libraries}{log}"
    assert [event["status"] for event in log if event["event"] == "replied"] == [200, 401, 422]
    assert not any(shape in spoken for token in (ENVIRON["TRAY"], "stranger canary") for shape in shapes(token))


@pytest.mark.exhaustive
def test_the_token_of_tray_is_told_by_no_log_page_or_metric_of_the_real_service(tmp_path: Path) -> None:
    """Its process writes the log as operators read it; metrics and documents come from the admin address."""
    file = write_shop(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRON.items():
            patch.setenv(name, value)
        with service([file], tmp_path / "log", Path(__file__).parent / "props") as running, browser() as web:
            assert tray(running.public, PRODS).status_code == 200
            assert tray(running.public, PRODS, token="another").status_code == 401
            running.events("replied", at_least=2)
            spoken = [web.get(f"{running.admin}/{page}").text for page in ("metrics", "openapi.json", "readyz", "docs")]
            assert 'channel="tray"' in spoken[0]
        spoken.append((tmp_path / "log").read_text())

    assert not any(shape in text for text in spoken for shape in shapes(ENVIRON["TRAY"]))


def told_to(answer: requests.Response, status: int) -> None:
    assert answer.status_code == status


def test_the_document_shows_parameters_where_a_query_asks_and_an_address_for_each_way_to_be_let_in(
    document: dict[str, Any],
) -> None:
    by_token, by_header = document["paths"]["/v1/shop/via/{token}"]["get"], document["paths"]["/v1/shop/via"]["get"]

    assert [(one["in"], one["name"], one["required"]) for one in by_token["parameters"]] == [
        ("path", "token", True),
        ("query", "skuId", True),
        ("query", "zipCode", True),
    ]
    assert [one["name"] for one in by_header["parameters"]] == ["skuId", "zipCode"]
    assert [one["example"] for one in by_header["parameters"]] == ["sku-1234-01,2", "01512651"]
    assert "requestBody" not in by_header
    assert (by_token["security"], by_header["security"]) == ([], [{"basic": []}])


def test_the_document_has_the_token_of_tray_as_a_parameter_and_its_answers_as_xml(document: dict[str, Any]) -> None:
    operation = document["paths"]["/v1/shop/tray"]["get"]
    xml = "application/xml; charset=windows-1252"

    assert document["components"]["securitySchemes"]["token"] == {"type": "apiKey", "in": "query", "name": "token"}
    assert operation["security"] == [{"token": []}]
    assert [one["name"] for one in operation["parameters"]] == ["cep_destino", "prods"]
    assert {status: list(operation["responses"][status]["content"]) for status in ("200", "401", "503")} == {
        "200": [xml],
        "401": [xml],
        "503": [xml],
    }


@pytest.mark.exhaustive
def test_the_document_of_such_channels_is_openapi(document: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(document).validate()


def test_the_document_of_such_channels_holds_no_secret(document: dict[str, Any]) -> None:
    written = json.dumps(document)

    assert not any(shape in written for secret in ENVIRON.values() for shape in shapes(secret))
