"""Children forked from a test: each does one thing, tells by a pipe what came of it, and leaves at once."""

import json
import os
import select
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from signal import SIGKILL
from typing import Any

PATIENCE = 30.0
"""Seconds until a child that says nothing is given up."""


@dataclass
class Child:
    """A child under way."""

    pid: int
    pipe: int

    def told(self) -> Any:
        """What came of it; waits for its end. Raises `AssertionError` where it crashed or hung."""
        text = b""
        while select.select([self.pipe], [], [], PATIENCE)[0]:
            chunk = os.read(self.pipe, 65536)
            if not chunk:
                break
            text += chunk
        else:
            os.kill(self.pid, SIGKILL)
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        assert status == 0, text.decode() or f"the child hung or died: {status}"
        return json.loads(text)


def forked(act: Callable[[], object]) -> Child:
    """Fork a child that does this; what it returns is told as JSON."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return Child(pid, reading)
    status = 1
    try:
        told = json.dumps(act())
        status = 0
    except BaseException:  # noqa: BLE001 — whatever it is, the runner of the tests must not go on in two processes
        told = traceback.format_exc()
    with suppress(OSError):
        os.write(writing, told.encode())
    os._exit(status)
