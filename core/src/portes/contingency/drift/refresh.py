"""Which lanes of a table are to be asked again, since the table has drifted there."""

from bisect import bisect_right
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

    def __init__(self, report: DriftReport) -> None:
        self.since = int(report.checked.timestamp())
        """When it was checked, in seconds since 1970: answers from before are not taken there."""
        self._form = postal_form(report.country)
        spans = {place: _weights(report.drifted, place) for place in {area.ranges for area in report.drifted}}
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
        return self.since if any(low < point.weight <= high for low, high in self._spans[at][2]) else 0


def drifted_lanes(state: Path, store: str, table: str) -> DriftedLanes:
    """The lanes that a table's last check found wrong. Raises `SettingsError` where it was never checked."""
    for report in kept_reports(state, store):
        if report.table == table:
            return DriftedLanes(report)
    fix = f"check it first: portes contingency drift --table {table}; or build without --refresh"
    raise SettingsError(Problem("--refresh", table, "was never checked, so nobody knows where it drifted", fix))


def _weights(areas: Sequence[DriftedArea], place: tuple[tuple[str, str], ...]) -> tuple[tuple[int, int], ...]:
    """The brackets of a place that drifted, in grams: above one number, up to another."""
    own = {(area.weight_above, area.weight_to or _WITHOUT_END) for area in areas if area.ranges == place}
    return tuple(sorted(own))
