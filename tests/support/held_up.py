"""Workers whose event loop is held up by a channel, and a service that does not wait long for them."""

import threading
from contextlib import suppress
from pathlib import Path

import requests
from stage import Service, browser, wait_until

_HASTY = """
import sys
from pathlib import Path
from portes.cli.commands.serve import say_where
from portes.web.processes.limits import Limits
from portes.web.processes.serving import ServiceOptions, serve_until_stopped

path, workers, start = sys.argv[-3:]
limits = Limits(silent_seconds=5, start_seconds=int(start), finish_seconds=1, shutdown_seconds=2, stop_seconds=15)
options = ServiceOptions((Path(path),), port=0, admin_port=0, workers=int(workers), limits=limits)
sys.exit(0 if serve_until_stopped(options, say_where) else 1)
"""
HASTY = ("-c", _HASTY)
"""`portes serve` for those who cannot wait: what takes it ten seconds or twenty takes this a few."""


def answering(running: Service) -> list[int]:
    with browser() as web:
        told: list[int] = web.get(f"{running.admin}/readyz", timeout=60).json()["workers"]["answering"]
    return told


def hold_up(running: Service, until: Path, store: str = "shop") -> None:
    """Hold up the worker that takes this call, until a file is there."""

    def call() -> None:
        with browser() as web, suppress(requests.RequestException):
            web.post(f"{running.public}/v1/{store}/quicksand", data=str(until), timeout=60)

    threading.Thread(target=call, daemon=True).start()
    wait_until(until.with_suffix(".asked").exists)
