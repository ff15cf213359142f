"""MadeiraMadeira over HTTP: the catalogue brings what the question lacks, and what it lacks itself is no 404."""

from collections.abc import Iterator

import pytest
import requests
from stage import ENVIRON, browser, on_loopback, write_store

from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app

TOKEN = "t0ken-that-nobody-guesses"
CHANNEL = '[channels.madeira-madeira]\nauth = { kind = "url_token", token = "${TOKEN}" }\nlimit = "60s"'
CATALOGUE = "sku,declared_value,weight,size\nchair,199.90,9kg,60x60x90cm\nvase,49.90,,\n"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store that delivers up to ten kilograms to places whose CEP begins with 0."""
    folder = tmp_path_factory.mktemp("madeira")
    (folder / "catalogue.csv").write_text(CATALOGUE)
    services = {"near": [{"code": "n", "delivery": "normal", "most_grams": 10_000}]}
    file = write_store(folder, "shop", {"near": {"prefixes": ["0"]}}, services=services, more=CHANNEL)
    file.write_text(file.read_text().replace("[store]", '[store]\ncatalogue = "catalogue.csv"'))
    store = open_store(file, environ={**ENVIRON, "TOKEN": TOKEN})
    with on_loopback(public_app([store], Watchers())) as address:
        yield f"{address}/v1/shop/madeira-madeira/{TOKEN}"


def ask(url: str, *skus: str, place: str = "01512651") -> requests.Response:
    with browser() as web:
        volumes = [{"sku": sku, "quantity": 1} for sku in skus]
        return web.post(url, json={"destinationZip": place, "volumes": volumes})


def test_a_sku_is_priced_by_the_weight_and_size_of_the_catalogue(url: str) -> None:
    answer = ask(url, "chair")

    assert answer.status_code == 200
    assert [each["shippingCost"] for each in answer.json()["shippingQuotes"]] == [10.0]


def test_a_place_that_is_not_served_is_404(url: str) -> None:
    assert ask(url, "chair", place="90010000").status_code == 404


@pytest.mark.parametrize("sku", ["vase", "table-nobody-knows"])
def test_a_sku_whose_measures_the_catalogue_lacks_is_503_and_never_free_or_not_served(url: str, sku: str) -> None:
    assert ask(url, sku).status_code == 503
    assert ask(url, "chair", sku).status_code == 503
