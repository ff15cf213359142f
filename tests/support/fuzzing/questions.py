"""Questions of marketplaces and hosts: every measure of an accepted one is what its text says."""

import json
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from mutants import WORDS, mutant

from fuzzing.door import Door
from fuzzing.odd import json_number, odd_text, sometimes_torn
from fuzzing.readings import rounded_up
from portes.channels.native import Native, NativeSettings
from portes.channels.netshoes import Netshoes
from portes.channels.netshoes.settings import NetshoesSettings
from portes.channels.protocol import Channel, ChannelRequest, Storefront, request_in
from portes.contract import Item, QuoteRequest
from portes.errors import RequestError

SHOP = Storefront(store="shop", country="BR", currency="BRL")
SIDES = ("length", "width", "height")
UNITS = (
    ({"weight_unit": "kg", "size_unit": "cm"}, 1000, 10),
    ({"weight_unit": "g", "size_unit": "mm"}, 1, 1),
    ({"weight_unit": "kg", "size_unit": "m"}, 1000, 1000),
)
MOST_GRAMS, MOST_SIDE, MOST_UNITS, MOST_LINES = 100_000_000, 30_000, 1_000_000, 2000
DEEP = 100
"""Nesting that a reader of JSON need not take."""


def read(channel: Channel, body: bytes) -> QuoteRequest | None:
    """The question that a body asks; None for one that is refused, with every field named."""
    try:
        return request_in(channel.read(ChannelRequest("POST", "/", body=body)))
    except RequestError as error:
        refused = error
    assert refused.problems, "a refusal without a word"
    assert all(problem.where and problem.cause for problem in refused.problems), refused
    return None


def tree_of(body: bytes) -> Any:
    """A body as Python's reader of JSON takes it, numbers exact. Raises `ValueError` or `RecursionError`."""
    return json.loads(body.decode(), parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal)


class NetshoesDoor(Door):
    """Netshoes' questions, under three pairs of units, against an oracle that is exact both ways."""

    name: ClassVar[str] = "netshoes"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        auth = {"kind": "basic", "username": "n", "password": "canary-of-netshoes"}
        self._channels = [
            (Netshoes(NetshoesSettings.model_validate({"auth": auth, **units}), SHOP), grams, millimetres)
            for units, grams, millimetres in UNITS
        ]

    def draw(self, draws: Random) -> bytes:
        products = ",".join(_product(draws) for _ in range(draws.choice((1, 1, 1, 2, 5))))
        body = f'{{"zipCode":"01512651","catalogCode":"CAT","id":"a-1","products":[{products}]}}'.encode()
        return mutant(body, draws) if draws.random() < 0.3 else sometimes_torn(body, draws)

    def take(self, given: bytes) -> bool:
        told = [self._take(given, *each) for each in self._channels]
        return any(told)

    def _take(self, given: bytes, channel: Netshoes, grams: int, millimetres: int) -> bool:
        question = read(channel, given)
        if question is None:
            assert not _is_sound(given, grams, millimetres), "a sound question was refused"
            return False
        tree = tree_of(given)
        assert question.destination.postal_code == _field(tree, "zipCode")
        assert question.storefront == _field(tree, "catalogCode")
        products = _field(tree, "products")
        assert len(products) == len(question.lines)
        for product, line in zip(products, question.lines, strict=True):
            assert line.sku == _field(product, "skuCode")
            assert line.quantity == _field(product, "quantity")
            assert line.pre_sale is _field(product, "preSale")
            assert line.weight in rounded_up(_field(product, "weight"), grams), line
            for side in SIDES:
                assert getattr(line.size, side) in rounded_up(_field(product, side), millimetres), line
        return True


def _product(draws: Random) -> str:
    measures = ",".join(f'"{name}":{json_number(draws)}' for name in ("weight", *SIDES))
    quantity = draws.choice(("1", "1", "2.0", "10", "1e3", "1000000", "1000001", "0", "1.5", *draws.sample(WORDS, 2)))
    return f'{{"skuCode":"sku-{draws.randrange(9)}","quantity":{quantity},{measures},"preSale":false}}'


