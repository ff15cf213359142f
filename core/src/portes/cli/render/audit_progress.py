"""A bar on standard error that says how far an audit is; where that is no terminal, a line now and then."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click

from portes.tables.audit.auditing import Progress

_EVERY: Final = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def audit_bar() -> Iterator[Progress]:
    """A bar for as long as the block runs; what is yielded is told what is done, how much, and of how much."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading", total=None)
        yield lambda what, done, total: progress.update(task, description=what, completed=done, total=total)


def _lines() -> Progress:
    told = time.monotonic()

    def tell(what: str, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= _EVERY:
            told = time.monotonic()
            click.echo(f"{what}: {done} of {total}", err=True)

    return tell
