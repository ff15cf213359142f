"""What keeps a state folder from being used: links and strangers' files where ours belong; nothing is written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import structlog

from portes.errors import Problem
from portes.files import RefusedFileError, check_own, resolve_within

ROOMS: Final = ("tokens", "tables", "drift", "catalogue")
"""Folders of ours in a state folder; a plugin looks after its own."""
FILES: Final = (
    "receipts.sqlite",
    "receipts.sqlite-wal",
    "receipts.sqlite-shm",
    "cache.sqlite",
    "cache.sqlite-journal",
    "tables.sqlite",
    "tables.sqlite-journal",
    "tables.active",
    "samples.sqlite",
    "samples.sqlite-journal",
    "catalogue.sqlite",
    "catalogue.sqlite-wal",
    "catalogue.sqlite-shm",
)
"""Files of ours in a state folder, by name: modules that make them bring a database library."""
_WHERE: Final = "service.state"

_log = structlog.get_logger(__name__)


def state_problems(state: Path, within: Path | None) -> Iterator[Problem]:
    """Everything that is not as we would have left it. A folder that cannot be looked into is no problem here.

    `within` is the folder out of which no link may lead.
    """
    if not state.is_dir():
        if state.exists():
            yield Problem(_WHERE, state, "is no folder", "name a folder, or one that is not there yet")
        return
    try:
        if within is not None:
            resolve_within(state, within)
        for name in (*ROOMS, *FILES):
            check_own(state / name, folder=name in ROOMS)
        _tell_if_open(state)
    except RefusedFileError as refused:
        yield Problem(_WHERE, Path(refused.filename), refused.strerror or "", refused.fix)
    except OSError:
        return  # what cannot be read cannot be written either: the store answers from memory, and says so


def _tell_if_open(state: Path) -> None:
    if state.stat().st_mode & 0o002:
        fix = "close it to others: chmod o-w"
        _log.warning("anybody on this machine may write to the state folder", folder=str(state), fix=fix)
