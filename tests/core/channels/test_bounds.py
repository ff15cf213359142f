"""What a caller may ask at most: beyond it a problem with the marketplace's own field, never a crash."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from platforms import asked, sample, speaking

from portes.channels.bigcommerce import Bigcommerce
from portes.channels.ecwid import Ecwid
from portes.channels.native import Native, NativeSettings
from portes.channels.netshoes import Netshoes
from portes.channels.netshoes.settings import NetshoesSettings
from portes.channels.nuvemshop import Nuvemshop
from portes.channels.protocol import ChannelRequest, Storefront
from portes.channels.saleor import Saleor
from portes.channels.shopify import Shopify
from portes.contract import QuoteRequest
from portes.errors import Problem, RequestError, TooMuchError

SHOP = Storefront(store="shop", country="BR", currency="BRL")
LINE = {"sku": "a", "quantity": 1, "weight": 1, "size": {"length": 1, "width": 1, "height": 1}}
PRODUCT = {"skuCode": "a", "quantity": 1, "weight": 1, "width": 1, "height": 1, "length": 1, "preSale": False}


def native(**line: Any) -> QuoteRequest:
    channel = Native(NativeSettings.model_validate({"keys": "a-key-of-the-caller"}), SHOP)
    asked = {"destination": {"country": "BR", "postal_code": "01512651"}, "lines": [{**LINE, **line}]}
    return channel.read(ChannelRequest("POST", "/v1/shop/quotes", body=json.dumps(asked).encode()))


def netshoes(**product: Any) -> QuoteRequest:
    auth = {"kind": "basic", "username": "n", "password": "canary"}
    channel = Netshoes(NetshoesSettings.model_validate({"auth": auth}), SHOP)
    asked = {"zipCode": "01512651", "catalogCode": "C", "products": [{**PRODUCT, **product}]}
    return channel.read(ChannelRequest("POST", "/v1/shop/netshoes", body=json.dumps(asked).encode()))


def told(read: Callable[..., QuoteRequest], **line: Any) -> Problem:
    with pytest.raises(RequestError) as refused:
        read(**line)
    (problem,) = refused.value.problems
    return problem


def reais(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "BRL"}


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({"weight": 100_000_001}, "lines.0.weight"),
        ({"quantity": 1_000_001}, "lines.0.quantity"),
        ({"size": {"length": 30_001, "width": 1, "height": 1}}, "lines.0.size.length"),
        ({"size": {"length": 1, "width": 10**25, "height": 1}}, "lines.0.size.width"),
        ({"declared_value": reais(10**10 + 1)}, "lines.0.declared_value.minor"),
        ({"declared_value": reais(-5)}, "lines.0.declared_value"),
        ({"declared_value": reais(10**30)}, "lines.0.declared_value.minor"),
        ({"tags": ["t"] * 101}, "lines.0.tags"),
        ({"tags": ["t" * 201]}, "lines.0.tags.0"),
        ({"weight": int("9" * 4299)}, "lines.0.weight"),
    ],
)
def test_the_native_door_names_what_is_beyond_a_bound(line: dict[str, Any], where: str) -> None:
    problem = told(native, **line)

    assert problem.where == where
    assert problem.fix
    assert len(problem.value) <= 80


@pytest.mark.parametrize(
    ("product", "where"),
    [
        ({"weight": 100_000.001}, "products.0.weight"),
        ({"weight": int("9" * 4299)}, "products.0.weight"),
        ({"length": 3000.1}, "products.0.length"),
        ({"width": 1_000_000}, "products.0.width"),
        ({"height": 1e300}, "products.0.height"),
        ({"quantity": 1_000_001}, "products.0.quantity"),
        ({"weight": -0.001}, "products.0.weight"),
    ],
)
def test_the_door_of_netshoes_names_what_is_beyond_a_bound(product: dict[str, Any], where: str) -> None:
    problem = told(netshoes, **product)

    assert problem.where == where
    assert "at most" in problem.fix or "1000000" in problem.fix
    assert len(problem.value) <= 80


def test_both_doors_take_what_is_just_within() -> None:
    size = dict.fromkeys(("length", "width", "height"), 30_000)
    (line,) = native(weight=10**8, size=size, declared_value=reais(10**10)).lines
    (product,) = netshoes(weight=100_000, length=3000, width=3000.0, height=3000).lines

    assert line.weight == product.weight
    assert line.size == product.size


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [
        (Nuvemshop, "nuvemshop__documented", ["items"]),
        (Ecwid, "ecwid__documented", ["cart", "items"]),
        (Bigcommerce, "bigcommerce__documented", ["base_options", "items"]),
        (Shopify, "shopify__documented", ["rate", "items"]),
        (Saleor, "saleor__subscription", ["checkout", "lines"]),
        (Saleor, "saleor__lines", [0, "lines"]),
    ],
)
def test_too_many_lines_are_too_much_wherever_they_stand(kind: Any, name: str, path: list[Any]) -> None:
    channel = speaking(kind, "US", "USD", **({"secret": "canary-of-an-app"} if kind is Shopify else {}))
    around = body = json.loads(sample(f"{name}.request"))
    for step in path[:-1]:
        around = around[step]
    around[path[-1]] *= 2001

    with pytest.raises(TooMuchError) as refused:
        channel.read(asked(channel, json.dumps(body).encode()))
    (problem,) = refused.value.problems
    assert problem.where == ".".join(map(str, path))
    assert channel.refuse(refused.value).status == 413


def test_two_checkouts_at_once_are_a_wrong_body_and_not_too_much() -> None:
    channel = speaking(Saleor, "US", "USD")

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, json.dumps(json.loads(sample("saleor__lines.request")) * 2).encode()))
    assert (channel.refuse(refused.value).status, refused.value.problems[0].where) == (422, "body")
