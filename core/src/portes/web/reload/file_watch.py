"""Notices that a store's files changed: its settings, and whatever file they name; it opens only the settings."""

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from portes.errors import SettingsError
from portes.settings import find_referenced_files, find_store_files

Mark = tuple[int, int, int] | None
"""What changes with a file: its time stamp, size and place on the disk; None where no file is."""

Signature = tuple[tuple[str, Mark], ...]
"""The marks of all files of a store."""


class _Named(NamedTuple):
    own: Mark
    paths: Sequence[Path]


class FileWatch:
    """Looks at files; for one thread. A look costs microseconds a file: a settings file is read when it changed."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._named: dict[Path, _Named] = {}

    def signature(self, file: Path) -> Signature:
        """What changes with any file of the store of this settings file."""
        own = _mark(file)
        known = self._named.get(file)
        if known is None or known.own != own:
            known = self._named[file] = _Named(own, sorted(find_referenced_files(file, self._environ)))
        return ((str(file), own), *((str(path), _mark(path)) for path in known.paths))

    def signatures(self, paths: Sequence[Path]) -> object:
        """What changes with any store behind these paths, and with a store that comes or goes."""
        try:
            return tuple(self.signature(file) for file in find_store_files(paths))
        except SettingsError as error:
            return str(error)


def _mark(path: Path) -> Mark:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else None
