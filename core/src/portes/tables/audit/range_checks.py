"""What is odd about ranges of postal codes beside each other: overlaps, rows that others hide, borders of states."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, groupby, islice, takewhile
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple, TypeAlias

from portes.contract.states import states
from portes.tables.audit.bracket_checks import percent_apart
from portes.tables.audit.findings import FindingCollector
from portes.tables.audit.lanes import AuditLanes, effective_top
from portes.tables.index.origins import RowScope, origin_segments
from portes.tables.index.overlaps import HeldRange, clusters, narrowest, overlaps_in_rank, segments

_SPILL: Final = 100
"""The share of a state, 1 in so many codes, up to which a range from elsewhere is held to have spilled into it."""


Span: TypeAlias = tuple[int, int]
"""Measures above a border and up to another, in thousandths."""


class StateSpan(NamedTuple):
    """A range of postal codes of a state, as numbers, both ends inclusive."""

    first: int
    last: int
    state: str


class RangeChecks:
    """The checks of lanes that lie beside each other."""

    def __init__(self, lanes: AuditLanes, found: FindingCollector) -> None:
        self._lanes = lanes
        self._rows = lanes.rows
        self._found = found
        self._reached = bytearray(len(lanes.rows))
        self._told: set[tuple[int, int]] = set()

    def run(self) -> None:
        """Find all of it."""
        for run in self.runs():
            if len(run) == 1:
                self._reach(run[0].group)
                continue
            self._check_overlaps(run)
            self._check_reach(run)
        for lane, rows in self._lanes.each():
            self._check_states(lane)
            for at in rows:
                if not self._reached[at]:
                    self._found.add("unreachable", at)

    def runs(self) -> Iterator[list[HeldRange]]:
        """Runs of ranges that overlap, of all that price together; a range alone is a run of one."""
        for scopes in self.scopes_together:
            held = [self._lanes.held(lane) for scope in scopes for lane in self._lanes.of_scope[scope]]
            if len(scopes) > 1:
                held.sort(key=lambda one: (one.start, one.end))
            yield from clusters(held)

    @cached_property
    def scopes_together(self) -> list[tuple[int, ...]]:
        """The numbers of scopes that price shipments from the same origins, by service."""
        return together(self._rows.scopes)

    def _check_overlaps(self, run: Sequence[HeldRange]) -> None:
        for one, other in overlaps_in_rank(run):
            pair = one.group, other.group
            if pair in self._told:
                continue
            self._told.add(pair)
            twins = one[:3] == other[:3]
            if self._rows.options.overlap != "reject_table" and not (
                twins and self._rows.options.overlap == "narrowest"
            ):
                continue
            self._tell_overlap(one, other)

    def _tell_overlap(self, one: HeldRange, other: HeldRange) -> None:
        rows, lanes = self._rows, self._lanes
        same = lanes.content_of[one.group] == lanes.content_of[other.group]
        shared = min(one.end, other.end) - max(one.start, other.start) + 1
        first, second = lanes.of(one.group), lanes.of(other.group)
        apart, pair = (0, ("", "")) if same else _apart(rows.prices, first, second)
        words = {"others": f"{rows.codes(second[0])} of {rows.line(second[0])}", "shared": f"{shared:,}"}
        words["apart"] = "with other brackets or terms"
        if apart:
            words["apart"] = f"{rows.money(int(pair[0]))} and {rows.money(int(pair[1]))}"
        self._found.add(
            "overlap-same" if same else "overlap-different",
            first[0],
            words,
            size=shared,
            worst=apart,
            value=second[0],
        )

    def _check_reach(self, run: Sequence[HeldRange]) -> None:
        """Mark the rows of overlapping ranges that price something."""
        if self._rows.options.overlap == "narrowest":
            self._reach_narrowest(run)
        else:
            self._reach_by_rank(run)

    def _reach_narrowest(self, run: Sequence[HeldRange]) -> None:
        """Mark the rows of each rank's narrowest range that those of higher ranks leave something to."""
        for _, _, held in segments(run):
            taken: tuple[Span, ...] = ()
            for (lane,) in narrowest(held)[0]:
                self._reach_beside(lane, taken)
                taken = _joined([*taken, *self._spans(lane)])

    def _reach_by_rank(self, run: Sequence[HeldRange]) -> None:
        """Mark the rows that those of higher ranks leave something to; all ranges of a rank count.

        Ranges are not looked at code by code but beside the few different covers of those above them, so that
        thousands that all overlap take no longer than as many that do not.
        """
        above: list[HeldRange] = []
        for _, layer in groupby(sorted(run, key=attrgetter("below")), attrgetter("below")):
            ranges = [*layer]
            covers = self._covers(above)
            starts = [start for start, _ in covers]
            for one in ranges:
                here = islice(covers, bisect_right(starts, one.start) - 1, bisect_right(starts, one.end))
                any(self._reach_beside(one.group, taken) for _, taken in here)
            above += ranges

    def _covers(self, above: Sequence[HeldRange]) -> list[tuple[int, tuple[Span, ...]]]:
        """From which code on which measures are taken by some ranges, in order."""
        borders = [(one.start, 1, self._spans(one.group)) for one in above]
        borders += [(one.end + 1, -1, self._spans(one.group)) for one in above]
        covers: list[tuple[int, tuple[Span, ...]]] = [(0, ())]
        held: Counter[tuple[Span, ...]] = Counter()
        for code, changes in groupby(sorted(borders), itemgetter(0)):
            for _, step, spans in changes:
                held[spans] += step
            held = +held
            taken = _joined([*chain.from_iterable(held)])
            if taken != covers[-1][1]:
                covers.append((code, taken))
        return covers

    def _spans(self, lane: int) -> tuple[Span, ...]:
        """The measures that a lane has a price for."""
        return tuple((self._rows.lows[at], effective_top(self._rows, at)) for at in self._lanes.of(lane))

    def _reach_beside(self, lane: int, taken: Sequence[Span]) -> bool:
        """Mark the rows of a lane that hold anything that is not taken; whether all are marked now."""
        rows = self._lanes.of(lane)
        for at in rows:
            if not self._reached[at] and not self._is_taken(at, taken):
                self._reached[at] = 1
        return all(self._reached[at] for at in rows)

    def _is_taken(self, at: int, taken: Sequence[Span]) -> bool:
        low, high = self._rows.lows[at], effective_top(self._rows, at)
        return any(first <= low and high <= last for first, last in taken)

    def _reach(self, lane: int) -> None:
        for at in self._lanes.of(lane):
            self._reached[at] = 1

    @cached_property
    def _states(self) -> list[StateSpan]:
        return state_spans(self._rows.options.country)

    @cached_property
    def _sizes(self) -> Counter[str]:
        """How many codes each state has."""
        sizes: Counter[str] = Counter()
        for span in self._states:
            sizes[span.state] += span.last - span.first + 1
        return sizes

    def _check_states(self, lane: int) -> None:
        """Find a range that has codes of no state, or a few of one beside its own."""
        if not self._states:
            return
        rows, at = self._rows, self._lanes.first(lane)
        first, last = rows.firsts[at], rows.lasts[at]
        if first == 0 and last == rows.form.size - 1:
            return  # so people write "anywhere"
        shares: dict[str, int] = {}
        begin = max(0, bisect_right(self._states, first, key=itemgetter(0)) - 1)
        for span in takewhile(lambda span: span.first <= last, self._states[begin:]):
            shared = min(last, span.last) - max(first, span.first) + 1
            if shared > 0:
                shares[span.state] = shares.get(span.state, 0) + shared
        outside = last - first + 1 - sum(shares.values())
        if outside:
            words = {"outside": f"{outside:,}", "all": f"{last - first + 1:,}"}
            self._found.add(
                "range-outside",
                at,
                words,
                severity="advice" if shares else "warning",
                size=outside,
            )
        if len(shares) > 1:
            self._check_spill(at, shares)

    def _check_spill(self, at: int, shares: dict[str, int]) -> None:
        home = max(shares, key=lambda state: shares[state])
        for state, shared in shares.items():
            if state != home and shared * _SPILL <= min(self._sizes[state], shares[home]):
                words = {"home": home, "other": state, "spilled": f"{shared:,}"}
                self._found.add("range-spills", at, words, size=shared)


