"""Runs a carrier's own calls side by side, on a bounded pool of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import TypeVar

from portes.carrier import Deadline
from portes.errors import BusyError, CarrierError, LateError
from portes.toolbox.threads import Threads

T = TypeVar("T")


class Gather:
    """One per carrier; apart from the pool that the engine asks carriers on, so that neither can starve the other.

    At most `threads` calls run on the pool, made when they are first needed. The asking thread works too: it runs the
    first call itself, then every other that no pool thread has begun. A full pool makes a carrier slower, never stuck.
    """

    def __init__(self, threads: int, name: str = "carrier") -> None:
        self._threads = Threads(threads, f"gather-{name}")

    def __call__(self, calls: Sequence[Callable[[], T]], deadline: Deadline) -> list[T | CarrierError]:
        """Run the calls; what each returned, or the `CarrierError` it raised, stands at its place.

        After the deadline nothing is called, and everything is late.
        A call that is not done at the deadline gives a `LateError` and is left to its own time limit, one that had not
        begun a `BusyError`. Anything else that a call raises is a bug and is raised here.
        """
        if deadline.passed:
            return [_late(deadline) for _ in calls]
        if len(calls) < 2:
            return [_outcome(call) for call in calls]
        begun = [self._threads.submit(copy_context().run, _outcome, call) or Future() for call in calls[1:]]
        try:
            first = _outcome(calls[0])
            rest = [_taken_over(future, call, deadline) for future, call in zip(begun, calls[1:], strict=True)]
            return [first, *(_awaited(future, deadline) for future in rest)]
        finally:
            for future in begun:
                future.cancel()

    def close(self) -> None:
        """Start no more threads; calls that run end by their own time limits, later ones run on the asking thread."""
        self._threads.close()


def _outcome(call: Callable[[], T]) -> T | CarrierError:
    try:
        return call()
    except CarrierError as problem:
        return problem


def _taken_over(
    future: "Future[T | CarrierError]", call: Callable[[], T], deadline: Deadline
) -> "Future[T | CarrierError]":
    if deadline.passed or not future.cancel():
        return future
    done: Future[T | CarrierError] = Future()
    done.set_result(_outcome(call))
    return done


def _awaited(future: "Future[T | CarrierError]", deadline: Deadline) -> T | CarrierError:
    wait([future], timeout=deadline.remaining())
    if future.done() and not future.cancelled():
        return future.result()
    if future.cancel():
        return BusyError("all threads for this carrier's own calls are taken")
    return _late(deadline)


def _late(deadline: Deadline) -> LateError:
    return LateError(f"no answer within {deadline.seconds:g} s")
