"""How a build gets on: a bar on standard error; where that is no terminal, a line now and then. It asks nobody."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from portes.contingency.asking import CallCounts
    from portes.contingency.sampling import SamplingProgress

_EVERY: Final = 30.0
"""Seconds between two lines where there is no terminal."""
_MINUTE: Final = 60.0


@contextmanager
def watching() -> Iterator["BuildScreen"]:
    """Shows how a build gets on while the block runs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield BuildScreen(None)
        return
    columns = (
        TextColumn("{task.completed:,} lanes"),
        BarColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield BuildScreen(progress)


class BuildScreen:
    """Who is told how a build gets on; from several threads."""

    def __init__(self, progress: Any) -> None:  # noqa: ANN401 — rich is loaded where there is a terminal
        """Show it on rich's `Progress`, or in lines without one."""
        self._progress = progress
        self._task = None if progress is None else progress.add_task("", total=None)
        self._began = self._told = time.monotonic()
        self._calls: Mapping[str, int] = {}
        self._waits = ""
        self._end: datetime | None = None
        self._lock = Lock()

    def sampled(self, progress: "SamplingProgress", end: datetime | None) -> None:
        """Show how many lanes were answered, how many are probably left, and when they will be answered."""
        with self._lock:
            self._end = end
            if self._progress is not None:
                total = progress.asked + progress.expected
                self._progress.update(self._task, completed=progress.asked, total=total, description=self._words())
            elif time.monotonic() - self._told >= _EVERY:
                self._tell(f"{progress.asked:,} lanes, about {progress.expected:,} left; {self._words()}")

    def asked(self, progress: "CallCounts") -> None:
        """Show the calls that were spent."""
        with self._lock:
            self._calls, self._waits = progress.calls, ""
            if self._progress is not None:
                self._progress.update(self._task, description=self._words())
            elif time.monotonic() - self._told >= _EVERY:
                self._tell(self._words())

    def waits(self, carrier: str, until: datetime) -> None:
        """Show that a carrier is left alone in its busy hours."""
        with self._lock:
            before, self._waits = self._waits, f"{carrier} is busy: on at {until:%H:%M} (--now asks all the same)"
            if self._progress is not None:
                self._progress.update(self._task, description=self._words())
            elif self._waits != before:
                self._tell(self._waits)

    def _words(self) -> str:
        minutes = max((time.monotonic() - self._began) / _MINUTE, 1 / _MINUTE)
        told = [
            f"{key} {calls:,} calls ({calls / minutes:.0f} a minute)" for key, calls in self._calls.items() if calls
        ]
        words = self._waits or ", ".join(told) or "no carrier had to be called yet"
        return words if self._end is None else f"{words}; {time_left(self._end, datetime.now(self._end.tzinfo))}"

    def _tell(self, line: str) -> None:
        self._told = time.monotonic()
        click.echo(line, err=True)


def time_left(end: datetime, now: datetime) -> str:
    """How long it is until a moment, in hours and minutes, and the moment itself, with its day where it is another."""
    minutes = max(0, -int(-(end - now).total_seconds() // _MINUTE))
    span = f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"
    return f"about {span} left, until {end:%H:%M}" + (f" on {end:%d %b}" if end.date() != now.date() else "")
