"""The platforms' part of `portes demo`: each channel's own example, asked over HTTP, its answer held to the rules."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import requests
    from rich.console import Console

    from portes.channels.protocol import Channel, ChannelRequest
    from portes.channels.understood import Understood

_STORE: Final = Path(__file__).parent.parent / "demo_stores" / "platforms"
_SECONDS: Final = 60


class MarketplaceCheck(NamedTuple):
    """What came of one channel's example."""

    name: str
    """The channel's."""
    call: "ChannelRequest"
    status: int
    seconds: float
    understood: "Understood"
    """What the platform makes of it."""
    stranger: int
    """The status for the same call without credentials."""


def platforms_store(folder: Path) -> Path:
    """The copy of the platforms' demo store made in this folder."""
    return Path(shutil.copytree(_STORE, folder / "demo-platforms"))


def ask_platforms(console: "Console", store: Path, environ: Mapping[str, str], address: str) -> Iterator[str]:
    """Ask the service in the words of every channel of a store, a line for each; each text is a fault of one."""
    import requests

    from portes.cli.render.demo import show_platform, show_platforms
    from portes.store import open_store

    with open_store(store, environ=environ) as opened:
        channels = dict(opened.channels)
    show_platforms(console)
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment has no business on loopback
        for name, channel in channels.items():
            asked = _asked(session, name, channel, address)
            faults = [*_faults(asked)]
            if not faults:
                show_platform(console, asked)
            yield from faults


def _asked(session: "requests.Session", name: str, channel: "Channel", address: str) -> MarketplaceCheck:
    from portes.channels.credentials import without_credentials
    from portes.channels.protocol import ChannelReply, Understanding

    call = channel.example()
    stranger = _sent(session, address, without_credentials(channel, call))
    _sent(session, address, call)
    started = perf_counter()  # of the second call: a platform asks all day, and the first opens connections
    answer = _sent(session, address, call)
    seconds = perf_counter() - started
    headers = {name.lower(): value for name, value in answer.headers.items()}
    reply = ChannelReply(answer.status_code, headers, answer.content)
    assert isinstance(channel, Understanding)  # noqa: S101 — those of the demo store are
    return MarketplaceCheck(
        name, call, answer.status_code, seconds, channel.understood(call, reply), stranger.status_code
    )


def _sent(session: "requests.Session", address: str, call: "ChannelRequest") -> "requests.Response":
    return session.request(
        call.method, address + call.address, data=call.body, headers=dict(call.headers), timeout=_SECONDS
    )


def _faults(asked: MarketplaceCheck) -> Iterator[str]:
    from portes.channels.understood import ReplyEffect

    effect = asked.understood.effect
    if effect is not ReplyEffect.PRICES:
        yield f"{asked.name} is answered {asked.status}, of which its platform makes: {effect.value}"
    for fault in asked.understood.faults:
        yield f"{asked.name}: {fault}"
    if asked.stranger != 401:
        yield f"{asked.name}: without credentials the answer is {asked.stranger}, not 401"
