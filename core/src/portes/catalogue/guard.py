"""What stands between a store and the source of its catalogue: whatever a source raises becomes a failure in words."""

from collections.abc import Callable
from typing import NamedTuple

import structlog

from portes.contract import FailureKind
from portes.errors import CatalogueError, pass_interrupt
from portes.redaction import LOGGED

_log = structlog.get_logger(__name__)


class CatalogueFailure(NamedTuple):
    """Why a source could not say what was asked of it."""

    kind: FailureKind
    hint: str
    """In words that may be shown: it holds no secret of the settings."""


class CatalogueGuard:
    """Turns what a store's source raises into a failure, secrets masked; a crash is logged with its traceback."""

    def __init__(self, store: str, source: str, mask: Callable[[str], str] = str) -> None:
        """Note whose source it is; `source` is what the settings call it, and `mask` hides their secrets."""
        self.store, self.source, self._mask = store, source, mask

    def failure(self, error: BaseException) -> CatalogueFailure:
        """The failure that something raised comes to. A person's own Ctrl-C is raised again."""
        pass_interrupt(error)
        if isinstance(error, CatalogueError) and error.kind in set(FailureKind):
            hint = str(error.hint) or "the catalogue could not be asked"
            return CatalogueFailure(FailureKind(error.kind), LOGGED.text(self._mask(hint)))
        _log.error("catalogue crashed", store=self.store, source=self.source, exc_info=error)
        return CatalogueFailure(
            FailureKind.CRASHED, f"the source {self.source} of the catalogue crashed; the log tells all of it"
        )


__all__ = ["CatalogueFailure", "CatalogueGuard"]
