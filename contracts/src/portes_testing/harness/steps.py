"""Counts what a plugin does in steps of the interpreter, so that a loop without end is told, on any machine alike."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import extract_tb
from types import FrameType
from typing import Any


class OutOfStepsError(BaseException):
    """Too many steps; no `Exception`, because a plugin may stop those."""

    def where(self) -> str:
        """The function and the line that it came to."""
        frame = extract_tb(self.__traceback__)[-2]  # the last one counts the steps
        return f"{frame.name}, line {frame.lineno}"


@dataclass(slots=True)
class Steps:
    """How many steps were taken so far: lines of functions that were called in the block."""

    taken: int = 0


@contextmanager
def counted_steps(most: int) -> Iterator[Steps]:
    """A block of at most so many steps in functions that it calls; a loop inside the C library is not seen.

    Raises `OutOfStepsError` at the step that is too many.
    """
    steps, before = Steps(), sys.gettrace()

    def note(_frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 — CPython's own signature
        steps.taken += event == "line"
        if steps.taken > most:
            raise OutOfStepsError
        return note

    sys.settrace(note)
    try:
        yield steps
    finally:
        sys.settrace(before)


__all__ = ["OutOfStepsError", "Steps", "counted_steps"]
