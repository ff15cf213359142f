"""The only place where all meet: a store's file becomes a store ready to be asked; it decides nothing itself."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from portes.channels.protocol import Channel
from portes.contract import Quote, QuoteRequest
from portes.engine.policy import Member
from portes.engine.quoter import Quoter
from portes.errors import Problem, SettingsError, shown
from portes.parts import Around, Parts, Surroundings, installed_watchers
from portes.settings import StoreFile, draft_store, find_store_files
from portes.toolbox import Tools


@dataclass(frozen=True)
class Store:
    """A store ready to be asked. Use it as a context manager, or `close` it."""

    settings: StoreFile
    quoter: Quoter
    channels: Mapping[str, Channel]
    """By their name in the settings."""
    tools: Mapping[str, Tools]
    """Each active carrier's toolbox, by its key."""

    @property
    def name(self) -> str:
        """As it stands in URLs and logs."""
        return self.settings.name

    @property
    def standbys(self) -> tuple[Member, ...]:
        """The active carriers that only stand in."""
        return tuple(self.quoter.policy.standbys.values())

    @property
    def members(self) -> tuple[Member, ...]:
        """The active carriers that are asked, in the order of the settings."""
        return self.quoter.policy.members

    def quote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question; see `Quoter.quote`."""
        return self.quoter.quote(request, within=within)

    async def aquote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question in an event loop; see `Quoter.aquote`."""
        return await self.quoter.aquote(request, within=within)

    def close(self) -> None:
        """Take no more questions and close what the carriers opened."""
        self.quoter.close()
        for tools in self.tools.values():
            tools.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: str | Path, **around: Unpack[Around]) -> Store:
    """Make the store that a settings file describes, or a folder that holds `portes.toml`.

    Raises `SettingsError` with every problem of the file, its tables and its plugins at once.
    """
    files = find_store_files([Path(path)])
    if len(files) != 1:
        fix = "name one settings file, or a folder with a portes.toml"
        raise SettingsError(Problem("store", shown(str(path)), f"holds {len(files)} stores", fix))
    return _open(files[0], Surroundings(around))


def open_stores(paths: Iterable[str | Path], **around: Unpack[Around]) -> dict[str, Store]:
    """Make all stores of some files and folders, by name.

    Raises `SettingsError` with every problem of every store; then none is left open.
    """
    surroundings = Surroundings(around)
    problems: list[Problem] = []
    stores: dict[str, Store] = {}
    with ExitStack() as opened:
        for file in find_store_files([Path(path) for path in paths]):
            try:
                store = opened.enter_context(_open(file, surroundings))
                _refuse_namesake(stores, store)
            except SettingsError as error:
                problems += error.problems
            else:
                stores[store.name] = store
        if problems:
            raise SettingsError(problems)
        opened.pop_all()
    return stores


def check_store(path: str | Path, **around: Unpack[Around]) -> list[Problem]:
    """Every problem that would keep a store from starting; none means that it starts."""
    try:
        open_store(path, **around).close()
    except SettingsError as error:
        return list(error.problems)
    return []


def _refuse_namesake(stores: Mapping[str, Store], store: Store) -> None:
    if store.name in stores:
        cause = f"is the name of the store in {stores[store.name].settings.file} too"
        file = str(store.settings.file)
        raise SettingsError(Problem("store.name", store.name, cause, "give each store a name of its own", file=file))


def _open(file: Path, around: Surroundings) -> Store:
    draft = draft_store(file, around.environ)
    if draft.store is None:
        raise SettingsError(draft.problems)
    made = Parts(draft, draft.store, around).made()
    quoter = Quoter(made.policy, clock=around.clock, watchers=around.watchers)
    return Store(draft.finished(), quoter, made.channels, made.tools)


__all__ = ["Around", "Store", "check_store", "installed_watchers", "open_store", "open_stores"]
