"""A light load generator for one address, run as a process of its own; it knows no benchmark.

It writes ready-made calls to raw sockets and reads just enough of each answer to know where it ends:
`python -m benchmarks.load CALLS PORT SECONDS CONNECTIONS RATE BURST`, where CALLS is a file of JSON texts, each one
whole HTTP call, RATE is in calls a second, 0 for as many as the service answers, and BURST is how many come at once.
Prints its figures as JSON.
"""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import cast

import uvloop

OK = b"HTTP/1.1 200 "
LATE = 0.4
"""Seconds after which a marketplace discards an answer."""


@dataclass
class Figures:
    """What came back."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0

    def summary(self, took: float) -> dict[str, float]:
        """Calls a second, and how long they took, in milliseconds."""
        ranked = sorted(self.seconds)
        last = len(ranked) - 1
        shares = {"p50": 0.5, "p99": 0.99, "max": 1.0}
        times = {name: ranked[round(last * share)] * 1000 for name, share in shares.items()} if ranked else {}
        late = sum(seconds > LATE for seconds in ranked)
        return {"calls": len(ranked), "errors": self.errors, "late": late, "rate": len(ranked) / took, **times}


class Caller(asyncio.Protocol):
    """One connection: a call at a time."""

    def __init__(self, figures: Figures, free: "Callable[[Caller], None]") -> None:
        self._figures = figures
        self._free = free
        self._received = b""
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be free for the first call."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._free(self)

    def ask(self, call: bytes, due: float) -> None:
        """Send a call that should have gone out at `due`."""
        self._due = due
        self._transport.write(call)

    def data_received(self, data: bytes) -> None:
        """Note a whole answer and be free again."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0 or len(self._received) < head + 4 + _length(self._received[:head]):
            return
        self._figures.seconds.append(perf_counter() - self._due)
        self._figures.errors += not self._received.startswith(OK)
        self._received = b""
        self._free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count a connection that the service closed."""
        self._figures.errors += exc is not None


def _length(head: bytes) -> int:
    at = head.index(b"content-length: ") + len(b"content-length: ")
    return int(head[at:].partition(b"\r\n")[0])


class Load:
    """Keeps connections busy: all the time, or whenever a call is due."""

    def __init__(self, calls: Iterator[bytes]) -> None:
        self.figures = Figures()
        self._calls = calls
        self._due: deque[float] = deque()
        self._idle: deque[Caller] = deque()
        self._greedy = False
        self._over = False

    def free(self, caller: Caller) -> None:
        """Give a caller its next call, if there is one."""
        if self._over:
            return
        if self._due or self._greedy:
            caller.ask(next(self._calls), self._due.popleft() if self._due else perf_counter())
        else:
            self._idle.append(caller)

    def due(self) -> None:
        """Have one more call sent, now or as soon as a connection is free."""
        self._due.append(perf_counter())
        if self._idle:
            self.free(self._idle.popleft())

    async def run(self, seconds: float, rate: float, burst: int) -> float:
        """Call for so long, so many at once; returns how long it was in truth."""
        started = perf_counter()
        if rate:
            return await self._steadily(started, seconds, rate, burst)
        self._greedy = True
        for caller in [self._idle.popleft() for _ in range(len(self._idle))]:
            self.free(caller)
        await asyncio.sleep(seconds)
        self._over = True
        return perf_counter() - started

    async def _steadily(self, started: float, seconds: float, rate: float, burst: int) -> float:
        for number in range(0, int(seconds * rate), burst):
            await asyncio.sleep(max(0.0, started + number / rate - perf_counter()))
            for _ in range(burst):
                self.due()
        took = max(seconds, perf_counter() - started)
        await asyncio.sleep(1)  # for the last answers
        return took


async def main(calls: list[bytes], port: int, seconds: float, connections: int, rate: float, burst: int) -> None:
    """Put the load on and print the figures."""
    load = Load(cycle(calls))
    loop = asyncio.get_running_loop()
    for _ in range(connections):
        await loop.create_connection(lambda: Caller(load.figures, load.free), "127.0.0.1", port)
    took = await load.run(seconds, rate, burst)
    print(json.dumps(load.figures.summary(took)))


if __name__ == "__main__":
    file, port, seconds, connections, rate, burst = sys.argv[1:]
    texts = json.loads(Path(file).read_text(encoding="utf-8"))
    every = [text.encode() for text in texts]
    uvloop.run(main(every, int(port), float(seconds), int(connections), float(rate), int(burst)))
