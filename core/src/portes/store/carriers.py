"""A carrier of a store made from its section: plugin, settings, toolbox, checks; it asks no carrier."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple, TypeVar

from portes.carrier import Abilities, Carrier, CarrierPlugin, CarrierSettings
from portes.contract import Service
from portes.engine.policy import Member
from portes.errors import Problems, SettingsError
from portes.packing.protocol import Carton
from portes.redaction import Redactor
from portes.registry import CARRIERS
from portes.settings import CarrierSection, minor_amount, service_settings
from portes.store.context import BuildContext
from portes.store.fingerprints import digest, fingerprint, identity
from portes.store.plugin_checks import lacks_of, refuse_secrets_at_rest
from portes.toolbox import Tools, tools_for

T = TypeVar("T")


class BuiltCarrier(NamedTuple):
    """A carrier of the store, and what it works with."""

    member: Member
    tools: Tools


class _Models(NamedTuple):
    """A carrier's own settings and those of its services."""

    settings: CarrierSettings
    services: tuple[Service, ...]

    @property
    def all(self) -> "tuple[CarrierSettings | Service, ...]":
        return (self.settings, *self.services)


def build_carrier(context: BuildContext, opened: ExitStack, key: str, section: CarrierSection) -> BuiltCarrier | None:
    """Make one carrier; None for one that is switched off, whose secrets are looked at all the same.

    What it opens is closed with `opened`. Raises `SettingsError` with every problem of it.
    """
    if section.active:
        return _CarrierBuilder(context, opened, key, section).built()
    refuse_secrets_at_rest(context.runtime.registry, section, f"carriers.{key}", context.file)
    return None


class _CarrierBuilder:
    def __init__(self, context: BuildContext, opened: ExitStack, key: str, section: CarrierSection) -> None:
        self._context = context
        self._opened = opened
        self._key = key
        self._section = section
        self._where = f"carriers.{key}"
        self._plugin = context.find(CARRIERS, section.use, f"{self._where}.use")

    def built(self) -> BuiltCarrier:
        models = self._models()
        tools = self._tools(models)
        carrier = self._carrier(models, tools)
        if not carrier.abilities.instant:
            self._refuse_slow_fallback()
            tools.prepare()
        self._note_versions(models, carrier)
        return BuiltCarrier(self._member(models, tools, carrier), tools)

    def _models(self) -> _Models:
        problems = Problems(most=None)
        settings = problems.attempt(partial(self._blamed, self._settings))
        services = problems.attempt(partial(self._blamed, self._services))
        for number in self._section.origins:
            problems.attempt(partial(self._context.facts().require_origin, number, f"{self._where}.origins"))
        if settings is None or services is None or problems.all():
            raise SettingsError(problems.all())
        return _Models(settings, services)

    def _blamed(self, make: Callable[[type[CarrierPlugin]], T]) -> T:
        with self._context.blaming(self._plugin, self._where):
            return make(self._plugin.value)

    def _settings(self, kind: type[CarrierPlugin]) -> CarrierSettings:
        return self._context.settings(kind.Settings, self._section.settings, f"{self._where}.settings")

    def _services(self, kind: type[CarrierPlugin]) -> tuple[Service, ...]:
        context = self._context
        services = service_settings(
            kind.ServiceSettings,
            self._section.services,
            context.section.currency,
            f"{self._where}.services",
            context.file,
            context.runtime.environ,
            follow_links=context.follow_links,
        )
        for index, service in enumerate(services):
            context.note_secrets(service, f"{self._where}.services.{index}")
        return services

    def _tools(self, models: _Models) -> Tools:
        runtime = self._context.runtime
        tools = tools_for(
            self._context.facts(),
            self._key,
            clock=runtime.clock,
            tokens=runtime.tokens(self._context.state),
            threads=self._section.threads,
            redactor=Redactor.of(*models.all),
        )
        self._opened.callback(tools.close)
        return tools

    def _carrier(self, models: _Models, tools: Tools) -> Carrier:
        with self._context.placing(self._where), self._context.blaming(self._plugin, self._where):
            carrier = self._plugin.value(models.settings, models.services, tools)
            lacking = lacks_of(carrier, models.services)
            self._context.refuse_incomplete(self._plugin, f"{self._where}.use", lacking)
        return carrier

    def _refuse_slow_fallback(self) -> None:
        if self._section.fallback_only:
            cause = "this carrier is not instant, so it cannot stand in"
            fix = "name a carrier that answers without I/O, such as a table"
            raise self._context.refusal(f"{self._where}.fallback_only", "true", cause, fix)

    def _member(self, models: _Models, tools: Tools, carrier: Carrier) -> Member:
        packer = self._section.packer or _packer_for(carrier.abilities, self._context.draft.cartons)
        return Member(
            key=self._key,
            settings=self._section,
            carrier=carrier,
            packer=self._context.packer(packer, f"{self._where}.packer"),
            fingerprint=self._pricing(models),
            identity=identity(self._section.use, models.all),
            distribution=self._plugin.distribution,
            mask=tools.redactor.text if tools.redactor else None,
            kilo_price=self._kilo_price(),
        )

    def _kilo_price(self) -> int | None:
        amount, problems = self._section.kilo_price, Problems(self._context.file)
        if amount is None:
            return None
        minor = minor_amount("kilo_price", amount, self._context.section.currency, self._where, problems)
        problems.check()
        return minor

    def _pricing(self, models: _Models) -> str:
        """All that a carrier's prices hang on: its settings, what it knows of the store, and who reads its answers."""
        section, plugin = self._context.section, self._plugin
        store = f"{section.country} {section.currency} {section.timezone} {section.calendar}"
        own = fingerprint(self._section.use, models.all)
        return digest(f"{own} {store} {plugin.distribution} {plugin.version}")

    def _note_versions(self, models: _Models, carrier: Carrier) -> None:
        versions, where = self._context.versions, self._where
        keys = self._section.model_dump_json(exclude={"settings", "services", "active"})
        versions[f"{where}.settings"] = digest(f"{keys}{fingerprint(self._section.use, models.all)}")
        versions[f"{where}.tariff"] = carrier.abilities.version
        versions[f"{where}.plugin"] = f"{self._plugin.distribution} {self._plugin.version}"


def _packer_for(abilities: Abilities, cartons: Sequence[Carton]) -> str:
    """The packer of a carrier whose settings name none: sums for who prices sums, else parcels one can hand over."""
    if abilities.measure == "totals":
        return "totals"
    return "boxes" if cartons else "stack"
