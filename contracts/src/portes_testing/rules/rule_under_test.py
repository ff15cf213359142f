"""A rule as a store makes it, bound to its conditions, and what it makes of a scene."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portes.contract import Offer
from portes.errors import SettingsError, pass_interrupt
from portes.registry import RULES, Registry
from portes.rules.bound import bound
from portes.rules.conditions import conditions_of
from portes.rules.protocol import Phase, RulePlugin, RuleSettings, phase_of
from portes_testing.harness.errors import BrokenContractError
from portes_testing.rules.case import RuleCase
from portes_testing.rules.scenes import CARRIERS, Scene, by_type

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """What a rule was given, and what it gave back: offers by group, or carriers that may be asked."""

    given: Sequence[Sequence[Offer]]
    after: Sequence[Sequence[Offer]]
    asked: Mapping[str, bool]
    """Of a rule of the plan: whether each carrier may be asked; empty for others."""

    @property
    def changed(self) -> bool:
        """True when a carrier is not asked, or the offers are not those of before."""
        return not all(self.asked.values()) or self.after != self.given


@dataclass(eq=False)
class RuleUnderTest:
    """One rule, with which a check makes as many as it likes."""

    case: RuleCase

    @cached_property
    def plugin(self) -> type[RulePlugin]:
        """The rule's class, as its entry point names it."""
        try:
            return Registry().find(RULES, self.case.name).value
        except SettingsError as problem:
            raise BrokenContractError(f"no store can use the rule: {problem}") from None

    def settings(self, table: Table) -> RuleSettings:
        """The settings that a table of a store's file comes to."""
        try:
            return self.plugin.Settings.model_validate({"use": self.case.name, **table})
        except ValueError as problem:
            raise BrokenContractError(f"the table {dict(table)} is refused: {problem}") from None

    def phase(self, table: Table) -> Phase:
        """When the rule of a table has its say."""
        try:
            return phase_of(self.plugin, self.settings(table))
        except ValueError as problem:
            raise BrokenContractError(f"the rule of {dict(table)} has its say at no time: {problem}") from None

    def play(self, table: Table, scene: Scene) -> Play:
        """What the rule of a table makes of a scene; what it raises breaks the contract."""
        settings = self.settings(table)
        phase, currency = self.phase(table), self.case.currency
        try:
            made = self.plugin.build(settings, currency)
            rule: Any = bound(made, conditions_of(settings.bindings(), currency, phase), phase)
            return _played(rule, phase, scene)
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(
                f"{type(error).__name__} escaped from the rule of {dict(table)}: {error}"
            ) from error


def _played(rule: Any, phase: Phase, scene: Scene) -> Play:  # noqa: ANN401 — a rule of any phase
    if phase is Phase.PLAN:
        return Play((), (), {carrier: rule(carrier, scene.occasion) for carrier in CARRIERS})
    if phase is Phase.CART:
        return Play(scene.lines, _listed(rule(scene.lines, scene.occasion)), {})
    groups = [group for line in scene.lines for group in by_type(line)]
    return Play(tuple(groups), tuple(tuple(rule(group, scene.occasion)) for group in groups), {})


def _listed(lines: Sequence[Sequence[Offer]]) -> tuple[tuple[Offer, ...], ...]:
    return tuple(map(tuple, lines))


__all__ = ["Play", "RuleUnderTest", "Table"]
