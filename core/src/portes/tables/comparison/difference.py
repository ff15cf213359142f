"""What differs between two tables, counted; it looks at none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from portes.tables.protocol import Axis

WHOLE: Final = 10_000
"""Hundredths of a percent in the whole."""
FROM_NOTHING: Final = 10**9
"""The change of a price that was nothing before, which has no percentage."""

Bracket = tuple[int, int]
"""Whole units of the axis: above the first, up to the second."""


@dataclass(slots=True)
class CellDifference:
    """The lanes of one service, region and bracket: each postal code there is one."""

    dearer: int = 0
    cheaper: int = 0
    same: int = 0
    gained: int = 0
    """Lanes that only the later table has a price for."""
    lost: int = 0
    """Lanes that only the earlier one has a price for."""
    slower: int = 0
    """Lanes of both whose latest day is later than it was."""
    faster: int = 0
    otherwise: int = 0
    """Lanes of both whose fees, minimum, tax or largest volume differ."""
    rise: int = 0
    """The largest rise of a price, in hundredths of a percent."""
    fall: int = 0
    """The largest fall, in the same, never above 0."""

    @property
    def common(self) -> int:
        """Lanes that both tables have a price for."""
        return self.dearer + self.cheaper + self.same

    @property
    def all(self) -> int:
        """Lanes that any of the two has a price for."""
        return self.common + self.gained + self.lost

    @property
    def changed(self) -> int:
        """Lanes with another price, or that came or went."""
        return self.dearer + self.cheaper + self.gained + self.lost

    def add(self, other: "CellDifference") -> None:
        """Count the lanes of another cell with these."""
        for name in ("dearer", "cheaper", "same", "gained", "lost", "slower", "faster", "otherwise"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.rise, self.fall = max(self.rise, other.rise), min(self.fall, other.fall)


def coarse(change: int) -> int:
    """A change in hundredths of a percent; one of more than the whole in whole percent begun, so that few differ."""
    return change if change < WHOLE else -(-change // 100) * 100


def percent_begun(change: int) -> int:
    """The whole percent, one begun counted, of a rise or a fall in hundredths of a percent."""
    return -(-abs(change) // 100)


CellKey = tuple[str, str, Bracket]
"""Service, region and bracket."""


@dataclass(frozen=True, slots=True)
class TableDifference:
    """All that differs between an earlier and a later table."""

    axis: Axis
    """What the brackets are of."""
    cells: Mapping[CellKey, CellDifference] = field(repr=False)
    changes: Mapping[int, int] = field(repr=False)
    """Common lanes by the change of their price, as `coarse` has it."""
    percents: Mapping[str, Mapping[int, int]] = field(repr=False)
    """Common lanes by region, and by the percent that their price rose or fell by, one begun counted whole."""

    @property
    def total(self) -> CellDifference:
        """The counts of all lanes together."""
        return _together(self.cells.values())

    @property
    def median(self) -> int:
        """The change in the middle of all common lanes, in hundredths of a percent; 0 without any."""
        half, counted = sum(self.changes.values()) / 2, 0
        for change, lanes in sorted(self.changes.items()):
            counted += lanes
            if counted >= half:
                return change
        return 0

    def beyond(self, change: int) -> int:
        """Common lanes whose price rose or fell by more than so many hundredths of a percent."""
        return sum(lanes for each, lanes in self.changes.items() if abs(each) > change)

    def regions_beyond(self, percent: int) -> dict[str, tuple[int, int]]:
        """Regions with more than half of their common lanes so, those lanes and all common ones; most lanes first."""
        far = {
            region: (sum(count for each, count in lanes.items() if each > percent), sum(lanes.values()))
            for region, lanes in self.percents.items()
        }
        most = sorted(far, key=lambda region: (-far[region][0], region))
        return {region: far[region] for region in most if far[region][0] * 2 > far[region][1]}

    def by_region(self) -> dict[str, CellDifference]:
        """The lanes of each region."""
        return self._by(lambda key: key[1])

    def by_bracket(self) -> dict[Bracket, CellDifference]:
        """The lanes of each bracket."""
        return self._by(lambda key: key[2])

    def _by(self, part: Callable[[CellKey], "str | Bracket"]) -> dict:  # type: ignore[type-arg]
        groups: dict[object, list[CellDifference]] = {}
        for key, cell in self.cells.items():
            groups.setdefault(part(key), []).append(cell)
        return {group: _together(cells) for group, cells in groups.items()}


def _together(cells: Iterable[CellDifference]) -> CellDifference:
    whole = CellDifference()
    for cell in cells:
        whole.add(cell)
    return whole
