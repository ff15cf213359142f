"""Files written in one step, and regular ones read with a limit."""

import errno
import os
import stat
import tempfile
from pathlib import Path
from typing import Final

LARGEST_FILE: Final = 64 << 20
"""Bytes of a file that the settings name, unless its reader takes fewer or more."""

_KINDS: Final = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)


class RefusedFileError(OSError):
    """A file that is not read because of what it is: `strerror` says why, and `fix` what to do."""

    def __init__(self, number: int, cause: str, path: Path, fix: str) -> None:
        super().__init__(number, cause, str(path))
        self.fix = fix


class FileTooLargeError(RefusedFileError):
    """A file holds more bytes than its reader takes."""


def replace_atomically(path: Path, content: bytes, *, mode: int = 0o600, mtime: float | None = None) -> None:
    """Replace a file in one step, so that neither a reader nor a crash of this process meets half of it.

    `mode` is its permissions, whatever the umask; `mtime` its time of change in seconds since 1970, now when left out.
    Raises `OSError` when the folder is missing or full; then the old file stays, and nothing of the new one.
    """
    handle, name = tempfile.mkstemp(suffix=".new", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        fresh.chmod(mode)
        if mtime is not None:
            os.utime(fresh, (mtime, mtime))
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)  # a full folder must not fill up with these
        raise


def read_limited(path: Path, limit: int, within: Path | None = None) -> bytes:
    """The content of a regular file of at most `limit` bytes; a device or pipe is never waited for.

    `within` is the folder out of which no link may lead: a path that begins in it must end in it. A path that is
    written to begin elsewhere is somebody's explicit word, and read.
    Raises `RefusedFileError` for what is refused, and any other `OSError` for what cannot be read.
    """
    real = path if within is None else _kept(path, within)
    _check(real.stat(), path, limit)  # a device may act on being opened
    handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if within is None else os.O_NOFOLLOW))
    with os.fdopen(handle, "rb") as file:
        _check(os.fstat(handle), path, limit)
        content = file.read(limit + 1)
    if len(content) > limit:  # it grew
        raise _too_large(path, limit)
    return content


def _check(found: os.stat_result, path: Path, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), "is something else")
        raise RefusedFileError(errno.EINVAL, f"{kind}, not a file", path, "name a regular file")
    if found.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> FileTooLargeError:
    size = f"{limit >> 20} MiB" if limit >> 20 else f"{limit >> 10} KiB" if limit >> 10 else f"{limit} bytes"
    return FileTooLargeError(errno.EFBIG, f"holds more than {size}", path, "name a smaller file, or split it")


def _kept(path: Path, within: Path) -> Path:
    """Where a path leads, every link followed. Raises `RefusedFileError` when a link leads out of the folder."""
    real = Path(os.path.realpath(path))
    begins_inside = Path(os.path.abspath(path)).is_relative_to(os.path.abspath(within))  # noqa: PTH100 — `..` is text here
    if begins_inside and not real.is_relative_to(os.path.realpath(within)):
        fix = "put the file itself there, write its own path, or set follow_links = true in [service]"
        raise RefusedFileError(errno.ELOOP, "is a link that leads out of the store's folder", path, fix)
    return real
