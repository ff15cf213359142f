"""Lets calls in while they can be answered in time, and turns the others away early; it knows no channel's words.

A marketplace that gets a refusal at once still has its own table; one that gets an answer too late has waited for
nothing, and the calls behind it wait as well.
"""

import asyncio
from collections import defaultdict
from time import perf_counter
from typing import Final

from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply

CROWDED: Final = "crowded"
"""As many calls of the store are under way in this worker as its setting `max_calls` allows."""
TOO_LATE: Final = "too_late"
"""The call waited for its turn until no time was left to answer it."""

ARRIVED: Final = "portes.arrived"
"""Where a connection notes in the scope when a call's headers were there, on `perf_counter`."""

HUNG_UP: Final = "portes.hung_up"
"""Where a connection notes in the scope that the caller is no longer there; nobody else tells an answer under way."""

_LOOKING_EVERY: Final = 0.05
_DETAIL: Final = {
    CROWDED: "More calls are under way than this service answers at once; nobody was asked.",
    TOO_LATE: "This call waited too long to be answered in time; nobody was asked.",
}
_REPLIES: Final = {
    reason: problem(503, "Service Unavailable", detail, headers={"retry-after": "1"})
    for reason, detail in _DETAIL.items()
}


class Admission:
    """The door of one worker. Used on its event loop alone."""

    def __init__(self) -> None:
        self.calls: defaultdict[str, int] = defaultdict(int)
        """Being quoted now, by store."""
        self.lag = 0.0
        """Seconds that the event loop was last found late."""
        self._looked = 0.0

    def refusal(self, store: str, most: int, left: float) -> str:
        """Why a call is turned away, empty when it is let in; `left` are the seconds until it is of no use."""
        if self.calls[store] >= most:
            return CROWDED
        return TOO_LATE if left <= 0 else ""

    def unseen(self, arrived: float) -> float:
        """How long a call may have waited at most before it was seen, as the lag tells.

        A loop that is late reads, as soon as it has time, all that came meanwhile; so what it saw later waited less.
        """
        since = arrived - self._looked
        return max(0.0, self.lag - since) if since >= 0 else 0.0

    async def watch(self) -> None:
        """Measure the lag, again and again, until cancelled."""
        while True:
            before = perf_counter()
            await asyncio.sleep(_LOOKING_EVERY)
            self._looked = perf_counter()
            self.lag = max(0.0, self._looked - before - _LOOKING_EVERY)


def turned_away(reason: str) -> ChannelReply:
    """The early 503."""
    return _REPLIES[reason]
