"""The page docs/channels/verdicts.md: what each built-in channel replies, and what its marketplace makes of that.

Every channel is made of the fewest settings that it takes and asked its own example; nothing is written by hand.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from docs.settings_page import ours

from portes.channels.problems import PROBLEM_JSON, renamed
from portes.channels.protocol import (
    Channel,
    ChannelQuestion,
    ChannelReply,
    ChannelRequest,
    Signed,
    Understanding,
    request_in,
)
from portes.channels.understood import ReplyEffect
from portes.contract import Quote, QuoteRequest
from portes.errors import Problem, RequestError, TooMuchError
from portes.registry import CHANNELS, Plugin
from portes_testing.channels.channel_under_test import excuse, refusal, written
from portes_testing.channels.minimal import minimal_channel
from portes_testing.channels.quotes import not_served_quotes, quote_in_part, served_quotes, unknown_quotes

_PAGES: Final = Path(__file__).parent / "channels"

_INTRODUCTION: Final = """\
# What each marketplace makes of a reply

<!-- Made from the code by `make docs`; what is changed here by hand is lost. -->

A quote has one of three verdicts, and each caller has words of its own for them.
"It cannot be delivered there" and "use your fallback" are opposite codes at different callers: an empty list is a no at
one of them, and a 404 is a no at another and a fault at a third, which then shows prices of its own.
So no proxy between may change a status or a body.

Each cell has the status of the reply, the code in its body where there is one, and what the caller then shows.

| word | the shopper sees |
|---|---|
| prices | the prices and times of the reply |
| **not delivered** | that the goods are not delivered there, and no other price |
| own fallback | prices of the caller's own: its table of the seller, its contingency sheet, its backup rates |
| no freight | nothing of this seller, since the caller has nothing to fall back on |
| message | a message of the caller that something is wrong with the goods or the place |

The channels have the fewest settings that they take, and `withhold = "any"` where an offer is held back.
"Not known" is the verdict `unknown`, and "too busy" a call that is turned away because no time is left to answer it.
`none` stands where a channel has no such reply, since it never holds an offer back.
"""

_WORDS: Final = {
    ReplyEffect.PRICES: "prices",
    ReplyEffect.NOT_DELIVERED: "**not delivered**",
    ReplyEffect.FALLBACK: "own fallback",
    ReplyEffect.NO_FREIGHT: "no freight",
    ReplyEffect.MESSAGE: "message",
}
_HEADS: Final = (
    "channel",
    "served",
    "not served",
    "not known",
    "held back",
    "bad call",
    "wrong credentials",
    "too much",
    "too busy",
)
_CODE: Final = re.compile(r"(?i)^(error_?code|code|status_?http|severity|type)$")
"""Fields of a body that say what it is, besides its status."""
_DEEPEST: Final = 3


def verdicts_page() -> str:
    """The whole page."""
    head = f"| {' | '.join(_HEADS)} |\n|{'---|' * len(_HEADS)}"
    return "\n".join([_INTRODUCTION, head, *map(_row, ours(CHANNELS))]).rstrip() + "\n"


def _row(plugin: Plugin[type[Channel]]) -> str:
    cells = [_cell(*told) if told else "none" for told in _Said(plugin.value).replies()]
    return f"| {' | '.join([_named(plugin), *cells])} |"


def _named(plugin: Plugin[type[Channel]]) -> str:
    room = plugin.module.rpartition(".")[2]
    pages = [f"{name}.md" for name in (plugin.name, room, room.replace("_", "-"))]
    found = [page for page in pages if (_PAGES / page).is_file()]
    return f"[`{plugin.name}`]({found[0]})" if found else f"`{plugin.name}`"


Told = tuple[Channel, ChannelRequest, ChannelReply]


@dataclass(frozen=True)
class _Said:
    """What one channel replies to its own example."""

    kind: type[Channel]

    def replies(self) -> Iterator[Told | None]:
        """One reply for each column of the table, None where there is none."""
        channel = minimal_channel(self.kind)
        for quotes in (served_quotes, not_served_quotes, unknown_quotes):
            yield _quoted(channel, partial(_first, quotes))
        may = "withhold" in self.kind.Settings.model_fields
        yield _quoted(minimal_channel(self.kind, withhold="any"), quote_in_part) if may else None
        call = channel.example()
        bare = replace(call, headers={}, token="", query={}, raw_query="", body=b"")
        too_much = renamed(TooMuchError(Problem("lines", "a list of 3000", "holds too many")), channel.fields)
        yield channel, call, refusal(channel, _raised(lambda: channel.read(replace(bare, body=b"{"))))
        yield channel, call, refusal(channel, _raised(lambda: _knock(channel, bare)))
        yield channel, call, refusal(channel, too_much)
        yield channel, call, excuse(channel, 503, {"retry-after": "1"})


def _first(quotes: Callable[[QuoteRequest], Iterator[tuple[str, Quote]]], request: QuoteRequest) -> Quote:
    return next(quotes(request))[1]


def _quoted(channel: Channel, make: Callable[[QuoteRequest], Quote]) -> Told:
    call = channel.example()
    question: Any = channel.read(call)
    request = request_in(question) if isinstance(question, ChannelQuestion) else question
    return channel, call, written(channel, question, make(request))


def _knock(channel: Channel, call: ChannelRequest) -> None:
    channel.authenticate(call)
    if isinstance(channel, Signed):
        channel.verify(call)


def _raised(step: Callable[[], object]) -> RequestError:
    """The error that a step ends in. Raises `ValueError` where it ends in none."""
    try:
        step()
    except RequestError as error:
        return error
    msg = "a call that nobody may make was taken"
    raise ValueError(msg)


def _cell(channel: Channel, call: ChannelRequest, reply: ChannelReply) -> str:
    if not isinstance(channel, Understanding):
        return f"{reply.status}"
    effect = channel.understood(call, reply).effect
    codes = () if effect is ReplyEffect.PRICES else _codes(reply)
    return " ".join([f"{reply.status}", *(f"`{code}`" for code in codes), _WORDS[effect]])


def _codes(reply: ChannelReply) -> Iterator[str]:
    """The codes in a body of the caller's own form."""
    kind = reply.headers.get("content-type", "")
    if "json" in kind and kind != PROBLEM_JSON and reply.body:
        yield from dict.fromkeys(_codes_in(json.loads(reply.body), _DEEPEST))


def _codes_in(tree: object, depth: int) -> Iterator[str]:
    inner: list[object] = []
    if isinstance(tree, dict):
        for name, value in tree.items():
            if _CODE.match(name) and isinstance(value, str | int):
                yield f"{name}: {value}"
        inner = list(tree.values())
    elif isinstance(tree, list):
        inner = tree
    if depth:
        for value in inner:
            yield from _codes_in(value, depth - 1)
