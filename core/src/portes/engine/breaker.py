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
        self._lock = Lock()
        self._failed = 0
        self._cause: FailureKind | None = None
        self._probe_at = 0.0
        self._calls = 0
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

    def report(self, ticket: int, answers: Sequence[Answer]) -> None:
        """Learn from a call: one rate or refusal in it closes the circuit; failures of ours teach nothing.

        Rejected credentials open it at once where nothing else failed: with two cards, one may be rejected and the
        other have failed for a reason that is over by the next question.
        """
        kinds = {failure.kind for answer in answers for failure in answer.failures}
        counting = sorted(kinds & _COUNTING, key=lambda kind: (kind is FailureKind.REJECTED_CREDENTIALS, kind))
        with self._lock:
            probed = ticket == self._probe.ticket
            if probed:
                self._probe = _NO_PROBE
            if any(answer.rates or answer.refusals for answer in answers):
                self._failed, self._cause = 0, None
            elif kinds == {FailureKind.REJECTED_CREDENTIALS}:
                self._open(FailureKind.REJECTED_CREDENTIALS, _asked_to_wait(answers))
            elif counting:
                self._fail(counting[0], _asked_to_wait(answers), probed=probed)

    def _fail(self, kind: FailureKind, asked: float, *, probed: bool) -> None:
        """Of a call that was under way when the circuit opened, nothing is learnt that opening it did not know."""
        self._failed += 1
        opens = self._failed >= self._settings.failures if self._cause is None else probed
        if self._cause is FailureKind.REJECTED_CREDENTIALS:
            kind = self._cause  # whether they are accepted is still not known
        if opens:
            self._open(kind, asked)

    def _open(self, cause: FailureKind, asked: float) -> None:
        credentials = cause is FailureKind.REJECTED_CREDENTIALS
        pause = self._settings.credentials_pause if credentials else self._settings.pause
        self._cause = cause
        self._probe_at = self._clock.monotonic() + max(pause, min(asked, LONGEST_WAIT))

    def state(self) -> CircuitState:
        """The circuit's state: closed, open (`probe_in` seconds left) or half-open. Thread-safe."""
        with self._lock:
            if self._cause is None:
                return CircuitState(Circuit.CLOSED)
            now = self._clock.monotonic()
            circuit = Circuit.HALF_OPEN if now < self._probe.until else Circuit.OPEN
            return CircuitState(circuit, self._cause, max(0.0, self._probe_at - now))


def _asked_to_wait(answers: Sequence[Answer]) -> float:
    """The longest wait that the carrier itself asked for."""
    return max((failure.retry_after or 0 for answer in answers for failure in answer.failures), default=0)
