"""Omnik over HTTP: options, none of them, and trouble that looks like neither."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from stage import ENVIRON, browser, on_loopback, write_store

from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app

TOKEN = "t0ken-that-nobody-guesses"
CHANNEL = """[channels.omnik]
auth = { kind = "url_token", token = "${TOKEN}" }
price_unit = "cents"
seller = "our-shop"
limit = "60s"
"""
PRODUCT = {"skuId": "a", "sellerTenant": "our-shop", "quantity": 1, "cost": 9.9}
MEASURES = {"weight": 0.5, "width": 20, "height": 10, "length": 30}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store that delivers to places whose CEP begins with 0."""
    file = write_store(tmp_path_factory.mktemp("omnik"), "shop", {"near": {"prefixes": ["0"]}}, more=CHANNEL)
    with on_loopback(public_app([open_store(file, environ={**ENVIRON, "TOKEN": TOKEN})], Watchers())) as address:
        yield f"{address}/v1/shop/omnik/{TOKEN}"


def ask(url: str, place: str = "01415906", **product: Any) -> requests.Response:
    with browser() as web:
        body = {"originZipCode": "01001000", "destinationZipCode": place}
        return web.post(url, json={**body, "products": [{**PRODUCT, **MEASURES, **product}]})


def test_options_are_told_with_their_price_in_cents(url: str) -> None:
    answer = ask(url)

    assert (answer.status_code, answer.json()["statusHttp"], answer.json()["messages"]) == (200, 200, [])
    assert [each["finalShippingCost"] for each in answer.json()["content"]["deliveryOptions"]] == [1000]


def test_a_place_that_is_not_served_is_200_with_a_message(url: str) -> None:
    answer = ask(url, "90010000")

    assert (answer.status_code, answer.json()["content"]["deliveryOptions"]) == (200, [])
    assert [message["key"] for message in answer.json()["messages"]] == ["NO_DELIVERY_OPTIONS"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"weight": None}, 503),  # nobody tells it, so nobody could find out
        ({"width": 2000}, 503),
        ({"sellerTenant": "another-shop"}, 401),
        ({"quantity": 0}, 422),
    ],
)
def test_trouble_has_no_envelope(url: str, changed: dict[str, object], status: int) -> None:
    answer = ask(url, "01415906", **changed)

    assert answer.status_code == status
    assert "statusHttp" not in answer.json()
