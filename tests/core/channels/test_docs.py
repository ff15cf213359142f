"""The channels' pages: every setting and status named, and the channel of the example works."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portes.channels.native import Native, NativeRequest, NativeSettings
from portes.channels.protocol import Channel, ChannelRequest, Storefront
from portes.contract import Offer, Quote
from portes.errors import RequestError
from portes.registry import CHANNELS, Registry
from portes_testing import ChannelContract
from portes_testing.channels.channel_under_test import ChannelUnderTest

DOCS = Path(__file__).parents[3] / "docs"
_PAGES_OF_SEVERAL = {"recharge": "shopify"}
PAGES = [
    (f"channels/{_PAGES_OF_SEVERAL.get(plugin.name, plugin.name)}.md", plugin.value)
    for plugin in Registry().plugins(CHANNELS)
    if plugin.distribution == "portes"
]
"""The page of each built-in channel."""


@pytest.mark.parametrize(("page", "channel"), PAGES)
def test_every_setting_and_status_stands_on_the_channels_page(page: str, channel: type[Channel]) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    assert [name for name in channel.Settings.model_fields if f"| `{name}` |" not in text] == []
    assert [status for status in channel.statuses if f"| {status} " not in text] == []


def test_every_field_of_a_native_question_stands_on_its_page() -> None:
    text = (DOCS / "channels/native.md").read_text(encoding="utf-8")

    assert [name for name in NativeRequest.model_fields if f"| `{name}` |" not in text] == []


def test_the_curl_of_the_netshoes_page_sends_the_printed_question(sample: Callable[[str], bytes]) -> None:
    body = re.search(r"-d '(.*?)'", (DOCS / "channels/netshoes.md").read_text(encoding="utf-8"), re.DOTALL)

    assert body is not None
    assert json.loads(body[1]) == json.loads(sample("single_sku.request"))


def test_the_curl_of_the_native_page_can_be_read() -> None:
    body = re.search(r"-d '(.*?)'", (DOCS / "channels/native.md").read_text(encoding="utf-8"), re.DOTALL)
    settings = NativeSettings.model_validate({"keys": "k" * 16})

    assert body is not None
    native = Native(settings, Storefront(store="demo", country="BR", currency="BRL"))
    assert native.read(ChannelRequest("POST", "/", body=body[1].encode())).lines[0].weight == 500


def examples() -> dict[str, Any]:
    """The names that the page's example makes, and its case."""
    names: dict[str, Any] = {"__name__": "corner_shop_portes"}
    for code in re.findall(r"```python\n(.*?)```", (DOCS / "channels.md").read_text(encoding="utf-8"), re.DOTALL):
        exec(code, names)  # noqa: S102 -- the page's own example
    return names


def test_the_example_of_the_channels_page_reads_writes_and_refuses(
    make_offer: Callable[..., Offer], make_quote: Callable[..., Quote]
) -> None:
    settings = {"auth": {"kind": "url_token", "token": "a-token-of-sixteen-letters"}}
    kind = examples()["CornerShop"]
    shop = kind(kind.Settings.model_validate(settings), Storefront("corner", "BR", "BRL"))
    example = shop.example()
    shop.authenticate(example)
    asked = shop.read(example)

    assert (asked.destination.postal_code, asked.lines[0].weight) == ("01512651", 500)
    served = make_quote("served", ("sku-1", (make_offer("normal", 900, (2, 3)),)))
    assert json.loads(shop.write(served, asked).body) == {"prices": [{"cents": 900, "days": 3}]}
    assert json.loads(shop.write(make_quote("not_served", ("sku-1", ())), asked).body) == {"prices": []}
    assert shop.write(make_quote("unknown", ("sku-1", ())), asked).status == 503
    with pytest.raises(RequestError):
        shop.read(ChannelRequest("POST", "/", body=b'{"grams": 0}'))


CHECKS = [name for name in dir(ChannelContract) if name.startswith("test_") and "entry_point" not in name]
QUICK = [
    name
    for name in CHECKS
    if not any(mark.name == "exhaustive" for mark in getattr(vars(ChannelContract)[name], "pytestmark", ()))
]


@pytest.mark.parametrize("name", QUICK)
def test_the_example_of_the_channels_page_passes_the_suite_that_the_page_names(name: str) -> None:
    """But for its entry point, since nobody installed it."""
    names = examples()
    under_test = ChannelUnderTest(names["TestCornerShop"].case)
    under_test.plugin = names["CornerShop"]

    getattr(names["TestCornerShop"](), name)(under_test)

    assert under_test.asked != []
