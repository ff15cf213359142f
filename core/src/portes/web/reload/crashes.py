"""What crashes again and again is told once: a file that stays wrong must not fill the disk with tracebacks."""

import structlog

from portes.store import crash_place

_log = structlog.get_logger(__name__)


class CrashLog:
    """Writes each crash with its traceback, and the same one again only after another or after all went well."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}

    def tell(self, event: str, error: Exception, about: str = "") -> str:
        """Where and as what it crashed, in a few words."""
        mark = crash_place(error)
        if self._told.get(about) != mark:
            self._told[about] = mark
            _log.error(event, **({"file": about} if about else {}), exc_info=error)
        return mark

    def over(self, about: str = "") -> None:
        """Forget what was told: it went well this time."""
        self._told.pop(about, None)
