"""A store's file read as far as it goes: what is sound, and every problem of the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from portes.contract import Origin, Place
from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, RequestError, SettingsError, shown
from portes.redaction import MASK
from portes.settings.consistency import check_parts
from portes.settings.sections import (
    CarrierSection,
    Name,
    OriginSection,
    RuleEntry,
    ServiceSection,
    StoreFile,
    StoreSection,
)
from portes.settings.source import SettingsFile, below
from portes.settings.store_files import FILE_NAME
from portes.settings.toml import read_toml
from portes.settings.validate import fit, sounds_secret, value_words

_PARTS: Final = ("service", "store", "origins", "carriers", "rules", "channels")
_NAME: Final = TypeAdapter(Name)


@dataclass(frozen=True)
class StoreDraft:
    """What could be understood of a store's file; the parts that could not are missing, and `problems` says why."""

    file: Path
    problems: tuple[Problem, ...] = ()
    name: str = ""
    service: ServiceSection | None = None
    store: StoreSection | None = None
    """When some of its keys are wrong, the others, and placeholders that let the other parts be checked."""
    origins: tuple[Origin, ...] = ()
    carriers: Mapping[str, CarrierSection] = field(default_factory=dict)
    rules: Mapping[int, RuleEntry] = field(default_factory=dict)
    """By position in the file, counted from 0."""
    channels: Mapping[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    def finished(self) -> StoreFile:
        """The store's file as a whole. Raises `SettingsError` with every problem."""
        if self.problems or self.store is None or self.service is None:
            raise SettingsError(self.problems)
        return StoreFile(
            name=self.name,
            file=self.file,
            service=self.service,
            store=self.store,
            origins=self.origins,
            carriers=dict(self.carriers),
            rules=tuple(self.rules.values()),
            channels=dict(self.channels),
        )


def load_store(path: Path, environ: Mapping[str, str]) -> StoreFile:
    """Read one store's file. Raises `SettingsError` with every problem the core can see at once.

    The plugins' tables are not looked into; see `plugin_settings`.
    """
    return draft_store(path, environ).finished()


def draft_store(path: Path, environ: Mapping[str, str]) -> StoreDraft:
    """Read one store's file as far as it goes; raises nothing for what is wrong in it."""
    try:
        tables = read_toml(path)
    except SettingsError as error:
        return StoreDraft(path, error.problems)
    return _DraftReader(tables, SettingsFile(path, environ)).draft()


class _DraftReader:
    def __init__(self, tables: dict[str, Any], source: SettingsFile) -> None:
        self._tables = tables
        self._source = source
        self._problems = source.problems

    def draft(self) -> StoreDraft:
        self._refuse_unknown_parts()
        store = self._store()
        carriers = dict(self._carriers())
        origins = self._origins()
        service = fit(ServiceSection, self._tables.get("service", {}), "service", self._source)
        rules, channels = dict(self._rules()), dict(self._channels())
        places, name = tuple(self._places(origins, store)), self._name(store)
        check_parts(self._tables, self._problems)
        problems = self._problems.all()
        return StoreDraft(self._source.file, problems, name, service, store, places, carriers, rules, channels)

    def _store(self) -> StoreSection | None:
        table = self._tables.get("store", {})
        store = fit(StoreSection, table, "store", self._source)
        if store is not None or not isinstance(table, dict):
            return store
        wrong = {problem.where.split(".")[1] for problem in self._problems.all() if problem.where.startswith("store.")}
        sound = {key: value for key, value in table.items() if below("", key) not in wrong}
        placeholders = {"timezone": "UTC", "currency": "XXX", "calendar": sound.get("country")}
        return fit(StoreSection, placeholders | sound, "store", self._source.afresh())

    def _refuse_unknown_parts(self) -> None:
        for part in self._tables.keys() - set(_PARTS):
            fix = f"{did_you_mean(part, _PARTS)} known: {', '.join(_PARTS)}".strip()
            value = MASK if sounds_secret(part) else value_words(self._tables[part])
            self._problems.add(below("", part), value, "is an unknown key", fix)

    def _name(self, store: StoreSection | None) -> str:
        if store is not None and store.name is not None:
            return store.name
        file = self._source.file.resolve()
        name = file.parent.name if file.name == FILE_NAME else file.stem
        try:
            return _NAME.validate_python(name)
        except ValidationError:
            if any(problem.where == "store.name" for problem in self._problems.all()):
                return ""
            cause = f"is missing, and {shown(name)} from the path cannot stand in a URL"
            self._problems.add("store.name", "", cause, "add a name of letters, digits and hyphens")
            return ""

    def _list(self, part: str) -> list[object]:
        found = self._tables.get(part, [])
        if isinstance(found, list):
            return found
        self._problems.add(part, value_words(found), "is not a list of tables", f"write [[{part}]] above each")
        return []

    def _tables_of(self, part: str) -> dict[str, object]:
        found = self._tables.get(part, {})
        if isinstance(found, dict):
            return found
        self._problems.add(part, value_words(found), "is no table", f"write [{part}.NAME] above each")
        return {}

    def _origins(self) -> dict[int, OriginSection]:
        fitted = (
            (index, fit(OriginSection, table, f"origins.{index}", self._source))
            for index, table in enumerate(self._list("origins"))
        )
        return {index: origin for index, origin in fitted if origin is not None}

    def _places(self, origins: Mapping[int, OriginSection], store: StoreSection | None) -> Iterator[Origin]:
        if store is None:
            return
        for index, origin in origins.items():
            try:
                place = Place.parse(origin.postal_code, origin.country or store.country)
            except RequestError as error:
                bad = error.problems[0]
                self._problems.add(f"origins.{index}.postal_code", bad.value, bad.cause, bad.fix)
            else:
                yield _origin(origin, place, store)

    def _carriers(self) -> Iterator[tuple[str, CarrierSection]]:
        for key, table in self._tables_of("carriers").items():
            where = below("carriers", key)
            if self._is_name(key, where):
                with_name = {"name": key, **table} if isinstance(table, dict) else table
                section = fit(CarrierSection, with_name, where, self._source, ("settings", "services"))
                if section is not None:
                    yield key, section

    def _rules(self) -> Iterator[tuple[int, RuleEntry]]:
        for index, table in enumerate(self._list("rules")):
            entry = {**_only(table, "use"), "table": table} if isinstance(table, dict) else table
            rule = fit(RuleEntry, entry, f"rules.{index}", self._source, ("table",))
            if rule is not None:
                yield index, rule

    def _channels(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, table in self._tables_of("channels").items():
            where = below("channels", key)
            if isinstance(table, dict):
                yield key, table
            else:
                self._problems.add(where, value_words(table), "is not a table", f"write [{where}]")

    def _is_name(self, key: str, where: str) -> bool:
        try:
            _NAME.validate_python(key)
        except ValidationError:
            self._problems.add(where, key, "is no name", "write letters, digits, hyphens and underscores")
            return False
        return True


def _only(table: Mapping[str, object], key: str) -> dict[str, object]:
    return {key: table[key]} if key in table else {}


def _origin(origin: OriginSection, place: Place, store: StoreSection) -> Origin:
    return Origin(
        id=origin.id,
        place=place,
        handling_days=origin.handling_days,
        cut_off=origin.cut_off,
        calendar=origin.calendar or store.calendar,
    )
