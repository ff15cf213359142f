"""A process's stores and what became of their files: loaded, refused, gone."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from portes.clock import Clock, SystemClock
from portes.errors import Problem, SettingsError
from portes.settings import find_store_files
from portes.store import Opener, Store, refuse_namesake
from portes.web.reload.file_watch import FileWatcher, Signature

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoadRefusal:
    """Since when files make no store, and why."""

    at: datetime
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """One store's settings file, and what became of it."""

    path: Path
    signature: Signature = ()
    """That of the store's files when they were last looked at."""
    store: Store | None = None
    """The one in force; None when none could ever be made."""
    since: datetime | None = None
    """The moment at which the store in force was made."""
    loaded: int = 0
    """How often a store was made of it."""
    refusals: int = 0
    """How often none could be made of it, each cause counted once."""
    refused: LoadRefusal | None = None
    """Why the files of now are not in force; None when they are."""

    @property
    def fingerprint(self) -> str:
        """A text that changes with whatever may change a price; empty without a store."""
        if self.store is None:
            return ""
        versions = "\n".join(f"{part}={version}" for part, version in sorted(self.store.versions.items()))
        return sha256(versions.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class StoreChange:
    """The stores that a look at the files exchanged."""

    fresh: tuple[Store, ...] = ()
    """Those that were made just now."""
    gone: tuple[Store, ...] = ()
    """Those in force before, and not closed yet."""
    unsettled: bool = False
    """Whether files changed while they were read, so that another look is due."""

    def __bool__(self) -> bool:
        return bool(self.fresh or self.gone)


class _UnsettledError(Exception):
    """Files changed while a store was made of them."""


class StoreLoader:
    """The stores behind some paths. `load` belongs to one thread; the others read what it left."""

    def __init__(self, paths: Sequence[Path], opener: Opener, clock: Clock | None = None) -> None:
        self._paths = tuple(paths)
        self._opener = opener
        self._clock = clock or SystemClock()
        self._watch = FileWatcher()
        self._begun = False
        self.files: dict[Path, LoadedFile] = {}
        """What became of each settings file."""
        self.refused_paths: LoadRefusal | None = None
        """Why the paths themselves lead to no stores; those in force stay."""

    @property
    def stores(self) -> tuple[Store, ...]:
        """The stores in force, in the order of their files."""
        return tuple(file.store for file in self.files.values() if file.store is not None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the files of now."""
        refused = [self.refused_paths, *(file.refused for file in self.files.values())]
        return tuple(problem for one in refused if one is not None for problem in one.problems)

    def signatures(self) -> object:
        """A value that changes with any of the files."""
        return self._watch.signatures(self._paths)

    def load(self, *, every: bool = False, refused: bool = False) -> StoreChange:
        """Make a store of each file that changed, or of `every` one, or of those `refused` before too.

        One that cannot be made leaves the one in force where it is. The log tells of refusals, but for those of the
        first time, which are told by whoever cannot begin.
        """
        try:
            paths = find_store_files(self._paths)
        except SettingsError as error:
            self._refuse_paths(error)
            return StoreChange()
        self.refused_paths = None
        before, self.files = self.files, dict(self._load_files(paths, every=every, refused=refused))
        self._begun = True
        return self._change(before)

    def close(self) -> None:
        """Close the stores in force."""
        for store in self.stores:
            store.close()

    def _load_files(self, paths: Sequence[Path], *, every: bool, refused: bool) -> Iterator[tuple[Path, LoadedFile]]:
        looks = [(self.files.get(path, LoadedFile(path)), self._watch.signature(path)) for path in paths]
        same = [not every and self._is_same(file, now, refused=refused) for file, now in looks]
        names = {
            file.store.name: file.store for (file, _), kept in zip(looks, same, strict=True) if kept and file.store
        }
        for (file, now), kept in zip(looks, same, strict=True):
            loaded = file if kept else self._load_file(file, now, names)
            if loaded.store is not None:
                names[loaded.store.name] = loaded.store
            yield loaded.path, loaded

    @staticmethod
    def _is_same(file: LoadedFile, now: Signature, *, refused: bool) -> bool:
        return file.signature == now and not (refused and file.refused)

    def _load_file(self, file: LoadedFile, now: Signature, names: dict[str, Store]) -> LoadedFile:
        try:
            store = self._open(file, now, names)
        except _UnsettledError:
            return replace(file, signature=())
        except SettingsError as error:
            return self._refuse(file, now, error.problems, names)
        except Exception as error:  # noqa: BLE001 — a bug in a plugin must leave the store in force where it is
            _log.exception("store crashed", file=str(file.path))
            cause = f"crashed when it was made: {type(error).__name__}"
            problem = Problem("store", "", cause, "see the log, and report the plugin", file=str(file.path))
            return self._refuse(file, now, (problem,), names)
        loaded = LoadedFile(file.path, now, store, self._clock.now(), file.loaded + 1, file.refusals)
        _log.info("store loaded", store=store.name, file=str(file.path), fingerprint=loaded.fingerprint)
        return loaded

    def _open(self, file: LoadedFile, now: Signature, names: dict[str, Store]) -> Store:
        with ExitStack() as opened:
            store = opened.enter_context(self._opener.open(file.path, file.store))
            self._check_settled(file.path, now)
            refuse_namesake(names, store)
            opened.pop_all()
        return store

    def _check_settled(self, path: Path, now: Signature) -> None:
        if self._watch.signature(path) != now:
            raise _UnsettledError

    def _refuse(
        self, file: LoadedFile, now: Signature, problems: Sequence[Problem], names: dict[str, Store]
    ) -> LoadedFile:
        known = file.refused is not None and file.refused.problems == tuple(problems)
        if not known and self._begun:
            texts = [str(problem) for problem in problems]
            _log.error("store refused", file=str(file.path), problems=texts, stays=file.store is not None)
        store = file.store if file.store is not None and file.store.name not in names else None
        refused = file.refused if known else LoadRefusal(self._clock.now(), tuple(problems))
        return replace(file, signature=now, store=store, refused=refused, refusals=file.refusals + (not known))

    def _refuse_paths(self, error: SettingsError) -> None:
        if self.refused_paths is None or self.refused_paths.problems != error.problems:
            _log.error("stores not found", problems=[str(problem) for problem in error.problems])
            self.refused_paths = LoadRefusal(self._clock.now(), tuple(error.problems))

    def _change(self, before: dict[Path, LoadedFile]) -> StoreChange:
        stood = {id(file.store): file.store for file in before.values() if file.store is not None}
        stand = {id(store): store for store in self.stores}
        gone = tuple(store for key, store in stood.items() if key not in stand)
        fresh = tuple(store for key, store in stand.items() if key not in stood)
        names = {store.name for store in stand.values()}
        for store in gone:
            if store.name not in names:
                _log.info("store gone", store=store.name)
        return StoreChange(fresh, gone, any(not file.signature for file in self.files.values()))
