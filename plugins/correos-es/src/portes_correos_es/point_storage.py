"""Lists of pick-up points in the state folder, shared by processes and kept over restarts; it knows no API."""

import json
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError
from structlog.typing import FilteringBoundLogger

from portes.contract import PickupKind, PickupPoint
from portes.toolbox import claim_folder, read_own, replace_atomically

FOLDER: Final = "correos-es"
"""The room for pick-up points in the state folder."""


class Kept(NamedTuple):
    """A list, and when Correos gave it."""

    points: tuple[PickupPoint, ...]
    fetched: datetime
    """The moment, with its time zone."""
    empty_since: datetime | None = None
    """When the first of all empty lists since came; None for one with points."""


_KEPT: Final = TypeAdapter(Kept)


class PointStorage:
    """One file a postal code and kind; without a state folder nothing is kept. Read and written in the background."""

    def __init__(self, state: Path | None, host: str, log: FilteringBoundLogger) -> None:
        """`host`: whose lists these are; those of a test address are another's."""
        self._folder = state / FOLDER / host.replace(":", "_") if state else None
        self._log = log
        self._mute = False
        """Whether it was told that nothing can be kept."""

    def read(self, kind: PickupKind, postal_code: str) -> Kept | None:
        """What was kept, however old; None when there is nothing that can be read."""
        if self._folder is None:
            return None
        try:
            return _KEPT.validate_json(read_own(self._file(self._folder, kind, postal_code)), strict=False)
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as problem:
            self._log.warning("a kept list of pick-up points cannot be read", cause=type(problem).__name__)
            return None

    def write(self, kind: PickupKind, postal_code: str, kept: Kept) -> None:
        """Keep a list, in one step; a disk that does not take it costs nothing but the next start's quickness."""
        if self._folder is None:
            return
        content = json.dumps(_KEPT.dump_python(kept, mode="json"), ensure_ascii=False)
        try:
            claim_folder(self._folder.parent)
            claim_folder(self._folder)
            replace_atomically(self._file(self._folder, kind, postal_code), content.encode())
        except OSError as problem:
            if not self._mute:
                self._log.warning("a list of pick-up points cannot be kept", cause=problem.strerror)
            self._mute = True
        else:
            self._mute = False

    @staticmethod
    def _file(folder: Path, kind: PickupKind, postal_code: str) -> Path:
        return folder / f"{kind}-{postal_code}.json"


__all__ = ["FOLDER", "Kept", "PointStorage"]
