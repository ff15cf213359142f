"""Where a connection asks whether a call may begin, before anything is done for it; it knows no HTTP."""

from asyncio import get_running_loop
from collections import Counter
from typing import Final

import structlog

from portes.hooks import Watchers
from portes.web.admission import OVERLOADED, Admission
from portes.web.endpoints import Endpoint
from portes.web.live_stores import LiveStores
from portes.web.monitoring.budget import TURNED_AWAY

STATE_KEY: Final = "entrance"
"""Where an application keeps it in the state of its lifespan, and so a connection finds it."""
_TELL_SECONDS: Final = 1.0

_access = structlog.get_logger("portes.access")


class Entrance:
    """The entrance to the stores of a worker. Used on its event loop alone.

    It costs next to nothing to be turned away here: what an overload leaves of the processor is for the others.
    """

    def __init__(self, live_stores: LiveStores, admission: Admission, watchers: Watchers) -> None:
        self._live_stores = live_stores
        self._admission = admission
        self._watchers = watchers
        self._untold: Counter[tuple[str, str]] = Counter()

    def store_of(self, path: str) -> str:
        """The store that a call to this path is for; empty for a path without one, where nobody is turned away."""
        endpoint = self._endpoint(path)
        return endpoint.store.name if endpoint else ""

    def has_room(self, store: str) -> bool:
        """Whether a call of a store may begin."""
        return self._admission.limit.has_room(store)

    def begin(self, store: str) -> None:
        """Count a call that has arrived whole; `end` counts it no more."""
        self._admission.limit.begin(store)

    def end(self, store: str) -> None:
        """Count a call no more."""
        self._admission.limit.end(store)

    def turned_away(self, path: str, status: int, seconds: float) -> None:
        """Tell of a call that was turned away: to the watchers at once, to the log a second later with all others."""
        endpoint = self._endpoint(path)
        if endpoint is None:  # its store was taken away meanwhile
            return
        store, channel = endpoint.store.name, endpoint.key
        self._watchers.portes_turned_away(store=store, channel=channel, reason=OVERLOADED)
        self._watchers.portes_replied(
            store=store,
            channel=channel,
            status=status,
            verdict=TURNED_AWAY,
            seconds=seconds,
            cause=TURNED_AWAY,
            withheld=(),
            quote=None,
        )
        if not self._untold:
            get_running_loop().call_later(_TELL_SECONDS, self.tell)
        self._untold[store, channel] += 1

    def tell(self) -> None:
        """Write to the log how many were turned away since it was last told."""
        most = round(self._admission.limit.most)
        for (store, channel), calls in self._untold.items():
            _access.warning("turned away", store=store, channel=channel, calls=calls, reason=OVERLOADED, most=most)
        self._untold.clear()

    def _endpoint(self, path: str) -> Endpoint | None:
        _, _, place = path.partition("/v1/")
        store, _, rest = place.partition("/")
        return self._live_stores.current.endpoints.get((store, rest.partition("/")[0]))
