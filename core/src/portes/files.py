"""Files written in one step, regular ones read with a limit, what is ours and not; what is installed on the path."""

import errno
import os
import re
import stat
import sys
import tempfile
from collections.abc import Collection, Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # Python 3.12 has it no more
    from importlib.metadata import SelectableGroups

LARGEST_FILE: Final = 64 << 20
"""Bytes of a file that the settings name, unless its reader takes fewer or more."""

ACTIVE_TABLES: Final = "tables.active"
"""File in a state folder, to be watched: written anew just before another version of a table comes into force."""

_KINDS: Final = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISCHR, "is a device"),
    (stat.S_ISBLK, "is a device"),
)

_HALF_WRITTEN: Final = re.compile(r"(.+)\.[a-z0-9_]{8}\.new")
_ABANDONED: Final = 600.0
"""Seconds after which nobody writes a half-written file any more; a live writer takes an instant."""
_NOT_OURS: Final = "remove it, or choose another state folder"


class RefusedFileError(OSError):
    """A file that is not read because of what it is: `strerror` says why, and `fix` what to do."""

    def __init__(self, number: int, cause: str, path: Path, fix: str) -> None:
        super().__init__(number, cause, str(path))
        self.fix = fix


class FileTooLargeError(RefusedFileError):
    """A file holds more bytes than its reader takes."""


def replace_atomically(
    path: Path, content: bytes | Iterable[bytes | memoryview], *, mode: int = 0o600, mtime: float | None = None
) -> None:
    """Replace a file in one step, so that neither a reader nor a crash of this process meets half of it.

    The content may come in pieces, so that it need not be in memory twice.
    `mode` is its permissions, whatever the umask; `mtime` its time of change in seconds since 1970, now when left out.
    Raises `OSError` when the folder is missing or full; then the old file stays, and nothing of the new one.
    """
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        fresh.chmod(mode)
        if mtime is not None:
            os.utime(fresh, (mtime, mtime))
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)  # a full folder must not fill up with these
        raise


def read_limited(path: Path, limit: int, within: Path | None = None) -> bytes:
    """The content of a regular file of at most `limit` bytes; a device or pipe is never waited for.

    `within` is the folder out of which no link may lead: a path that begins in it must end in it. A path that is
    written to begin elsewhere is somebody's explicit word, and read.
    Raises `RefusedFileError` for what is refused, and any other `OSError` for what cannot be read.
    """
    real = path if within is None else resolve_within(path, within)
    _check(real.stat(), path, limit)  # a device may act on being opened
    handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if within is None else os.O_NOFOLLOW))
    with os.fdopen(handle, "rb") as file:
        _check(os.fstat(handle), path, limit)
        content = file.read(limit + 1)
        unsized = content and not os.fstat(handle).st_size
    if unsized:  # /proc/self/environ and its like, whose content no message about a store may show
        raise RefusedFileError(errno.EINVAL, "is made by the system as it is read", path, "name a file on a disk")
    if len(content) > limit:  # it grew
        raise _too_large(path, limit)
    return content


def claim_folder(folder: Path) -> None:
    """Make a folder of mode 0700, or take the one that is there; its mode is mended, and never through a link.

    Raises `RefusedFileError` for a link, for what is no folder and for another user's, and any other `OSError` as it
    comes.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise RefusedFileError(errno.ENOTDIR, "is no folder", folder.parent, _NOT_OURS) from None
    if check_own(folder, folder=True) is None:
        folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        _check_own(found, folder, folder=True)
        if found.st_mode & 0o077:
            os.fchmod(handle, 0o700)
    finally:
        os.close(handle)


def claim_file(path: Path) -> None:
    """Make an empty file of mode 0600, or take the one that is there, which is never opened.

    Closing any handle of a file gives up every lock that the process has on it: a database would lose its own.
    Raises `RefusedFileError` for a link, for what is no file and for another user's, and any other `OSError`.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        found = check_own(path)
        if found is not None and found.st_mode & 0o077:
            _close_to_others(path)


def open_own(path: Path) -> int:
    """A handle to read a file of ours by, in a folder of ours.

    Raises `RefusedFileError` as `check_own` does, and any other `OSError`.
    """
    check_own(path.parent, folder=True)
    check_own(path)  # a device may act on being opened
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _check_own(os.fstat(handle), path, folder=False)
    except RefusedFileError:
        os.close(handle)
        raise
    return handle


def read_own(path: Path) -> bytes:
    """The content of a file of ours, in a folder of ours. Raises what `open_own` raises."""
    with os.fdopen(open_own(path), "rb") as file:
        return file.read()


