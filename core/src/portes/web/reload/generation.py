"""The number by which the serving parent tells its workers to look at their files again."""

import json
from pathlib import Path
from typing import Final, NamedTuple

from portes.files import read_limited, replace_atomically

FILE_NAME: Final = "generation"
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

    In a state folder that services share, all look at their files when one of them advances it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def read(self) -> Generation:
        """The generation of this moment; that of the start, when there is no file or it says nothing."""
        try:
            number, forced = json.loads(read_limited(self._path, _MOST_BYTES))
            return Generation(int(number), int(forced))
        except (OSError, ValueError, TypeError, OverflowError):  # infinity among the numbers
            return Generation()

    def advance(self, after: Generation, *, forced: bool) -> Generation:
        """Write a later generation than `after` and than any other in the file. Raises `OSError`."""
        now = max(after, self.read())
        number = now.number + 1
        later = Generation(number, number if forced else now.forced)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_atomically(self._path, json.dumps(later).encode())
        return later
