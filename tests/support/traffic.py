"""Questions that arrive at a steady rate, and what became of each; it knows the law of prices, and no fault."""

import asyncio
import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from stage import AUTH, question

RATE: Final = 25.0
"""Questions a second, over all stores."""
HOME: Final = "01512651"
ELSEWHERE: Final = "91512651"
TIMEOUT: Final = 60.0
"""Seconds after which an answer counts as never given; far beyond every limit."""

_numbers = count(1)


@dataclass(frozen=True)
class Asked:
    """A question, and what came back."""

    name: str
    """The marketplace's id of it, of no other question."""
    store: str
    grams: int
    served: bool
    """Whether the carrier goes there."""
    at: float
    """When it was put, on the monotonic clock."""
    seconds: float
    status: int
    """0 when no whole answer came."""
    body: Any = None
    early: bool = False
    """Whether it was turned away at the door, before anybody was asked."""

    @property
    def prices(self) -> list[int]:
        """Of every offer, in cents."""
        lines = self.body["shippingQuotes"] if self.status == 200 else []
        return [option["priceInCents"] for line in lines for option in line["deliveryOptions"]]

    @property
    def ended(self) -> float:
        """When the answer was there, or the connection gone."""
        return self.at + self.seconds


@dataclass
class Traffic:
    """Questions under way, for the stores in turn; two of ten are for a place that nobody serves."""

    address: str
    stores: Sequence[str]
    elsewhere: str = ELSEWHERE
    """That place."""
    answers: list[Asked] = field(default_factory=list)
    """In the order of their ends. Only grows."""
    _over: threading.Event = field(default_factory=threading.Event)
    _under_way: set[int] = field(default_factory=set)
    """The numbers of the questions that are not answered yet."""

    def go_on(self, seconds: float) -> None:
        """Let it go on for a while."""
        time.sleep(seconds)

    def all_answered(self, seconds: float) -> None:
        """Wait until everything that was asked by now is answered. Raises `TimeoutError`."""
        waiting = frozenset(self._under_way)
        last = time.monotonic() + seconds
        while waiting & self._under_way:
            if time.monotonic() > last:
                raise TimeoutError(f"{len(waiting & self._under_way)} questions are not answered after {seconds:g} s")
            time.sleep(0.02)

    def since(self, moment: float) -> list[Asked]:
        """What was asked from a moment on."""
        return [asked for asked in tuple(self.answers) if asked.at >= moment]

    def until(self, right: Callable[[Asked], bool], seconds: float = TIMEOUT, in_a_row: int = 24) -> float:
        """Wait until so many answers in a row are right: enough that both workers gave some of each store.

        Returns the moment from which on they were. Raises `TimeoutError`.
        """
        last = time.monotonic() + seconds
        started = len(self.answers)
        while time.monotonic() < last:
            newest = self.answers[max(started, len(self.answers) - in_a_row) :]
            if len(newest) == in_a_row and all(map(right, newest)):
                return min(asked.at for asked in newest)
            time.sleep(0.02)
        msg = f"still wrong: {[asked for asked in self.answers[-in_a_row:] if not right(asked)][:3]}"
        raise TimeoutError(msg)

    def run(self) -> None:
        """Ask until told to stop, then wait for the last answers."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """Ask no more."""
        self._over.set()

    async def _run(self) -> None:
        asking: set[asyncio.Task[None]] = set()
        started = time.monotonic()
        for turn in count():
            await asyncio.sleep(max(0.0, started + turn / RATE - time.monotonic()))
            if self._over.is_set():
                break
            number = next(_numbers)
            self._under_way.add(number)
            task = asyncio.create_task(self._ask(number, self.stores[turn % len(self.stores)]))
            asking.add(task)
            task.add_done_callback(asking.discard)
        await asyncio.gather(*asking)

    async def _ask(self, number: int, store: str) -> None:
        served, grams = number % 10 > 1, 100 + number % 20_000
        place = HOME if served else self.elsewhere
        asked = question({"weight": grams / 1000}, zip_code=place, id=f"asked-{number}")
        at = time.monotonic()
        status, body, early = 0, None, False
        with suppress(OSError, TimeoutError, EOFError):  # a worker that was killed; the tests look at the status
            async with asyncio.timeout(TIMEOUT):
                status, body, early = await _post(self.address, f"/v1/{store}/netshoes", asked)
        self.answers.append(Asked(asked["id"], store, grams, served, at, time.monotonic() - at, status, body, early))
        self._under_way.discard(number)


async def _post(address: str, path: str, asked: dict[str, Any]) -> tuple[int, Any, bool]:
    where = urlsplit(address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        body = json.dumps(asked).encode()
        token = b64encode(":".join(AUTH).encode()).decode()
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {token}\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.read()
    finally:
        writer.close()
    head_of_answer, end, content = answer.partition(b"\r\n\r\n")
    if not end:
        raise EOFError
    status = int(head_of_answer.split(maxsplit=2)[1])
    early = status == 503 and b"retry-after:" in head_of_answer.lower()
    return status, json.loads(content) if status == 200 else None, early


@contextmanager
def traffic(address: str, stores: Sequence[str], elsewhere: str = ELSEWHERE) -> Iterator[Traffic]:
    """Ask at a steady rate while the block runs; after it every answer is there."""
    flowing = Traffic(address, stores, elsewhere)
    thread = threading.Thread(target=flowing.run, daemon=True)
    thread.start()
    try:
        yield flowing
    finally:
        flowing.stop()
        thread.join()
