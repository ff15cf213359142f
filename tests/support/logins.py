"""A vendor's login and a clock for tests of the token cache; it knows no storage."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from portes.carrier import Deadline
from portes.errors import CarrierError
from portes.toolbox import Token, TokenKey

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


class Login:
    """Gives out numbered tokens that live an hour, or fails as told; counts how often it was asked."""

    def __init__(self, clock: HandClock, takes: float = 0.0) -> None:
        self.asked = 0
        self.takes = takes
        self.life = HOUR
        self.problem: CarrierError | None = None
        self._clock = clock
        self._lock = threading.Lock()

    def __call__(self, _deadline: Deadline) -> Token:
        with self._lock:
            self.asked += 1
            number = self.asked
        time.sleep(self.takes)
        if self.problem:
            raise self.problem
        return Token(SecretStr(f"token-{number}"), self._clock.now() + self.life, {"contract": "9912"})


def value(token: Token) -> str:
    return token.value.get_secret_value()


def many(people: int, act: Callable[[], object]) -> list[object]:
    """Let so many threads do the same at once; what each got, errors too."""
    barrier = threading.Barrier(people)

    def one(_: int) -> object:
        barrier.wait(timeout=5)
        try:
            return act()
        except CarrierError as problem:
            return problem

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()
