import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import pytest
from shop import FrozenClock

from portes.carrier import Deadline
from portes.errors import BusyError, GarbledError, LateError
from portes.toolbox.parallel import Gather


@pytest.fixture
def gather() -> Iterator[Gather]:
    gather = Gather(4)
    yield gather
    gather.close()


@pytest.fixture
def release() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def meeting(people: int) -> Callable[[], int]:
    """A call that ends only when so many run at the same time."""
    barrier = threading.Barrier(people)

    def call() -> int:
        return barrier.wait(timeout=60)

    return call


@contextmanager
def occupied(gather: Gather, release: threading.Event) -> Iterator[None]:
    """Hold the one thread of a gather's pool, and another thread that asked."""
    began = threading.Barrier(3)

    def hold() -> None:
        began.wait(timeout=60)
        release.wait(timeout=60)

    holder = threading.Thread(target=gather, args=([hold, hold], Deadline(60)))
    holder.start()
    began.wait(timeout=60)
    yield
    release.set()
    holder.join()


def test_calls_run_side_by_side(gather: Gather) -> None:
    met = gather([meeting(3)] * 3, Deadline(60))

    assert sorted(place for place in met if isinstance(place, int)) == [0, 1, 2]


def test_results_stand_in_the_order_of_the_calls(gather: Gather, release: threading.Event) -> None:
    def slow() -> str:
        release.wait(60)
        return "slow"

    def quick() -> str:
        release.set()
        return "quick"

    assert gather([slow, quick], Deadline(60)) == ["slow", "quick"]
    assert gather([], Deadline(60)) == []


def test_one_call_alone_stays_on_the_thread_that_asks(gather: Gather) -> None:
    assert gather([threading.get_ident], Deadline(60)) == [threading.get_ident()]


def test_the_error_of_one_call_stands_at_its_place_and_costs_no_other(gather: Gather) -> None:
    def fails() -> str:
        msg = "not JSON"
        raise GarbledError(msg)

    first, second, third = gather([fails, lambda: "well", fails], Deadline(60))

    assert isinstance(first, GarbledError)
    assert second == "well"
    assert isinstance(third, GarbledError)


@pytest.mark.parametrize("place", [0, 1])
def test_a_bug_in_a_call_is_raised_as_it_is(gather: Gather, place: int) -> None:
    calls: list[Callable[[], object]] = [lambda: "well", lambda: "well"]
    calls[place] = lambda: {"here": 1}["missing"]

    with pytest.raises(KeyError, match="missing"):
        gather(calls, Deadline(60))


def test_nobody_waits_for_a_call_beyond_the_deadline(gather: Gather, release: threading.Event) -> None:
    began = threading.Event()

    def hangs() -> bool:
        began.set()
        return release.wait(60)

    deadline = Deadline(0.2)
    first, second = gather([lambda: began.wait(60), hangs], deadline)

    assert first is True
    assert isinstance(second, LateError)
    assert deadline.passed
    assert not release.is_set()


@pytest.mark.parametrize("calls", [1, 3])
def test_after_the_deadline_nothing_is_called_and_nobody_is_said_to_be_busy(gather: Gather, calls: int) -> None:
    clock, made = FrozenClock(), []
    deadline = Deadline(1, clock)
    clock.seconds = 1

    outcomes = gather([lambda: made.append(1)] * calls, deadline)

    assert [str(outcome) for outcome in outcomes] == ["no answer within 1 s"] * calls
    assert all(isinstance(outcome, LateError) for outcome in outcomes)
    assert made == []


def test_a_full_pool_makes_nobody_wait_for_a_thread(release: threading.Event) -> None:
    narrow = Gather(1)

    with occupied(narrow, release):
        assert narrow([lambda: 1, lambda: 2, lambda: 3], Deadline(60)) == [1, 2, 3]

    narrow.close()


def test_a_call_that_could_not_begin_in_time_is_never_made(release: threading.Event) -> None:
    narrow = Gather(1)
    made: list[int] = []

    with occupied(narrow, release):
        clock = FrozenClock()

        def takes_all_the_time() -> None:
            clock.seconds = 1

        outcomes = narrow([takes_all_the_time, lambda: made.append(1)], Deadline(1, clock))
    narrow.close()

    assert isinstance(outcomes[1], BusyError)
    assert made == []


def test_gathering_within_a_gathered_call_comes_to_an_end() -> None:
    narrow = Gather(1)

    def inner() -> list[object]:
        return list(narrow([lambda: 1, lambda: 2], Deadline(60)))

    assert narrow([inner, inner, inner], Deadline(60)) == [[1, 2]] * 3
    narrow.close()


def test_a_closed_gather_still_answers_who_asks(gather: Gather) -> None:
    gather.close()

    assert gather([lambda: 1, lambda: 2], Deadline(60)) == [1, 2]


def test_a_call_knows_the_context_of_who_asked(gather: Gather) -> None:
    request: ContextVar[str] = ContextVar("request")
    request.set("r-1")

    assert gather([request.get, request.get, request.get], Deadline(60)) == ["r-1"] * 3


def test_the_interpreter_ends_when_the_last_call_ends() -> None:
    script = (
        "import time\n"
        "from portes.carrier import Deadline\n"
        "from portes.toolbox.parallel import Gather\n"
        "print(Gather(2)([lambda: 1, lambda: time.sleep(0.5)], Deadline(0.05))[0], flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], timeout=120, check=True, capture_output=True, text=True, env=dict(os.environ)
    )

    assert (ended.stdout, ended.stderr) == ("1\n", "")
