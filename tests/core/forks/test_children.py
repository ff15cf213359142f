"""What is begun anew in a forked child, and what no fork happens under."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from forked import forked

from portes.forks import children
from portes.forks.children import ForkLock, in_each_process

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # Python 3.12 warns where threads run


class Counting:
    """Counts how often it was begun."""

    def __init__(self, first: Callable[[], None] = lambda: None) -> None:
        self.first = first
        self.begun = 0
        in_each_process(self.begin)

    def begin(self) -> None:
        self.begun += 1
        self.first()


def test_every_owner_begins_once_in_its_process_and_once_more_in_each_child_of_it() -> None:
    one, other = Counting(), Counting()

    assert forked(lambda: [one.begun, other.begun, forked(lambda: one.begun).told()]).told() == [2, 2, 3]
    assert (one.begun, other.begun) == (1, 1)


def test_an_owner_that_cannot_begin_anew_keeps_no_other_from_it() -> None:
    broken, other = Counting(), Counting()
    del broken.first

    assert forked(lambda: [broken.begun, other.begun]).told() == [2, 2]


def test_an_owner_that_is_gone_is_forgotten() -> None:
    known = len(children._begun)
    Counting()

    assert len(children._begun) == known


def test_a_fork_waits_for_the_lock_and_lets_go_of_what_it_guards() -> None:
    steps: list[str] = []
    lock, held = ForkLock(lambda: steps.append("let go")), threading.Event()

    def work() -> None:
        with lock:
            held.set()
            threading.Event().wait(0.05)
            steps.append("worked")

    def child() -> list[str]:
        with lock:
            return steps

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        held.wait()
        assert forked(child).told() == ["worked", "let go"]
        working.result()
    with lock:
        assert steps == ["worked", "let go"]


def test_a_child_forked_in_the_midst_of_a_long_work_says_so_and_the_parent_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(children, "LONGEST_WAIT", 0.01)
    lock, held, done = ForkLock(), threading.Event(), threading.Event()

    def work() -> None:
        with lock:
            held.set()
            done.wait(30)

    def child() -> str | None:
        try:
            with lock:
                return "entered"
        except OSError as problem:
            return problem.strerror

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        held.wait()
        told = forked(child).told()
        done.set()
        working.result()

    assert told == "was in use when this process was forked from another; open the store in this process"
    with lock:
        assert forked(lambda: [working.done()]).told() == [True]
