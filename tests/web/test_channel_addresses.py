"""Channels that are asked in other ways than by one POST: by GET, at secret addresses, for stock alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from stage import ENVIRON, browser, on_loopback, service, write_store
from structlog.testing import capture_logs

from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app
from portes.web.endpoints import endpoints
from portes.web.openapi import openapi_document

PROPS = Path(__file__).parent / "props"
TOKEN, OTHER = "canary-4711-0815", "another-token-of-ours"
COUNTER = """
[channels.counter]
auth = [{ kind = "url_token", token = "${SECRET}" }, { kind = "header", name = "X-Pass", value = "${WORDS}" }]
"""
CATALOGUE = "sku;origins;weight;size\na;1:3;500g;1x1x1mm\nb;1:0;500g;1x1x1mm\n"


@dataclass
class Counter:
    url: str
    logged: list[Any]
    document: dict[str, Any]

    def ask(self, rest: str = "", method: str = "GET", body: bytes = b"", **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        with browser() as web:
            return web.request(method, f"{self.url}/v1/shop/counter{rest}", data=body, headers=named)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("counter")
    (folder / "catalogue.csv").write_text(CATALOGUE)
    file = write_store(folder, "shop", {"near": {"prefixes": ["0"]}}, more=COUNTER, zeros=False)
    file.write_text(file.read_text().replace("[store]\n", '[store]\ncatalogue = "catalogue.csv"\n', 1))
    store = open_store(file, environ=ENVIRON)
    document = openapi_document(endpoints([store]), "http://shop.example")
    with capture_logs() as logged, on_loopback(public_app([store], Watchers())) as url:
        yield Counter(url, logged, document)


def test_the_secret_segment_of_an_address_lets_a_call_in(counter: Counter) -> None:
    assert counter.ask(f"/{TOKEN}").status_code == 200
    assert counter.ask(f"/{TOKEN}/stock").text == "3"


@pytest.mark.parametrize("rest", ["", "/stock", f"/{OTHER}", f"/{OTHER}/stock", f"/{TOKEN}x", f"/{TOKEN[:-1]}"])
def test_another_segment_or_none_is_refused(counter: Counter, rest: str) -> None:
    assert counter.ask(rest).status_code == 401


@pytest.mark.parametrize("rest", ["/", f"/{TOKEN}/", f"/{TOKEN}/x", f"/x/{TOKEN}/stock", f"/{TOKEN}/stock/x"])
def test_nobody_is_at_an_address_that_no_channel_has_which_is_no_404_where_that_is_an_answer(
    counter: Counter, rest: str
) -> None:
    assert counter.ask(rest).status_code == 503
    with browser() as web:
        assert web.post(f"{counter.url}/v1/shop/netshoes{rest}").status_code == 404


def test_another_credential_opens_the_address_without_a_segment(counter: Counter) -> None:
    assert counter.ask(X_Pass="BASIC word-for-word").status_code == 200
    assert counter.ask("/stock", X_Pass="BASIC word-for-word").status_code == 200
    assert counter.ask(X_Pass="BASIC another").status_code == 401


def test_a_channel_reads_the_method_the_path_without_the_secret_and_the_query_as_it_came(counter: Counter) -> None:
    answer = counter.ask(f"/{TOKEN}?prods=1;2/3%2C4&empty=&sku=%E3", body=b"ping")

    query = {"prods": "1;2/3,4", "empty": "", "sku": "�"}
    assert answer.text == f"pong GET /v1/shop/counter prods=1;2/3%2C4&empty=&sku=%E3 {query}"


def test_a_method_that_the_channel_does_not_answer_is_405_with_those_that_it_does(counter: Counter) -> None:
    answer = counter.ask(f"/{TOKEN}", "PUT")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_a_caller_that_has_the_answer_already_is_told_so_without_a_body(counter: Counter) -> None:
    whole = counter.ask(f"/{TOKEN}?sku=a")
    known = counter.ask(f"/{TOKEN}?sku=a", If_None_Match='"zero", W/"one"')
    changed = counter.ask(f"/{TOKEN}?sku=a", If_None_Match='"zero"')

    assert (whole.status_code, whole.text, whole.headers["etag"]) == (200, "a", '"one"')
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", '"one"')
    assert known.headers["cache-control"] == "private"
    assert (changed.status_code, changed.text) == (200, "a")


def test_a_tag_changes_nothing_for_another_method_than_get_nor_for_what_is_no_answer(counter: Counter) -> None:
    assert counter.ask(f"/{TOKEN}?sku=a", "POST", If_None_Match='"one"').status_code == 200
    assert counter.ask(f"/{TOKEN}?to=99999999", If_None_Match="*").status_code == 404


def test_stock_is_told_out_of_the_catalogue_and_of_what_it_lacks_nothing(counter: Counter) -> None:
    assert counter.ask(f"/{TOKEN}/stock?sku=a,b,c").text == "3 0 None"


def test_weight_and_size_that_a_call_does_not_bring_come_from_the_catalogue(counter: Counter) -> None:
    assert counter.ask(f"/{TOKEN}?sku=a&bare=1").text == "a"


def test_what_neither_call_nor_catalogue_tells_is_no_answer_in_the_channels_own_words(counter: Counter) -> None:
    answer = counter.ask(f"/{TOKEN}?sku=c&bare=1")

    assert (answer.status_code, answer.text) == (504, "sorry: nobody knows")


def test_a_wrong_field_is_told_in_the_channels_own_form(counter: Counter) -> None:
    asked = counter.ask(f"/{TOKEN}?sku=")
    planned = counter.ask(f"/{TOKEN}?sku=x&grams=0")

    assert (asked.status_code, asked.text) == (418, "basket.0.article")
    assert (planned.status_code, planned.text) == (418, "body")


def test_a_crash_is_excused_in_the_channels_own_form(counter: Counter) -> None:
    answer = counter.ask(f"/{TOKEN}?grams=many")

    assert (answer.status_code, answer.text) == (501, "sorry: the service failed; its log says why")


def test_a_status_that_the_channel_calls_an_answer_counts_as_one(counter: Counter) -> None:
    counter.ask(f"/{TOKEN}?to=99999999")

    told = [line for line in counter.logged if line["event"] == "replied" and line["status"] == 404]
    assert {(line["verdict"], line["discarded"]) for line in told} == {("not_served", "")}


def test_a_reply_without_a_quote_counts_as_an_answer(counter: Counter) -> None:
    counter.logged.clear()
    counter.ask(f"/{TOKEN}", body=b"ping")
    counter.ask(f"/{TOKEN}/stock")

    assert [(line["verdict"], line["discarded"]) for line in counter.logged] == [("answered", "")] * 2


@pytest.mark.exhaustive  # a process of its own; the secret of a query is looked for by day
def test_no_log_line_holds_the_secret_segment(tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more=COUNTER)
    with service([file], tmp_path / "log", PROPS) as running, browser() as web:
        for rest in ("", "/stock", "?grams=many", "/nowhere", "/nowhere/at/all"):
            web.get(f"{running.public}/v1/shop/counter/{TOKEN}{rest}")
        web.get(f"{running.public}/v1/gone/counter/{TOKEN}")
        refused = running.events("refused", at_least=3)
        told = (tmp_path / "log").read_text() + web.get(f"{running.admin}/metrics").text

    assert {line["path"] for line in refused} == {"/v1/shop/counter/…", "/v1/gone/counter/…"}
    assert "replied" in told
    assert TOKEN not in told


def test_the_document_tells_every_address_and_method_and_no_secret(counter: Counter) -> None:
    paths = {path: [*told] for path, told in counter.document["paths"].items() if "counter" in path}
    by_token = counter.document["paths"]["/v1/shop/counter/{token}"]["get"]
    named = [told["operationId"] for path in paths for told in counter.document["paths"][path].values()]

    assert {path.removeprefix("/v1/shop/counter"): methods for path, methods in paths.items()} == {
        rest: ["get", "post"] for rest in ("", "/{token}", "/stock", "/{token}/stock")
    }
    assert [(told["name"], told["in"], told["required"]) for told in by_token["parameters"]] == [
        ("token", "path", True)
    ]
    assert by_token["security"] == []
    assert counter.document["paths"]["/v1/shop/counter"]["get"]["security"] == [{"x-pass": []}]
    assert len(set(named)) == len(named) == 8
    assert TOKEN not in json.dumps(counter.document)
