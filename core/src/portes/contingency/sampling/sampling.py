"""A table sampled from an oracle, and an earlier one asked again where it drifted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from portes.contingency.sampling.cutting import clipped, without
from portes.contingency.sampling.finishing import CostSpans, rows_of, unknown_of
from portes.contingency.sampling.plan import Progress, SampledRegion, SamplingPlan
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
    return refreshed(oracle, plan, (), progress) if plan.regions else sampled(oracle, plan, ranges, progress)


def refreshed(
    oracle: Oracle, plan: SamplingPlan, earlier: Sequence[SampledRow], progress: Progress = _silent
) -> SampledTable:
    """An earlier table, asked again in the plan's regions alone; everything else stays as it is, with its day.

    What could not be found out again stays too. Raises as `sample` does.
    """
    ranges = public_ranges(plan.country)
    rows: list[SampledRow] = [*earlier]
    tables: list[SampledTable] = []
    parts = [*_by_brackets(plan)]
    for number, part in enumerate(parts):
        spent = sum(table.asked for table in tables)
        if plan.most_calls is not None:
            if spent >= plan.most_calls:
                break
            part = replace(part, most_calls=max(1, (plan.most_calls - spent) // (len(parts) - number)))  # noqa: PLW2901
        spans = [(int(region.postal_from), int(region.postal_to)) for region in part.regions]
        table = sampled(oracle, part, within(ranges, spans), progress)
        tables.append(table)
        kept = [row for span in table.unknown_spans for row in clipped(rows, span.region, span.service)]
        for region in part.regions:
            rows = [*without(rows, region._replace(weight_from=part.floor, weight_to=part.borders[-1]))]
        rows += [*kept, *table.rows]
    return _together(sorted(rows), tables)


def _by_brackets(plan: SamplingPlan) -> Iterator[SamplingPlan]:
    """The plan's regions, those of the same brackets as one plan; regions in which no bracket lies are left out."""
    groups: dict[tuple[int, tuple[int, ...]], list[SampledRegion]] = defaultdict(list)
    for region in plan.regions:
        below = [*takewhile(lambda border, region=region: border <= region.weight_from, plan.borders)]  # type: ignore[misc]
        borders = tuple(border for border in plan.borders if region.weight_from < border <= region.weight_to)
        groups[below[-1] if below else plan.floor, borders].append(region)
    for (floor, borders), regions in groups.items():
        if borders:
            yield replace(plan, floor=floor, borders=borders, regions=tuple(regions))


def _together(rows: Iterable[SampledRow], tables: Sequence[SampledTable]) -> SampledTable:
    counts: Counter[str] = Counter()
    for table in tables:
        counts.update(table.counts)
    return SampledTable(
        rows=tuple(rows),
        unknown_spans=tuple(span for table in tables for span in table.unknown_spans),
        asked=sum(table.asked for table in tables),
        grid=sum(table.grid for table in tables),
        estimated=sum(table.estimated for table in tables),
        refused=sum(table.refused for table in tables),
        unknown=sum(table.unknown for table in tables),
        counts=dict(counts),
    )


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
