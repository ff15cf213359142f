"""Opens stores: a settings file, or several, becomes stores ready to be asked; it makes no carrier."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Unpack

import structlog

from portes.catalogue.live import LiveCatalogue
from portes.engine.policy import Policy
from portes.engine.quoter import Quoter
from portes.errors import Problem, Problems, SettingsError
from portes.settings import StoreFile, draft_store, find_store_files, name_from_path
from portes.store.build import StoreBuilder
from portes.store.runtime import Overrides, Runtime
from portes.store.store import Store

if TYPE_CHECKING:
    from portes.catalogue.missing import MissingSkus
    from portes.engine.cache_file import CacheFile
    from portes.receipts.recorder import ReceiptRecorder

_log = structlog.get_logger(__name__)


class Opener:
    """Opens a process's stores, and later their successors: they share plugins, watchers, clock and token caches."""

    def __init__(self, **overrides: Unpack[Overrides]) -> None:
        self._runtime = Runtime(overrides)

    def open(self, file: Path, before: Store | None = None) -> Store:
        """Make the store of a settings file. Raises `SettingsError` with every problem of it.

        `before` is the store whose place it takes: its memory is kept, and the circuits of carriers that did not
        change. It is not closed; it may still answer what it was asked.
        """
        return _open(file, self._runtime, before)

    def name(self, file: Path) -> str:
        """The name of a settings file's store, whatever else is wrong in it; the path's where it cannot be read."""
        try:
            return draft_store(file, self._runtime.environ).name or name_from_path(file)
        except Exception:  # noqa: BLE001 — what crashes here is told where the store is made
            return name_from_path(file)


def open_store(path: str | Path, **overrides: Unpack[Overrides]) -> Store:
    """Make the store that a settings file describes, or a folder that holds `portes.toml`.

    Raises `SettingsError` with every problem of the file, its tables and its plugins at once.
    """
    files = find_store_files([Path(path)])
    if len(files) != 1:
        fix = "name one settings file, or a folder with a portes.toml"
        raise SettingsError(Problem("store", str(path), f"holds {len(files)} stores", fix))
    return _open(files[0], Runtime(overrides))


def open_stores(paths: Iterable[str | Path], **overrides: Unpack[Overrides]) -> dict[str, Store]:
    """Make all stores of some files and folders, by name.

    Raises `SettingsError` with every problem of every store; then none is left open.
    """
    runtime = Runtime(overrides)
    problems = Problems(most=None)
    stores: dict[str, Store] = {}
    with ExitStack() as opened:
        for file in find_store_files([Path(path) for path in paths]):
            store = problems.attempt(partial(_open_or_refuse, file, runtime))
            if store is not None:
                opened.enter_context(store)
                namesake = stores.setdefault(store.name, store)
                if namesake is not store:
                    problems.include([namesake_problem(store.name, file, namesake.settings.file)])
        problems.check()
        opened.pop_all()
    return stores


def check_store(path: str | Path, **overrides: Unpack[Overrides]) -> list[Problem]:
    """Every problem that would keep a store from starting; none means that it starts. Nothing is written."""
    overrides["keeps_state"] = False
    try:
        open_store(path, **overrides).close()
    except SettingsError as error:
        return list(error.problems)
    return []


def crash_problem(file: Path, error: Exception) -> Problem:
    """The problem that making a store crashed, and where; the message may hold anything, so the log alone has it."""
    cause = f"crashed when it was made: {crash_place(error)}"
    return Problem("store", "", cause, "see the log, and report the plugin", file=file)


def crash_place(error: Exception) -> str:
    """The kind of a crash and the line of code it came from, the same for every time that it happens."""
    frames = extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def namesake_problem(name: str, file: Path, other: Path) -> Problem:
    """The problem that two files give their stores one name, as it is told of the first file."""
    cause = f"is the name of the store in {other} too"
    return Problem("store.name", name, cause, "give each store a name of its own", file=file)


def _open_or_refuse(file: Path, runtime: Runtime) -> Store:
    """Make a store; a crash is a problem like any other here, so that the other stores' are told too."""
    try:
        return _open(file, runtime)
    except SettingsError:
        raise
    except Exception as error:
        _log.exception("store crashed", file=str(file))
        raise SettingsError(crash_problem(file, error)) from error


def _open(file: Path, runtime: Runtime, before: Store | None = None) -> Store:
    draft = draft_store(file, runtime.environ)
    if draft.store is None:
        raise SettingsError(draft.problems)
    try:
        made = StoreBuilder(draft, draft.store, runtime).built()
    except SettingsError as error:
        raise SettingsError(draft.scrubbed(error.problems)) from None
    settings = draft.finished()
    receipts = _receipts(settings, made.versions, runtime)
    earlier = None if before is None else before.quoter
    record = None if receipts is None else receipts.buffer.add
    if isinstance(made.policy.catalogue, LiveCatalogue) and runtime.keeps_state:
        made.policy.catalogue.start()
    missing = _missing(settings, made.policy, runtime)
    quoter = Quoter(
        made.policy,
        clock=runtime.clock,
        watchers=runtime.watchers,
        record=record,
        before=earlier,
        missed=None if missing is None else missing.note,
    )
    memory = _memory(settings, quoter, runtime, before)
    return Store(
        settings,
        quoter,
        made.channels,
        made.tools,
        made.versions,
        memory,
        receipts,
        rules=tuple(made.rules),
        advice=tuple(made.advice),
        missing=missing,
    )


def _missing(settings: StoreFile, policy: Policy, runtime: Runtime) -> "MissingSkus | None":
    if settings.state is None or policy.catalogue is None or not runtime.keeps_state:
        return None
    from portes.catalogue.missing import MissingSkus  # a store without a catalogue does without a database

    missing = MissingSkus(settings.name, settings.state, runtime.clock)
    missing.start()
    return missing


def _memory(settings: StoreFile, quoter: Quoter, runtime: Runtime, before: Store | None) -> "CacheFile | None":
    if settings.state is None or not (settings.service.keep_cache and runtime.keeps_state):
        return None
    from portes.engine.cache_file import CACHE_FILE, CacheFile, cache_scope  # a store without does without a database

    memory = CacheFile(settings.state / CACHE_FILE, quoter.cache, cache_scope(quoter.policy), runtime.clock)
    if before is None or before.memory is None:
        memory.load()
    memory.start()
    return memory


def _receipts(settings: StoreFile, versions: Mapping[str, str], runtime: Runtime) -> "ReceiptRecorder | None":
    wanted = settings.service.receipts
    if settings.state is None or not (wanted.keep and runtime.keeps_state):
        return None
    from portes.receipts.database import FILE_NAME
    from portes.receipts.recorder import (  # a store without receipts does without a database library
        ReceiptRecorder,
        RecorderTerms,
    )

    terms = RecorderTerms(settings.state / FILE_NAME, settings.name, versions, wanted)
    return ReceiptRecorder(terms, runtime.receipts, runtime.clock, runtime.watchers)
