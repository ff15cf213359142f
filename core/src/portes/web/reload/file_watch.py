"""Notices that a store's files changed: its settings, and whatever file they name; it opens only the settings."""

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from portes.errors import SettingsError
from portes.settings import find_referenced_files, find_store_files

FileStamp = tuple[int, int, int] | None
"""A value that changes with a file: its time stamp, size and place on the disk; None where no file is."""

Signature = tuple[tuple[str, FileStamp], ...]
"""The stamps of all files of a store, by path."""


class _StoreFiles(NamedTuple):
    own: FileStamp
    paths: Sequence[Path]


class FileWatcher:
    """The files of stores. For one thread; a look costs microseconds a file, since settings are read when changed."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._known: dict[Path, _StoreFiles] = {}

    def signature(self, file: Path) -> Signature:
        """The signature of the store of this settings file: it changes with any of the store's files."""
        own = _stamp(file)
        known = self._known.get(file)
        if known is None or known.own != own:
            known = self._known[file] = _StoreFiles(own, self._referenced(file))
        return ((str(file), own), *((str(path), _stamp(path)) for path in known.paths))

    def signatures(self, paths: Sequence[Path]) -> object:
        """A value that changes with any store behind these paths, and with a store that comes or goes."""
        return tuple(self._behind(path) for path in paths)

    def _behind(self, path: Path) -> object:
        try:
            return tuple(self.signature(file) for file in find_store_files([path]))
        except SettingsError as error:
            return str(error)

    def _referenced(self, file: Path) -> Sequence[Path]:
        try:
            return sorted(find_referenced_files(file, self._environ))
        except Exception:  # noqa: BLE001 — told when a store is made of it; the other stores' files are looked at
            return ()


def _stamp(path: Path) -> FileStamp:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if stat.S_ISREG(found.st_mode) else None
