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
    verify: Callable[[ChannelRequest], None]
    """What credentials there are beyond the headers, checked on the whole call."""

    @property
    def path(self) -> str:
        """The path of its address, which takes `POST`."""
        return f"/v1/{self.store.name}/{self.channel.path}"


def endpoints(stores: Sequence[Store]) -> tuple[Endpoint, ...]:
    """Every channel of every store, in the order of the settings."""
    return tuple(
        Endpoint(store, key, channel, _within(channel), _verify(channel))
        for store in stores
        for key, channel in store.channels.items()
    )


def _within(channel: Channel) -> Callable[[ChannelRequest], float]:
    return channel.within if isinstance(channel, Hinted) else lambda _: channel.deadline


def _verify(channel: Channel) -> Callable[[ChannelRequest], None]:
    return channel.verify if isinstance(channel, Signed) else lambda _: None
