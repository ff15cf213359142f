"""A stranger's channel that breaks its word over a call: a plain 500, told as every other, and nobody is let in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stage import ENVIRON, browser, on_loopback, write_store
from structlog.testing import capture_logs

from portes.channels.protocol import ChannelReply
from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app
from portes.web.problems import sendable


async def _later() -> ChannelReply:
    return ChannelReply(200)


def _gives(back: object) -> Callable[..., object]:
    return lambda *_: back


ODD: Any = ChannelReply
"""Makes replies of what no reply is made of."""
LETS_IN: Any = False


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (None, "returned NoneType; it must return a ChannelReply"),
        ((200, b"{}"), "returned tuple; it must return a ChannelReply"),
        (ODD(200, {}, "{}"), "a channel replies 200 with str;"),
        (ODD(0), "a channel replies 0 with bytes;"),
        (ODD(101), "a channel replies 101 with bytes;"),
        (ODD(1000), "a channel replies 1000 with bytes;"),
        (ODD(200, {"a": "b\r\nset-cookie: c"}), "which holds a sign that no header may"),
        (ODD(200, {"a": "€"}), "can't encode"),
        (ODD(200, {"a": 5}), "expected str instance"),
    ],
)
def test_a_reply_that_cannot_be_put_on_the_wire_is_told_with_what_came(reply: object, cause: str) -> None:
    with pytest.raises((TypeError, ValueError), match=cause):
        sendable(reply)


@pytest.mark.parametrize(
    ("method", "instead"),
    [
        ("write", _gives(None)),
        ("write", lambda *_: _later()),
        ("write", _gives(ODD(200, {"a": "b\r\nset-cookie: c"}))),
        ("write", _gives(ODD(1000))),
        ("authenticate", _gives(LETS_IN)),
        ("authenticate", lambda *_: _later()),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_a_channel_that_breaks_its_word_answers_500_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, instead: object
) -> None:
    monkeypatch.setattr(f"portes_props.Trapdoor.{method}", instead)
    store = open_store(write_store(tmp_path, "shop", {"near": {}}, more="[channels.trapdoor]"), environ=ENVIRON)
    with capture_logs() as logged, on_loopback(public_app([store], Watchers())) as url, browser() as web:
        answer = web.post(f"{url}/v1/shop/trapdoor", data=b"{}")

    assert (answer.status_code, answer.json()["detail"]) == (500, "the service failed; its log says why")
    told = {line["event"]: line for line in logged}
    assert (told["crashed"]["store"], told["crashed"]["channel"]) == ("shop", "trapdoor")
    assert told["replied"]["status"] == 500
