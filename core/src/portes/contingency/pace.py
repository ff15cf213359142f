"""At what pace one carrier is asked for a table: its calls a minute, its busy hours, its own word; it asks nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from portes.clock import Clock, SystemClock
from portes.settings import BulkSection, HourSpan

QUIET: Final = 600.0
"""Seconds without a complaint after which a pace that was halved is doubled again."""
SLOWEST: Final = 1.0
"""Calls a minute below which nobody is throttled."""
_MINUTE: Final = 60.0
_MOST_SPANS: Final = 1_000
"""Busy hours that are looked at for when a build ends: those of more than a year."""


class StoppedError(Exception):
    """Somebody ended the build while a call waited for its turn."""


class WaitingClock(Clock, Protocol):
    """A clock that a thread can wait by."""

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises `StoppedError` when the build is ended meanwhile."""
        ...


class StoppableClock(SystemClock):
    """The machine's clock; `stop` wakes all who wait by it."""

    def __init__(self) -> None:
        self._stopped = Event()

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises `StoppedError` once `stop` was called."""
        if self._stopped.wait(seconds):
            raise StoppedError

    def stop(self) -> None:
        """Have nobody wait any more."""
        self._stopped.set()


class Pace:
    """The turns of one carrier's calls, evenly spread. Thread-safe.

    A call of a carrier may be several over the network: `sent` tells how many there were so far, and what was more than
    one a turn is made up for before the next turn.
    """

    def __init__(
        self,
        bulk: BulkSection,
        timezone: ZoneInfo,
        clock: WaitingClock,
        *,
        sent: Callable[[], int],
        waits: Callable[[datetime], None],
        heed_hours: bool = True,
    ) -> None:
        """`waits` is told until when, in the store's time, a busy hour is waited for; not where `heed_hours` is off."""
        self._clock = clock
        self._timezone = timezone
        self._sent = sent
        self._waits = waits
        spans = [HourSpan.of(text) for text in bulk.busy] if heed_hours else []
        self._busy = [span for span in spans if span is not None]
        self._most = self._rate = float(bulk.calls_a_minute)
        self._lock = Lock()
        self._next = clock.monotonic()
        self._charged = sent()
        self._turns = 0
        """Turns that were given, one call each, and of which none was sent yet."""
        self._slowed_at = float("-inf")

    @property
    def calls_a_minute(self) -> float:
        """The pace of now, at most that of the settings."""
        with self._lock:
            return self._rate

    def wait_for_turn(self) -> None:
        """Wait until one more call may go. Raises `StoppedError`."""
        while True:
            self._wait_for_quiet_hours()
            with self._lock:
                delay = self._delay()
            if delay <= 0:
                return
            self._clock.wait(delay)

    def end_of(self, calls: float, seconds: float) -> datetime | None:
        """When so many calls are over that take so long each, in the store's time; None where that is years away."""
        with self._lock:
            work = timedelta(seconds=max(0.0, calls) * max(_MINUTE / self._rate, seconds))
        now = self._clock.now().astimezone(self._timezone)
        for _ in range(_MOST_SPANS):
            over = self._busy_until(now)
            if over is None:
                begin = min((span.begins_after(now) for span in self._busy), default=None)
                if begin is None or work <= (left := _span(now, begin)):
                    return (now.astimezone(UTC) + work).astimezone(self._timezone)
                work, over = work - left, begin
            now = over
        return None

    def give_back(self) -> None:
        """Take a turn back that was not used."""
        with self._lock:
            self._turns = max(0, self._turns - 1)

    def complained(self, begun: float) -> None:
        """Halve the pace, since a call that was begun at a monotonic moment was throttled; once for all of its time."""
        with self._lock:
            if begun >= self._slowed_at:
                self._rate = max(SLOWEST, self._rate / 2)
                self._slowed_at = self._clock.monotonic()

    def _delay(self) -> float:
        """Seconds until the next turn; at zero the turn is taken."""
        now = self._clock.monotonic()
        self._recover(now)
        self._charge()
        if self._next > now:
            return self._next - now
        self._next = now + _MINUTE / self._rate
        self._turns += 1
        return 0.0

    def _recover(self, now: float) -> None:
        if self._rate < self._most and now - self._slowed_at >= QUIET:
            self._rate = min(self._most, self._rate * 2)
            self._slowed_at = now

    def _charge(self) -> None:
        """Put the next turn off by what was sent beyond one call a turn."""
        sent = self._sent()
        fresh, self._charged = sent - self._charged, sent
        more = max(0, fresh - self._turns)
        self._turns = max(0, self._turns - fresh)
        self._next += more * _MINUTE / self._rate

    def _wait_for_quiet_hours(self) -> None:
        while True:
            now = self._clock.now().astimezone(self._timezone)
            over = self._busy_until(now)
            if over is None:
                return
            self._waits(over)
            self._clock.wait(_span(now, over).total_seconds())

    def _busy_until(self, now: datetime) -> datetime | None:
        """When the busy hours that hold a moment are over; None outside of them."""
        return max((end for span in self._busy if (end := span.over_at(now)) is not None), default=None)


def _span(begin: datetime, end: datetime) -> timedelta:
    """The time between two moments of one zone, in which clocks may have been changed meanwhile."""
    return end.astimezone(UTC) - begin.astimezone(UTC)
