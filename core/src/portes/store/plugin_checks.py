"""What a plugin must bring before a store relies on it, and what none may hold at rest; it makes no plugin."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import isasyncgenfunction, iscoroutinefunction
from math import inf
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from portes.carrier import Abilities, Carrier
from portes.catalogue import CatalogueSettings
from portes.channels.protocol import Channel, ChannelSettings
from portes.contract import Service
from portes.contract.suggestions import did_you_mean
from portes.errors import SettingsError, crash_words, pass_interrupt, shown
from portes.hooks import lacks_of_watcher
from portes.registry import (
    CARRIERS,
    CATALOGUES,
    CHANNELS,
    GROUPS,
    HOOKS,
    PACKERS,
    RULES,
    SANDBOXES,
    TABLE_FORMATS,
    Broken,
    Door,
    Registry,
)
from portes.rules.protocol import Phase, RuleSettings
from portes.settings import CarrierSection, refuse_plain_secrets
from portes.tables.formats.finding import lacks_of_format

_MODELS: Final = {"Settings": BaseModel, "ServiceSettings": Service}


def lacks_of_plugin(door: str, found: object) -> str:
    """What is missing of what an entry point of a group names, in words; empty when nothing is."""
    look = _LOOKS.get(door)
    return look(found) if look else ""


def unusable_plugins(registry: Registry) -> list[tuple[str, Broken]]:
    """Every installed plugin that no store can use, with its group: it does not load, or it is incomplete."""
    return [(group, broken) for group in GROUPS for broken in (*registry.broken(group), *_incomplete(registry, group))]


def _incomplete(registry: Registry, group: Door[Any]) -> Iterator[Broken]:
    for plugin in registry.plugins(group):
        try:
            lacking = lacks_of_plugin(group, plugin.value)
        except BaseException as error:  # noqa: BLE001 — a stranger's class may compute what is looked at
            pass_interrupt(error)
            lacking = f"it cannot be looked at: {crash_words(error, plugin.package)}"
        if lacking:
            cause, fix = f"comes from {plugin.brought_by}, which is incomplete: {lacking}", "repair or upgrade"
            yield Broken(plugin.name, plugin.distribution, plugin.version, cause, f"{fix} {plugin.distribution}")


def lacks_of_class(kind: Any) -> str:  # noqa: ANN401 — whatever a stranger's entry point names
    """What is missing before a carrier can be made, in words; empty when nothing is."""
    lacking = [name for name, base in _MODELS.items() if not _derives(getattr(kind, name, None), base)]
    return f"it has no {' and no '.join(lacking)}" if lacking else ""


def lacks_of(carrier: object, services: Sequence[Service]) -> str:
    """What is missing before a carrier can be asked, in words; empty when nothing is.

    A configured service that its abilities leave out would be neither offered nor refused, and nobody would notice.
    """
    if not isinstance(getattr(carrier, "abilities", None), Abilities):
        return "it has no abilities"
    if not isinstance(carrier, Carrier) or not callable(carrier.quote):
        return "it has no method quote"
    for name in ("quote", "diagnose", "warm"):
        if _is_async(getattr(carrier, name, None)):
            return f"its {name} is async, and nobody awaits it: write def in place of async def"
    declared, configured = _codes(carrier.abilities.services), _codes(services)
    if declared != configured:
        return f"its abilities name {_listed(declared)} where {_listed(configured)} are configured"
    return ""


def lacks_of_built(rule: object) -> str:
    """What is missing of what a rule's `build` returned, in words; empty when nothing is."""
    if not callable(rule):
        return f"its build returned {type(rule).__name__}; it must return the rule, a function"
    return f"its build returned an async function, {_AWAITED}" if _is_async(rule) else ""


def lacks_of_made_channel(channel: Channel) -> str:
    """What is wrong with the times of a channel, in words; empty when nothing is.

    A question without a deadline would fail, and one whose limit cannot be compared would fail behind its answer.
    """
    for name in ("deadline", "limit"):
        seconds: object = getattr(channel, name)
        if not isinstance(seconds, float | int) or isinstance(seconds, bool) or not 0 < seconds < inf:
            return f"its {name} is {shown(repr(seconds))} and must be a number of seconds"
    return ""


