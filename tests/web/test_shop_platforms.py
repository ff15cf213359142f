"""Shop platforms ask a store over HTTP, each with the question of its page, and are answered in its form."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt import api_jws
from jwt.algorithms import RSAAlgorithm
from stage import ENVIRON, browser, on_loopback, write_store

from portes.channels.protocol import ChannelRequest
from portes.registry import Registry
from portes.store import Store, installed_watchers, open_store
from portes.web.app import public_app
from portes.web.endpoints import endpoints
from portes.web.openapi import openapi_document

KEYS = {"APP": "canary-of-the-app-s-storage", "ENTERED": "canary-that-a-shop-enters", "TOKEN": "canary-of-an-address"}
CHANNELS = """
[channels.nuvemshop]
auth = { kind = "url_token", token = "${TOKEN}" }
[channels.ecwid]
app_key = "${APP}"
[channels.bigcommerce]
connection_key = "${ENTERED}"
[channels.saleor]
public_keys = "file:saleor.jwks.json"
"""
CATALOGUE = "sku,weight,size\nsku-1234-01,0.5kg,10x10x25cm\n"

Answer = tuple[int, Any, Mapping[str, str]]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, key: rsa.RSAPrivateKey) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "saleor.jwks.json").write_text(RSAAlgorithm.to_jwk(key.public_key()))
    (folder / "catalogue.csv").write_text(CATALOGUE)
    file = write_store(folder, "shop", {"near": {"prefixes": ["0"]}}, more=CHANNELS)
    file.write_text(
        file.read_text().replace("[store]\n", '[store]\ncatalogue = "catalogue.csv"\nunknown_sku = "quote"\n')
    )
    with open_store(file, environ={**ENVIRON, **KEYS}) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    with on_loopback(public_app((store,), installed_watchers(Registry()))) as url:
        yield url


def ask(address: str, call: ChannelRequest, **headers: str) -> Answer:
    with browser() as web:
        reply = web.post(address + call.address, data=call.body, headers={**call.headers, **headers})
    return reply.status_code, reply.json(), reply.headers


def example(store: Store, name: str, key: rsa.RSAPrivateKey) -> ChannelRequest:
    """The channel's own example, signed where only the platform can sign."""
    call = store.channels[name].example()
    if name != "saleor":
        return call
    signature = api_jws.encode(call.body, key, algorithm="RS256", is_payload_detached=True)
    return replace(call, headers={**call.headers, "saleor-signature": signature})


@pytest.mark.parametrize(
    ("name", "priced"),
    [
        ("nuvemshop", lambda body: body["rates"][0]["price"]),
        ("ecwid", lambda body: body["shippingOptions"][0]["rate"]),
        ("bigcommerce", lambda body: body["carrier_quotes"][0]["quotes"][0]["cost"]["amount"]),
        ("saleor", lambda body: body[0]["amount"]),
    ],
)
def test_the_example_of_each_platform_is_priced_in_its_form(
    store: Store, address: str, key: rsa.RSAPrivateKey, name: str, priced: Callable[[Any], float]
) -> None:
    status, body, _ = ask(address, example(store, name, key))

    assert (status, priced(body)) == (200, 10.0)


@pytest.mark.parametrize("name", ["nuvemshop", "ecwid", "bigcommerce", "saleor"])
def test_a_call_with_another_token_key_or_signature_is_let_in_nowhere(
    store: Store, address: str, key: rsa.RSAPrivateKey, name: str
) -> None:
    call = example(store, name, key)
    body = call.body.replace(KEYS["APP"].encode(), b"guessed").replace(KEYS["ENTERED"].encode(), b"guessed")
    stranger = replace(call, token=call.token and "guessed", body=body + b" ")

    status, _, headers = ask(address, stranger)
    assert (status, "www-authenticate" in headers) == (401, True)


def test_a_shop_that_connects_its_carrier_is_told_whether_its_key_is_right(store: Store, address: str) -> None:
    call = replace(store.channels["bigcommerce"].example(), tail="/check_connection_options")

    assert ask(address, call)[:2] == (200, {"valid": True, "messages": []})
    wrong = replace(call, body=call.body.replace(KEYS["ENTERED"].encode(), b"guessed"))
    assert ask(address, wrong)[1]["valid"] is False


def test_a_refusal_has_the_platform_s_own_form_where_it_has_one(store: Store, address: str) -> None:
    call = store.channels["bigcommerce"].example()

    status, body, _ = ask(address, replace(call, body=call.body.replace(b'"quantity":1', b'"quantity":0')))
    assert (status, body["messages"][0]["type"]) == (422, "ERROR")


def test_the_document_names_the_address_of_each_question_and_no_key(store: Store) -> None:
    document = openapi_document(endpoints([store]), "http://127.0.0.1")

    text = json.dumps(document)
    assert {
        "/v1/shop/bigcommerce/rate",
        "/v1/shop/ecwid",
        "/v1/shop/nuvemshop/{token}",
        "/v1/shop/saleor",
    } <= set(document["paths"])
    assert [name for name, value in KEYS.items() if value in text] == []
    assert "portes_key" in text


def test_the_document_has_the_form_of_every_reply_that_is_no_answer(store: Store) -> None:
    paths = openapi_document(endpoints([store]), "http://127.0.0.1")["paths"]
    forms = {
        name: {status: [*reply["content"]] for status, reply in paths[address]["post"]["responses"].items()}
        for name, address in (("own", "/v1/shop/bigcommerce/rate"), ("ours", "/v1/shop/ecwid"))
    }
    own, problem = "application/json", "application/problem+json"

    assert [forms["own"][status] for status in ("401", "422", "500", "503")] == [[own]] * 4
    assert forms["own"]["413"] == [own, problem]  # too many lines, and a body that is too long
    assert forms["own"]["415"] == forms["ours"]["500"] == forms["ours"]["413"] == [problem]
