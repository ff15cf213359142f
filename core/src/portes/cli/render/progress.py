"""Bars on standard error that say how far something is; where that is no terminal, a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import click

_EVERY: Final = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def counting(what: str, most: int) -> Iterator[Callable[[int], None]]:
    """A bar for so many things; what is yielded is told how many more are done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what, most)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=most)
        yield lambda more: progress.advance(task, more)


@contextmanager
def spanning(what: str, since: datetime, until: datetime) -> Iterator[Callable[[datetime], None]]:
    """A bar for a span of time; what is yielded is told the moment that is come to."""
    whole = max(1, int((until - since).total_seconds()))
    done = 0

    def reached(moment: datetime) -> None:
        nonlocal done
        now = min(whole, max(done, int((moment - since).total_seconds())))
        advance(now - done)
        done = now

    with _share(what, whole) as advance:
        yield reached


@contextmanager
def _share(what: str, whole: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(what, whole)
        return
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=whole)
        yield lambda more: progress.advance(task, more)


class WaitLines:
    """Says on standard error which carrier is waited for, once for each wait."""

    def __init__(self) -> None:
        self._told: set[tuple[str, datetime]] = set()

    def waits(self, carrier: str, until: datetime) -> None:
        """Say that a carrier is left alone in its busy hours, until a moment in the store's time."""
        if (carrier, until) not in self._told:
            self._told.add((carrier, until))
            click.echo(f"{carrier} is busy: on at {until:%H:%M} (--now asks all the same)", err=True)


def _lines(what: str, most: int) -> Callable[[int], None]:
    done, told = 0, time.monotonic()

    def advance(more: int) -> None:
        nonlocal done, told
        done += more
        if time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            click.echo(f"{what}: {done * 100 // most if most else 100} %", err=True)

    return advance
