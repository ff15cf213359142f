"""Ranges that overlap, split so that each code lies in one: the narrowest range keeps what it holds."""

from collections.abc import Sequence

from portes.tables.audit.lanes import AuditLanes
from portes.tables.index.overlaps import HeldRange, clusters, overlaps_in_rank, segments

RangePieces = dict[int, list[tuple[int, int]]]
"""By the position of a row, the first and last codes that it is to have; none where it has nothing left."""


def split_overlaps(lanes: AuditLanes, *, different: bool) -> tuple[RangePieces, int]:
    """The pieces of all ranges that overlap within a service and origin, and how many overlaps that mends.

    Without `different`, only where all ranges that hang together have the same brackets, prices and terms: then no
    price depends on how they are split.
    """
    pieces: RangePieces = {}
    done = 0
    for numbers in lanes.of_scope:
        held = (lanes.held(lane) for lane in numbers)
        for run in clusters(held):
            contents = {lanes.content_of[one.group] for one in run}
            if len(run) > 1 and (different or len(contents) == 1):
                done += sum(1 for one, other in overlaps_in_rank(run) if _is_same(lanes, one, other) != different)
                _split_run(lanes, run, pieces)
    return pieces, done


def _is_same(lanes: AuditLanes, one: HeldRange, other: HeldRange) -> bool:
    return lanes.content_of[one.group] == lanes.content_of[other.group]


def _split_run(lanes: AuditLanes, run: Sequence[HeldRange], pieces: RangePieces) -> None:
    of_lane: dict[int, list[tuple[int, int]]] = {one.group: [] for one in run}
    for start, end, held in segments(run):
        mine = of_lane[held[0].group]
        if mine and mine[-1][1] + 1 == start:
            mine[-1] = mine[-1][0], end
        else:
            mine.append((start, end))
    for lane, spans in of_lane.items():
        for at in lanes.of(lane):
            pieces[at] = spans
