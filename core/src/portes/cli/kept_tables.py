"""The tables that a store keeps, as commands need them: where they are, who uses them, which one is meant."""

import getpass
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from portes.clock import SystemClock
from portes.errors import Problem, SettingsError, shown
from portes.settings import StoreDraft, draft_store, find_store_files
from portes.tables.versions import TableVersion, TableVersions
from portes.tables.versions.kept import NAME

if TYPE_CHECKING:
    from portes.tables import RateTable, ReadOptions

_NUMBERED: Final = re.compile(r"(.+)@([0-9]{1,9})")


@dataclass(frozen=True)
class TableUse:
    """A carrier that names a stored table."""

    store: str
    carrier: str
    table: str

    def __str__(self) -> str:
        """The store and the carrier's key: `shop: southern`."""
        return f"{self.store}: {self.carrier}"


@dataclass(frozen=True)
class KeptTables:
    """The state folder of a store, or of several that share it."""

    state: Path
    drafts: Sequence[StoreDraft]

    @cached_property
    def versions(self) -> TableVersions:
        """The versions in the folder."""
        return TableVersions(self.state)

    @property
    def country_and_currency(self) -> tuple[str, str]:
        """Those of the store. Raises `SettingsError` where stores of several share the folder."""
        found = {(one.store.country, one.store.currency) for one in self.drafts if one.store is not None}
        if len(found) != 1:
            fix = "name the file of one store with --store, and mend what portes check tells of it"
            files = ", ".join(str(one.file) for one in self.drafts)
            raise SettingsError(Problem("store", files, "does not say one country and one currency", fix))
        return found.pop()

    def today(self) -> date:
        """The day that it is for the store; the earlier one where several stores are not on the same."""
        now = SystemClock().now()
        zones = [ZoneInfo(one.store.timezone) for one in self.drafts if one.store is not None]
        return min((now.astimezone(zone).date() for zone in zones), default=now.date())

    @property
    def uses(self) -> list[TableUse]:
        """Every carrier that names a stored table."""
        return [
            TableUse(draft.name, key, name)
            for draft in self.drafts
            for key, section in draft.carriers.items()
            for name in sorted(set(_stored([section.settings, *section.services])))
        ]

    def version(self, words: str) -> TableVersion:
        """The version that somebody means by `contract@3`, or by `contract` the one in force."""
        numbered = _NUMBERED.fullmatch(words)
        if numbered:
            return self.versions.version(numbered[1], int(numbered[2]))
        active = self.versions.active(words)
        if active is None:
            known = self.versions.versions(words)
            fix = f"name one: {', '.join(map(str, known))}" if known else "see portes tables list"
            cause = "has no version in force" if known else "is no table that is kept"
            raise SettingsError(Problem("table", shown(words), cause, fix))
        return active

    def opened(self, version: TableVersion) -> "RateTable":
        """The table of a version."""
        from portes.tables.opening import open_source

        return open_source(self.versions.table_source(version), self.state)

    def options(self, declared: Mapping[str, Any]) -> "ReadOptions":
        """What is declared about a file, in the store's country and currency."""
        from portes.cli.commands.tables.declared import read_options

        country, currency = self.country_and_currency
        return read_options(**declared, country=country, currency=currency)


def means_version(words: str) -> bool:
    """Whether words are a version, or a stored table by its name, rather than a file.

    A file that is there is meant, and so is what looks like one that is not: the name of a table with a dot in it
    needs its number.
    """
    if Path(words).exists():
        return False
    numbered = _NUMBERED.fullmatch(words)
    return NAME.fullmatch(numbered[1] if numbered else words) is not None and (bool(numbered) or "." not in words)


@contextmanager
def kept_tables(path: Path) -> Iterator[KeptTables]:
    """The tables that the stores under a path keep. The stores need not be fit to start.

    Raises `SettingsError` where they keep none, or not in one folder.
    """
    drafts = [draft_store(file, os.environ) for file in find_store_files([path])]
    unread = [problem for draft in drafts if draft.service is None for problem in draft.problems]
    if unread:
        raise SettingsError(unread)
    folders = {folder: None for draft in drafts if (folder := _state(draft)) is not None}
    if not folders:
        fix = 'add state = "state" to [service]: versions of tables are kept there'
        raise SettingsError(Problem("service.state", "", "is not set", fix, file=draft.file) for draft in drafts)
    if len(folders) > 1:
        cause, fix = "holds stores with several state folders", "name one of them with --store"
        raise SettingsError(Problem("store", path, cause, fix))
    (state,) = folders
    kept = KeptTables(state, drafts)
    try:
        yield kept
    finally:
        kept.versions.close()


def login_name() -> str:
    """Who runs this, as the system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as containers have them
        return f"user {os.getuid()}"


def _state(draft: StoreDraft) -> Path | None:
    if draft.service is None or draft.service.state is None:
        return None
    return draft.file.resolve().parent / draft.service.state


def _stored(tree: object) -> Iterator[str]:
    """Every name that a key `stored` has in some settings."""
    if isinstance(tree, dict):
        if isinstance(tree.get("stored"), str):
            yield tree["stored"]
        yield from _stored(list(tree.values()))
    elif isinstance(tree, list | tuple):
        for part in tree:
            yield from _stored(part)
