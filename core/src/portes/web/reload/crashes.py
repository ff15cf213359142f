"""What crashes again and again is told once: a file that stays wrong must not fill the disk with tracebacks."""

from pathlib import Path
from traceback import extract_tb

import structlog

_log = structlog.get_logger(__name__)


class CrashLog:
    """Writes each crash with its traceback, and the same one again only after another or after all went well."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def tell(self, event: str, error: Exception, about: str = "") -> str:
        """Where and as what it crashed, in a few words; the message may hold anything, so it stays in the log."""
        mark = _mark(error)
        if self._told.get(about) != mark:
            self._told[about] = mark
            _log.error(event, **({"file": about} if about else {}), exc_info=error)
        return mark

    def over(self, about: str = "") -> None:
        """Forget what was told: it went well this time."""
        self._told.pop(about, None)


def _mark(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
