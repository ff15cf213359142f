"""A store's file read as far as it goes: what is sound, and every problem of the rest."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from portes.calendars import calendar_fault
from portes.contract import Origin, Place
from portes.contract.bounds import LARGEST_ID
from portes.contract.money import meant_currency
from portes.contract.suggestions import did_you_mean
from portes.errors import Problem, SettingsError, shown
from portes.packing.protocol import Carton
from portes.redaction import MASK
from portes.settings.box_section import BoxSection, CartonDraft, read_carton
from portes.settings.consistency import check_parts, is_fallback
from portes.settings.origin_section import OriginSection
from portes.settings.origins import OriginDraft, OriginReader
from portes.settings.sections import (
    CarrierSection,
    Name,
    RuleEntry,
    ServiceSection,
    StoreFile,
    StoreSection,
)
from portes.settings.source import SettingsFile, below
from portes.settings.store_files import name_from_path
from portes.settings.taken_texts import TakenTexts
from portes.settings.toml import read_toml
from portes.settings.validate import fit, sounds_secret, value_words

NO_CURRENCY: Final = "XXX"
"""ISO 4217 for no currency at all: what stands in for one that cannot be read."""

_PARTS: Final = ("service", "store", "catalogue", "origins", "boxes", "carriers", "rules", "channels")
_OF_NUMBERS: Final = re.compile(r"origins\.\d+(\.id)?|[^.]+")
"""Where a problem stands that hides origins: at one of them, at its number, or at a whole part, whose name is wrong."""
_NAME: Final = TypeAdapter(Name)
Scrub = Callable[[Iterable[Problem]], tuple[Problem, ...]]


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
    """One of which something is wrong stands here with its number, so that who names it is not called wrong too."""
    origin_drafts: tuple[OriginDraft, ...] = ()
    """The same with their keys and working weeks, without those of which something is wrong."""
    cartons: tuple[Carton, ...] = ()
    """Those of which nothing is wrong."""
    boxes: tuple[BoxSection, ...] = ()
    """Their keys."""
    carriers: Mapping[str, CarrierSection] = field(default_factory=dict)
    carrier_names: tuple[str, ...] = ()
    """The NAMEs of all carriers, those of which something is wrong too."""
    rules: Mapping[int, RuleEntry] = field(default_factory=dict)
    """By position in the file, counted from 0."""
    channels: Mapping[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    catalogue: Mapping[str, Any] | None = field(default=None, repr=False)
    """The table as it stands in the file; None where there is none."""
    scrubbed: Scrub = tuple
    """Keeps what the file takes from the environment and from files out of problems of it."""

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """The origins' numbers; None when one of them cannot be read, so that nobody is told of a number it lacks."""
        unread = any(_OF_NUMBERS.fullmatch(problem.where) for problem in self.problems)
        return None if unread else tuple(origin.id for origin in self.origins)

    def follows(self, problem: Problem) -> bool:
        """Whether a problem only follows from those of this file: it is told already, or speaks of a stand-in."""
        told = {known.where for known in self.problems}
        if problem.file in {"", str(self.file)} and problem.where in told:
            return True
        stands_in = "store.currency" in told and self.store is not None and self.store.currency == NO_CURRENCY
        return stands_in and NO_CURRENCY in f"{problem.value} {problem.cause} {problem.fix}"

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
            cartons=self.cartons,
            carriers=dict(self.carriers),
            rules=tuple(self.rules.values()),
            channels=dict(self.channels),
            catalogue_table=None if self.catalogue is None else dict(self.catalogue),
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
    service = tables.get("service")
    follow_links = isinstance(service, dict) and service.get("follow_links") is True  # secrets are read on the way
    source = SettingsFile(path, environ, follow_links=follow_links)
    draft, taken = _DraftReader(tables, source).draft(), TakenTexts(tables, source)
    return replace(draft, problems=taken.scrubbed(draft.problems), scrubbed=taken.scrubbed)


