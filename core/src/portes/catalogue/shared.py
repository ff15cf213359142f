"""A large catalogue out of a file of the store, read by one process and mapped by all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import structlog
from filelock import FileLock

from portes.catalogue.catalogue import Catalogue, CatalogueEntry
from portes.catalogue.packed import PackedRows, map_packed
from portes.catalogue.reading import CatalogueFile
from portes.catalogue.row_file import row_path
from portes.clock import Clock
from portes.files import claim_folder

_OPEN: Final[WeakValueDictionary[str, Catalogue]] = WeakValueDictionary()
"""The catalogues out of files that somebody uses, by what decides what they say."""

_log = structlog.get_logger(__name__)


class PackedCatalogue(Catalogue):
    """The SKUs of a shop, packed: too many to stand in memory as they are. Immutable, so threads share it."""

    __slots__ = ("_rows",)

    def __init__(self, rows: PackedRows) -> None:
        super().__init__({}, rows.note.fingerprint)
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[str, CatalogueEntry]]:
        return iter(self._rows)

    @property
    def entries(self) -> Iterator[CatalogueEntry]:
        """What the shop says of each SKU, in the order of its file."""
        return (entry for _, entry in self._rows)

    def get(self, sku: str) -> CatalogueEntry | None:
        """The entry of a SKU, letter for letter; None when the shop says nothing of it."""
        return self._rows.get(sku)


def shared_catalogue(file: CatalogueFile, state: Path | None, store: str, clock: Clock) -> Catalogue:
    """The catalogue in a file; one of many SKUs is packed once, into the state folder, where there is one.

    A process has one of them for all stores whose files say the same: the shops of a hub may sell out of one.
    Raises `SettingsError` naming line, column, value and fix of every problem.
    """
    catalogue = _OPEN.get(file.identity)
    if catalogue is None or _is_to_be_kept(catalogue, state, store, file):
        catalogue = _OPEN.setdefault(file.identity, _read(file, state, store, clock))
    return catalogue


def _is_to_be_kept(catalogue: Catalogue, state: Path | None, store: str, file: CatalogueFile) -> bool:
    """Whether the store's state folder lacks packed rows that its next start would map."""
    packed = isinstance(catalogue, PackedCatalogue) and state is not None
    return packed and state is not None and not row_path(state, store, file.identity).exists()


def _read(file: CatalogueFile, state: Path | None, store: str, clock: Clock) -> Catalogue:
    now = clock.now().timestamp()
    if state is None or not file.may_be_many:
        return _catalogue(file.read(now))
    path = row_path(state, store, file.identity)
    try:
        with _alone(path):
            kept = map_packed(path, file.identity, file.currency)
            if kept is not None:
                return PackedCatalogue(kept)
            found = file.read(now)
            if isinstance(found, PackedRows):
                found.write(path)
                found = map_packed(path, file.identity, file.currency) or found
            return _catalogue(found)
    except OSError as error:
        _log.warning("the packed catalogue is not kept", store=store, file=str(path), cause=error.strerror)
        return _catalogue(file.read(now))


def _catalogue(found: Catalogue | PackedRows) -> Catalogue:
    return found if isinstance(found, Catalogue) else PackedCatalogue(found)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process of the machine read, and the others wait for what it packs. Raises `OSError`."""
    claim_folder(path.parent)
    with FileLock(path.with_suffix(".lock"), mode=0o600):
        yield


__all__ = ["PackedCatalogue", "shared_catalogue"]
