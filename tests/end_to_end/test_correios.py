"""Correios, on its simulator, and a rate table behind real HTTP: the marketplace gets the best of both, or of one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from correios_shop import STORE, TABLE
from stage import AUTH, ENVIRON, browser, on_loopback, question
from terminal import run

from portes.channels.netshoes import check_reply
from portes.hooks import Watchers
from portes.simulators.serving import build_sandbox, serving
from portes.store import open_store
from portes.web.app import public_app

CHANNELS = """
[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
limit = "30s"
"""
NEAR, FAR, NOWHERE = "01512651", "70002900", "00000000"
LIGHT = {"skuCode": "light", "weight": 0.5}
HEAVY = {"skuCode": "heavy", "weight": 4.0}
LONG = {"skuCode": "long", "weight": 4.0, "length": 110.0}

PendingAnswer = Callable[..., requests.Response]
Shop = Callable[..., PendingAnswer]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A store whose Correios is simulated in some moods, or does not listen at all; asks it over HTTP."""
    with ExitStack() as stack:

        def opened(*moods: str, listening: bool = True) -> PendingAnswer:
            with serving(build_sandbox("correios-br", moods)) as free:
                pass  # nobody listens there any more
            port = stack.enter_context(serving(build_sandbox("correios-br", moods))) if listening else free
            (tmp_path / "table.csv").write_text(TABLE)
            (tmp_path / "portes.toml").write_text((STORE + CHANNELS).format(url=f"http://127.0.0.1:{port}"))
            store = open_store(tmp_path, environ=ENVIRON)
            address = stack.enter_context(on_loopback(public_app([store], Watchers())))
            web = stack.enter_context(browser())

            def ask(*products: Mapping[str, Any], to: str = NEAR) -> requests.Response:
                url = f"{address}/v1/shop/netshoes"
                return web.post(url, json=question(*products, zip_code=to), auth=AUTH, timeout=60)

            return ask

        yield opened


def options(answer: requests.Response) -> dict[str, dict[str, tuple[str, int]]]:
    """Carrier and price in cents by SKU and freight type; the answer keeps the marketplace's rules."""
    assert (answer.status_code, check_reply(answer.json())) == (200, [])
    return {
        line["skuCode"]: {
            option["freightType"]: (option["carrierName"], option["priceInCents"]) for option in line["deliveryOptions"]
        }
        for line in answer.json()["shippingQuotes"]
    }


def test_two_skus_get_the_cheapest_of_each_type_that_is_common_to_both(shop: Shop) -> None:
    assert options(shop()(LIGHT, HEAVY)) == {
        "light": {"NORMAL": ("Table", 1200), "EXPRESSA": ("Correios", 1764)},
        "heavy": {"NORMAL": ("Correios", 2142), "EXPRESSA": ("Table", 3000)},
    }


def test_a_type_that_one_sku_cannot_have_is_offered_for_none(shop: Shop) -> None:
    """Nothing longer than 105 cm goes by Correios, and the table's express ends where its coverage ends."""
    ask = shop()

    assert options(ask(LIGHT, to=FAR)) == {"light": {"NORMAL": ("Correios", 2457), "EXPRESSA": ("Correios", 3717)}}
    assert options(ask(LIGHT, LONG, to=FAR)) == {}
    assert options(ask(LIGHT, LONG)) == {
        "light": {"NORMAL": ("Table", 1200), "EXPRESSA": ("Correios", 1764)},
        "long": {"NORMAL": ("Table", 2500), "EXPRESSA": ("Table", 3000)},
    }


def test_only_the_common_type_is_left_where_correios_has_no_express(shop: Shop) -> None:
    assert options(shop("partial")(LIGHT, to=FAR)) == {"light": {"NORMAL": ("Correios", 2457)}}


@pytest.mark.parametrize("mood", ["down", "html", "throttled", "wrong_password", "api_not_enabled"])
def test_with_correios_in_trouble_the_table_answers(shop: Shop, mood: str) -> None:
    assert options(shop(mood)(LIGHT, HEAVY)) == {
        "light": {"NORMAL": ("Table", 1200), "EXPRESSA": ("Table", 2000)},
        "heavy": {"NORMAL": ("Table", 2500), "EXPRESSA": ("Table", 3000)},
    }


def test_with_nobody_listening_the_table_answers(shop: Shop) -> None:
    assert options(shop(listening=False)(LIGHT)) == {"light": {"NORMAL": ("Table", 1200), "EXPRESSA": ("Table", 2000)}}


def test_with_correios_down_and_the_table_out_of_coverage_nobody_knows(shop: Shop) -> None:
    assert shop("down")(LIGHT, HEAVY, to=FAR).status_code == 503
    assert shop(listening=False)(LIGHT, HEAVY, to=FAR).status_code == 503


def test_where_both_say_no_nothing_is_offered(shop: Shop) -> None:
    assert options(shop()(LIGHT, to=NOWHERE)) == {}


def test_the_doctor_of_the_command_line_climbs_to_the_quotes_of_the_simulator(shop: Shop, tmp_path: Path) -> None:
    shop()
    told = run("doctor", tmp_path, "correios", "--language", "pt")

    assert told.exit_code == 0
    assert "✓ service: 03220 foi cotado a partir da origem 1 (01001000)." in told.stdout


def test_the_doctor_of_the_command_line_tells_the_rung_that_breaks(shop: Shop, tmp_path: Path) -> None:
    shop("card_unknown")
    told = run("doctor", tmp_path, "correios")

    assert told.exit_code == 2
    assert "✓ login: Login and access code are accepted." in told.stdout
    assert "✗ posting_card: There is no token for the posting card that ends in 5679." in told.stdout
    assert ENVIRON["SECRET"] not in told.output