class _DraftReader:
    def __init__(self, tables: dict[str, Any], source: SettingsFile) -> None:
        self._tables = tables
        self._source = source
        self._problems = source.problems

    def draft(self) -> StoreDraft:
        self._refuse_unknown_parts()
        store = self._store()
        carriers = dict(self._carriers())
        service = fit(ServiceSection, self._tables.get("service", {}), "service", self._source)
        rules, channels, catalogue = dict(self._rules()), dict(self._channels()), self._catalogue()
        origins, name = list(self._origins(store)), self._name(store)
        made = [one for one in origins if isinstance(one, OriginDraft)]
        cartons = [*self._cartons(store, origins)]
        check_parts(self._tables, self._problems)
        return StoreDraft(
            self._source.file,
            self._problems.all(),
            name,
            service,
            store,
            tuple(one.origin if isinstance(one, OriginDraft) else one for one in origins),
            tuple(made),
            tuple(one.carton for one in cartons),
            tuple(one.section for one in cartons),
            carriers,
            tuple(self._tables_of("carriers")),
            rules,
            channels,
            catalogue,
        )

    def _store(self) -> StoreSection | None:
        table = self._tables.get("store", {})
        store = fit(StoreSection, table, "store", self._source)
        if store is not None or not isinstance(table, dict):
            return self._with_own_calendar(store)
        wrong = {problem.where.split(".")[1] for problem in self._problems.all() if problem.where.startswith("store.")}
        sound = {key: value for key, value in table.items() if below("", key) not in wrong}
        currency = meant_currency(str(table.get("currency", ""))) or NO_CURRENCY
        placeholders = {"timezone": "UTC", "currency": currency, "calendar": sound.get("country")}
        return self._with_own_calendar(fit(StoreSection, placeholders | sound, "store", self._source.afresh()))

    def _with_own_calendar(self, store: StoreSection | None) -> StoreSection | None:
        if store is None or self._is_calendar(store.calendar, store.country, "store.calendar"):
            return store
        return store.model_copy(update={"calendar": store.country})

    def _refuse_unknown_parts(self) -> None:
        for part in (name for name in self._tables if name not in _PARTS):
            fix = f"{did_you_mean(part, _PARTS)} known: {', '.join(_PARTS)}".strip()
            if part in StoreSection.model_fields:
                fix = "write it below the heading [store]"
            value = MASK if sounds_secret(part) else value_words(self._tables[part])
            self._problems.add(below("", part), value, "is an unknown key", fix)

    def _name(self, store: StoreSection | None) -> str:
        if store is not None and store.name is not None:
            return store.name
        name = name_from_path(self._source.file)
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

    def _origins(self, store: StoreSection | None) -> Iterator[OriginDraft | Origin]:
        """The origins; of one that cannot be made, what stands in for it, so that its number is known."""
        fallbacks = {key: is_fallback(carrier) for key, carrier in self._tables_of("carriers").items()}
        for index, table in enumerate(self._list("origins")):
            where = f"origins.{index}"
            section = fit(OriginSection, table, where, self._source)
            made = OriginReader(store, fallbacks, self._problems).read(section, where) if section and store else None
            if made is not None:
                yield made
            elif store is not None and (number := _number(table)):
                yield Origin(id=number, place=Place.example(store.country), calendar=store.calendar)

    def _cartons(self, store: StoreSection | None, origins: Sequence[OriginDraft | Origin]) -> Iterator[CartonDraft]:
        known = [one.origin.id if isinstance(one, OriginDraft) else one.id for one in origins]
        numbers = known if len(known) == len(self._list("origins")) else None
        for index, table in enumerate(self._list("boxes")):
            where = f"boxes.{index}"
            section = fit(BoxSection, table, where, self._source)
            if section is not None and store is not None:
                carton = read_carton(section, where, store.currency, numbers, self._problems)
                if carton is not None:
                    yield CartonDraft(carton, section)

    def _is_calendar(self, calendar: str, country: str, where: str) -> bool:
        fault = calendar_fault(calendar, country)
        if fault:
            self._problems.add(where, calendar, *fault)
        return fault is None

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

    def _catalogue(self) -> Mapping[str, Any] | None:
        table = self._tables.get("catalogue")
        if table is None or isinstance(table, dict):
            return table
        fix = "write it below the heading [store]" if isinstance(table, str) else "write [catalogue]"
        self._problems.add("catalogue", value_words(table), "is not a table", fix)
        return None

    def _is_name(self, key: str, where: str) -> bool:
        try:
            _NAME.validate_python(key)
        except ValidationError:
            self._problems.add(where, key, "is no name", "write letters, digits, hyphens and underscores")
            return False
        return True


def _only(table: Mapping[str, object], key: str) -> dict[str, object]:
    return {key: table[key]} if key in table else {}


def _number(table: object) -> int | None:
    """The number of an origin of which something else is wrong; None when the number is, too."""
    number = table.get("id") if isinstance(table, dict) else None
    return number if type(number) is int and 0 < number <= LARGEST_ID else None
