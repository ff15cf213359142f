"""The file of packed rows that the processes of a machine share, and whose turn it is to write it."""

import re
from pathlib import Path
from typing import Final

import structlog
from filelock import FileLock, Timeout

from portes.catalogue.packed import PackedRows, map_packed
from portes.files import UNKEPT, RefusedFileError, claim_folder, remove_old
from portes.forks.children import in_each_process

FOLDER: Final = "catalogue"
"""In the state folder."""
SUFFIX: Final = ".skus"

_UNUSED_SECONDS: Final = 30 * 24 * 3600
_OURS: Final = re.compile(rf"[A-Za-z0-9_-]+\.[0-9a-f]{{16}}{re.escape(SUFFIX)}")
_PART: Final = "catalogue"

_log = structlog.get_logger(__name__)
_inherited: list[FileLock] = []
"""Locks of a parent process; were they thrown away here, the parent would lose them."""


def row_path(state: Path, store: str, identity: str) -> Path:
    """Where the packed rows of a store are kept; `identity` is that of the settings, 16 hexadecimal digits."""
    return state / FOLDER / f"{store}.{identity}{SUFFIX}"


class RowFile:
    """The file of one catalogue. What goes wrong with it is logged, and costs nobody an answer."""

    def __init__(self, path: Path, identity: str, currency: str, store: str) -> None:
        """Open nothing yet; `identity` is that of the settings by which rows are read."""
        self.path = path
        self._identity, self._currency, self._store = identity, currency, store
        self._stamp: tuple[int, int] | None = None
        self._mine: FileLock | None = None
        in_each_process(self._begin)

    def _begin(self) -> None:
        if self._mine is not None:
            _inherited.append(self._mine)
            self._mine = None

    def newer(self) -> PackedRows | None:
        """The rows that are kept, where it is another file than when they were looked at last."""
        try:
            found = self.path.lstat()
            return self._mapped() if (found.st_mtime_ns, found.st_ino) != self._stamp else None
        except FileNotFoundError:
            return None
        except OSError as error:
            self._complain(error)
            return None

    def has_turn(self) -> bool:
        """Whether this process is the one of the machine that reads the source; it stays so until it ends.

        Where nothing can be shared, each process is.
        """
        if self._mine is not None:
            return True
        try:
            claim_folder(self.path.parent)
            lock = FileLock(self.path.with_suffix(".lock"), mode=0o600, thread_local=False)
            lock.acquire(blocking=False)
        except Timeout:
            return False
        except OSError as error:
            self._complain(error)
            return True
        self._mine = lock
        return True

    def keep(self, rows: PackedRows, now: float) -> PackedRows:
        """The same rows out of the file that they are written to, so that their memory is shared.

        `now` is in seconds since 1970. Where the file cannot be written, the rows that were given.
        """
        try:
            claim_folder(self.path.parent)
            rows.write(self.path)
            remove_old(self.path.parent, _OURS, now, _UNUSED_SECONDS)
            mapped = self._mapped()
        except OSError as error:
            self._complain(error)
            return rows
        UNKEPT.over(self.path.parent.parent, _PART)
        return mapped or rows

    def release(self) -> None:
        """Let another process have the turn."""
        if self._mine is not None:
            self._mine.release()
            self._mine = None

    def _mapped(self) -> PackedRows | None:
        found = self.path.lstat()
        self._stamp = found.st_mtime_ns, found.st_ino
        return map_packed(self.path, self._identity, self._currency)

    def _complain(self, error: OSError) -> None:
        cause = str(error.strerror)
        if UNKEPT.note(self.path.parent.parent, _PART, cause):
            fix = error.fix if isinstance(error, RefusedFileError) else ""
            _log.warning("the catalogue is not kept", store=self._store, file=str(self.path), cause=cause, fix=fix)


__all__ = ["FOLDER", "SUFFIX", "RowFile", "row_path"]