def _lacks_of_rule(kind: Any) -> str:  # noqa: ANN401 — whatever a stranger's entry point names
    if not _derives(getattr(kind, "Settings", None), RuleSettings):
        return "it has no Settings that derive from RuleSettings"
    phase = getattr(kind, "phase", None)
    if phase not in list(Phase):  # a set would hash what need not be a text
        meant = did_you_mean(phase, Phase) if isinstance(phase, str) else ""
        return f"its phase is {shown(phase)!r} and must be a Phase: {', '.join(Phase)}; {meant}".rstrip("; ")
    return _lacks_methods(kind, "build")


def _lacks_of_channel(kind: Any) -> str:  # noqa: ANN401 — as above
    if not _derives(getattr(kind, "Settings", None), ChannelSettings):
        return "it has no Settings that derive from ChannelSettings"
    for name, wanted in _OF_CHANNELS.items():
        if not isinstance(getattr(kind, name, None), wanted):
            return f"it has no {name}, {_IN_WORDS[wanted]}"
    unset = next((name for name in ("deadline", "limit") if not hasattr(kind, name)), "")
    more = (name for name in ("verify", "within") if hasattr(kind, name))
    return f"it has no {unset}" if unset else _lacks_methods(kind, "authenticate", "read", "write", "example", *more)


def lacks_of_source(source: Any) -> str:  # noqa: ANN401 — whatever a stranger's class makes
    """What is missing before a catalogue's source can be asked, in words; empty when nothing is."""
    by_key: object = getattr(source, "by_key", None)
    if not isinstance(by_key, bool):
        return "it does not say with by_key, True or False, whether it is asked for the SKUs of each cart"
    return _lacks_methods(source, "fetch" if by_key else "rows", "close")


def _lacks_of_catalogue(kind: Any) -> str:  # noqa: ANN401 — as above
    if not _derives(getattr(kind, "Settings", None), CatalogueSettings):
        return "it has no Settings that derive from CatalogueSettings"
    return ""


def _lacks_of_sandbox(kind: Any) -> str:  # noqa: ANN401 — as above
    return "" if isinstance(getattr(kind, "moods", None), Mapping) else "it has no moods"


def _lacks_of_packer(found: object) -> str:
    if not callable(found):
        return f"it is {type(found).__name__} and no function"
    return f"it is async, {_AWAITED}" if _is_async(found) else ""


def _lacks_methods(kind: object, *names: str) -> str:
    for name in names:
        if not callable(getattr(kind, name, None)):
            return f"it has no {name}"
        if _is_async(getattr(kind, name)):
            return f"its {name} is async, {_AWAITED}"
    return ""


_AWAITED: Final = "and nobody awaits it: write def in place of async def"
_OF_CHANNELS: Final[Mapping[str, type]] = {
    "path": str,
    "request_model": type,
    "response_model": type,
    "statuses": Mapping,
    "fields": Mapping,
}
_IN_WORDS: Final[Mapping[type, str]] = {str: "a text", type: "a model", Mapping: "a dictionary, which may be empty"}
_LOOKS: Final[Mapping[str, Callable[[Any], str]]] = {
    CARRIERS: lacks_of_class,
    CHANNELS: _lacks_of_channel,
    RULES: _lacks_of_rule,
    CATALOGUES: _lacks_of_catalogue,
    TABLE_FORMATS: lacks_of_format,
    PACKERS: _lacks_of_packer,
    SANDBOXES: _lacks_of_sandbox,
    HOOKS: lacks_of_watcher,
}
"""What is looked at in a plugin of each group; commands are looked at by the command line."""


def refuse_secrets_at_rest(registry: Registry, section: CarrierSection, where: str, file: Path) -> None:
    """Raise `SettingsError` for secrets in plain text of a carrier that is switched off.

    Nothing else is asked of it: neither its plugin nor the variables of its secrets need to be there.
    """
    try:
        kind = registry.find(CARRIERS, section.use).value
    except SettingsError:
        return
    if not lacks_of_class(kind):
        refuse_plain_secrets(kind.Settings, kind.ServiceSettings, section, where, file)


def _is_async(method: object) -> bool:
    """Whether calling it only makes something to be awaited, of a function or of an object that is called like one."""
    called = (method, getattr(method, "__call__", None))  # noqa: B004 — its type tells more than that it can be called
    return any(iscoroutinefunction(one) or isasyncgenfunction(one) for one in called)


def _derives(found: object, base: type) -> bool:
    return isinstance(found, type) and issubclass(found, base)


def _codes(services: Sequence[Service]) -> list[str]:
    return sorted(service.code for service in services)


def _listed(codes: Sequence[str]) -> str:
    return f"the services {', '.join(codes)}" if codes else "no services"
