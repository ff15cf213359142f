"""SkyHub over HTTP: a price, a place that is not served, and units that cannot be meant, each told for what it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from stage import ENVIRON, browser, on_loopback, write_store
from structlog.testing import capture_logs

from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app

TOKEN = "t0ken-that-nobody-guesses"
CHANNEL = '[channels.skyhub]\nauth = { kind = "url_token", token = "${TOKEN}" }\nlimit = "60s"'
VOLUME = {"sku": "a", "quantity": 1, "price": 9.9, "height": 0.1, "length": 0.25, "width": 0.1, "weight": 0.5}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A store that delivers to places whose CEP begins with 0."""
    return write_store(tmp_path, "shop", {"near": {"prefixes": ["0"]}}, more=CHANNEL)


def ask(
    shop: Path, body: Mapping[str, Any], token: str = TOKEN
) -> tuple[int, Any, Mapping[str, Any], Mapping[str, Any]]:
    """Status, body, and the log's lines of the reply and of the alarm."""
    store = open_store(shop, environ={**ENVIRON, "TOKEN": TOKEN})
    with capture_logs() as logged, on_loopback(public_app([store], Watchers())) as url, browser() as web:
        answer = web.post(f"{url}/v1/shop/skyhub/{token}", json=body)
    told = {line["event"]: line for line in logged}
    return answer.status_code, answer.json(), told["replied"], told.get("alarm", {})


def asking(place: int, **volume: object) -> Mapping[str, Any]:
    return {"destinationZip": place, "volumes": [{**VOLUME, **volume}]}


def test_a_place_whose_zero_was_lost_is_answered_with_one_price(shop: Path) -> None:
    status, body, replied, alarm = ask(shop, asking(1512651))

    assert (status, replied["verdict"], replied["discarded"], alarm) == (200, "served", "", {})
    assert [each["shippingCost"] for each in body["shippingQuotes"]] == [10.0]


def test_a_place_that_is_not_served_is_404_which_is_of_use(shop: Path) -> None:
    status, body, replied, alarm = ask(shop, asking(90010000))

    assert (status, replied["verdict"], replied["discarded"], alarm) == (404, "not_served", "", {})
    assert body == {"message": "Região de entrega não atendida"}


def test_units_that_cannot_be_meant_are_503_and_alarm_without_anybody_being_asked(shop: Path) -> None:
    status, _, replied, alarm = ask(shop, asking(1512651, height=40, length=29, width=27))

    assert (status, replied["discarded"], replied["quote"]) == (503, "invalid", "")
    assert 'side_unit = "cm"' in alarm["text"]


def test_a_wrong_token_is_401_and_a_wrong_field_422(shop: Path) -> None:
    assert ask(shop, asking(1512651), token="another-t0ken-of-somebody")[0] == 401
    assert ask(shop, {})[0] == 422
