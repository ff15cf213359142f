"""Keeps a carrier that keeps failing from being asked.

A class of our own: the kept libraries either hold a lock during the call, let every waiter through at half-open,
or know no second, slower probe for rejected credentials.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Final, NamedTuple

from portes.clock import Clock
from portes.contract import Answer, FailureKind
from portes.forks.children import in_each_process
from portes.settings import BreakerSettings

_COUNTING: Final = frozenset(
    {
        FailureKind.LATE,
        FailureKind.UNREACHABLE,
        FailureKind.GARBLED,
        FailureKind.THROTTLED,
        FailureKind.CRASHED,
        FailureKind.REJECTED_CREDENTIALS,
    }
)
"""Failures of the carrier; `busy`, `incomplete` and `rejected_request` are ours and open nothing."""

LONGEST_WAIT: Final = 3600.0
"""Seconds for which a carrier is left alone because it says so: one that says more is probed all the same."""


class Circuit(StrEnum):
    """The three states of a circuit."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    """Open, and one call is on its way to find out."""


@dataclass(frozen=True, slots=True)
class CircuitState:
    """A circuit as people and metrics see it."""

    circuit: Circuit
    cause: FailureKind | None = None
    """The failure that opened it."""
    probe_in: float = 0.0
    """Seconds until the next probe may go."""
    age: float | None = None
    """Seconds since the carrier stopped or recovered; None while it never stopped."""


class _Probe(NamedTuple):
    """The call that is to find out."""

    ticket: int
    until: float


_NO_PROBE: Final = _Probe(0, float("-inf"))


class Breaker:
    """The circuit of one carrier with one set of credentials; new credentials get a new one. Thread-safe."""

    def __init__(self, settings: BreakerSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._failed = 0
        self._cause: FailureKind | None = None
        self._probe_at = 0.0
        self._asked_until = 0.0
        """Until when the carrier itself asked not to be asked."""
        self._changed_at: float | None = None
        self._calls = 0
        in_each_process(self._begin)

    def _begin(self) -> None:
        self._lock = Lock()
        self._probe = _NO_PROBE

    def admit(self, seconds: float) -> int | None:
        """A ticket for a call, None when the circuit is open; then one probe at a time, given up after `seconds`."""
        with self._lock:
            self._calls += 1
            if self._cause is None:
                return self._calls
            now = self._clock.monotonic()
            if now < self._probe_at or now < self._probe.until:
                return None
            self._probe = _Probe(self._calls, now + seconds)
            return self._calls

    def stands(self, ticket: int) -> bool:
        """Whether a call that was let in may go out now, after it waited for a thread. Thread-safe."""
        with self._lock:
            return self._cause is None or ticket == self._probe.ticket

    def give_back(self, ticket: int) -> None:
        """Have another probe go where this was one and came to nothing; of no effect on a ticket that was reported."""
        with self._lock:
            if ticket == self._probe.ticket:
                self._probe = _NO_PROBE

    def report(self, ticket: int, answers: Sequence[Answer]) -> CircuitState | None:
        """Learn from a call: one rate or refusal in it closes the circuit; failures of ours teach nothing.

        Rejected credentials open it at once where nothing else failed: with two cards, one may be rejected and the
        other have failed for a reason that is over by the next question. So does a carrier that says when to come
        again, until then, whatever the calls say that were under way.
        Returns the state of a carrier that stopped, stopped for another reason, or recovered; None for no news.
        """
        kinds = {failure.kind for answer in answers for failure in answer.failures}
        counting = sorted(kinds & _COUNTING, key=lambda kind: (kind is FailureKind.REJECTED_CREDENTIALS, kind))
        with self._lock:
            before = self._cause
            probed = ticket == self._probe.ticket
            if probed:
                self._probe = _NO_PROBE
            if any(answer.rates or answer.refusals for answer in answers):
                self._succeed()
            elif kinds == {FailureKind.REJECTED_CREDENTIALS}:
                self._open(FailureKind.REJECTED_CREDENTIALS, _asked_to_wait(answers), self._settings.credentials_pause)
            elif counting:
                self._fail(counting[0], _asked_to_wait(answers), probed=probed)
            if self._cause is before:
                return None
            self._changed_at = self._clock.monotonic()
            return self._state()

    def _succeed(self) -> None:
        self._failed = 0
        if self._clock.monotonic() >= self._asked_until:
            self._cause = None

    def _fail(self, kind: FailureKind, asked: float, *, probed: bool) -> None:
        """Of a call that was under way when the circuit opened, nothing is learnt that opening it did not know."""
        self._failed += 1
        opens = self._failed >= self._settings.failures if self._cause is None else probed
        pause = self._settings.pause
        if self._cause is FailureKind.REJECTED_CREDENTIALS:
            kind, pause = self._cause, self._settings.credentials_pause  # whether they are accepted is still not known
        if opens or asked:
            self._open(kind, asked, pause if opens else 0.0)

    def _open(self, cause: FailureKind, asked: float, pause: float) -> None:
        now = self._clock.monotonic()
        self._cause = cause
        if asked:
            self._asked_until = max(self._asked_until, now + asked)
        self._probe_at = max(self._probe_at, now + pause, self._asked_until)

    def state(self) -> CircuitState:
        """The circuit's state: closed, open (`probe_in` seconds left) or half-open. Thread-safe."""
        with self._lock:
            return self._state()

    def _state(self) -> CircuitState:
        now = self._clock.monotonic()
        age = None if self._changed_at is None else now - self._changed_at
        if self._cause is None:
            return CircuitState(Circuit.CLOSED, age=age)
        circuit = Circuit.HALF_OPEN if now < self._probe.until else Circuit.OPEN
        return CircuitState(circuit, self._cause, max(0.0, self._probe_at - now), age)


def _asked_to_wait(answers: Sequence[Answer]) -> float:
    """The longest wait that the carrier itself asked for, as far as we let it: what is ours asks for none."""
    failures = (failure for answer in answers for failure in answer.failures if failure.kind in _COUNTING)
    return min(max((failure.retry_after or 0 for failure in failures), default=0), LONGEST_WAIT)
