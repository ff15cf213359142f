"""What marketplaces get, over real HTTP."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from stage import AUTH, browser, question


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


def types(answer: requests.Response) -> list[list[str]]:
    return [[option["freightType"] for option in line["deliveryOptions"]] for line in answer.json()["shippingQuotes"]]


def assert_problem(answer: requests.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.headers["x-request-id"]) == 16
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    return body


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic " + b64encode(b"netshoes:canary-4711-0815").decode()},
        {"Authorization": "BASIC " + b64encode(b"netshoes:canary-4711-0815").decode()},
        {"APP_KEY": "key-0815", "APP_TOKEN": "canary-4711-0815"},
        {"APP-KEY": "key-0815", "APP-TOKEN": "canary-4711-0815"},
        {"Authorization": "BASIC word-for-word"},
    ],
)
def test_each_documented_authentication_is_let_in(address: str, web: requests.Session, headers: dict[str, str]) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question(), headers=headers)

    assert (answer.status_code, types(answer)) == (200, [["NORMAL", "EXPRESSA"]])


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic bm90OnRoaXM="}, {"APP_KEY": "key-0815"}, {"APP_TOKEN": "canary-4711-0815"}]
)
def test_anything_else_is_401_and_told_how_to_authenticate(
    address: str, web: requests.Session, headers: dict[str, str]
) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question(), headers=headers)

    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Basic ")


def test_only_the_delivery_types_common_to_all_skus_are_told(address: str, web: requests.Session) -> None:
    asked = question({"skuCode": "light"}, {"skuCode": "heavy", "weight": 5.0})

    answer = web.post(f"{address}/v1/shop/netshoes", json=asked, auth=AUTH)

    assert types(answer) == [["NORMAL"], ["NORMAL"]]


def test_a_place_out_of_coverage_is_200_with_an_empty_list(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question(zip_code="69900000"), auth=AUTH)

    assert (answer.status_code, answer.json()["shippingQuotes"]) == (200, [])


def test_a_carrier_that_crashes_alone_is_503(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/crashing/netshoes", json=question(), auth=AUTH)

    assert_problem(answer, 503)


def test_a_carrier_that_crashes_costs_the_others_nothing(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/limping/netshoes", json=question(), auth=AUTH)

    assert (answer.status_code, types(answer)) == (200, [["NORMAL"]])


def test_a_carrier_later_than_the_channel_waits_is_503(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/late/netshoes", json=question(), auth=AUTH)

    assert_problem(answer, 503)


def test_an_instant_carrier_is_asked_on_the_event_loop_and_in_no_thread(address: str, web: requests.Session) -> None:
    before = set(threading.enumerate())

    answer = web.post(f"{address}/v1/shop/netshoes", json=question(), auth=AUTH)

    assert (answer.status_code, set(threading.enumerate()) - before) == (200, set())


def test_a_postal_code_keeps_its_leading_zero(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question(zip_code="01512651"), auth=AUTH)

    assert answer.json()["zipCode"] == "01512651"


def test_a_price_is_a_whole_number(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question(), auth=AUTH)

    assert '"priceInCents":1000,' in answer.text


def test_every_wrong_field_is_named(address: str, web: requests.Session) -> None:
    asked = question({"weight": "heavy", "quantity": 0}, zip_code="1512651")

    body = assert_problem(web.post(f"{address}/v1/shop/netshoes", json=asked, auth=AUTH), 422)

    fields = {error["field"] for error in body["errors"]}
    assert fields == {"zipCode", "products.0.weight", "products.0.quantity"}


@pytest.mark.parametrize(
    ("product", "field"),
    [({"weight": 0}, "weight"), ({"width": 0.0}, "width"), ({"height": 0}, "height"), ({"length": 0}, "length")],
)
def test_a_measure_that_the_engine_refuses_is_named_as_the_marketplace_calls_it(
    address: str, web: requests.Session, product: dict[str, object], field: str
) -> None:
    asked = question({}, product)

    body = assert_problem(web.post(f"{address}/v1/crashing/netshoes", json=asked, auth=AUTH), 422)

    assert [error["field"] for error in body["errors"]] == [f"products.1.{field}"]
    assert field in body["errors"][0]["cause"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"zipCode": NaN}'])
def test_what_is_no_question_is_422(address: str, web: requests.Session, body: bytes) -> None:
    assert_problem(web.post(f"{address}/v1/shop/netshoes", data=body, auth=AUTH), 422)


def test_more_units_than_the_store_answers_are_413(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question({"quantity": 10_001}), auth=AUTH)

    assert [error["field"] for error in assert_problem(answer, 413)["errors"]] == ["products"]


def test_more_lines_than_the_store_answers_are_413(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", json=question(*[{}] * 201), auth=AUTH)

    assert_problem(answer, 413)


def test_a_compressed_body_is_415(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/netshoes", data=b"\x1f\x8b", auth=AUTH, headers={"content-encoding": "gzip"})

    assert_problem(answer, 415)


@pytest.mark.parametrize("path", ["/v1/nobody/netshoes", "/v1/shop/nothing", "/v1/shop", "/", "/readyz", "/metrics"])
def test_an_address_nobody_answers_at_is_404(address: str, web: requests.Session, path: str) -> None:
    assert_problem(web.post(f"{address}{path}", json=question(), auth=AUTH), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_channel_is_asked_with_post_only(address: str, web: requests.Session, method: str) -> None:
    answer = web.request(method, f"{address}/v1/shop/netshoes", auth=AUTH)

    assert_problem(answer, 405)
    assert answer.headers["allow"] == "POST"


def test_a_fault_of_ours_is_500_and_tells_nothing_of_its_cause(address: str, web: requests.Session) -> None:
    answer = web.post(f"{address}/v1/shop/trapdoor", json=question())

    body = assert_problem(answer, 500)
    assert body["detail"] == "the service failed; its log says why"
    assert not any(word in answer.text for word in ("parrot", "Traceback", "RuntimeError", ".py"))


def test_every_call_has_an_id_of_its_own(address: str, web: requests.Session) -> None:
    answers = [web.post(f"{address}/v1/shop/netshoes", json=question(), auth=AUTH) for _ in range(3)]

    assert len({answer.headers["x-request-id"] for answer in answers}) == 3


def test_the_health_check_says_nothing_but_that_the_process_answers(address: str, web: requests.Session) -> None:
    answer = web.get(f"{address}/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
