"""The stores that answer now, exchanged between two calls; it opens none and reads no file."""

from collections.abc import Mapping, Sequence

from portes.store import Store
from portes.web.endpoints import Endpoint, endpoints


class ServedStores:
    """Some stores and the calls that are with them. Used on the event loop alone."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self.stores = tuple(stores)
        self.endpoints: Mapping[tuple[str, str], Endpoint] = {
            (endpoint.store.name, endpoint.channel.path): endpoint for endpoint in endpoints(stores)
        }
        """By the store's name and the last segment of the channel's address."""
        self.calls = 0
        """Calls under way, each counted from its first line to its reply."""


class LiveStores:
    """The stores that answer. A call takes `current` once, and stays with it."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self.current = ServedStores(stores)
        self._closed = False

    def exchange(self, stores: Sequence[Store]) -> ServedStores | None:
        """Let other stores answer from the next call on; the earlier ones, or None once the service stops.

        On the event loop only. Nothing is closed: calls may be with the earlier stores still.
        """
        if self._closed:
            return None
        earlier, self.current = self.current, ServedStores(stores)
        return earlier

    def close(self) -> tuple[Store, ...]:
        """Exchange nothing any more; the stores to be closed."""
        self._closed = True
        return self.current.stores
