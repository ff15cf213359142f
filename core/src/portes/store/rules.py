"""A rule of a store made from its table."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from portes.registry import RULES, Plugin
from portes.rules.protocol import Phase, RulePlugin, RuleSettings
from portes.rules.regions import region_fault
from portes.settings import RuleEntry
from portes.store.context import BuildContext
from portes.store.fingerprints import fingerprint
from portes.store.plugin_checks import lacks_of_built


class BuiltRule(NamedTuple):
    """A rule, when it has its say, and what it was made of."""

    phase: Phase
    rule: Any
    """A plan, a shipment or a cart rule, as its phase says."""
    where: str
    """Its place in the settings: `rules.0`."""
    settings: RuleSettings


def build_rule(context: BuildContext, index: int, entry: RuleEntry) -> BuiltRule:
    """Make one rule. Raises `SettingsError` with its problems, a carrier that the store does not have among them."""
    where = f"rules.{index}"
    plugin = context.find(RULES, entry.use, f"{where}.use")
    with context.placing(where), context.blaming(plugin, where):
        return _built(context, plugin, entry, where)


def _built(context: BuildContext, plugin: Plugin[type[RulePlugin]], entry: RuleEntry, where: str) -> BuiltRule:
    settings = context.settings(plugin.value.Settings, entry.table, where)
    context.versions[f"{where}.{entry.use}"] = f"{fingerprint(entry.use, (settings,))} {plugin.version}"
    for number, region in enumerate(getattr(settings, "regions", None) or ()):  # by convention, as `carriers` below
        if fault := region_fault(region, context.section.country):
            raise context.refusal(f"{where}.regions.{number}", region, *fault)
    for key in _carriers_of(settings):
        if key not in context.draft.carrier_names:
            fix = f"write one of {', '.join(context.draft.carrier_names)}"
            raise context.refusal(f"{where}.carriers", key, "is no carrier of this store", fix)
    rule = plugin.value.build(settings, context.section.currency)
    context.refuse_incomplete(plugin, f"{where}.use", lacks_of_built(rule))
    phase = Phase(plugin.value.phase)
    return BuiltRule(phase, context.fence(plugin, where).rule(phase, rule), where, settings)


def of_phase(phase: Phase, rules: Iterable[BuiltRule]) -> list[Any]:
    """The rules of one phase, in the order of the file."""
    return [built.rule for built in rules if built.phase is phase]


def _carriers_of(settings: RuleSettings) -> tuple[str, ...]:
    """The carriers of the store that a rule's settings speak of; by convention their key is `carriers`."""
    return tuple(getattr(settings, "carriers", None) or ())
