"""Which channel of which store answers at which address."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from portes.channels.credentials import Guarded
from portes.channels.problems import refused
from portes.channels.protocol import (
    Addressed,
    Channel,
    ChannelReply,
    ChannelRequest,
    Excusing,
    Hinted,
    Signed,
)
from portes.errors import RequestError, crash_words, pass_interrupt
from portes.registry import CHANNELS, Registry
from portes.store import Store

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One channel of one store, with its address."""

    store: Store
    key: str
    """The channel's key in the store's settings."""
    channel: Channel
    within: Callable[[ChannelRequest], float]
    """Seconds the engine may take for a call."""
    authenticate: Callable[[ChannelRequest], None]
    """Checks the credentials on the headers."""
    verify: Callable[[ChannelRequest], None]
    """Checks what credentials there are beyond the headers, on the whole call."""
    methods: tuple[str, ...]
    """The methods that it answers."""
    tails: tuple[str, ...]
    """What may follow the channel's name, and the token, in its address."""
    takes_token: bool
    """Whether some credential is a secret segment of the address."""

    @property
    def path(self) -> str:
        """The path of its address, up to the channel's name."""
        return f"/v1/{self.store.name}/{self.channel.path}"

    def parted(self, rest: str) -> tuple[str, str] | None:
        """The token and the tail in what follows the channel's name in a path; None where nobody is at that address."""
        for tail in self.tails:
            if rest == tail:
                return "", tail
            token = rest[1 : len(rest) - len(tail)]
            if self.takes_token and rest.startswith("/") and rest.endswith(tail) and token and "/" not in token:
                return token, tail
        return None

    def refuse(self, error: RequestError) -> ChannelReply:
        """The reply to a call that its sender has to mend, in the channel's form."""
        return self.channel.refuse(error) if isinstance(self.channel, Excusing) else refused(error)

    def excuse(self, reply: ChannelReply, detail: str) -> ChannelReply:
        """A reply of the service that is no answer, in the channel's form where it has one of its own."""
        if not isinstance(self.channel, Excusing):
            return reply
        kept = {name: value for name, value in reply.headers.items() if name != "content-type"}
        return self.channel.excuse(reply.status, detail, kept)


def endpoints(stores: Sequence[Store]) -> tuple[Endpoint, ...]:
    """Every channel of every store, in the order of the settings."""
    return tuple(
        Endpoint(
            store,
            key,
            channel,
            _within(channel),
            _raising(channel.authenticate),
            _raising(_verify(channel)),
            channel.methods if isinstance(channel, Addressed) else ("POST",),
            channel.tails if isinstance(channel, Addressed) else ("",),
            _takes_token(channel),
        )
        for store in stores
        for key, channel in store.channels.items()
    )


def paths_answering(registry: Registry, status: int) -> frozenset[str]:
    """The segments of addresses that name installed channels which have an answer of this status."""
    return frozenset(_paths_answering(registry, status))


def _paths_answering(registry: Registry, status: int) -> Iterator[str]:
    for plugin in registry.plugins(CHANNELS):
        try:
            path, statuses = getattr(plugin.value, "path", None), getattr(plugin.value, "statuses", None)
        except BaseException as error:  # noqa: BLE001 — a stranger's class may compute what is looked at
            pass_interrupt(error)
            _log.warning("a channel cannot be looked at", plugin=plugin.name, error=crash_words(error, plugin.package))
            continue
        if isinstance(path, str) and isinstance(statuses, Mapping) and status in statuses:
            yield path


def _takes_token(channel: Channel) -> bool:
    credentials = channel.credentials if isinstance(channel, Guarded) else ()
    return any(value.place == "path" for credential in credentials for value in credential.expected())


def _within(channel: Channel) -> Callable[[ChannelRequest], float]:
    return channel.within if isinstance(channel, Hinted) else lambda _: channel.deadline


def _verify(channel: Channel) -> Callable[[ChannelRequest], object]:
    return channel.verify if isinstance(channel, Signed) else lambda _: None


def _raising(check: Callable[[ChannelRequest], object]) -> Callable[[ChannelRequest], None]:
    """A check that says no by what it raises: where it returns something, `False` say, nobody is let in."""

    def checked(asked: ChannelRequest) -> None:
        if (given := check(asked)) is not None:
            msg = f"a channel's check returned {given!r}; it must raise UnauthorizedError, or return nothing"
            raise TypeError(msg)

    return checked
