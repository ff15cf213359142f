"""Netshoes for tests: its channel, a question, and what a reply tells."""

import json
from typing import Any

from portes.channels.netshoes import Netshoes
from portes.channels.netshoes.settings import NetshoesSettings
from portes.channels.protocol import ChannelReply, Storefront
from portes.contract import Dimensions, Item, Place, QuoteRequest

AUTH = {"kind": "basic", "username": "netshoes", "password": "canary"}
SIZE = Dimensions(length=250, width=100, height=100)


def channel(**settings: object) -> Netshoes:
    demo = Storefront(store="demo", country="BR", currency="BRL")
    return Netshoes(NetshoesSettings.model_validate({"auth": AUTH, **settings}), demo)


def request(*skus: str, **changed: object) -> QuoteRequest:
    quantity = changed.pop("quantity", 1)
    fields: dict[str, Any] = {
        "id": "6dccffe9-52e7-456c-b814-b72ae3e49cc1",
        "channel": "netshoes",
        "store": "demo",
        "destination": Place(country="BR", postal_code="01512651"),
        "lines": [Item.model_validate({"sku": sku, "quantity": quantity, "weight": 500, "size": SIZE}) for sku in skus],
        "currency": "BRL",
    }
    return QuoteRequest.model_validate({**fields, **changed})


def told(reply: ChannelReply) -> Any:
    assert (reply.status, reply.headers["content-type"], reply.alarm) == (200, "application/json", "")
    return json.loads(reply.body)


def types(reply: ChannelReply) -> list[list[str]]:
    return [[option["freightType"] for option in line["deliveryOptions"]] for line in told(reply)["shippingQuotes"]]


def prices(reply: ChannelReply) -> list[list[int]]:
    return [[option["priceInCents"] for option in line["deliveryOptions"]] for line in told(reply)["shippingQuotes"]]
