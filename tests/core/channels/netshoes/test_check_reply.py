"""The page's rules for an answer, each broken once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portes.channels.netshoes import check_reply
from portes.contract import QuoteRequest

Change = Callable[[dict[str, Any]], object]


def line(body: dict[str, Any], at: int = 0) -> Any:
    return body["shippingQuotes"][at]


def option(body: dict[str, Any], at: int = 0) -> Any:
    return line(body)["deliveryOptions"][at]


@pytest.mark.parametrize("name", ["out_of_coverage", "two_options", "two_skus_common_types"])
def test_the_samples_keep_every_rule(name: str, sample: Callable[[str], bytes]) -> None:
    assert check_reply(json.loads(sample(f"{name}.response"))) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda body: body.pop("zipCode"), "zipCode"),
        (lambda body: body.update(zipCode="1512651"), "zipCode"),
        (lambda body: body.update(zipCode=1512651), "zipCode"),
        (lambda body: body.update(id="a_b"), "id"),
        (lambda body: body.update(id=None), "id"),
        (lambda body: body.pop("shippingQuotes"), "shippingQuotes"),
        (lambda body: body.update(more=1), "more"),
        (lambda body: line(body).update(skuCode="a b"), "shippingQuotes.0.skuCode"),
        (lambda body: line(body).update(deliveryOptions=[]), "deliveryOptions"),
        (lambda body: option(body).pop("originWareHouseId"), "originWareHouseId"),
        (lambda body: option(body).update(originWarehouseId=1), "originWarehouseId"),
        (lambda body: option(body).update(originWareHouseId="1"), "originWareHouseId"),
        (lambda body: option(body).update(carrierName="Total Express"), "carrierName"),
        (lambda body: option(body).update(carrierName=""), "carrierName"),
        (lambda body: option(body).update(carrierId="correios"), "carrierId"),
        (lambda body: option(body).update(priceInCents=15.24), "priceInCents"),
        (lambda body: option(body).update(priceInCents=True), "priceInCents"),
        (lambda body: option(body).update(priceInCents=-1), "priceInCents"),
        (lambda body: option(body).update(deliveryMinHH="360"), "deliveryMinHH"),
        (lambda body: option(body).update(deliveryMinHH=385), "deliveryMinHH 385 is more than 384"),
        (lambda body: option(body).update(freightType="SUPER_EXPRESSA"), "freightType 'SUPER_EXPRESSA' is none of"),
        (lambda body: option(body).update(freightType="EXPRESSA"), "a freightType stands there twice"),
        (
            lambda body: body["shippingQuotes"].append({"skuCode": "b", "deliveryOptions": [option(body)]}),
            "b: its freight types are not those of 127-0004-064-01",
        ),
    ],
)
def test_each_rule_is_held(change: Change, fault: str, sample: Callable[[str], bytes]) -> None:
    body = json.loads(sample("two_options.response"))
    change(body)

    assert any(fault in found for found in check_reply(body))


@pytest.mark.parametrize("body", [None, [], "ok", 1])
def test_what_is_no_object_breaks_the_rules_as_a_whole(body: object) -> None:
    assert check_reply(body)[0].startswith("body: ")


def test_a_third_freight_type_is_known_when_the_caller_says_so(sample: Callable[[str], bytes]) -> None:
    body = json.loads(sample("two_options.response"))
    option(body)["freightType"] = "SUPER_EXPRESSA"

    assert check_reply(body, freight_types=["NORMAL", "EXPRESSA", "SUPER_EXPRESSA"]) == []


@pytest.mark.parametrize("changed", [{"zipCode": "30512652"}, {"id": "another"}])
def test_an_answer_repeats_id_and_zip_code_of_its_question(
    changed: dict[str, str], sample: Callable[[str], bytes]
) -> None:
    body = json.loads(sample("two_options.response"))
    question = QuoteRequest.model_validate(
        {
            "id": body["id"],
            "channel": "netshoes",
            "store": "demo",
            "destination": {"country": "BR", "postal_code": body["zipCode"]},
            "lines": [
                {
                    "sku": "127-0004-064-01",
                    "quantity": 1,
                    "weight": 500,
                    "size": {"length": 250, "width": 100, "height": 100},
                }
            ],
            "currency": "BRL",
        }
    )

    assert check_reply(body, question=question) == []
    assert "id, zipCode: are not" in check_reply({**body, **changed}, question=question)[0]
