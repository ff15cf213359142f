"""Questions that Correios called malformed, left out of calls for a while, so that they sink no others with them."""

from threading import Lock
from typing import Final, NamedTuple

from portes.carrier import Clock
from portes.errors import RejectedRequestError
from portes.toolbox import in_each_process
from portes_correios_br.questions import Question

STRIKES: Final = 2
"""Questions in a row that a product alone fails with before it is left out whole: one may be odd by itself."""
MOST: Final = 1_000
"""Questions that are left out at once; beyond that the oldest is asked again."""

_LEFT_OUT: Final = "{}; left out of calls to Correios meanwhile, and tried again by itself"

Key = Question | tuple[type[Question], str]
"""A question, or all questions of its kind for its product."""


class _LeftOut(NamedTuple):
    hint: str
    """What Correios said."""
    probe_at: float
    """When it may be tried again, by the monotonic clock."""


class Quarantine:
    """What one carrier leaves out; changed settings make a new one. Thread-safe.

    A question is left out by itself. Its product is left out with it, prices and times apart, when a second question
    in a row is called malformed that other products are answered: then it is neither the lane nor the parcel. After
    `seconds` it is due to be probed, alone; one whose probe nobody asked for in as many seconds more is forgotten.
    """

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        in_each_process(self._begin)
        self._left_out: dict[Key, _LeftOut] = {}
        self._strikes: dict[Key, set[Question]] = {}

    def _begin(self) -> None:
        self._lock = Lock()

    def failure(self, question: Question) -> RejectedRequestError | None:
        """Why a question is not asked now; None when it may be."""
        with self._lock:
            held = self._held(question)
        return RejectedRequestError(_LEFT_OUT.format(held.hint)) if held else None

    def is_due(self, question: Question) -> bool:
        """Whether a question that is left out is to be tried again."""
        with self._lock:
            held = self._held(question)
        return held is not None and held.probe_at <= self._clock.monotonic()

    def blame(self, question: Question, hint: str, *, answered_elsewhere: bool) -> None:
        """Leave out a question that was called malformed when it was asked alone.

        `answered_elsewhere`: whether another product was answered on this lane at the same time.
        """
        if not self._seconds:
            return
        left_out, product = _LeftOut(hint, self._clock.monotonic() + self._seconds), _product(question)
        with self._lock:
            self._left_out[question] = left_out
            strikes = self._strikes.setdefault(product, set())
            if answered_elsewhere and len(strikes) < STRIKES:
                strikes.add(question)
            if len(strikes) >= STRIKES:
                self._left_out[product] = left_out
            while len(self._left_out) > MOST:
                del self._left_out[next(iter(self._left_out))]

    def clear(self, question: Question) -> None:
        """Ask again for a question, and for its product, because it was answered."""
        product = _product(question)
        with self._lock:
            for key in (question, product):
                self._left_out.pop(key, None)
            self._strikes.pop(product, None)

    def _held(self, question: Question) -> _LeftOut | None:
        for key in (question, _product(question)):
            held = self._left_out.get(key)
            if held is not None and self._clock.monotonic() < held.probe_at + self._seconds:
                return held
            self._left_out.pop(key, None)
        return None


def _product(question: Question) -> Key:
    return type(question), question.product


__all__ = ["Quarantine"]
