"""Builds a table from a store: its carriers are asked, lanes chosen, rows priced, written and kept as a version."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from portes.contingency.asking import Doubt
from portes.contingency.drift.refresh import drifted_lanes
from portes.contingency.goods_sources import choose_goods
from portes.contingency.opening import BuildWatch, NoWatch, recipe_name, state_of, store_oracle, told_state
from portes.contingency.order import BuildOrder
from portes.contingency.pace import WaitingClock
from portes.contingency.recipe import Recipe, recipe_of
from portes.contingency.report import BuildFacts, report_of
from portes.contingency.results import WrittenTable, check_writable, write_results
from portes.contingency.sampling import SampledTable, SamplingPlan, sample
from portes.errors import Problem, SettingsError
from portes.store import Store

_FEW: Final = 3
"""Reasons that are told of a table without a price."""


class BuiltTable(NamedTuple):
    """A table that was built."""

    written: WrittenTable
    sampled: SampledTable
    report: Mapping[str, Any]


def build_table(store: Store, order: BuildOrder, clock: WaitingClock, watch: BuildWatch | None = None) -> BuiltTable:
    """Build a table and keep it as a version, which is not in force by that.

    Raises `SettingsError` for what the store, the order or the format cannot do, for a state folder that takes nothing,
    and when a carrier does not accept its credentials; `BuildStoppedError` when one answers nothing for an hour;
    `StoppedError` when the clock is stopped.
    What was learnt is kept in any case, so that the same order goes on where it was.
    """
    state = state_of(store)
    with told_state(store):
        return _built(store, order, clock, watch or NoWatch(), state)


def _built(store: Store, order: BuildOrder, clock: WaitingClock, watch: BuildWatch, state: Path) -> BuiltTable:
    goods = choose_goods(store, order.goods, clock.now())
    recipe = recipe_of(store, goods.goods, order.wishes)
    plan = plan_of(recipe, order, clock)
    check_writable(store, order, clock.now())
    asking: dict[str, Any] = {"oldest": order.oldest, "heed_hours": order.heed_hours, "watch": watch}
    if order.refresh:
        drifted = drifted_lanes(state, recipe.policy.store, order.table_name, order.brackets)
        asking["since_of"] = drifted.asked_since
    with store_oracle(store, recipe, clock, **asking) as oracle:
        sampled = sample(oracle, plan, lambda told: watch.sampled(told, oracle.end_of(told.expected)))
        spent, doubts, oldest, silent = oracle.progress(), oracle.doubts, oracle.oldest, oracle.never_answered
    _check_priced(sampled, doubts)
    counts = {
        "asked": sampled.asked,
        "grid": sampled.grid,
        "estimated": sampled.estimated,
        "refused": sampled.refused,
        "unknown": sampled.unknown + sampled.grid * len(silent),
    }
    name, at = recipe_name(store, recipe), clock.now()
    facts = BuildFacts(order, recipe, name, goods, spent, doubts, silent, counts, oldest, at)
    written = write_results(store, order, sampled, at, partial(report_of, facts))
    return BuiltTable(written, sampled, written.report)


def _check_priced(sampled: SampledTable, doubts: Counter[Doubt]) -> None:
    """Raise `SettingsError` with the most frequent reasons for a table without a single price."""
    if sampled.rows:
        return
    told = [f"{each.carrier} {each.kind}: {each.hint or 'no reason given'}" for each, _ in doubts.most_common(_FEW)]
    if not told:
        fix = "build it for regions and brackets that they serve"
        raise SettingsError(Problem("", "", "the store's carriers refuse every lane, so there is no table", fix))
    cause = f"no lane has a price, so there is no table ({'; '.join(told)})"
    raise SettingsError(Problem("", "", cause, "mend that, and build again: what was learnt is kept"))


def plan_of(recipe: Recipe, order: BuildOrder, clock: WaitingClock) -> SamplingPlan:
    """What is to be sampled for an order.

    Raises `SettingsError` for brackets that make no sense, and for goods of which the heaviest is no parcel.
    """
    settings = recipe.policy.settings
    faults = [*recipe.goods.faults(max(order.brackets))]
    if faults:
        raise SettingsError(faults)
    try:
        return SamplingPlan(
            country=settings.country,
            borders=order.brackets,
            regions=order.regions,
            most_calls=order.most_calls,
            seed=order.seed,
            day=clock.now().astimezone(recipe.policy.timezone).date(),
        )
    except ValueError as error:
        raise SettingsError(Problem("--brackets", "", str(error), "write rising weights, such as 0.3,0.5,1")) from None
