"""Items that are answered each for itself, by the service over HTTP as a VTEX marketplace asks it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sku_shop import BY_KEY, fill, write_shop
from stage import ENVIRON, EXPRESS, NORMAL, browser, on_loopback, write_store

from portes.errors import SettingsError
from portes.hooks import Watchers
from portes.store import Store, open_store
from portes.web.app import public_app
from portes.web.endpoints import endpoints
from portes.web.openapi import openapi_document

TOKEN = ENVIRON["SECRET"]
TAIL = "/api/pvt/orderForms/simulation"
CHANNEL = '[channels.vtex]\nlimit = "60s"\nauth = { kind = "url_token", token = "${SECRET}" }\n'
FREE = '[[rules]]\nuse = "free_shipping"\nthreshold = "100.00"\n'
CATALOGUE = """sku;price;origins;weight;size
light;99,90;1:2;500g;1x1x1cm
heavy;199,90;1:9;5kg;1x1x1cm
sold-out;9,90;1:0;500g;1x1x1cm
bare;9,90;1:9;;
"""
NEAR = {"near": {"prefixes": ["0"]}}
UP_TO_1_KG = {**NORMAL, "most_grams": 1000}


class Shop:
    """A store that a marketplace may ask."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, body: dict[str, Any], rest: str = f"/{TOKEN}{TAIL}") -> requests.Response:
        with browser() as web:
            return web.post(f"{self.url}/v1/shop/vtex{rest}", json=body)

    def slas(self, *skus: str, quantity: int = 1) -> dict[str, list[int]]:
        """The freight prices of each item that can be bought."""
        answer = self.post(cart(*skus, quantity=quantity))
        assert answer.status_code == 200, answer.text
        stocks = {one["itemIndex"]: [sla["price"] for sla in one["slas"]] for one in answer.json()["logisticsInfo"]}
        return {one["id"]: stocks[one["requestIndex"]] for one in answer.json()["items"]}


