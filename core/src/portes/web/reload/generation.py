"""The number by which the serving parent tells its workers to look at their files again; it knows no store."""

import json
from pathlib import Path
from typing import Final, NamedTuple

from portes.files import replace_atomically

FILE_NAME: Final = "generation"


class Generation(NamedTuple):
    """How often stores were exchanged."""

    number: int = 0
    forced: int = 0
    """The last generation for which every store was made anew, changed or not."""


class GenerationFile:
    """One writes, many read. In a state folder that services share, all look when one of them tells."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def read(self) -> Generation:
        """The number of the moment; that of the beginning, when there is no file or it says nothing."""
        try:
            number, forced = json.loads(self._path.read_bytes())
            return Generation(int(number), int(forced))
        except (OSError, ValueError, TypeError):
            return Generation()

    def advance(self, after: Generation, *, forced: bool) -> Generation:
        """Tell of a later generation than `after` and than any other in the file. Raises `OSError`."""
        now = max(after, self.read())
        number = now.number + 1
        told = Generation(number, number if forced else now.forced)
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_atomically(self._path, json.dumps(told).encode())
        return told
