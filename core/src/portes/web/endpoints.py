"""Which channel of which store answers at which address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portes.channels.protocol import Channel, ChannelRequest, Hinted, Signed
from portes.store import Store


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

    @property
    def path(self) -> str:
        """The path of its address, which takes `POST`."""
        return f"/v1/{self.store.name}/{self.channel.path}"


def endpoints(stores: Sequence[Store]) -> tuple[Endpoint, ...]:
    """Every channel of every store, in the order of the settings."""
    return tuple(
        Endpoint(store, key, channel, _within(channel), _raising(channel.authenticate), _raising(_verify(channel)))
        for store in stores
        for key, channel in store.channels.items()
    )


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