def _field(holder: Any, name: str) -> Any:
    """A field by the page's name, or else by its own in Python, which is taken too."""
    snake = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
    return holder[name] if name in holder else holder[snake]


def _is_sound(given: bytes, grams: int, millimetres: int) -> bool:
    """Whether a body is a question beyond doubt; False also where somebody may see it otherwise."""
    try:
        tree = tree_of(given)
        whole = json.dumps(tree, default=str)
        products = _field(tree, "products")
        texts = (_field(tree, "zipCode"), _field(tree, "catalogCode"), *(_field(each, "skuCode") for each in products))
        measured = [(_field(each, "weight"), MOST_GRAMS // grams) for each in products]
        measured += [(_field(each, side), MOST_SIDE // millimetres) for each in products for side in SIDES]
        counted = [_field(each, "quantity") for each in products]
        flags = [_field(each, "preSale") for each in products]
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
    in_doubt = whole.count("[") + whole.count("{") > DEEP or b"\\u" in given or b"Infinity" in given or b"NaN" in given
    return (
        not in_doubt
        and 1 <= len(products) <= MOST_LINES
        and all(isinstance(each, str) and each.isascii() and each.isalnum() and len(each) < 99 for each in texts[:2])
        and len(texts[0]) == len("01512651")
        and texts[0].isdigit()
        and all(isinstance(each, str) and each.isascii() and each.replace("-", "").isalnum() for each in texts[2:])
        and all(len(each) < 99 for each in texts)
        and all(isinstance(each, Decimal) and 0 <= each <= most for each, most in measured)
        and all(isinstance(each, Decimal) and 1 <= each <= MOST_UNITS and each == int(each) for each in counted)
        and all(isinstance(each, bool) for each in flags)
    )


class NativeDoor(Door):
    """The native channel's questions: whole numbers in, the same whole numbers out, within what nouns hold."""

    name: ClassVar[str] = "native"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._channel = Native(NativeSettings.model_validate({"keys": "canary-of-native-4711"}), SHOP)

    def draw(self, draws: Random) -> bytes:
        line = {
            "sku": draws.choice(("sku-1", "é", "x" * 200, odd_text(draws))),
            "quantity": draws.choice((1, 2, 10**6, 10**6 + 1, 0)),
            "weight": draws.choice((500, 0, MOST_GRAMS, MOST_GRAMS + 1, -1, 10**25)),
            "size": {side: draws.choice((10, 250, MOST_SIDE, MOST_SIDE + 1, -5, 10**25)) for side in SIDES},
            "declared_value": {"minor": draws.choice((0, 12_990, 10**10, 10**30, -5)), "currency": "BRL"},
            "tags": [odd_text(draws)],
        }
        body = {"id": odd_text(draws), "destination": {"country": "BR", "postal_code": "01512651"}, "lines": [line]}
        if draws.random() < 0.5:
            line.update(weight=500, quantity=2, size=dict.fromkeys(SIDES, 100))
        return mutant(json.dumps(body).encode(), draws) if draws.random() < 0.6 else json.dumps(body).encode()

    def take(self, given: bytes) -> bool:
        question = read(self._channel, given)
        if question is None:
            return False
        tree = tree_of(given)
        assert question.destination.postal_code == tree["destination"]["postal_code"]
        for line, told in zip(question.lines, tree["lines"], strict=True):
            assert isinstance(line, Item)
            assert 0 <= line.weight == told["weight"] <= MOST_GRAMS
            assert 1 <= line.quantity == told["quantity"] <= MOST_UNITS
            assert line.sku == told["sku"]
            assert all(0 <= getattr(line.size, side) == told["size"][side] <= MOST_SIDE for side in SIDES)
            value = told.get("declared_value")
            assert (line.declared_value is None) == (value is None)
            assert line.declared_value is None or 0 <= line.declared_value.minor == value["minor"] <= 10**10
        return True
