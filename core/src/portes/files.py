"""Files written in one step and read with a limit."""

import errno
import os
import tempfile
from pathlib import Path


class FileTooLargeError(OSError):
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


def read_limited(path: Path, limit: int) -> bytes:
    """The content of a file of at most `limit` bytes; a path may lead to an endless device.

    Raises `FileTooLargeError` for a larger one, and any other `OSError` for one that cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise FileTooLargeError(errno.EFBIG, f"holds more than {limit} bytes", str(path))
    return content
