"""The stores that answer now, exchanged between two calls; it opens none and reads no file."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final, NamedTuple

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
_GRAIN: Final = 0.002
"""Seconds by which a loop's own clock may run behind ours."""


class ServedStores:
    """Some stores and the calls that are with them. Used on the event loop alone."""

    def __init__(self, stores: Sequence[Store], refused: RefusedStores) -> None:
        self.stores = tuple(stores)
        self.refused = refused
        self.endpoints: Mapping[tuple[str, str], Endpoint] = {
            (endpoint.store.name, endpoint.channel.path): endpoint for endpoint in endpoints(stores)
        }
        """By the store's name and the segment of the address that names the channel."""
        self.calls = 0
        """Calls under way, each counted from its first line to its reply."""


class _ComingStores(NamedTuple):
    """The stores that answer from a moment on."""

    at: float
    served: ServedStores
    taken_up: Callable[[ServedStores | None], None]
    """Hears of the stores that answered before, or of None once the service stops."""


class LiveStores:
    """The stores that answer. A call takes `current` once, and stays with it. Used on the event loop alone."""

    def __init__(self, stores: Sequence[Store], refused: RefusedStores = NONE_REFUSED) -> None:
        self._current = ServedStores(stores, refused)
        self._coming: _ComingStores | None = None
        self._closed = False

    @property
    def current(self) -> ServedStores:
        """The stores that answer at this moment: by the clock, not by when the loop came to exchange them."""
        if self._coming is not None and monotonic() >= self._coming.at:
            self._take_up(self._coming)
        return self._current

    def exchange_at(
        self,
        moment: float,
        stores: Sequence[Store],
        refused: RefusedStores,
        taken_up: Callable[[ServedStores | None], None],
    ) -> None:
        """Let other stores answer calls from a moment on, of the monotonic clock, or from now when that is past.

        `taken_up` hears, then, of the earlier ones, or of None once the service stops. Nothing is closed: calls may be
        with the earlier stores still.
        """
        if self._closed:
            taken_up(None)
            return
        self._coming = _ComingStores(moment, ServedStores(stores, refused), taken_up)
        self._look()

    def _look(self) -> None:
        """Exchange the stores, or look again when it is time: there may be no call to do so."""
        _ = self.current
        if self._coming is not None:
            asyncio.get_running_loop().call_later(max(0.0, self._coming.at - monotonic()) + _GRAIN, self._look)

    def _take_up(self, coming: _ComingStores) -> None:
        earlier, self._current, self._coming = self._current, coming.served, None
        coming.taken_up(earlier)

    def close(self) -> tuple[Store, ...]:
        """Exchange nothing any more; the stores to be closed."""
        self._closed = True
        if self._coming is not None:
            self._coming.taken_up(None)
        self._coming = None
        return self._current.stores
