"""A country cut into states, and these into capital and interior, as numbers of postal codes."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from portes.contract.postal import postal_form
from portes.contract.states import PlaceError, states
from portes.tables.places.lookup import Part, ranges_of


class RegionSpan(NamedTuple):
    """Postal codes of one region, by number."""

    first: int
    last: int
    region: str
    """`SP capital`, `SP interior`, `28`; blank outside of all that are known."""


@cache
def region_spans(country: str) -> tuple[RegionSpan, ...]:
    """All codes of a country in their order, each in one span."""
    form = postal_form(country)
    spans: list[RegionSpan] = []
    after = 0
    for span in sorted(_known(country)):
        if span.first > after:
            spans.append(RegionSpan(after, span.first - 1, ""))
        spans.append(span)
        after = span.last + 1
    if after < form.size:
        spans.append(RegionSpan(after, form.size - 1, ""))
    return tuple(spans)


def _known(country: str) -> Iterator[RegionSpan]:
    form = postal_form(country)
    for state in states(country):
        for part in _parts(country, state.code):
            name = state.code if part == "all" else f"{state.code} {part}"
            for first, last in ranges_of(country, state.code, part):
                yield RegionSpan(form.low(first), form.high(last), name)


def _parts(country: str, state: str) -> tuple[Part, ...]:
    """Capital and interior, where their postal codes are known."""
    try:
        ranges_of(country, state, "capital")
        ranges_of(country, state, "interior")
    except PlaceError:
        return ("all",)
    return ("capital", "interior")
