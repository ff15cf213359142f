"""A rule of a store made from its table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from portes.errors import Problem, SettingsError
from portes.registry import RULES, Plugin
from portes.rules.bound import bound
from portes.rules.conditions import Conditions, conditions_of, unknown_to
from portes.rules.protocol import Phase, RulePlugin, RuleSettings, phase_of
from portes.rules.regions import region_fault
from portes.rules.when import Binding
from portes.settings import RuleEntry
from portes.store.context import BuildContext
from portes.store.fingerprints import fingerprint
from portes.store.plugin_checks import lacks_of_built
from portes.store.unreachable_rules import never_applies


class BuiltRule(NamedTuple):
    """A rule, when it has its say, and what it was made of."""

    phase: Phase
    rule: Any
    """A plan, a shipment or a cart rule, as its phase says."""
    where: str
    """Its place in the settings: `rules.0`."""
    settings: RuleSettings
    conditions: Conditions = Conditions()
    """What binds it, its table `when` and its own short keys."""

    @property
    def name(self) -> str:
        """Its place and its name: `rules.0 markup`."""
        return f"{self.where} {self.settings.use}"


def build_rule(context: BuildContext, index: int, entry: RuleEntry) -> BuiltRule:
    """Make one rule. Raises `SettingsError` with its problems, a carrier that the store does not have among them."""
    where = f"rules.{index}"
    plugin = context.find(RULES, entry.use, f"{where}.use")
    with context.placing(where), context.blaming(plugin, where):
        return _built(context, plugin, entry, where)


def _built(context: BuildContext, plugin: Plugin[type[RulePlugin]], entry: RuleEntry, where: str) -> BuiltRule:
    settings = context.settings(plugin.value.Settings, entry.table, where)
    context.versions[f"{where}.{entry.use}"] = f"{fingerprint(entry.use, (settings,))} {plugin.version}"
    currency, phase = context.section.currency, phase_of(plugin.value, settings)
    bindings = settings.bindings()
    problems = [*_unknown_names(context, settings, bindings), *_unknown_yet(phase, bindings)]
    if problems:
        raise SettingsError(problems)
    conditions = conditions_of(bindings, currency, phase)
    rule = plugin.value.build(settings, currency)
    context.refuse_incomplete(plugin, f"{where}.use", lacks_of_built(rule))
    told = (problem.below(where, context.file) for problem in never_applies(context, settings, bindings))
    context.advice.extend(told)
    # the fence is outside, for it knows what became of all offers
    fenced = context.fence(plugin, where).rule(phase, bound(rule, conditions, phase))
    return BuiltRule(phase, fenced, where, settings, conditions)


def of_phase(phase: Phase, rules: Iterable[BuiltRule]) -> list[Any]:
    """The rules of one phase, in the order of the file."""
    return [built.rule for built in rules if built.phase is phase]


def _unknown_names(context: BuildContext, settings: RuleSettings, bindings: Sequence[Binding]) -> Iterator[Problem]:
    """The carriers, origins and regions of a rule that mean nothing in this store; keys are relative to the rule."""
    for region_key, region in _regions_of(settings, bindings):
        if fault := region_fault(region, context.section.country):
            yield Problem(region_key, region, *fault)
    carriers = context.draft.carrier_names
    for key, carrier in dict.fromkeys(_carriers_of(settings, bindings)):
        if carrier not in carriers:
            yield Problem(key, carrier, "is no carrier of this store", f"write one of {', '.join(carriers)}")
    origins = context.draft.numbers
    for binding in bindings if origins is not None else ():
        for number in binding.when.origins:
            if number not in (origins or ()):
                fix = f"write one of {', '.join(map(str, origins or ()))}"
                yield Problem(binding.key("origins"), str(number), "is no origin of this store", fix)


def _regions_of(settings: RuleSettings, bindings: Sequence[Binding]) -> Iterator[tuple[str, str]]:
    """The regions that a rule speaks of, with their keys; by convention a key of its own is `regions`."""
    own = (("regions", getattr(settings, "regions", None) or ()),)
    listed = dict((*own, *((binding.key("regions"), binding.when.regions) for binding in bindings)))
    for key, regions in listed.items():
        yield from ((f"{key}.{number}", region) for number, region in enumerate(regions))


def _carriers_of(settings: RuleSettings, bindings: Sequence[Binding]) -> Iterator[tuple[str, str]]:
    """The carriers that a rule speaks of, with their keys; by convention a key of its own is `carriers`."""
    yield from (("carriers", carrier) for carrier in getattr(settings, "carriers", None) or ())
    for binding in bindings:
        yield from ((binding.key("carriers"), carrier) for carrier in binding.when.carriers)
        for service in binding.when.services:
            carrier, mark, _ = service.partition(":")
            yield from ((binding.key("services"), carrier),) if mark else ()


def _unknown_yet(phase: Phase, bindings: Sequence[Binding]) -> Iterator[Problem]:
    """The conditions that nobody can know when the rule has its say."""
    for binding in bindings:
        for name in binding.when.named:
            if name in unknown_to(phase):
                cause = "is a condition on answers, and this rule has its say before anybody is asked"
                yield Problem(binding.key(name), "", cause, "remove it, or use a rule on offers, such as exclude")
