"""The stores that answer now, exchanged between two calls; it opens none and reads no file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portes.store import Store
from portes.web.endpoints import Endpoint, endpoints


@dataclass(frozen=True, slots=True)
class RefusedStores:
    """The stores that are known by name and cannot answer: to say that there are none would be a lie."""

    names: frozenset[str] = frozenset()
    others: bool = False
    """Whether there may be more of them, since a path leads to no store any more."""

    def __contains__(self, name: str) -> bool:
        return self.others or name in self.names


NONE_REFUSED: Final = RefusedStores()


class ServedStores:
    """Some stores and the calls that are with them. Used on the event loop alone."""

    def __init__(self, stores: Sequence[Store], refused: RefusedStores) -> None:
        self.stores = tuple(stores)
        self.refused = refused
        self.endpoints: Mapping[tuple[str, str], Endpoint] = {
            (endpoint.store.name, endpoint.channel.path): endpoint for endpoint in endpoints(stores)
        }
        """By the store's name and the last segment of the channel's address."""
        self.calls = 0
        """Calls under way, each counted from its first line to its reply."""


class LiveStores:
    """The stores that answer. A call takes `current` once, and stays with it."""

    def __init__(self, stores: Sequence[Store], refused: RefusedStores = NONE_REFUSED) -> None:
        self.current = ServedStores(stores, refused)
        self._closed = False

    def exchange(self, stores: Sequence[Store], refused: RefusedStores) -> ServedStores | None:
        """Let other stores answer from the next call on; the earlier ones, or None once the service stops.

        On the event loop only. Nothing is closed: calls may be with the earlier stores still.
        """
        if self._closed:
            return None
        earlier, self.current = self.current, ServedStores(stores, refused)
        return earlier

    def close(self) -> tuple[Store, ...]:
        """Exchange nothing any more; the stores to be closed."""
        self._closed = True
        return self.current.stores