def check_own(path: Path, *, folder: bool = False) -> os.stat_result | None:
    """What is known of a file or folder of ours, None when nothing is there; nothing is opened.

    Raises `RefusedFileError` for a link, for another kind of thing and for another user's.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    _check_own(found, path, folder=folder)
    return found


def remove_old(folder: Path, names: re.Pattern[str], now: float, seconds: float) -> None:
    """Remove what is ours in a folder, by its whole name, and was written longer ago than so many seconds.

    Of what was half written under such a name ten minutes are enough. All else in the folder is left alone.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            half = _HALF_WRITTEN.fullmatch(entry.name)
            if names.fullmatch(half[1] if half else entry.name):
                _remove(Path(entry), now - (min(seconds, _ABANDONED) if half else seconds))


def _remove(path: Path, before: float) -> None:
    with suppress(OSError):
        found = check_own(path)
        if found is not None and found.st_mtime < before:
            path.unlink(missing_ok=True)


def _close_to_others(path: Path) -> None:
    if os.chmod in os.supports_follow_symlinks:
        path.chmod(0o600, follow_symlinks=False)
        return
    handle = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)  # its closing gives up no lock
    try:
        Path(f"/proc/self/fd/{handle}").chmod(0o600)
    finally:
        os.close(handle)


def _check_own(found: os.stat_result, path: Path, *, folder: bool) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise RefusedFileError(errno.ELOOP, "is a link", path, _NOT_OURS)
    if not (stat.S_ISDIR if folder else stat.S_ISREG)(found.st_mode):
        cause = "is no folder" if folder else _kind(found.st_mode)
        raise RefusedFileError(errno.EINVAL, cause, path, _NOT_OURS)
    if found.st_uid != os.geteuid():
        fix = "run as that user, or choose another state folder"
        raise RefusedFileError(errno.EPERM, "belongs to another user", path, fix)


def _kind(mode: int) -> str:
    kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "is something else")
    return f"{kind}, not a file"


def _check(found: os.stat_result, path: Path, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise RefusedFileError(errno.EINVAL, _kind(found.st_mode), path, "name a regular file")
    if found.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> FileTooLargeError:
    size = f"{limit >> 20} MiB" if limit >> 20 else f"{limit >> 10} KiB" if limit >> 10 else f"{limit} bytes"
    return FileTooLargeError(errno.EFBIG, f"holds more than {size}", path, "name a smaller file, or split it")


def resolve_within(path: Path, within: Path) -> Path:
    """Where a path leads, every link followed. Raises `RefusedFileError` when a link leads out of the folder."""
    real = Path(os.path.realpath(path))
    begins_inside = Path(os.path.abspath(path)).is_relative_to(os.path.abspath(within))  # noqa: PTH100 — `..` is text here
    if begins_inside and not real.is_relative_to(os.path.realpath(within)):
        fix = "put the file itself there, write its own path, or set follow_links = true in [service]"
        raise RefusedFileError(errno.ELOOP, "is a link that leads out of the store's folder", path, fix)
    return real


class Unkept:
    """What could not be written to state folders, by part, and why. Thread-safe."""

    def __init__(self) -> None:
        self._causes: dict[Path, dict[str, list[str]]] = {}  # each change is one step, which needs no lock

    def note(self, state: Path, part: str, cause: str) -> bool:
        """Note why a part is not kept; whether that is news."""
        fresh = [cause]
        known = self._causes.setdefault(state, {}).setdefault(part, fresh)
        known[0] = cause
        return known is fresh

    def over(self, state: Path, part: str) -> bool:
        """Note that a part is kept again; whether that is news."""
        return self._causes.get(state, {}).pop(part, None) is not None

    def of(self, state: Path) -> dict[str, str]:
        """The parts of a state folder that are not kept, each with its cause."""
        return {part: cause for part, (cause,) in self._causes.get(state, {}).copy().items()}


UNKEPT: Final = Unkept()
"""That of this process, whose stores may share a state folder."""


def entry_points_of(group: str) -> EntryPoints:
    """The entry points of a group that installed distributions add to.

    To look through every distribution takes a hundredth of a second, so that is done once for a path, and again when
    something came to a folder of it or went.
    """
    return _of_group(_path_as_it_is(), group)


def entry_point_groups() -> Collection[str]:
    """The names of all groups that installed distributions add to, looked for as seldom as their entry points."""
    return _installed_on(_path_as_it_is()).groups


_Path = tuple[tuple[str, int, int], ...]


def _path_as_it_is() -> _Path:
    return tuple(_as_it_is(place) for place in sys.path)


def _as_it_is(place: str) -> tuple[str, int, int]:
    """A place of the path, which folder it is, and when something last came to it or went; zeros where none is."""
    try:
        found = os.stat(place or os.curdir)  # noqa: PTH116 — a path may hold what is no path, such as an empty text
    except (OSError, ValueError):
        return place, 0, 0
    return place, found.st_ino, found.st_mtime_ns


@lru_cache(maxsize=4)
def _installed_on(_path: _Path) -> "EntryPoints | SelectableGroups":
    return entry_points()


@lru_cache(maxsize=64)
def _of_group(path: _Path, group: str) -> EntryPoints:
    return _installed_on(path).select(group=group)
