"""Bars on a terminal, or a line now and then, of how far a long piece of work is; always on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import click

_SILENT_SECONDS: Final = 10.0
"""How long nothing is said where no terminal is."""

Shown = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is, 0 where nobody knows."""


@contextmanager
def shown_progress() -> Iterator[Shown]:
    """What takes word of how far each phase of some work is, and shows it while the block runs."""
    if sys.stderr.isatty():
        with _bars() as progress:
            yield progress
    else:
        yield _lines()


@contextmanager
def counting(what: str, most: int) -> Iterator[Callable[[int], None]]:
    """A bar for so many things; what is yielded is told how many more are done."""
    done = 0
    with shown_progress() as progress:

        def advance(more: int) -> None:
            nonlocal done
            done += more
            progress(what, done, most)

        yield advance


@contextmanager
def spanning(what: str, since: datetime, until: datetime) -> Iterator[Callable[[datetime], None]]:
    """A bar for a span of time; what is yielded is told the moment that is come to."""
    whole = max(1, int((until - since).total_seconds()))
    furthest = 0
    with shown_progress() as progress:

        def reached(moment: datetime) -> None:
            nonlocal furthest
            furthest = min(whole, max(furthest, int((moment - since).total_seconds())))
            progress(what, furthest, whole)

        yield reached


class WaitLines:
    """Says on standard error which carrier is waited for, once for each wait."""

    def __init__(self) -> None:
        self._told: set[tuple[str, datetime]] = set()

    def waits(self, carrier: str, until: datetime) -> None:
        """Say that a carrier is left alone in its busy hours, until a moment in the store's time."""
        if (carrier, until) not in self._told:
            self._told.add((carrier, until))
            click.echo(f"{carrier} is busy: on at {until:%H:%M} (--now asks all the same)", err=True)


@contextmanager
def _bars() -> Iterator[Shown]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bars:

        def progress(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=None)
            bars.update(tasks[what], completed=done, total=whole or None)

        yield progress


def _lines() -> Shown:
    begun: dict[str, float] = {}

    def progress(what: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if now - begun.setdefault(what, now) >= _SILENT_SECONDS:
            begun[what] = now
            click.echo(f"{what}: {100 * done // whole} %" if whole else what, err=True)

    return progress