def together(scopes: Sequence[RowScope]) -> list[tuple[int, ...]]:
    """The numbers of scopes that price shipments from the same origins, each combination once, service by service."""
    numbers = {scope: number for number, scope in enumerate(scopes)}
    of_service: dict[int, list[RowScope]] = {}
    for scope in scopes:
        of_service.setdefault(scope.service, []).append(scope)
    every = (here for mine in of_service.values() for _, _, here in origin_segments(mine))
    return [*dict.fromkeys(tuple(sorted(numbers[scope] for scope in here)) for here in every)]


def state_spans(country: str) -> list[StateSpan]:
    """The ranges of all states of a country as numbers, in order; none for a country without a list."""
    return sorted(
        StateSpan(int(first), int(last), state.code) for state in states(country) for first, last in state.ranges
    )


def _apart(prices: Sequence[int], first: Sequence[int], second: Sequence[int]) -> tuple[int, tuple[int, int]]:
    """How far the prices of two lanes are apart at most, bracket by bracket, in percent, and those two prices."""
    pairs = [(prices[one], prices[other]) for one, other in zip(first, second, strict=False)]
    return max(((percent_apart(*pair), pair) for pair in pairs), default=(0, (0, 0)))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans that touch, as one; in order."""
    joined: list[Span] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        else:
            joined.append((low, high))
    return tuple(joined)
