"""How long Correos takes, as it published or the shop knows better: business days by lane; it knows no price."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from portes.errors import Problems
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column
from portes_correos_es.lanes import Lanes, destination_fix, origin_fix
from portes_correos_es.products import catalogue
from portes_correos_es.sources import Source
from portes_correos_es.territories import Territory

COLUMNS: Final = (
    Column("product", Cells.text),
    Column("origin", Cells.text),
    Column("destination", Cells.text),
    Column("min_days", Cells.days),
    Column("max_days", Cells.days),
    Column("source", Cells.text, blank=""),
)
"""Every column of a file of times; docs/correos-es.md says what each means."""


class Span(NamedTuple):
    """Business days from hand-over to door, or to the counter."""

    min: int
    max: int
    source: str
    """Who says so, in words."""
    published: bool
    """Whether Correos published it; otherwise the shop says so."""


Times = Mapping[str, Lanes[Span]]
"""The lanes and their days, by product."""


def read_times(source: Source, problems: Problems, *, published: bool) -> Times:
    """Read a file of times; each product's lanes."""
    rows: dict[str, dict[tuple[str, str], Span]] = {}
    for line, (product, origin, destination, shortest, longest, said_by) in source.lines(COLUMNS, problems):
        fault = _fault(product, origin, destination, shortest, longest)
        if fault:
            problems.add(*fault, line)
            continue
        lanes = rows.setdefault(product, {})
        if (origin, destination) in lanes:
            problems.add("destination", destination, f"has days from {origin} already", "keep one of the rows", line)
        lanes[origin, destination] = Span(shortest, longest, said_by, published)
    return {product: Lanes(lanes) for product, lanes in rows.items()}


def _fault(
    product: str, origin: str, destination: str, shortest: int, longest: int
) -> tuple[str, str, str, str] | None:
    if product not in catalogue().products:
        return "product", product, "is no product", f"write one of {', '.join(catalogue().products)}"
    if fix := origin_fix(origin):
        return "origin", origin, "is no place", fix
    if fix := destination_fix(destination):
        return "destination", destination, "is no place", fix
    if shortest > longest:
        return "max_days", str(longest), "is less than min_days", "write the larger number here"
    if not longest and not catalogue().products[product].same_day:
        cause = f"promises the day of hand-over, which Correos does not promise for {product}"
        return "max_days", str(longest), cause, "write 1 or more"
    return None


def find_span(sources: Sequence[Times], product: str, origin: Territory, destination: Territory) -> Span | None:
    """The first source's days for this lane; None when no source knows any."""
    found = (times[product].find(origin, destination) for times in sources if product in times)
    return next((span for span in found if span is not None), None)


__all__ = ["COLUMNS", "Span", "Times", "find_span", "read_times"]
