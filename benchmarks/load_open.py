"""A load generator that never waits for an answer, run as a process of its own on a core of its own; no benchmark's.

Calls go out when they are due, at random moments as strangers' do, whatever became of earlier ones, each on a free
connection of many. `python -m benchmarks.load_open CALLS PORT CORE RATE:SECONDS [RATE:SECONDS …]` puts one load after
the other without a pause, and prints a line for each call: in which load and when it was due, by how much it went out
late, how long the caller waited from when it was due, how long the service took, and the status.

What the service took is from the moment before the call was written to its socket to the kernel's own note of when
the end of the answer came out of it: on loopback both are the moments at the service's socket, however late the
generator itself is.
"""

import asyncio
import gc
import json
import os
import random
import socket
import struct
import sys
from collections import deque
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from time import time
from typing import Final, NamedTuple

import uvloop

CONNECTIONS: Final = 800
"""Fewer than a worker serves, and enough for 2,000 calls a second that take 400 ms each."""
LAST_SECONDS: Final = 1.0
"""How long the last answers are waited for."""
_TIMESTAMPS: Final = 35
"""`SO_TIMESTAMPNS` of Linux, which Python does not name."""


class Asked(NamedTuple):
    """A call and what became of it; times in seconds, the first since the beginning."""

    load: int
    due: float
    held: float
    """How late it was sent."""
    caller: float
    """From when it was due to its answer, as the caller saw it; 0 for one that was never answered."""
    server: float
    """From the service's socket to the service's socket."""
    status: int


class Caller:
    """One connection: a call at a time."""

    def __init__(self, load: "OpenLoad", port: int) -> None:
        self._load = load
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0)
        self._received = b""
        self._call = (0, 0.0, 0.0)
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def ask(self, call: bytes, load: int, due: float) -> None:
        """Send a call of a load that was due at this moment."""
        self._call = (load, due, time())
        self._socket.send(call)

    def _read(self) -> None:
        data, notes, _, _ = self._socket.recvmsg(65_536, 256)
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if not data or head < 0 or len(self._received) < head + 4 + _length(self._received[:head]):
            if not data:
                asyncio.get_running_loop().remove_reader(self._socket)
            return
        load, due, sent = self._call
        seconds, nanoseconds = struct.unpack("ll", notes[-1][2])
        written = seconds + nanoseconds / 1e9
        status = int(self._received[9:12])
        self._received = b""
        self._load.answered(self, Asked(load, due, sent - due, time() - due, written - sent, status))


def _length(head: bytes) -> int:
    at = head.index(b"content-length: ") + len(b"content-length: ")
    return int(head[at:].partition(b"\r\n")[0])


class OpenLoad:
    """The calls of some loads, and what became of them."""

    def __init__(self, calls: list[bytes], port: int) -> None:
        self.asked: list[Asked] = []
        self._calls = cycle(calls)
        self._idle = deque(Caller(self, port) for _ in range(CONNECTIONS))
        self._waiting: deque[tuple[int, float]] = deque()
        self._open = 0

    def answered(self, caller: Caller, asked: Asked) -> None:
        """Note an answer, and put the connection to use."""
        self.asked.append(asked)
        if self._waiting:
            caller.ask(next(self._calls), *self._waiting.popleft())
        else:
            self._idle.append(caller)
            self._open -= 1

    def due(self, load: int, due: float) -> None:
        """Send a call now; only when every connection has one under way it waits, which counts as lateness."""
        if self._idle:
            self._open += 1
            self._idle.popleft().ask(next(self._calls), load, due)
        else:
            self._waiting.append((load, due))

    async def run(self, loads: list[tuple[float, float]]) -> None:
        """Put one load after the other."""
        for load, due in _moments(loads, time()):
            if (ahead := due - time()) > 0:
                await asyncio.sleep(ahead)
            else:
                await asyncio.sleep(0)  # answers are read in between, however late it is
            self.due(load, due)
        await asyncio.sleep(LAST_SECONDS)
        self.asked += [Asked(0, 0.0, 0.0, 0.0, 0.0, 0)] * (self._open + len(self._waiting))


def _moments(loads: list[tuple[float, float]], at: float) -> Iterator[tuple[int, float]]:
    chance = random.Random(1)
    for number, (rate, seconds) in enumerate(loads):
        due, end = at, at + seconds
        while (due := due + chance.expovariate(rate)) < end:
            yield number, due
        at = end


async def main(calls: list[bytes], port: int, loads: list[tuple[float, float]]) -> None:
    """Put the loads on and print what became of each call."""
    load = OpenLoad(calls, port)
    gc.collect()
    gc.freeze()
    gc.disable()
    started = time()
    await load.run(loads)
    for asked in load.asked:
        print(json.dumps(asked._replace(due=asked.due - started)))


if __name__ == "__main__":
    file, port, core, *loads = sys.argv[1:]
    os.sched_setaffinity(0, {int(core)})
    texts = json.loads(Path(file).read_text(encoding="utf-8"))
    pairs = [(float(rate), float(seconds)) for rate, _, seconds in (load.partition(":") for load in loads)]
    uvloop.run(main([text.encode() for text in texts], int(port), pairs))
