"""The parts of a store made from its file, every problem at once: carriers, rules, channels; it opens no store."""

import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, TypeVar
from zoneinfo import ZoneInfo

import structlog
from pydantic import BaseModel, SecretStr

from portes.calendars import business_calendar
from portes.carrier import Carrier
from portes.catalogue import Catalogue, read_catalogue
from portes.channels.protocol import Channel, Storefront
from portes.clock import Clock, SystemClock
from portes.engine.policy import Member, Policy
from portes.errors import PortesError, Problem, SettingsError, shown
from portes.hooks import Watchers
from portes.receipts.writer import Writer
from portes.redaction import LOGGED
from portes.registry import CARRIERS, CHANNELS, HOOKS, PACKERS, RULES, Plugin, Registry
from portes.rules.protocol import Phase, RuleSettings
from portes.settings import CarrierSection, RuleEntry, StoreDraft, StoreSection, plugin_settings, service_settings
from portes.store.plugin_checks import lacks_of, lacks_of_class, refuse_secrets_at_rest
from portes.toolbox import Redactor, StoreFacts, Tools, tools_for
from portes.toolbox.tokens.cache import TokenCache

_log = structlog.get_logger(__name__)
_KEY = secrets.token_bytes(32)
_PACKER_OF_MEASURE = {"parcels": "single", "totals": "volume"}

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Model = TypeVar("Model", bound=BaseModel)


class Overrides(TypedDict, total=False):
    """What a store finds around it; what is left out is the real thing."""

    environ: Mapping[str, str]
    clock: Clock
    registry: Registry
    watchers: Watchers


class Runtime:
    """What the stores of a process share: plugins, environment, clock, watchers, tokens, the writer of receipts."""

    def __init__(self, overrides: Overrides) -> None:
        self.environ = overrides.get("environ", os.environ)
        self.clock = overrides.get("clock") or SystemClock()
        self.registry = overrides.get("registry") or Registry()
        self.watchers = overrides.get("watchers") or installed_watchers(self.registry)
        # one token cache a state folder: a limit on fetching tokens holds for all stores that share it
        self.tokens = cache(lambda state: TokenCache(state, self.clock))
        self.receipts = Writer()


def installed_watchers(registry: Registry) -> Watchers:
    """The watchers that installed distributions bring; one that does not load is logged and left out."""
    watchers = Watchers()
    for plugin in registry.plugins(HOOKS):
        watchers.register(plugin.value, plugin.name)
    for broken in registry.broken(HOOKS):
        _log.warning("watcher does not load", watcher=broken.name, distribution=broken.distribution, cause=broken.cause)
    return watchers


class Built(NamedTuple):
    """The parts of a store."""

    policy: Policy
    channels: Mapping[str, Channel]
    """By their name in the settings."""
    tools: Mapping[str, Tools]
    """Each active carrier's toolbox, by its key."""
    versions: Mapping[str, str]
    """What may change a price, part by part: a fingerprint of its settings without secrets, or a version."""


