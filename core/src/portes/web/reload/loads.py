"""A process's stores and what became of their files: loaded, refused, gone; it knows no thread and no call."""

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
from portes.web.reload.file_watch import FileWatch, Signature

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """Files that make no store."""

    at: datetime
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What became of one store's file."""

    file: Path
    signature: Signature = ()
    """Of the files when they were last looked at."""
    store: Store | None = None
    """The one in force; None when none could ever be made."""
    since: datetime | None = None
    """When it was made."""
    loaded: int = 0
    """How often one was made, and `refusals` how often not."""
    refusals: int = 0
    refused: Refused | None = None
    """Why the files of now are not in force; None when they are."""

    @property
    def fingerprint(self) -> str:
        """Changes with whatever may change a price; empty without a store."""
        if self.store is None:
            return ""
        told = "\n".join(f"{part}={version}" for part, version in sorted(self.store.versions.items()))
        return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class StoreChange:
    """What a look at the files changed."""

    fresh: tuple[Store, ...] = ()
    """Made just now."""
    gone: tuple[Store, ...] = ()
    """Stood before; not closed yet."""
    unsettled: bool = False
    """Whether files changed while they were read, so that another look is due."""

    def __bool__(self) -> bool:
        return bool(self.fresh or self.gone)


class _UnsettledError(Exception):
    """Files changed while a store was made of them."""


class Loads:
    """The stores behind some paths. `take` belongs to one thread; the others read what it left."""

    def __init__(self, paths: Sequence[Path], opener: Opener, clock: Clock | None = None) -> None:
        self._paths = tuple(paths)
        self._opener = opener
        self._clock = clock or SystemClock()
        self._watch = FileWatch()
        self._begun = False
        self.loads: dict[Path, Load] = {}
        """By settings file."""
        self.lost: Refused | None = None
        """Why the paths themselves lead to no stores; those in force stay."""

    @property
    def stores(self) -> tuple[Store, ...]:
        """Those in force."""
        return tuple(load.store for load in self.loads.values() if load.store is not None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the files of now."""
        refused = [self.lost, *(load.refused for load in self.loads.values())]
        return tuple(problem for one in refused if one is not None for problem in one.problems)

    def signatures(self) -> object:
        """What changes with any of the files."""
        return self._watch.signatures(self._paths)

    def take(self, *, every: bool = False, refused: bool = False) -> StoreChange:
        """Make a store of each file that changed, or of `every` one, or of those `refused` before too.

        One that cannot be made leaves the one in force where it is. The log tells of refusals, but for those of the
        first time, which are told by whoever cannot begin.
        """
        try:
            files = find_store_files(self._paths)
        except SettingsError as error:
            self._lose(error)
            return StoreChange()
        self.lost = None
        before, self.loads = self.loads, dict(self._looked(files, every=every, refused=refused))
        self._begun = True
        return self._change(before)

    def close(self) -> None:
        """Close the stores in force."""
        for store in self.stores:
            store.close()

    def _looked(self, files: Sequence[Path], *, every: bool, refused: bool) -> Iterator[tuple[Path, Load]]:
        looks = [(self.loads.get(file, Load(file)), self._watch.signature(file)) for file in files]
        same = [not every and self._is_same(load, now, refused=refused) for load, now in looks]
        names = {
            load.store.name: load.store for (load, _), kept in zip(looks, same, strict=True) if kept and load.store
        }
        for (load, now), kept in zip(looks, same, strict=True):
            taken = load if kept else self._taken(load, now, names)
            if taken.store is not None:
                names[taken.store.name] = taken.store
            yield taken.file, taken

    @staticmethod
    def _is_same(load: Load, now: Signature, *, refused: bool) -> bool:
        return load.signature == now and not (refused and load.refused)

    def _taken(self, load: Load, now: Signature, names: dict[str, Store]) -> Load:
        try:
            store = self._made(load, now, names)
        except _UnsettledError:
            return replace(load, signature=())
        except SettingsError as error:
            return self._refuse(load, now, error.problems, names)
        except Exception as error:  # noqa: BLE001 — a bug in a plugin must leave the store in force where it is
            _log.exception("store crashed", file=str(load.file))
            cause = f"crashed when it was made: {type(error).__name__}"
            problem = Problem("store", "", cause, "see the log, and report the plugin", file=str(load.file))
            return self._refuse(load, now, (problem,), names)
        loaded = Load(load.file, now, store, self._clock.now(), load.loaded + 1, load.refusals)
        _log.info("store loaded", store=store.name, file=str(load.file), fingerprint=loaded.fingerprint)
        return loaded

    def _made(self, load: Load, now: Signature, names: dict[str, Store]) -> Store:
        with ExitStack() as opened:
            store = opened.enter_context(self._opener.open(load.file, load.store))
            self._check_settled(load.file, now)
            refuse_namesake(names, store)
            opened.pop_all()
        return store

    def _check_settled(self, file: Path, now: Signature) -> None:
        if self._watch.signature(file) != now:
            raise _UnsettledError

    def _refuse(self, load: Load, now: Signature, problems: Sequence[Problem], names: dict[str, Store]) -> Load:
        known = load.refused is not None and load.refused.problems == tuple(problems)
        if not known and self._begun:
            told = [str(problem) for problem in problems]
            _log.error("store refused", file=str(load.file), problems=told, stays=load.store is not None)
        store = load.store if load.store is not None and load.store.name not in names else None
        refused = load.refused if known else Refused(self._clock.now(), tuple(problems))
        return replace(load, signature=now, store=store, refused=refused, refusals=load.refusals + (not known))

    def _lose(self, error: SettingsError) -> None:
        if self.lost is None or self.lost.problems != error.problems:
            _log.error("stores not found", problems=[str(problem) for problem in error.problems])
            self.lost = Refused(self._clock.now(), tuple(error.problems))

    def _change(self, before: dict[Path, Load]) -> StoreChange:
        stood = {id(load.store): load.store for load in before.values() if load.store is not None}
        stand = {id(store): store for store in self.stores}
        gone = tuple(store for key, store in stood.items() if key not in stand)
        fresh = tuple(store for key, store in stand.items() if key not in stood)
        names = {store.name for store in stand.values()}
        for store in gone:
            if store.name not in names:
                _log.info("store gone", store=store.name)
        return StoreChange(fresh, gone, any(not load.signature for load in self.loads.values()))
