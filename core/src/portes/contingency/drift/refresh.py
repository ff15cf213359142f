"""Which lanes of a table are to be asked again, since the table has drifted there."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from portes.contingency.drift.kept import kept_reports
from portes.contingency.drift.report import DriftedArea, DriftReport
from portes.contingency.sampling.protocol import LanePoint
from portes.contract.postal import postal_form
from portes.errors import Problem, SettingsError

_WITHOUT_END: Final = 1 << 62


class DriftedLanes:
    """The lanes of the areas that drifted, by the last check of a table."""

    def __init__(self, report: DriftReport, borders: Sequence[int]) -> None:
        """Take the last check, and the upper borders of the brackets that are asked about, in grams, rising.

        A bracket is asked about at its border, and its row sells all that weighs less down to the border below. So it
        is asked again where a part of it drifted, whatever brackets the check tells apart. Codes in no state that is
        known are in no table that is sampled, so where they drifted nothing is asked again.
        """
        self.since = int(report.checked.timestamp())
        """When it was checked, in seconds since 1970: answers from before are not taken there."""
        self._form = postal_form(report.country)
        self._borders = borders
        drifted = [area for area in report.drifted if area.state]
        spans = {place: _weights(drifted, place) for place in {area.ranges for area in drifted}}
        found = sorted(
            (self._form.low(first), self._form.high(last), weights)
            for place, weights in spans.items()
            for first, last in place
        )
        self._lows = [low for low, _, _ in found]
        self._spans = found

    def asked_since(self, point: LanePoint) -> int:
        """From when on an answer to a lane counts, in seconds since 1970; 0 where the table has not drifted."""
        number = self._form.low(point.postal_code)
        at = bisect_right(self._lows, number) - 1
        if at < 0 or number > self._spans[at][1]:
            return 0
        bracket = bisect_left(self._borders, point.weight)
        below = self._borders[bracket - 1] if bracket else 0
        drifted = any(max(below, low) < min(point.weight, high) for low, high in self._spans[at][2])
        return self.since if drifted else 0


def drifted_lanes(state: Path, store: str, table: str, borders: Sequence[int]) -> DriftedLanes:
    """The lanes that a table's last check found wrong, of brackets up to these borders in grams.

    Raises `SettingsError` where it was never checked.
    """
    for report in kept_reports(state, store):
        if report.table == table:
            return DriftedLanes(report, borders)
    fix = f"check it first: portes contingency drift --table {table}; or build without --refresh"
    raise SettingsError(Problem("--refresh", table, "was never checked, so nobody knows where it drifted", fix))


def _weights(areas: Sequence[DriftedArea], place: tuple[tuple[str, str], ...]) -> tuple[tuple[int, int], ...]:
    """The brackets of a place that drifted, in grams: above one number, up to another."""
    own = {(area.weight_above, area.weight_to or _WITHOUT_END) for area in areas if area.ranges == place}
    return tuple(sorted(own))
