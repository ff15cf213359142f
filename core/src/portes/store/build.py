"""The parts of a store made from its file, every problem at once: carriers, rules, channels; it opens no store."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from portes.catalogue import Catalogue
from portes.channels.protocol import Channel
from portes.engine.policy import Member, Policy
from portes.errors import Problem, Problems, SettingsError
from portes.rules.protocol import Phase
from portes.settings import StoreDraft, StoreSection
from portes.store.advice import goods_without_price, slow_collections, sums_without_price, unparted_values
from portes.store.carriers import build_carrier
from portes.store.catalogue import build_catalogue
from portes.store.channels import build_channel
from portes.store.context import BuildContext
from portes.store.fingerprints import fingerprint
from portes.store.rules import BuiltRule, build_rule, of_phase
from portes.store.runtime import Runtime
from portes.store.state_folder import state_problems
from portes.store.unused_origins import unused_origins
from portes.toolbox import Tools

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Built(NamedTuple):
    """The parts of a store."""

    policy: Policy
    channels: Mapping[str, Channel]
    """By their name in the settings."""
    tools: Mapping[str, Tools]
    """Each active carrier's toolbox, by its key."""
    versions: Mapping[str, str]
    """What may change a price, part by part: a fingerprint of its settings without secrets, or a version."""
    rules: Sequence[BuiltRule]
    """Every rule, in the order of the file."""
    advice: Sequence[Problem]
    """What keeps no store from starting and should be looked at all the same."""


class StoreBuilder:
    """One store in the making; problems are collected, so that all are told at once."""

    def __init__(self, draft: StoreDraft, section: StoreSection, runtime: Runtime) -> None:
        versions = {
            "portes": version("portes"),
            "store": fingerprint("", (section, *(one.section for one in draft.origin_drafts), *draft.boxes)),
        }
        self._context = BuildContext(draft, section, runtime, versions)
        self._problems = Problems(most=None)

    def built(self) -> Built:
        """Everything made. Raises `SettingsError` with every problem; then nothing is left open."""
        context, draft = self._context, self._context.draft
        if draft.service is not None and draft.service.state is not None:
            within = None if context.follow_links else context.folder
            self._problems.include(state_problems(context.folder / draft.service.state, within))
        with ExitStack() as opened:
            catalogue = self._problems.attempt(partial(build_catalogue, context))
            carriers = self._all(partial(build_carrier, context, opened), draft.carriers.items())
            rules = self._all(partial(build_rule, context), draft.rules.items())
            channels = self._all(partial(build_channel, context), draft.channels.items())
            self._check()
            opened.pop_all()  # from here on the store closes what its carriers opened
        policy = _policy(context, catalogue, [carrier.member for carrier in carriers], rules)
        context.advice.extend(slow_collections(policy, context.file))
        context.advice.extend(sums_without_price(policy, context.file))
        context.advice.extend(unparted_values(policy, context.file))
        context.advice.extend(unused_origins(policy, context.file))
        context.advice.extend(goods_without_price(policy, dict(channels), context.file))
        tools = {carrier.member.key: carrier.tools for carrier in carriers}
        return Built(policy, dict(channels), tools, context.versions, rules, context.advice)

    def _check(self) -> None:
        draft = self._context.draft
        told = [problem.at(problem.where, problem.file or draft.file) for problem in self._problems.all()]
        own = [problem for problem in told if not draft.follows(problem)]
        if draft.problems or own:
            raise SettingsError([*draft.problems, *own])

    def _all(self, make: Callable[[K, V], T | None], parts: Iterable[tuple[K, V]]) -> list[T]:
        made = [self._problems.attempt(partial(make, key, part)) for key, part in parts]
        return [one for one in made if one is not None]


def _policy(
    context: BuildContext, catalogue: Catalogue | None, members: Sequence[Member], rules: Sequence[BuiltRule]
) -> Policy:
    section, origins = context.section, context.draft.origins
    return Policy(
        store=context.draft.name,
        settings=section,
        timezone=ZoneInfo(section.timezone),
        origins=origins,
        weeks={one.origin.id: one.week for one in context.draft.origin_drafts if one.week is not None},
        members=tuple(member for member in members if not member.settings.fallback_only),
        fallbacks={member.key: member for member in members if member.settings.fallback_only},
        catalogue=catalogue,
        plan_rules=of_phase(Phase.PLAN, rules),
        shipment_rules=of_phase(Phase.SHIPMENT, rules),
        cart_rules=of_phase(Phase.CART, rules),
        cartons=context.draft.cartons,
        groupings=frozenset(table["lines"] for table in context.draft.channels.values() if table.get("lines")),
    )
