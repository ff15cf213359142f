"""Callers who go on asking a running service while something of it changes, and every answer that they got."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import requests
from stage import AUTH, Service, browser, question

CALLERS = 2
PAUSE = 0.02
"""Seconds between an answer and the same caller's next question."""

Prices = tuple[int, ...]


def ask(running: Service, store: str = "shop") -> requests.Response:
    with browser() as session:
        return session.post(f"{running.public}/v1/{store}/netshoes", json=question(), auth=AUTH, timeout=60)


def prices(answer: requests.Response) -> Prices:
    assert answer.status_code == 200, answer.text
    return tuple(sorted(int(price) for price in re.findall(r'"priceInCents":(\d+)', answer.text)))


def settled(running: Service, on: Prices) -> bool:
    """Whether both workers answer this: each new connection may come to either."""
    return all(prices(ask(running)) == on for _ in range(20))


@dataclass
class Crowd:
    """Callers who ask again once they are answered, so that a busy machine is asked less; every answer is kept."""

    running: Service
    answers: list[requests.Response] = field(default_factory=list)
    spans: list[tuple[float, float, requests.Response]] = field(default_factory=list)
    """When each was asked for and when it had come, on the monotonic clock."""
    problems: list[Exception] = field(default_factory=list)

    def _ask_until(self, ending: threading.Event) -> None:
        while not ending.wait(PAUSE):
            asked = time.monotonic()
            try:
                answer = ask(self.running)
            except requests.RequestException as problem:
                self.problems.append(problem)
            else:
                self.answers.append(answer)
                self.spans.append((asked, time.monotonic(), answer))

    def before_after(self, before: Prices, after: Prices) -> int:
        """How many answers of before were asked for when somebody already had one of after."""
        first = min(came for _, came, answer in self.spans if prices(answer) == after)
        return sum(prices(answer) == before for asked, _, answer in self.spans if asked > first)

    @contextmanager
    def asking(self) -> Iterator[None]:
        ending = threading.Event()
        callers = [threading.Thread(target=self._ask_until, args=(ending,)) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        try:
            yield
        finally:
            ending.set()
            for caller in callers:
                caller.join()
