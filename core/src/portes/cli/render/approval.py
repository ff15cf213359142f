"""What `portes approve` shows: each step with what came of it, and how it goes on meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from portes.approval.report import ApprovalReport, ApprovalStep, StepOutcome
from portes.cli.render.screen import plain

if TYPE_CHECKING:
    from rich.console import Console

_MARKS: Final = {StepOutcome.PASSED: "✓", StepOutcome.FAILED: "✗", StepOutcome.SKIPPED: "·"}
_STYLES: Final = {StepOutcome.PASSED: "green", StepOutcome.FAILED: "red", StepOutcome.SKIPPED: "dim"}


@contextmanager
def approval_bar() -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """On a terminal, what is tried at the moment and a bar for the calls at the contract's pace; else nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _words: None, lambda _done, _all: None
        return
    with Progress(TextColumn("{task.description}"), BarColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield (
            lambda words: bar.update(task, description=words, total=None),
            lambda done, many: bar.update(task, completed=done, total=many),
        )


def show_approval(console: "Console", report: ApprovalReport) -> None:
    """Print a report, step by step."""
    console.print(plain(f"{report.channel} of {report.store}, at {report.address}", "bold"))
    for step in report.steps:
        _show_step(console, step)
    counts = ", ".join(f"{report.count(outcome)} {outcome.value}" for outcome in StepOutcome if report.count(outcome))
    verdict = "The marketplace would be content" if report.passed else "The marketplace would not be content"
    console.print(plain(f"{verdict}: {counts}.", "bold green" if report.passed else "bold red"))


def _show_step(console: "Console", step: ApprovalStep) -> None:
    console.print(plain(f"{_MARKS[step.outcome]} {step.title}", _STYLES[step.outcome]))
    console.print(plain(f"    {step.told}"))
    if step.fix:
        console.print(plain(f"    To do: {step.fix}"))
    for one in step.evidence if step.outcome is StepOutcome.FAILED else ():
        console.print(plain(f"    {one.call}: {one.status} {one.answer[:200]}", "dim"))
