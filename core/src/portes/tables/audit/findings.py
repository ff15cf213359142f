"""Findings of an audit, collected case by case: the first ones in words, of the others their rows."""

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from portes.tables.audit.kinds import KINDS, SEVERITIES, FindingKind, Severity

MOST_CASES: Final = 20
"""Cases of one finding that are told in words; the rest are counted."""

Figures = Mapping[str, object]
"""What fills the words of a case or of the damage."""


class CountedNumber(int):
    """A number that brings its noun along: `{rows:row|rows}` is `1 row` or `1,200 rows`."""

    def __format__(self, nouns: str) -> str:
        one, _, many = nouns.partition("|")
        return f"{int(self):,} {one if self == 1 else many}" if many else f"{int(self):,}"


class AuditCase(NamedTuple):
    """One place where a finding is seen, in words, and the row that it is about."""

    words: str
    sheet: str
    """Empty for a text file, and for what is no row's."""
    line: int
    """0 for what is no row's, such as a state without coverage."""


@dataclass
class AuditFinding:
    """All cases of one kind in a table."""

    kind: FindingKind
    severity: Severity = "advice"
    """The worst of its cases."""
    count: int = 0
    cases: list[AuditCase] = field(default_factory=list)
    """The first of them."""
    rows: "array[int]" = field(default_factory=lambda: array("I"))
    """The positions of all rows concerned, in the audited rows."""
    values: "array[int]" = field(default_factory=lambda: array("q"))
    """For each row, what mends it; by the kind a factor, a border or nothing."""
    size: int = 0
    """The sum of what the cases measure: postal codes, as a rule."""
    worst: int = 0
    """The most that a case comes to."""
    figures: dict[str, object] = field(default_factory=dict)
    """What else the words of damage and fix name."""

    @property
    def damage(self) -> str:
        """The size of the damage, in words."""
        return self._filled(self.kind.damage)

    @property
    def fix(self) -> str:
        """What to do about it, in words."""
        return self._filled(self.kind.fix)

    def _filled(self, words: str) -> str:
        numbers = {"count": self.count, "rows": len(self.rows), "size": self.size, "worst": self.worst}
        return words.format(**{name: CountedNumber(number) for name, number in numbers.items()}, **self.figures)


class FindingCollector:
    """Takes cases as checks find them."""

    def __init__(self, place: Callable[[int], tuple[str, int]], figures: Callable[[int], Figures]) -> None:
        self._place = place
        """Sheet and line of a row by its position."""
        self._figures = figures
        """What most words about a row name, by its position."""
        self._found: dict[str, AuditFinding] = {}
        self.suspects: set[int] = set()
        """Rows whose price is doubted already, so that what follows from it is not told again."""

    def add(
        self,
        code: str,
        row: int | None,
        words: Figures | None = None,
        *,
        severity: Severity | None = None,
        value: int = 0,
        size: int = 0,
        worst: int = 0,
    ) -> None:
        """Take a case: its row, if it is about one, and what its words name beside the row's own."""
        kind = KINDS[code]
        finding = self._found.setdefault(code, AuditFinding(kind))
        finding.severity = min(finding.severity, severity or kind.severity, key=SEVERITIES.index)
        finding.count += 1
        finding.size += size
        finding.worst = max(finding.worst, worst)
        if row is not None:
            finding.rows.append(row)
            finding.values.append(value)
        if len(finding.cases) < MOST_CASES:
            sheet, line = ("", 0) if row is None else self._place(row)
            figures = {**({} if row is None else self._figures(row)), **(words or {})}
            finding.cases.append(AuditCase(kind.case.format_map(figures), sheet, line))

    def say(self, code: str, **figures: object) -> None:
        """Fill in what the damage or the fix of a finding names; of a kind without a case nothing is kept."""
        if code in self._found:
            self._found[code].figures.update(figures)

    def all(self) -> tuple[AuditFinding, ...]:
        """The findings, the worst first, and then in the order of their kinds."""
        order = [*KINDS]
        found = self._found.values()
        return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), order.index(one.kind.code))))
