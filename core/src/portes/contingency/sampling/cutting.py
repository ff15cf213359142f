"""Rows cut at the borders of a region: what lies outside of it, and what within."""

from collections.abc import Iterable, Iterator

from portes.contingency.sampling.plan import SampledRegion
from portes.contingency.sampling.result import SampledRow


def clipped(rows: Iterable[SampledRow], region: SampledRegion, service: str) -> Iterator[SampledRow]:
    """The parts of a service's rows that lie in the region."""
    return (_within(row, region) for row in rows if row.service == service and _meet(row, region))


def without(rows: Iterable[SampledRow], region: SampledRegion) -> Iterator[SampledRow]:
    """The parts of the rows that lie outside of the region, at most four of a row."""
    for row in rows:
        if not _meet(row, region):
            yield row
            continue
        inside = _within(row, region)
        if row.postal_from < inside.postal_from:
            yield row._replace(postal_to=_next_to(inside.postal_from, -1))
        if inside.postal_to < row.postal_to:
            yield row._replace(postal_from=_next_to(inside.postal_to, 1))
        beside = row._replace(postal_from=inside.postal_from, postal_to=inside.postal_to)
        if row.weight_from < inside.weight_from:
            yield beside._replace(weight_to=inside.weight_from)
        if inside.weight_to < row.weight_to:
            yield beside._replace(weight_from=inside.weight_to)


def _meet(row: SampledRow, region: SampledRegion) -> bool:
    codes = row.postal_from <= region.postal_to and region.postal_from <= row.postal_to
    return codes and row.weight_from < region.weight_to and region.weight_from < row.weight_to


def _within(row: SampledRow, region: SampledRegion) -> SampledRow:
    return row._replace(
        postal_from=max(row.postal_from, region.postal_from),
        postal_to=min(row.postal_to, region.postal_to),
        weight_from=max(row.weight_from, region.weight_from),
        weight_to=min(row.weight_to, region.weight_to),
    )


def _next_to(postal_code: str, step: int) -> str:
    return str(int(postal_code) + step).zfill(len(postal_code))
