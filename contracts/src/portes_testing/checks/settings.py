"""Checks of what an operator meets first: the plugin's name, its settings and its secrets."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel, SecretStr, ValidationError

from portes.carrier import CarrierSettings
from portes.contract import Service
from portes.errors import SettingsError
from portes.registry import CARRIERS, SANDBOXES, Door, Registry
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import BrokenContractError, require, require_none
from portes_testing.harness.sandbox import served_sandbox
from portes_testing.recordings.scrubbing import leaks

_SMELLS: Final = re.compile(r"(?i)(passw|secret|token|access_code|(^|_)key$|credential|senha|clave|contrasena)")


def found_by_its_entry_point(under_test: CarrierUnderTest) -> None:
    """The name in the settings leads to the class, and the carrier's name leads to its sandbox."""
    groups: tuple[Door[Any], ...] = (CARRIERS, SANDBOXES) if under_test.case.base_urls else (CARRIERS,)
    for group in groups:
        try:
            found = Registry().find(group, under_test.case.plugin).value
        except SettingsError as problem:
            raise BrokenContractError(f"no store can use the plugin: {problem}") from None
        wanted = under_test.plugin if group == CARRIERS else under_test.sandbox
        require(found is wanted, f"{under_test.case.plugin!r} in {group} names {found!r}, the case is about {wanted!r}")


def every_setting_is_described(under_test: CarrierUnderTest) -> None:
    """Each of the plugin's own keys has a sentence for the reference page."""
    require_none(
        _undescribed(under_test.plugin), "an operator cannot know what these keys mean; give each a description"
    )


def _undescribed(plugin: Any) -> Iterator[str]:  # noqa: ANN401 — a plugin's class
    inherited = set(Service.model_fields)
    for model, known in ((plugin.Settings, set[str]()), (plugin.ServiceSettings, inherited)):
        for name, field in model.model_fields.items():
            if name not in known and not (field.description or "").strip():
                yield f"{model.__name__}.{name}"


def settings_are_strict(under_test: CarrierUnderTest) -> None:
    """A key nobody knows is an error, and a carrier's settings never change under it."""
    plugin = under_test.plugin
    kinds = (
        (plugin.Settings, CarrierSettings, under_test.case.settings),
        (plugin.ServiceSettings, Service, _first(under_test)),
    )
    for model, base, keys in kinds:
        require(issubclass(model, base), f"{model.__name__} does not derive from {base.__name__}")
        require(_refuses(model, {**keys, "no_such_key": 1}), f"{model.__name__} takes a misspelled key in silence")
        require(model.model_config.get("frozen"), f"{model.__name__} is not frozen")


def _first(under_test: CarrierUnderTest) -> Mapping[str, Any]:
    return under_test.case.services[0]


def _refuses(model: type[BaseModel], keys: Mapping[str, Any]) -> bool:
    try:
        model.model_validate(dict(keys))
    except ValidationError:
        return True
    return False


def secrets_are_discreet(under_test: CarrierUnderTest) -> None:
    """What is secret by its name is a `SecretStr`, and shows in no form of the settings."""
    plugin = under_test.plugin
    settings = plugin.Settings.model_validate(dict(under_test.case.settings))
    services = [plugin.ServiceSettings.model_validate(dict(each)) for each in under_test.case.services]
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        shown = [str(carrier), repr(carrier), str(carrier.abilities), carrier.abilities.model_dump_json()]
    for model in (settings, *services):
        require_none(unguarded(model), "these look like secrets and are plain text; make them SecretStr")
        shown += [str(model), repr(model), model.model_dump_json()]
    names = under_test.secrets()
    found = leaks("\n".join(shown), names)
    require_none((names[secret] for secret in found), "these secrets can be read in the settings or the carrier's repr")


def unguarded(model: BaseModel) -> Iterator[str]:
    """The keys of a model that are secret by their name, and plain text."""
    for name in type(model).model_fields:
        if _SMELLS.search(name) and not isinstance(getattr(model, name), SecretStr | bool | int | float | None):
            yield f"{type(model).__name__}.{name}"


__all__ = [
    "every_setting_is_described",
    "found_by_its_entry_point",
    "secrets_are_discreet",
    "settings_are_strict",
    "unguarded",
]
