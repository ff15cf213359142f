"""The number by which the serving parent tells its workers to look at their files again."""

import json
import math
import re
from pathlib import Path
from typing import Final, NamedTuple

from portes.files import read_limited, remove_old, replace_atomically

FILE_NAME: Final = "generation"
_OURS: Final = re.compile(FILE_NAME)
_MOST_BYTES: Final = 64
"""Two numbers take fewer, so nothing larger is read."""
POLL_SECONDS: Final = 0.25
"""Seconds between two looks: the parent's at the files, a worker's at the generation."""


class Generation(NamedTuple):
    """A count of the times that stores were exchanged."""

    number: int = 0
    """It only grows; 0 is that of the start."""
    forced: int = 0
    """The last generation for which every store was made anew, changed or not."""


class GenerationFile:
    """The file of the generation: one process writes it, many read it.

    It lies in each of some folders, and the latest counts, so that one of them may be full or taken away.
    In a state folder that services share, all look at their files when one of them advances it.
    """

    def __init__(self, *folders: Path) -> None:
        self._paths = [folder / FILE_NAME for folder in folders]

    def read(self) -> Generation:
        """The generation of this moment; that of the start, when there is no file or it says nothing."""
        return max(map(_read, self._paths))

    def advance(self, after: Generation, *, forced: bool) -> Generation:
        """Write a later generation than `after` and than any other. Raises `OSError` when no folder takes it."""
        now = max(after, self.read())
        number = now.number + 1
        later = Generation(number, number if forced else now.forced)
        problems = [problem for path in self._paths if (problem := _written(path, later)) is not None]
        if len(problems) == len(self._paths):
            raise problems[0]
        return later


def _read(path: Path) -> Generation:
    try:
        number, forced = json.loads(read_limited(path, _MOST_BYTES))
        return Generation(int(number), int(forced))
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):  # infinity among the numbers
        return Generation()


def _written(path: Path, generation: Generation) -> OSError | None:
    """What kept the generation from being written; None when it is."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_atomically(path, json.dumps(generation).encode())
        remove_old(path.parent, _OURS, path.stat().st_mtime, math.inf)
    except OSError as problem:
        return problem
    return None
