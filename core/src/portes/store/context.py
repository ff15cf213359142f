"""What every part of one store is made with: its file, its plugins, the versions noted; it makes no part."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from traceback import format_exception
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import structlog
from pydantic import BaseModel

from portes.engine.fence import Fence
from portes.errors import PortesError, Problem, SettingsError, crash_words, cut, escaped, pass_interrupt
from portes.packing.protocol import Packer
from portes.redaction import LOGGED, MaskedError, is_short, secrets_in
from portes.registry import PACKERS, Door, Plugin
from portes.settings import CrashedModelError, StoreDraft, StoreSection, plugin_settings
from portes.store.plugin_checks import lacks_of_plugin
from portes.store.runtime import Runtime
from portes.toolbox import StoreFacts

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)

_log = structlog.get_logger(__name__)

_MOST_SAID: Final = 300
"""Characters of a crash that its problem tells; the log has all of it."""


@dataclass(frozen=True)
class BuildContext:
    """One store in the making: what its file says, and what its process shares."""

    draft: StoreDraft
    section: StoreSection
    runtime: Runtime
    versions: dict[str, str] = field(default_factory=dict)
    """What may change a price, noted part by part as the parts are made."""
    advice: list[Problem] = field(default_factory=list)
    """What keeps no store from starting and should be looked at all the same."""
    _packers: dict[str, Packer] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The store's settings file."""
        return self.draft.file

    @property
    def folder(self) -> Path:
        """Where the store's relative paths start, absolute."""
        return self.file.resolve().parent

    @property
    def state(self) -> Path | None:
        """The state folder, when one is set and may be written to."""
        service = self.draft.service
        if service is None or service.state is None or not self.runtime.keeps_state:
            return None
        return self.folder / service.state

    @property
    def follow_links(self) -> bool:
        """Whether links may lead out of the store's folder."""
        return self.draft.service is not None and self.draft.service.follow_links

    def facts(self) -> StoreFacts:
        """What a carrier may know of the store."""
        service = self.draft.service
        return StoreFacts(
            name=self.draft.name,
            country=self.section.country,
            currency=self.section.currency,
            timezone=ZoneInfo(self.section.timezone),
            calendar=self.section.calendar,
            folder=self.folder,
            state=self.state,
            origins=() if self.draft.numbers is None else self.draft.origins,
            links_within=None if self.follow_links else self.folder,
            stored=self.folder / service.state if service and service.state is not None else None,
        )

    def find(self, door: Door[T], name: str, where: str) -> Plugin[T]:
        """The plugin that the file names at a key path, whole as its door asks. Raises `SettingsError`."""
        plugin = self.runtime.registry.find(door, name, where=where, file=str(self.file))
        with self.blaming(plugin, where):
            self.refuse_incomplete(plugin, where, lacks_of_plugin(door, plugin.value))
        return plugin

    def packer(self, name: str, where: str) -> Packer:
        """The packer of a name, fenced; one for all carriers that pack with it. Raises `SettingsError`."""
        if name not in self._packers:
            plugin = self.find(PACKERS, name, where)
            self._packers[name] = self.fence(plugin, "packer").packer(plugin.value)
        return self._packers[name]

    def fence(self, plugin: Plugin[Any], part: str) -> Fence:
        """What stands between the engine and a plugin that it calls for each question; `part` names its place."""
        return Fence(part, plugin.name, plugin.brought_by, plugin.package, self.section.currency)

    @contextmanager
    def blaming(self, plugin: Plugin[Any], where: str) -> Iterator[None]:
        """A block that a plugin's own code runs in: what it raises becomes a problem that names its distribution.

        A crash is logged with its whole traceback, masked; a `SettingsError` of its own passes.
        """
        try:
            yield
        except PortesError:
            raise
        except BaseException as error:  # noqa: BLE001 — a stranger's code may fail in any way; the operator is told whose
            pass_interrupt(error)
            raise self._crash(plugin, where, error) from None

    def _crash(self, plugin: Plugin[Any], where: str, error: BaseException) -> SettingsError:
        hide: Callable[[str], str] = str
        cause = error.__cause__
        if isinstance(error, CrashedModelError) and cause is not None:
            hide, error = error.mask, cause

        def mask(text: str) -> str:
            return LOGGED.text(hide(text))

        trace = MaskedError(mask("".join(format_exception(error))))
        _log.error("plugin crashed", where=where, plugin=plugin.name, distribution=plugin.brought_by, exc_info=trace)
        said = escaped(mask(crash_words(error, plugin.package)))
        told = f"the plugin crashed when it was made: {cut(said, _MOST_SAID)}"
        fix = f"upgrade or report {plugin.distribution}; the log tells all of it"
        return self.refusal(where, plugin.name, told, fix)

    def refuse_incomplete(self, plugin: Plugin[Any], where: str, lacking: str) -> None:
        """Raise `SettingsError` for a plugin that lacks something, in words; nothing where the words are empty."""
        if lacking:
            cause = f"comes from {plugin.brought_by}, which is incomplete: {lacking}"
            raise self.refusal(where, plugin.name, cause, f"repair or upgrade {plugin.distribution}")

    def settings(self, model: type[Model], table: Mapping[str, Any], where: str) -> Model:
        """A plugin's settings, their secrets masked in logs from now on. Raises `SettingsError`."""
        made = plugin_settings(model, table, where, self.file, self.runtime.environ, follow_links=self.follow_links)
        self.note_secrets(made, where)
        return made

    def note_secrets(self, made: BaseModel, where: str) -> None:
        """Mask the secrets of some settings in logs from now on, and advise against short ones."""
        LOGGED.learn(made)
        cause = "is a secret of fewer than 8 characters: it can be tried, and every word like it is masked, too"
        for secret in secrets_in(made):
            if is_short(secret.text):
                fix = "ask for a longer one, if its giver has any"
                self.advice.append(Problem(f"{where}.{secret.key}", "", cause, fix, file=self.file))

    def refusal(self, where: str, value: str, cause: str, fix: str) -> SettingsError:
        """The error to raise for one problem of the file."""
        return SettingsError(Problem(where, value, cause, fix, file=self.file))

    @contextmanager
    def placing(self, where: str) -> Iterator[None]:
        """A block whose `SettingsError`s speak of a table at a key path of the file."""
        try:
            yield
        except SettingsError as error:
            raise SettingsError(problem.below(where, self.file) for problem in error.problems) from None
