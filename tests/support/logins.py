"""A vendor's login, a clock and a deadline for tests of the token cache; it knows no storage."""

import resource
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr
from structlog.testing import capture_logs
from structlog.typing import EventDict

from portes.carrier import Deadline
from portes.errors import CarrierError
from portes.toolbox import Clock, Token, TokenKey

NEVER = timedelta(0)
HOUR = timedelta(hours=1)
KEY = TokenKey("api.example.com", "shop/0012345678", SecretStr("right-password"))


class HandClock:
    """A clock that also moves when a test says so."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def monotonic(self) -> float:
        return time.monotonic() + max(0.0, self.moved.total_seconds())


class WatchedDeadline(Deadline):
    """Counts how often somebody looked at what is left of it: once before joining a fetch, and again to wait for it."""

    looked = 0

    def remaining(self) -> float:
        self.looked += 1
        return super().remaining()

    @property
    def joined(self) -> bool:
        """Whether its caller waits for a fetch, or makes it."""
        return self.looked > 1


class Login:
    """Gives out numbered tokens that live an hour, or fails as told; counts how often it was asked."""

    def __init__(self, clock: Clock) -> None:
        self.asked = 0
        self.held: Callable[[], bool] = lambda: True
        """What it waits for before it answers."""
        self.life = HOUR
        self.problem: BaseException | None = None
        self._clock = clock
        self._lock = threading.Lock()

    def __call__(self, _deadline: Deadline) -> Token:
        with self._lock:
            self.asked += 1
            number = self.asked
        assert eventually(self.held)
        if self.problem:
            raise self.problem
        return Token(SecretStr(f"token-{number}"), self._clock.now() + self.life, {"contract": "9912"})


def value(token: Token) -> str:
    return token.value.get_secret_value()


def many(people: int, act: Callable[[], object]) -> list[object]:
    """Let so many threads do the same at once; what each got, errors too."""
    barrier = threading.Barrier(people)

    def one(_: int) -> object:
        barrier.wait(timeout=60)
        try:
            return act()
        except CarrierError as problem:
            return problem

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


def eventually(true: Callable[[], bool]) -> bool:
    """Whether it comes true; a minute is only waited out where something is broken."""
    until = time.monotonic() + 60
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


def renewals_ended() -> None:
    """Wait for the threads that renew tokens: who asks for a token starts one at once, or none."""
    for thread in threading.enumerate():
        if thread.name == "portes-tokens":
            thread.join(60)


@contextmanager
def full_folder(room: int = 40) -> Iterator[list[EventDict]]:
    """No file may grow beyond 40 bytes: a secret and a limit still fit, a record does not.

    What is logged meanwhile is given, since it may not be written to a file either.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with capture_logs() as logged:
            yield logged
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