def cart(*skus: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    items = [{"id": sku, "quantity": quantity, "seller": "1"} for sku in skus]
    return {"items": items, "postalCode": "01512-651", "country": "BRA", **more}


def opened(
    folder: Path,
    carriers: Any = NEAR,
    services: Any = None,
    more: str = "",
    *,
    catalogue: bool = True,
    prices: bool = True,
) -> Store:
    (folder / "catalogue.csv").write_text(CATALOGUE if prices else CATALOGUE.replace("price", "declared_value"))
    services = services or {"near": [UP_TO_1_KG]}
    file = write_store(folder, "shop", carriers, services=services, more=CHANNEL + more, zeros=False)
    if catalogue:
        file.write_text(file.read_text().replace("[store]\n", '[store]\ncatalogue = "catalogue.csv"\n', 1))
    return open_store(file, environ=ENVIRON)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with on_loopback(public_app([opened(tmp_path_factory.mktemp("vtex"))], Watchers())) as url:
        yield Shop(url)


def test_an_item_that_is_too_heavy_for_all_carriers_keeps_no_other_from_being_delivered(shop: Shop) -> None:
    assert shop.slas("light", "heavy") == {"light": [1000], "heavy": []}
    assert shop.slas("heavy") == {"heavy": []}


def test_items_that_cannot_be_bought_keep_no_other_from_being_delivered(shop: Shop) -> None:
    assert shop.slas("unheard-of", "light", "sold-out") == {"light": [1000]}
    assert shop.slas("unheard-of", "sold-out") == {}


def test_freight_is_asked_for_the_units_that_are_there(shop: Shop) -> None:
    """Two units weigh what the carrier just takes; nine, which are asked for, would be too heavy."""
    assert shop.slas("light", quantity=9) == {"light": [1000]}


def test_an_item_whose_weight_nobody_knows_is_no_answer(shop: Shop) -> None:
    assert shop.post(cart("bare")).status_code == 503
    assert shop.post(cart("light", "bare")).status_code == 503


def test_a_cart_without_an_address_is_told_price_and_stock(shop: Shop) -> None:
    answer = shop.post(cart("light", "heavy", "bare", postalCode=None, country=None))

    assert answer.status_code == 200
    assert [one["price"] for one in answer.json()["items"]] == [9990, 19990, 990]
    assert [one["stockBalance"] for one in answer.json()["logisticsInfo"]] == [2, 9, 9]


def test_parameters_that_the_marketplace_adds_to_the_address_change_nothing(shop: Shop) -> None:
    assert shop.post(cart("light"), f"/{TOKEN}{TAIL}?sc=1&an=account").status_code == 200


@pytest.mark.parametrize(
    ("rest", "status"), [(TAIL, 401), (f"/{TOKEN}x{TAIL}", 401), (f"/{TOKEN}", 404), (f"/{TOKEN}/pvt{TAIL}", 404)]
)
def test_another_address_is_nobodys(shop: Shop, rest: str, status: int) -> None:
    assert shop.post(cart("light"), rest).status_code == status


RULES = [
    'use = "free"',
    'use = "free_shipping"\nthreshold = "100.00"',
    'use = "subsidy"\npercent = 100\nup_to = "500.00"',
    'use = "subsidy"\npercent = 100\nup_to = "500.00"\nwhen = { delivery_types = ["normal"] }',
]


@pytest.mark.parametrize("rule", RULES, ids=["free", "free_shipping", "subsidy", "bound subsidy"])
def test_a_rule_of_the_cart_goes_by_the_types_that_all_items_have_and_never_breaks_the_others(
    tmp_path: Path, rule: str
) -> None:
    services = {"near": [{**NORMAL, "most_grams": 6000}, {**EXPRESS, "most_grams": 1000, "cents": 3000}]}
    with on_loopback(public_app([opened(tmp_path, services=services, more=f"[[rules]]\n{rule}\n")], Watchers())) as url:
        assert Shop(url).slas("light", "heavy") == {"light": [0, 3000], "heavy": [0]}
        (tmp_path / "whole").mkdir()
    services = {"near": [UP_TO_1_KG, {**EXPRESS, "most_grams": 1000, "cents": 3000}]}
    store = opened(tmp_path / "whole", services=services, more=f"[[rules]]\n{rule}\n")
    with on_loopback(public_app([store], Watchers())) as url:
        assert Shop(url).slas("light", "heavy") == {"light": [1000, 3000], "heavy": []}


@pytest.mark.parametrize("lines", ["each", "together"])
def test_a_rule_that_makes_carts_free_leaves_one_alone_that_is_not_delivered_whole(tmp_path: Path, lines: str) -> None:
    services = {"near": [UP_TO_1_KG, {**EXPRESS, "most_grams": 1000, "cents": 3000}]}
    rule = f'lines = "{lines}"\n{FREE}'
    with on_loopback(public_app([opened(tmp_path, services=services, more=rule)], Watchers())) as url:
        assert Shop(url).slas("light", quantity=2) == {"light": [0, 3000]}
        mixed = Shop(url).slas("light", "heavy")

    assert mixed == ({"light": [1000, 3000], "heavy": []} if lines == "each" else {"light": [], "heavy": []})


def test_what_a_crashed_carrier_might_have_had_for_one_item_is_no_answer_for_any(tmp_path: Path) -> None:
    carriers = {**NEAR, "crash": {"crashes": True}}
    services = {"near": [UP_TO_1_KG], "crash": [EXPRESS]}
    with on_loopback(public_app([opened(tmp_path, carriers, services)], Watchers())) as url:
        assert Shop(url).slas("light") == {"light": [1000]}
        assert Shop(url).post(cart("heavy")).status_code == 503
        assert Shop(url).post(cart("light", "heavy")).status_code == 503


def test_a_store_without_a_catalogue_cannot_say_what_goods_cost_and_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"channels\.vtex.*has no catalogue"):
        opened(tmp_path, catalogue=False)


@pytest.mark.parametrize("address", [{}, {"postalCode": None, "country": None}], ids=["checkout", "storefront"])
def test_goods_of_a_database_that_cannot_be_reached_are_no_answer_and_never_out_of_stock(
    tmp_path: Path, address: Any
) -> None:
    fill(tmp_path / "skus.db", {"light": 500, "feather": 10})
    environ = {**ENVIRON, "DATABASE": f"sqlite:///{tmp_path / 'skus.db'}"}
    store = open_store(write_shop(tmp_path, BY_KEY + CHANNEL), environ=environ)
    with on_loopback(public_app([store], Watchers())) as url:
        known = Shop(url).post(cart("light", "unheard-of", **address))
        (tmp_path / "skus.db").write_bytes(b"no database at all")
        down = Shop(url).post(cart("light", "feather", **address))

    assert [(one["id"], one["price"]) for one in known.json()["items"]] == [("light", 1990)]
    assert (down.status_code, "catalogue" in down.json()["detail"]) == (503, True)


def test_a_catalogue_without_any_price_is_told_to_whoever_checks_the_store(tmp_path: Path) -> None:
    told = opened(tmp_path, prices=False).advice
    (tmp_path / "priced").mkdir()

    assert [(one.where, one.fix) for one in told] == [("channels.vtex", "add the column price to the catalogue")]
    assert not opened(tmp_path / "priced").advice


def test_the_document_tells_the_whole_address_and_no_secret(tmp_path: Path) -> None:
    document = openapi_document(endpoints([opened(tmp_path)]), "http://shop.example")

    assert f"/v1/shop/vtex/{{token}}{TAIL}" in document["paths"]
    assert TOKEN not in json.dumps(document)
