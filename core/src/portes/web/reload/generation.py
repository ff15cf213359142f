"""The number by which the serving parent tells its workers to look at their files again."""

import json
import math
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from portes.files import read_limited, remove_old, replace_atomically

FILE_NAME: Final = "generation"
_OURS: Final = re.compile(rf"{FILE_NAME}(-[0-9a-f]+)?")
_FORGOTTEN: Final = 30 * 86_400.0
"""Seconds after which a file of a service that was killed is removed; a living one has the same number elsewhere."""
_MOST_BYTES: Final = 64
"""Three numbers take fewer, so nothing larger is read."""
POLL_SECONDS: Final = 0.25
"""Seconds between two looks: the parent's at the files, a worker's at the generation."""
_PREPARED: Final = "prepared-{}"


class Generation(NamedTuple):
    """A count of the times that stores were exchanged."""

    number: int = 0
    """It only grows; 0 is that of the start."""
    forced: int = 0
    """The last generation for which every store was made anew, changed or not."""
    at: float = 0.0
    """When the workers exchange their stores for those of this generation, in seconds since 1970; 0 while nobody has
    said so: then they prepare them."""


class GenerationFile:
    """The file of the generation: the parent of a service writes it, its workers read it.

    It lies in each of some folders, and the latest counts, so that one of them may be full or taken away.
    In a state folder that services share, each has a file of its own: the moment of an exchange is for the workers who
    prepared it, and those of another service have not.
    """

    def __init__(self, *folders: Path, service: str = "") -> None:
        """`service`, of hexadecimal digits, tells it apart from those of other services in the same folders."""
        name = f"{FILE_NAME}-{service}" if service else FILE_NAME
        self._paths = [folder / name for folder in folders]

    def read(self) -> Generation:
        """The generation of this moment; that of the start, when there is no file or it says nothing."""
        return max(map(_read, self._paths))

    def advance(self, after: Generation, *, forced: bool) -> Generation:
        """Write a later generation than `after` and than any other. Raises `OSError` when no folder takes it.

        Its moment is still to be said: see `settle`.
        """
        now = max(after, self.read())
        number = now.number + 1
        later = Generation(number, number if forced else now.forced)
        self._write(later)
        return later

    def settle(self, generation: Generation, at: float) -> Generation:
        """Say when the workers exchange their stores for those of a generation, unless a later one was begun.

        Raises `OSError` when no folder takes it.
        """
        settled = generation._replace(at=at)
        if self.read().number <= generation.number:
            self._write(settled)
        return settled

    def remove(self) -> None:
        """Leave none behind, for nobody reads it any more."""
        for path in self._paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _write(self, generation: Generation) -> None:
        problems = [problem for path in self._paths if (problem := _written(path, generation)) is not None]
        if len(problems) == len(self._paths):
            raise problems[0]


class PreparedWorkers:
    """Notes of the generation whose stores each worker has prepared, a small file for each in a private folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, number: int) -> None:
        """Note for this process that it could exchange its stores now; without a note the parent waits a while."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_atomically(self._folder / _PREPARED.format(os.getpid()), json.dumps([number, 0]).encode())

    def have(self, number: int, pids: Iterable[int]) -> bool:
        """Whether all of some workers have prepared a generation, or a later one."""
        return all(_read(self._folder / _PREPARED.format(pid)).number >= number for pid in pids)


def _read(path: Path) -> Generation:
    try:
        number, forced, *at = json.loads(read_limited(path, _MOST_BYTES))
        moment = float(at[0]) if at else 0.0
        return Generation(int(number), int(forced), moment if math.isfinite(moment) else 0.0)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):  # infinity among the numbers
        return Generation()


def _written(path: Path, generation: Generation) -> OSError | None:
    """What kept the generation from being written; None when it is."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_atomically(path, json.dumps(generation).encode())
        remove_old(path.parent, _OURS, path.stat().st_mtime, _FORGOTTEN)
    except OSError as problem:
        return problem
    return None
