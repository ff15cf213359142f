"""Lets calls in while they can be answered in time, and turns the others away early.

A marketplace that gets a refusal at once still has its own table; one that gets an answer too late has waited for
nothing, and the calls behind it wait as well.
"""

import asyncio
from collections import defaultdict
from time import perf_counter, process_time
from typing import Final

from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply
from portes.web.call_limit import CallLimit

CROWDED: Final = "crowded"
"""As many calls of the store are under way in this worker as its setting `max_calls` allows."""
TOO_LATE: Final = "too_late"
"""The call waited for its turn until no time was left to answer it."""
OVERLOADED: Final = "overloaded"
"""This worker has more calls under way than its processor can answer in time."""

ARRIVED: Final = "portes.arrived"
"""Where a connection notes in the scope when a call's headers were there, on `perf_counter`."""

HUNG_UP: Final = "portes.hung_up"
"""Where a connection notes in the scope that the caller is no longer there; nobody else tells an answer under way."""

_LOOK_SECONDS: Final = 0.02
DETAIL: Final = {
    CROWDED: "More calls are under way than this service answers at once; nobody was asked.",
    TOO_LATE: "This call waited too long to be answered in time; nobody was asked.",
    OVERLOADED: "More calls came than this service can answer in time; nobody was asked.",
}
_REPLIES: Final = {
    reason: problem(503, "Service Unavailable", detail, headers={"retry-after": "1"})
    for reason, detail in DETAIL.items()
}


class Admission:
    """The admission of calls in one worker. Used on its event loop alone."""

    def __init__(self, limit: CallLimit | None = None) -> None:
        self.calls: defaultdict[str, int] = defaultdict(int)
        """How many calls are being quoted now, by store."""
        self.limit = limit or CallLimit()
        self.lag = 0.0
        """Seconds by which the event loop was last found late."""
        self._measured_at = 0.0

    def refusal(self, store: str, most: int, left: float) -> str:
        """The reason to turn a call away, empty for none; `left` are the seconds until its answer is of no use."""
        if self.calls[store] >= most:
            return CROWDED
        return TOO_LATE if left <= 0 else ""

    def unseen_seconds(self, arrived: float) -> float:
        """Seconds that a call may have waited at most before it was seen, as the lag tells.

        A loop that is late reads, as soon as it has time, all that came meanwhile; so what it saw later waited less.
        """
        since = arrived - self._measured_at
        return max(0.0, self.lag - since) if since >= 0 else 0.0

    async def measure(self) -> None:
        """Measure the lag and adjust the limit to what there is to do, again and again, until cancelled."""
        before, worked = perf_counter(), process_time()
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            now, work = perf_counter(), process_time()
            self.lag, self._measured_at = max(0.0, now - before - _LOOK_SECONDS), now
            self.limit.adjust(now - before, processor=work - worked, lag=self.lag)
            before, worked = now, work


def turned_away(reason: str) -> ChannelReply:
    """The early 503 for this reason."""
    return _REPLIES[reason]