class StoreBuilder:
    """One store in the making; problems are collected, so that all are told at once."""

    def __init__(self, draft: StoreDraft, section: StoreSection, runtime: Runtime) -> None:
        self._draft = draft
        self._section = section
        self._runtime = runtime
        self._problems = list(draft.problems)
        self._tools: dict[str, Tools] = {}
        self._versions = {"portes": version("portes"), "store": _fingerprint("", (section, *draft.origins))}

    def built(self) -> "Built":
        """Everything made. Raises `SettingsError` with every problem; then nothing is left open."""
        catalogue = self._attempt(self._catalogue)
        members = self._all(self._active_member, self._draft.carriers.items())
        rules = self._all(self._rule, self._draft.rules.items())
        channels = self._all(self._channel, self._draft.channels.items())
        if self._problems:
            for tools in self._tools.values():
                tools.close()
            raise SettingsError(self._problems)
        return Built(self._policy(catalogue, members, rules), dict(channels), self._tools, self._versions)

    def _attempt(self, make: Callable[[], T]) -> T | None:
        try:
            return make()
        except SettingsError as error:
            self._problems += error.problems
            return None

    def _all(self, make: Callable[[K, V], T | None], parts: Iterable[tuple[K, V]]) -> list[T]:
        made = [self._attempt(partial(make, key, part)) for key, part in parts]
        return [one for one in made if one is not None]

    def _find(self, group: str, name: str, where: str) -> Plugin:
        return self._runtime.registry.find(group, name, where=where, file=str(self._draft.file))

    def _settings(self, model: type[Model], table: Mapping[str, Any], where: str) -> Model:
        made = plugin_settings(model, table, where, self._draft.file, self._runtime.environ)
        LOGGED.learn(made)
        return made

    def _problem(self, where: str, value: str, cause: str, fix: str) -> SettingsError:
        return SettingsError(Problem(where, value, cause, fix, file=str(self._draft.file)))

    def _catalogue(self) -> Catalogue | None:
        if self._section.catalogue is None:
            return None
        path = self._draft.file.parent / self._section.catalogue
        if path.is_file():
            self._versions["catalogue"] = sha256(path.read_bytes()).hexdigest()[:16]
        return read_catalogue(path, self._section.currency, origins=[origin.id for origin in self._draft.origins])

    def _active_member(self, key: str, section: CarrierSection) -> Member | None:
        if section.active:
            return self._member(key, section)
        refuse_secrets_at_rest(self._runtime.registry, section, f"carriers.{key}", self._draft.file)
        return None

    def _member(self, key: str, section: CarrierSection) -> Member:
        where = f"carriers.{key}"
        plugin = self._find(CARRIERS, section.use, f"{where}.use")
        carrier, fingerprint, identity = self._carrier(key, section, plugin, where)
        if section.fallback_only and not carrier.abilities.instant:
            fix = "name a carrier that answers without I/O, such as a table"
            raise self._problem(
                f"{where}.fallback_only", "true", "this carrier is not instant, so it cannot stand in", fix
            )
        if not carrier.abilities.instant:
            self._tools[key].prepare()
        packer = section.packer or _PACKER_OF_MEASURE[carrier.abilities.measure]
        self._note_versions(where, plugin, section, fingerprint, carrier.abilities.version)
        return Member(
            key=key,
            settings=section,
            carrier=carrier,
            packer=self._find(PACKERS, packer, f"{where}.packer").value,
            fingerprint=self._pricing(fingerprint, plugin),
            identity=identity,
            scrub=redactor.text if (redactor := self._tools[key].redactor) else None,
        )

    def _pricing(self, fingerprint: str, plugin: Plugin) -> str:
        """All that a carrier's prices hang on: its settings, what it knows of the store, and who reads its answers."""
        section = self._section
        store = f"{section.country} {section.currency} {section.timezone} {section.calendar}"
        told = f"{fingerprint} {store} {plugin.distribution} {plugin.version}"
        return sha256(told.encode()).hexdigest()[:16]

    def _note_versions(
        self, where: str, plugin: Plugin, section: CarrierSection, fingerprint: str, tariff: str
    ) -> None:
        keys = section.model_dump_json(exclude={"settings", "services", "active"})
        self._versions[f"{where}.settings"] = sha256(f"{keys}{fingerprint}".encode()).hexdigest()[:16]
        self._versions[f"{where}.tariff"] = tariff
        self._versions[f"{where}.plugin"] = f"{plugin.distribution} {plugin.version}"

    def _carrier(self, key: str, section: CarrierSection, plugin: Plugin, where: str) -> tuple[Carrier, str, str]:
        kind = plugin.value
        self._refuse_incomplete(plugin, lacks_of_class(kind), where)
        settings = self._attempt(partial(self._settings, kind.Settings, section.settings, f"{where}.settings"))
        services = service_settings(
            kind.ServiceSettings,
            section.services,
            self._section.currency,
            f"{where}.services",
            self._draft.file,
            self._runtime.environ,
        )
        LOGGED.learn(*services)
        if settings is None:
            raise SettingsError(())  # its problems are collected already; without settings there is no carrier
        self._tools[key] = tools_for(
            self._facts(),
            key,
            clock=self._runtime.clock,
            tokens=self._runtime.tokens(self._state()),
            threads=section.threads,
            redactor=Redactor.of(settings, *services),
        )
        try:
            carrier: Carrier = kind(settings, services, self._tools[key])
            lacking = lacks_of(carrier, services)
        except SettingsError as error:
            raise SettingsError(self._placed(problem, where) for problem in error.problems) from None
        except PortesError:
            raise
        except Exception as error:
            cause = f"the plugin crashed when it was made: {type(error).__name__}"
            raise self._problem(where, section.use, cause, f"upgrade or report {plugin.distribution}") from error
        self._refuse_incomplete(plugin, lacking, where)
        models = (settings, *services)
        return carrier, _fingerprint(section.use, models), _identity(section.use, models)

    def _refuse_incomplete(self, plugin: Plugin, lacking: str, where: str) -> None:
        if lacking:
            cause = f"comes from {plugin.distribution} {plugin.version}, which is incomplete: {lacking}"
            raise self._problem(f"{where}.use", plugin.name, cause, f"repair or upgrade {plugin.distribution}")

    def _placed(self, problem: Problem, where: str) -> Problem:
        """A plugin's problem with its place in the store's file, unless it stands in a file of the plugin's own."""
        if problem.file:
            return problem
        full = f"{where}.{problem.where}" if problem.where else where
        return replace(problem, where=full, file=str(self._draft.file))

    def _facts(self) -> StoreFacts:
        section, folder = self._section, self._draft.file.resolve().parent
        return StoreFacts(
            name=self._draft.name,
            country=section.country,
            currency=section.currency,
            timezone=ZoneInfo(section.timezone),
            calendar=section.calendar,
            folder=folder,
            state=self._state(),
        )

    def _state(self) -> Path | None:
        service = self._draft.service
        return None if service is None or service.state is None else self._draft.file.resolve().parent / service.state

    def _rule(self, index: int, entry: RuleEntry) -> tuple[Phase, Any]:
        where = f"rules.{index}"
        found = self._find(RULES, entry.use, f"{where}.use")
        plugin = found.value
        settings = self._settings(plugin.Settings, entry.table, where)
        self._versions[f"{where}.{entry.use}"] = f"{_fingerprint(entry.use, (settings,))} {found.version}"
        for key in _named_carriers(settings):
            if key not in self._draft.carriers:
                fix = f"write one of {', '.join(self._draft.carriers)}"
                raise self._problem(f"{where}.carriers", shown(key), "is no carrier of this store", fix)
        try:
            return plugin.phase, plugin.build(settings, self._section.currency)
        except SettingsError as error:
            file = str(self._draft.file)
            raise SettingsError(
                replace(problem, where=f"{where}.{problem.where}", file=file) for problem in error.problems
            ) from None

    def _channel(self, key: str, table: Mapping[str, Any]) -> tuple[str, Channel]:
        plugin = self._find(CHANNELS, key, f"channels.{key}").value
        settings = self._settings(plugin.Settings, table, f"channels.{key}")
        self._versions[f"channels.{key}"] = _fingerprint(key, (settings,))
        front = Storefront(self._draft.name, self._section.country, self._section.currency)
        return key, plugin(settings, front)

    def _policy(
        self, catalogue: Catalogue | None, members: Sequence[Member], rules: Sequence[tuple[Phase, Any]]
    ) -> Policy:
        section = self._section
        closed = section.closed_days
        return Policy(
            store=self._draft.name,
            settings=section,
            timezone=ZoneInfo(section.timezone),
            origins=self._draft.origins,
            calendars={origin.id: business_calendar(origin.calendar, closed) for origin in self._draft.origins},
            members=tuple(member for member in members if not member.settings.fallback_only),
            fallbacks={member.key: member for member in members if member.settings.fallback_only},
            catalogue=catalogue,
            plan_rules=_of(Phase.PLAN, rules),
            shipment_rules=_of(Phase.SHIPMENT, rules),
            cart_rules=_of(Phase.CART, rules),
        )


def _fingerprint(use: str, models: Iterable[BaseModel]) -> str:
    """All of a carrier's own settings that may change its prices, hashed; secrets are masked before."""
    told = "".join(model.model_dump_json() for model in models)
    return sha256(f"{use}{told}".encode()).hexdigest()[:16]


def _identity(use: str, models: Iterable[BaseModel]) -> str:
    """The same with the secrets, under a key that nobody outside this process has."""
    models = tuple(models)
    # a key that JSON does not know is skipped here, and told by the fingerprint
    told = json.dumps([model.model_dump() for model in models], default=_plain, skipkeys=True)
    return hmac.digest(_KEY, f"{_fingerprint(use, models)}{told}".encode(), "sha256").hex()


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _named_carriers(settings: RuleSettings) -> tuple[str, ...]:
    """The carriers of the store that a rule's settings speak of; by convention their key is `carriers`."""
    return tuple(getattr(settings, "carriers", None) or ())


def _of(phase: Phase, rules: Sequence[tuple[Phase, Any]]) -> list[Any]:
    return [rule for own, rule in rules if own is phase]
