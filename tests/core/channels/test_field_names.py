"""What a caller is told of its question in the caller's own words, wherever the fault was found."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from portes.channels.native import Native
from portes.channels.netshoes import Netshoes
from portes.channels.problems import renamed
from portes.channels.protocol import Channel
from portes.channels.reading import make_question
from portes.channels.tray import Tray
from portes.channels.via import Via
from portes.contract import QuoteRequest
from portes.errors import Problem, RequestError, TooMuchError
from portes.registry import CHANNELS, Registry

ITEM = {"sku": "a", "quantity": 1, "weight": 1, "size": {"length": 1, "width": 1, "height": 1}}
ASKED = {
    "channel": "x",
    "store": "s",
    "destination": {"country": "BR", "postal_code": "01512651"},
    "lines": (ITEM,),
    "currency": "BRL",
}


def paths(schema: dict[str, Any], node: dict[str, Any], path: str = "") -> set[str]:
    """Every path of a JSON Schema, `*` for positions."""
    for choice in node.get("anyOf", [node]):
        target = schema["$defs"][choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
        inside = {path} if path else set()
        for name, child in target.get("properties", {}).items():
            inside |= paths(schema, child, f"{path}.{name}" if path else name)
        if isinstance(target.get("items"), dict):
            inside |= paths(schema, target["items"], f"{path}.*")
        if inside - {path}:
            return inside
    return {path}


def known(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    return paths(schema, schema)


@pytest.mark.parametrize(
    "channel",
    [
        plugin.value
        for plugin in Registry().plugins(CHANNELS)
        if plugin.distribution == "portes" and getattr(plugin.value, "reads", "body") == "body"
    ],
)
def test_a_channel_s_words_are_fields_of_its_question_and_ours_of_the_contract(channel: type[Channel]) -> None:
    assert channel.fields.keys() - known(QuoteRequest) == set()
    assert set(channel.fields.values()) - known(channel.request_model) == set()


@pytest.mark.parametrize("channel", [Tray, Via])
def test_a_channel_that_reads_a_query_calls_fields_of_the_contract_by_its_parameters(channel: type[Channel]) -> None:
    assert channel.fields.keys() - known(QuoteRequest) == set()
    assert {theirs.partition(".")[0] for theirs in channel.fields.values()} == known(channel.request_model)


def test_whatever_we_find_in_a_question_netshoes_is_told_of_a_field_that_it_sent() -> None:
    ours = [path.replace("*", "3") for path in known(QuoteRequest)]

    told = renamed(RequestError([Problem(path, "", "is odd") for path in ours]), Netshoes.fields).problems

    wheres = {re.sub(r"\b3\b", "*", problem.where) for problem in told}
    assert wheres - {"body"} <= known(Netshoes.request_model)
    assert {path for path, problem in zip(ours, told, strict=True) if problem.where == "body"} == {
        "channel",
        "store",
        "currency",
        "calendar",
        "grouping",
        "answered_apart",
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("lines.12.weight", "products.12.weight"),
        ("lines.0.size.width", "products.0.width"),
        ("lines.0.declared_value.minor", "products.0"),
        ("lines", "products"),
        ("destination.postal_code", "zipCode"),
        ("currency", "body"),
    ],
)
def test_a_field_is_called_as_the_marketplace_calls_it(ours: str, theirs: str) -> None:
    refused = TooMuchError(Problem(ours, "\x00", "is odd", "mend it"))

    told = renamed(refused, Netshoes.fields)

    assert type(told) is TooMuchError
    assert [(found.where, found.value, found.cause, found.fix) for found in told.problems] == [
        (theirs, "\\x00", "is odd", "mend it")
    ]


def test_a_channel_that_speaks_our_words_changes_none() -> None:
    refused = RequestError(Problem("lines.0.weight", "0", "is zero"))

    assert renamed(refused, Native.fields).problems == refused.problems


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"destination": {"country": "BR", "postal_code": "1512651"}}, "zipCode"),
        ({"lines": ({**ITEM, "quantity": 0},)}, "products.0.quantity"),
        ({"lines": ()}, "products"),
    ],
)
def test_what_the_contract_refuses_while_a_channel_reads_is_told_in_its_words(
    changed: dict[str, object], where: str
) -> None:
    assert make_question(ASKED, Netshoes.fields).lines[0].sku == "a"
    with pytest.raises(RequestError) as refused:
        make_question({**ASKED, **changed}, Netshoes.fields)

    assert [problem.where for problem in refused.value.problems] == [where]


def test_a_channel_page_s_example_names_the_field_that_was_sent() -> None:
    page = (Path(__file__).parents[3] / "docs" / "channels.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "corner_shop_portes"}
    exec(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0], names)  # noqa: S102 -- the page's own example
    settings = {"auth": {"kind": "url_token", "token": "a-token-of-sixteen-letters"}}
    shop = names["CornerShop"](
        names["CornerShop"].Settings.model_validate(settings), names["Storefront"]("corner", "BR", "BRL")
    )
    body = json.loads(shop.example().body) | {"zip": "1512651"}

    with pytest.raises(RequestError, match="zip: is no postal code of BR"):
        shop.read(names["ChannelRequest"]("POST", "/", body=json.dumps(body).encode()))
