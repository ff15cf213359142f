"""Bars on a terminal, or a line now and then, of how far a long piece of work is; always on standard error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

import click

Shown: TypeAlias = Callable[[str, int, int], None]
"""Takes what is done, how much of it, and how much it is in all, in any unit; 0 where nobody knows that."""

_SILENT_SECONDS: Final = 10.0
"""How long nothing is said where no terminal is."""


@contextmanager
def shown_progress() -> Iterator[Shown]:
    """What takes word of how far each phase of some work is, and shows it while the block runs."""
    if sys.stderr.isatty():
        with _bars() as progress:
            yield progress
    else:
        yield _lines()


@contextmanager
def _bars() -> Iterator[Shown]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bars:

        def progress(phase: str, done: int, total: int) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=None)
            bars.update(tasks[phase], completed=done, total=total or None)

        yield progress


def _lines() -> Shown:
    begun: dict[str, float] = {}

    def progress(phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - begun.setdefault(phase, now) >= _SILENT_SECONDS:
            begun[phase] = now
            click.echo(f"{phase}: {100 * done // total} %" if total else phase, err=True)

    return progress
