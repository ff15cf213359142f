"""What a door is: somewhere that bytes of strangers come in, with an oracle beside it."""

from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import ClassVar


class Door:
    """A way in. What it raises at an input, a failed assertion or anything else, is a surprise."""

    name: ClassVar[str]
    """Its folder among the kept inputs."""

    def __init__(self, folder: Path) -> None:
        """An empty folder of its own is where it may write."""
        self.folder = folder
        self.until_closed = ExitStack()

    def draw(self, draws: Random) -> bytes:
        """One input; the same draws make the same one."""
        raise NotImplementedError

    def take(self, given: bytes) -> bool:
        """Hold what the product makes of an input against what it must make of it; whether it accepted it."""
        raise NotImplementedError

    def close(self) -> None:
        self.until_closed.close()
