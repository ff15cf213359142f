"""A table sampled from an oracle, and an earlier one asked again where it drifted."""

from collections import Counter
from collections.abc import Sequence

from portes.contingency.sampling.finishing import Stretches, rows_of
from portes.contingency.sampling.plan import Progress, SamplingPlan
from portes.contingency.sampling.protocol import Oracle
from portes.contingency.sampling.ranges import PublicRange, public_ranges, within
from portes.contingency.sampling.result import SampledRow, SampledTable
from portes.contingency.sampling.sampler import LaneSampler


def sample(oracle: Oracle, plan: SamplingPlan, progress: Progress = lambda _: None) -> SampledTable:
    """Ask about the plan's places and brackets, and make a table of the answers.

    Equal answers give equal questions and an equal table, so an oracle that remembers what it answered makes it go on
    where it was killed. Raises `SettingsError` for a country whose ranges are not known, and whatever the oracle does.
    """
    ranges = public_ranges(plan.country)
    if plan.regions:
        ranges = within(ranges, [(int(region.postal_from), int(region.postal_to)) for region in plan.regions])
    return sampled(oracle, plan, ranges, progress)


def sampled(
    oracle: Oracle, plan: SamplingPlan, ranges: Sequence[PublicRange], progress: Progress = lambda _: None
) -> SampledTable:
    """The same for ranges of the caller's own, in order and without overlap, instead of the public ones."""
    sampler = LaneSampler(oracle, plan, ranges, progress)
    if ranges:
        sampler.run()
    rows: list[SampledRow] = []
    cells: Counter[str] = Counter()
    for service, zones in sorted(sampler.services.items()):
        stretches = Stretches(zones, sampler.lines, sampler.size)
        rows += rows_of(stretches, service, plan)
        cells += stretches.counts
    counts = dict(sampler.oracle.counts)
    return SampledTable(
        rows=tuple(rows),
        asked=sum(counts.values()),
        grid=len(ranges) * sampler.size,
        estimated=cells["estimated"],
        refused=cells["refused"],
        unknown=cells["unknown"],
        counts=counts,
    )


def refreshed():
    pass
