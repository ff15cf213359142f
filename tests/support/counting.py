"""How much work something is, counted and not timed: the same on any machine at any load."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls_of(act: Callable[[], object]) -> int:
    """Calls of functions, those of C too, that it makes on this thread."""
    counted = 0

    def note(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(before)
    return counted


def steps_of(act: Callable[[], object]) -> int:
    """Steps of the interpreter that it takes on this thread; some ten times as slow to count as calls."""
    counted = 0

    def note(frame: FrameType, event: str, _of: object) -> Any:
        nonlocal counted
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        counted += event == "opcode"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        act()
    finally:
        sys.settrace(before)
    return counted
