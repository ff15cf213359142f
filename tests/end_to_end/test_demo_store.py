"""The demo store behind real HTTP: a question of the marketplace, answered from a freight table."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from stage import AUTH, browser, on_loopback, question

from portes.channels.netshoes import check_reply
from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app

STORE = Path(__file__).parents[2] / "examples" / "demo-store"
CAPITALS = {"São Paulo": "01001000", "Manaus": "69005000", "Porto Alegre": "90010000", "Rio Branco": "69900000"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    store = open_store(STORE, environ={"NETSHOES_PASSWORD": AUTH[1], "NATIVE_KEY": AUTH[1]})
    with on_loopback(public_app([store], Watchers())) as url:
        yield url


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


def ask(web: requests.Session, address: str, asked: dict[str, Any]) -> Any:
    answer = web.post(f"{address}/v1/demo-store/netshoes", json=asked, auth=AUTH)
    assert answer.status_code == 200
    return answer.json()


def options(body: dict[str, Any]) -> list[dict[str, int]]:
    return [
        {option["freightType"]: option["priceInCents"] for option in line["deliveryOptions"]}
        for line in body["shippingQuotes"]
    ]


@pytest.mark.parametrize("zip_code", CAPITALS.values(), ids=CAPITALS)
def test_the_answer_keeps_every_rule_of_the_page(address: str, web: requests.Session, zip_code: str) -> None:
    body = ask(web, address, question({"skuCode": "a"}, {"skuCode": "b", "quantity": 3}, zip_code=zip_code))

    assert check_reply(body) == []
    assert [set(line) for line in options(body)] == [{"NORMAL", "EXPRESSA"}] * 2


def test_the_far_end_of_the_country_costs_more_than_next_door(address: str, web: requests.Session) -> None:
    (near,) = options(ask(web, address, question(zip_code=CAPITALS["São Paulo"])))
    (far,) = options(ask(web, address, question(zip_code=CAPITALS["Rio Branco"])))

    assert near["NORMAL"] < far["NORMAL"]
    assert near["NORMAL"] < near["EXPRESSA"]


def test_a_postal_code_of_no_state_is_an_empty_answer(address: str, web: requests.Session) -> None:
    assert ask(web, address, question(zip_code="00100000"))["shippingQuotes"] == []


def test_the_native_channel_names_the_same_prices(address: str, web: requests.Session) -> None:
    (netshoes,) = options(ask(web, address, question({"skuCode": "a", "quantity": 2})))
    line = {"sku": "a", "quantity": 2, "weight": 500, "size": {"length": 250, "width": 100, "height": 100}}
    asked = {"destination": {"country": "BR", "postal_code": "01512651"}, "lines": [line]}

    quote = web.post(
        f"{address}/v1/demo-store/quotes", json=asked, headers={"Authorization": f"Bearer {AUTH[1]}"}
    ).json()

    prices = [offer["price"] for offer in quote["lines"][0]["offers"]]
    assert prices == [{"minor": cents, "currency": "BRL"} for cents in sorted(netshoes.values())]
