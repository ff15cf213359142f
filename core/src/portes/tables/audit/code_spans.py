"""Spans of postal codes as numbers, both ends inclusive: joined, and what lies between them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter


def missing_codes(first: int, last: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """How many codes of a range lie in no span, and the first of them."""
    at = max(0, bisect_right(spans, first, key=itemgetter(0)) - 1)
    missing, begin, here = 0, -1, first
    while here <= last:
        while at < len(spans) and spans[at][1] < here:
            at += 1
        gap_end = min(last, spans[at][0] - 1) if at < len(spans) else last
        if gap_end >= here:
            missing += gap_end - here + 1
            begin = here if begin < 0 else begin
        here = max(gap_end, spans[at][1] if at < len(spans) else last) + 1
    return missing, begin


def joined_spans(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined
