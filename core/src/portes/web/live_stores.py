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
        self.calls = 0
        """Under way, from the first line to the reply."""


class LiveStores:
    """Which stores answer. A call looks once, and stays with what it saw."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self.lineup = ServedStores(stores)
        self._closed = False

    def exchange(self, stores: Sequence[Store]) -> ServedStores | None:
        """Let other stores answer from the next call on; the earlier ones, or None once the service stops.

        On the event loop only. Nothing is closed: calls may be with the earlier stores still.
        """
        if self._closed:
            return None
        earlier, self.lineup = self.lineup, ServedStores(stores)
        return earlier

    def close(self) -> tuple[Store, ...]:
        """Exchange nothing any more; the stores to be closed."""
        self._closed = True
        return self.lineup.stores
