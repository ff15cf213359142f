"""Ropes to pull at the service's machine from outside: its clock and its name server, by files in one folder.

It is a watcher without hooks, because watchers are what a worker loads before all else.
"""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portes.clock import SystemClock

_FOLDER = Path(os.environ["RIGGED_FOLDER"])
_now = SystemClock.now
_resolve = socket.getaddrinfo


class Rigging:
    """Watches nothing."""


def _rigged_now(clock: SystemClock) -> datetime:
    jump = _FOLDER / "clock"
    return _now(clock) + timedelta(seconds=float(jump.read_text()) if jump.exists() else 0)


def _rigged_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
    if not str(host).endswith(".test"):
        return _resolve(host, *args, **kwargs)
    if (_FOLDER / "no-names").exists():
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _resolve("127.0.0.1", *args, **kwargs)


setattr(SystemClock, "now", _rigged_now)  # noqa: B010 — a machine's clock cannot be set for one process
socket.getaddrinfo = _rigged_resolve
