"""What every part of one store is made with: its file, its plugins, the versions noted; it makes no part."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from portes.errors import Problem, SettingsError
from portes.redaction import LOGGED, is_short, secrets_in
from portes.registry import Door, Plugin
from portes.settings import StoreDraft, StoreSection, plugin_settings
from portes.store.runtime import Runtime
from portes.toolbox import StoreFacts

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


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
        )

    def find(self, door: Door[T], name: str, where: str) -> Plugin[T]:
        """The plugin that the file names at a key path. Raises `SettingsError`."""
        return self.runtime.registry.find(door, name, where=where, file=str(self.file))

    def settings(self, model: type[Model], table: Mapping[str, Any], where: str) -> Model:
        """A plugin's settings, their secrets masked in logs from now on. Raises `SettingsError`."""
        made = plugin_settings(model, table, where, self.file, self.runtime.environ, follow_links=self.follow_links)
        self.note_secrets(made, where)
        return made

    def note_secrets(self, made: BaseModel, where: str) -> None:
        """Mask the secrets of some settings in logs from now on, and advise against short ones."""
        LOGGED.learn(made)
        cause = "is a secret of fewer than 8 characters, so it is masked only where it is a word or a value of its own"
        for secret in secrets_in(made):
            if is_short(secret.text):
                fix = "ask for a longer one, if its giver has any"
                self.advice.append(Problem(f"{where}.{secret.key}", "", cause, fix, file=self.file))

    def refusal(self, where: str, value: str, cause: str, fix: str) -> SettingsError:
        """The error to raise for one problem of the file."""
        return SettingsError(Problem(where, value, cause, fix, file=self.file))

    def placed(self, error: SettingsError, where: str) -> SettingsError:
        """A plugin's error with its problems at a key path of the file."""
        return SettingsError(problem.below(where, self.file) for problem in error.problems)
