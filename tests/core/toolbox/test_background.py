"""Calls that nobody waits for: one at a time for each key, bounded, and logged when they fail."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.errors import UnreachableError
from portes.toolbox.background import Background


def made(threads: int = 2, queue: int = 8) -> Background:
    return Background("carrier", structlog.get_logger(), threads, queue)


@pytest.fixture
def background() -> Iterator[Background]:
    background = made()
    yield background
    background.close()


@pytest.fixture
def release() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def settled(background: Background) -> bool:
    return background.settle(Deadline(60))


def test_handing_a_call_over_waits_for_nobody(background: Background, release: threading.Event) -> None:
    ran_on: list[int] = []

    def call() -> None:
        release.wait(60)
        ran_on.append(threading.get_ident())

    assert background("slow", call)
    assert ran_on == []
    release.set()
    assert settled(background)
    assert threading.get_ident() not in ran_on


def test_a_key_is_under_way_once_at_a_time(background: Background, release: threading.Event) -> None:
    calls: list[str] = []

    def first() -> None:
        release.wait(60)
        calls.append("first")

    assert background("28013", first)
    assert not background("28013", lambda: calls.append("twin"))
    assert background("08001", lambda: calls.append("other"))
    release.set()
    assert settled(background)
    assert sorted(calls) == ["first", "other"]


def test_a_key_may_come_again_once_it_is_done(background: Background) -> None:
    calls: list[int] = []

    for _ in range(3):
        assert background("28013", lambda: calls.append(1))
        assert settled(background)

    assert calls == [1, 1, 1]


def test_no_more_calls_wait_than_the_queue_holds(release: threading.Event) -> None:
    narrow = made(threads=1, queue=2)

    taken = [narrow(number, lambda: release.wait(60)) for number in range(5)]

    assert taken == [True, True, True, False, False]
    release.set()
    assert settled(narrow)
    narrow.close()


def test_a_failed_call_is_logged_and_the_next_one_runs(background: Background) -> None:
    def fails() -> None:
        raise UnreachableError("api.example.com: no connection could be opened")

    with capture_logs() as logs:
        background("ill", fails)
        assert settled(background)

    (line,) = logs
    assert (line["log_level"], line["kind"]) == ("warning", "unreachable")
    assert line["hint"] == "api.example.com: no connection could be opened"
    assert background("ill", lambda: None)


def test_a_bug_in_a_call_is_logged_with_its_cause(background: Background) -> None:
    with capture_logs() as logs:
        background("bug", lambda: {"here": 1}["missing"])
        assert settled(background)

    (line,) = logs
    assert line["log_level"] == "error"
    assert isinstance(line["exc_info"], KeyError)


def test_a_call_whose_crash_cannot_even_be_logged_is_no_longer_under_way(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as closed:
        pass
    background = Background(
        "mute", structlog.wrap_logger(structlog.PrintLogger(closed), [structlog.dev.ConsoleRenderer()])
    )

    def breaks_off() -> None:
        raise GeneratorExit

    background("ill", breaks_off)

    assert settled(background)
    background.close()


def test_settling_ends_at_the_deadline(background: Background, release: threading.Event) -> None:
    background("slow", lambda: release.wait(60))

    assert not background.settle(Deadline(0.05))


def test_nothing_is_begun_after_closing(release: threading.Event) -> None:
    closing = made(threads=1)
    ran: list[str] = []

    def running() -> None:
        release.wait(60)
        ran.append("running")

    closing("running", running)
    closing("waiting", lambda: ran.append("waiting"))

    closing.close()

    assert not closing("late", lambda: ran.append("late"))
    release.set()
    assert settled(closing)
    assert ran == ["running"]
