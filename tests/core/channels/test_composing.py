"""Calls that are composed: every channel reads from its own what was put into them."""

import re
from pathlib import Path

import pytest

import portes
from portes.channels.composing import ComposedLine
from portes.channels.protocol import Channel, Composing, request_in
from portes.store import open_store

DEMOS = Path(portes.__file__).parent / "demo_stores"
CODE = "20040020"


def channels() -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    for store in ("brazil", "platforms"):
        file = DEMOS / store / "portes.toml"
        secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", file.read_text()), "canary-4711-0815-of-ours")
        with open_store(file, environ=secrets) as opened:
            found |= opened.channels
    return found


CHANNELS = channels()


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_reads_what_was_composed_as_its_marketplace_would(name: str) -> None:
    channel = CHANNELS[name]
    assert isinstance(channel, Composing)
    call = channel.composed(CODE, [ComposedLine("sku-a", 3)])

    assert call is not None
    channel.authenticate(call)
    if (verify := getattr(channel, "verify", None)) is not None:
        verify(call)
    request = request_in(channel.read(call))
    assert request.destination.postal_code == CODE
    assert [(line.sku, line.units) for line in request.lines] == [("sku-a", 3)]
    assert (call.method, call.path, call.tail) == (
        channel.example().method,
        channel.example().path,
        channel.example().tail,
    )


@pytest.mark.parametrize("name", CHANNELS)
def test_several_lines_are_composed_in_order_or_not_at_all(name: str) -> None:
    channel = CHANNELS[name]
    assert isinstance(channel, Composing)
    call = channel.composed(CODE, [ComposedLine("sku-a"), ComposedLine("sku-b", 2), ComposedLine("sku-a", 5)])

    if call is not None:
        lines = [(line.sku, line.units) for line in request_in(channel.read(call)).lines]
        assert lines == [("sku-a", 1), ("sku-b", 2), ("sku-a", 5)]
