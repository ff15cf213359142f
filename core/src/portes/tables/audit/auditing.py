"""From a file to everything that is odd about its table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from portes.errors import Problem, Problems, SettingsError
from portes.tables.audit.bracket_checks import BracketChecks
from portes.tables.audit.coverage import AuditCoverage, CoverageChecks
from portes.tables.audit.findings import AuditFinding, FindingCollector
from portes.tables.audit.kinds import SEVERITIES, Severity
from portes.tables.audit.lanes import AuditLanes
from portes.tables.audit.neighbours import NeighbourChecks
from portes.tables.audit.range_checks import RangeChecks
from portes.tables.audit.row_checks import check_rows
from portes.tables.audit.rows import AuditRows
from portes.tables.detection.headers_seen import guess_beside, guess_format
from portes.tables.formats.finding import blaming_format, find_format, is_of_fees, rows_of
from portes.tables.formats.mapping.description import WORD
from portes.tables.opening import LARGEST_TABLE
from portes.tables.protocol import ReadOptions
from portes.tables.reading.sheets import read_source
from portes.tables.reading.workbooks import read_once

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is in all."""
STAGES: Final = ("rows", "lanes", "single rows", "neighbours", "brackets", "ranges", "coverage")
"""What an audit goes through."""


def quiet(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found in a table."""

    file: Path
    format: str
    why: str
    """Why the file is taken for this format; empty where the format was given."""
    rows: AuditRows
    ranges: int
    """Postal ranges, counted per service and origin."""
    findings: tuple[AuditFinding, ...]
    coverage: AuditCoverage
    notes: tuple[str, ...]
    """What was understood in a certain way or left out."""

    def worse_than(self, severity: Severity) -> bool:
        """Whether any finding is at least this bad."""
        bad = SEVERITIES.index(severity)
        return any(SEVERITIES.index(finding.severity) <= bad for finding in self.findings)


def audit_table(path: Path, format_name: str, options: ReadOptions, progress: Progress = quiet) -> AuditReport:
    """Audit a file; without a format it is found out by the header.

    Raises `SettingsError` with every problem of a file that cannot be understood.
    """
    source = read_source(path, LARGEST_TABLE)
    with read_once():
        why = ""
        if not format_name:
            format_name, why = _guessed(path, source, options)
        return audit_source(path, source, format_name, options, progress, why)


def audit_source(
    path: Path, source: bytes, format_name: str, options: ReadOptions, progress: Progress = quiet, why: str = ""
) -> AuditReport:
    """Audit the content of a file. Raises `SettingsError` as `audit_table` does."""
    table_format = find_format(format_name)
    options = replace(options, of_fees=options.of_fees or is_of_fees(table_format))
    problems = Problems(path)
    rows = AuditRows(options, problems)
    with blaming_format(format_name):
        lines = source.count(b"\n")
        rows.add(
            rows_of(table_format, source, options, problems), lambda count: progress("rows", count, max(count, lines))
        )
    problems.check()
    return _audited(path, format_name, why, rows, problems.notes, progress)


def _audited(
    path: Path, format_name: str, why: str, rows: AuditRows, notes: tuple[str, ...], progress: Progress
) -> AuditReport:
    stages = iter(STAGES)
    next(stages)

    def begin() -> None:
        stage = next(stages)
        progress(stage, STAGES.index(stage), len(STAGES))

    found = FindingCollector(rows.place, rows.figures)
    begin()
    lanes = AuditLanes(rows)
    begin()
    check_rows(rows, found)
    begin()
    NeighbourChecks(lanes, found).run()
    begin()
    BracketChecks(lanes, found).run()
    begin()
    RangeChecks(lanes, found).run()
    begin()
    coverage = CoverageChecks(lanes, found).run()
    progress("coverage", len(STAGES), len(STAGES))
    return AuditReport(path, format_name, why, rows, len(lanes), found.all(), coverage, notes)


def _guessed(path: Path, source: bytes, options: ReadOptions) -> tuple[str, str]:
    """The format of a file and why. Raises `SettingsError` for a file in none, or one that belongs beside a table."""
    if WORD in options.beside:
        return WORD, "a mapping is given beside it"
    if guess := guess_format(source, options):
        return guess.name, guess.why
    fix = f"`portes tables detect {path}` tells more"
    if aside := guess_beside(source, options):
        raise SettingsError(Problem("format", "", f"{aside.why}: it belongs beside a table", fix, path))
    raise SettingsError(Problem("header", "", "no line has the documented header of a format", fix, path))
