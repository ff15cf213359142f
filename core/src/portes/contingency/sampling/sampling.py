"""A table sampled from an oracle: the whole of a country, or regions of it."""

from collections import Counter
from collections.abc import Sequence

from portes.contingency.sampling.finishing import CostSpans, rows_of, unknown_of
from portes.contingency.sampling.plan import Progress, SamplingPlan
from portes.contingency.sampling.protocol import Oracle
from portes.contingency.sampling.ranges import PublicRange, public_ranges, within
from portes.contingency.sampling.result import SampledRow, SampledTable, UnknownSpan
from portes.contingency.sampling.sampler import LaneSampler


def _silent(_: object) -> None:
    """Progress that nobody wants to hear of."""


def sample(oracle: Oracle, plan: SamplingPlan, progress: Progress = _silent) -> SampledTable:
    """Ask about the plan's places and brackets, and make a table of the answers.

    Equal answers give equal questions and an equal table, so an oracle that remembers what it answered makes it go on
    where it was killed. Raises `SettingsError` for a country whose ranges are not known, and whatever the oracle does.
    """
    ranges = public_ranges(plan.country)
    if plan.regions:
        ranges = within(ranges, [(int(first), int(last)) for first, last in plan.regions])
    return sampled(oracle, plan, ranges, progress)


def sampled(
    oracle: Oracle, plan: SamplingPlan, ranges: Sequence[PublicRange], progress: Progress = _silent
) -> SampledTable:
    """A table of ranges of the caller's own, in order and without overlap, in place of the public ones."""
    sampler = LaneSampler(oracle, plan, ranges, progress)
    if ranges:
        sampler.run()
    rows: list[SampledRow] = []
    unknown: list[UnknownSpan] = []
    cells: Counter[str] = Counter()
    for service, zones in sorted(sampler.services.items()):
        costs = CostSpans(zones, sampler.lines, sampler.size)
        merged = [*costs.merged()]
        rows += rows_of(merged, service, plan)
        unknown += unknown_of(merged, service, plan)
        cells.update(costs.counts)
    counts = dict(sampler.oracle.counts)
    return SampledTable(
        rows=tuple(rows),
        unknown_spans=tuple(unknown),
        asked=sum(counts.values()),
        grid=len(ranges) * sampler.size,
        estimated=cells["estimated"],
        refused=cells["refused"],
        unknown=cells["unknown"],
        counts=counts,
    )
