"""A process's stores and what became of their files: loaded, refused, gone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog

from portes.clock import Clock, SystemClock
from portes.errors import Problem, SettingsError
from portes.settings import find_store_files
from portes.store import Opener, Store, crash_problem, namesake_problem
from portes.web.live_stores import RefusedStores
from portes.web.reload.crashes import CrashLog
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
    name: str = ""
    """The store's name; of one that was never made, as far as its file or its path tells."""
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
    refused: bool = False
    """Whether other stores than before are known and cannot answer."""
    unsettled: bool = False
    """Whether files changed while they were read, so that another look is due."""

    def __bool__(self) -> bool:
        return bool(self.fresh or self.gone or self.refused)


@dataclass(slots=True)
class _FileLook:
    """A look at one file: what was known of it, and what could be made of it now."""

    known: LoadedFile
    signature: Signature
    """Empty for a file that changed while it was read."""
    fresh: Store | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def store(self) -> Store | None:
        return self.fresh or self.known.store

    @property
    def newcomer(self) -> bool:
        """Whether its store has a name that no store of this file had before."""
        return self.fresh is not None and (self.known.store is None or self.known.store.name != self.fresh.name)

    def refuse(self, problem: Problem) -> None:
        """Close the new store: the one of before stays."""
        if self.fresh is not None:
            self.fresh.close()
        self.fresh, self.problems = None, (problem,)


class StoreLoader:
    """The stores behind some paths. `load` belongs to one thread; the others read what it left."""

    def __init__(self, paths: Sequence[Path], opener: Opener, clock: Clock | None = None) -> None:
        self._paths = tuple(paths)
        self._opener = opener
        self._clock = clock or SystemClock()
        self._watch = FileWatcher()
        self._behind: dict[Path, Sequence[Path]] = {}
        self._crashes = CrashLog()
        self.files: dict[Path, LoadedFile] = {}
        """What became of each settings file."""
        self.refused_paths: LoadRefusal | None = None
        """Why some paths lead to no store; those that were found there before stay."""

    @property
    def stores(self) -> tuple[Store, ...]:
        """The stores in force, in the order of their files."""
        return tuple(file.store for file in self.files.values() if file.store is not None)

    @property
    def refused_stores(self) -> RefusedStores:
        """Those that are known and not in force."""
        names = {file.name for file in self.files.values()} - {store.name for store in self.stores}
        return RefusedStores(frozenset(names), self.refused_paths is not None)

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

        One that cannot be made leaves the one in force where it is, and its neighbours alone. The log tells of it.
        """
        before, missing = self.files, self.refused_stores
        looks = [self._look(path, every=every, refused=refused) for path in self._find()]
        _refuse_namesakes(looks)
        self.files = {look.known.path: self._finish(look) for look in looks}
        return self._change(before, missing)

    def close(self) -> None:
        """Close the stores in force."""
        for store in self.stores:
            store.close()

    def _find(self) -> Sequence[Path]:
        """The settings files behind the paths; of a path that leads nowhere now those that were there before."""
        problems: list[Problem] = []
        for path in self._paths:
            try:
                self._behind[path] = find_store_files([path])
            except SettingsError as error:
                problems.extend(error.problems)
        self._note_paths(tuple(problems))
        return list(dict.fromkeys(file for path in self._paths for file in self._behind.get(path, ())))

    def _look(self, path: Path, *, every: bool, refused: bool) -> _FileLook:
        known, now = self.files.get(path, LoadedFile(path)), self._watch.signature(path)
        if known.signature == now and not every and not (refused and known.refused):
            return _FileLook(known, now)
        try:
            fresh = self._opener.open(path, known.store)
        except SettingsError as error:
            self._crashes.over(str(path))
            return _FileLook(known, now, problems=tuple(error.problems))
        except Exception as error:  # noqa: BLE001 — a bug in a plugin must leave the store in force where it is
            self._crashes.tell("store crashed", error, str(path))
            return _FileLook(known, now, problems=(crash_problem(path, error),))
        self._crashes.over(str(path))
        if self._watch.signature(path) != now:  # half of a change may have been read
            fresh.close()
            return _FileLook(known, ())
        return _FileLook(known, now, fresh)

    def _finish(self, look: _FileLook) -> LoadedFile:
        known = look.known
        if look.problems:
            return self._refused(look)
        if look.fresh is None:
            return replace(known, signature=look.signature, name=known.name or self._opener.name(known.path))
        name, now = look.fresh.name, self._clock.now()
        loaded = LoadedFile(known.path, name, look.signature, look.fresh, now, known.loaded + 1, known.refusals)
        _log.info("store loaded", store=name, file=str(known.path), fingerprint=loaded.fingerprint)
        return loaded

    def _refused(self, look: _FileLook) -> LoadedFile:
        known = look.known
        name = known.store.name if known.store is not None else self._opener.name(known.path)
        told = known.refused is not None and known.refused.problems == look.problems
        refusal = known.refused if told else LoadRefusal(self._clock.now(), look.problems)
        if not told:
            texts, stays = [str(problem) for problem in look.problems], known.store is not None
            _log.error("store refused", store=name, file=str(known.path), problems=texts, stays=stays)
        refusals = known.refusals + (not told)
        return replace(known, name=name, signature=look.signature, refused=refusal, refusals=refusals)

    def _note_paths(self, problems: tuple[Problem, ...]) -> None:
        if not problems:
            self.refused_paths = None
        elif self.refused_paths is None or self.refused_paths.problems != problems:
            _log.error("stores not found", problems=[str(problem) for problem in problems])
            self.refused_paths = LoadRefusal(self._clock.now(), problems)

    def _change(self, before: dict[Path, LoadedFile], missing: RefusedStores) -> StoreChange:
        stood = {id(file.store): file.store for file in before.values() if file.store is not None}
        stand = {id(store): store for store in self.stores}
        gone = tuple(store for key, store in stood.items() if key not in stand)
        fresh = tuple(store for key, store in stand.items() if key not in stood)
        names = {store.name for store in stand.values()}
        for store in gone:
            if store.name not in names:
                _log.info("store gone", store=store.name)
        unsettled = any(not file.signature for file in self.files.values())
        return StoreChange(fresh, gone, self.refused_stores != missing, unsettled)


def _refuse_namesakes(looks: Sequence[_FileLook]) -> None:
    """Leave each name to the store that had it; of several newcomers nobody can tell which is meant, so none gets it.

    Whoever is refused goes on with the store and the name of before, which another newcomer may want: hence the rounds.
    """
    while clash := _find_clash(looks):
        name, own = clash
        for look in [look for look in own if look.newcomer]:
            other = next(one for one in own if one is not look)
            look.refuse(namesake_problem(name, look.known.path, other.known.path))


def _find_clash(looks: Sequence[_FileLook]) -> tuple[str, list[_FileLook]] | None:
    by_name: defaultdict[str, list[_FileLook]] = defaultdict(list)
    for look in looks:
        if look.store is not None:
            by_name[look.store.name].append(look)
    return next(((name, own) for name, own in by_name.items() if len(own) > 1), None)
