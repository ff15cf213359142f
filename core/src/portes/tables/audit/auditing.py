"""From a file to everything that is odd about its table."""

from dataclasses import dataclass, replace
from pathlib import Path

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
from portes.tables.opening import LARGEST_TABLE, TableSource
from portes.tables.progress import Progress, tell, telling, told
from portes.tables.protocol import ReadOptions
from portes.tables.reading.sheets import read_source
from portes.tables.reading.workbooks import read_once


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


def audit_table(path: Path, format_name: str, options: ReadOptions, progress: Progress | None = None) -> AuditReport:
    """Audit a file; without a format it is found out by the header.

    Raises `SettingsError` with every problem of a file that cannot be understood.
    """
    source = read_source(path, LARGEST_TABLE)
    with read_once():
        why = ""
        if not format_name:
            format_name, why = _guessed(path, source, options)
        return audit_source(path, source, format_name, options, progress, why)


def audit_kept(source: TableSource, progress: Progress | None = None) -> AuditReport:
    """Audit a table that is kept with all that is declared about it, as a version is.

    Raises `SettingsError` as `audit_table` does.
    """
    content, beside = source.load()
    with read_once():
        options = replace(source.options, beside=beside)
        return audit_source(source.path, content, source.format_name, options, progress)


def audit_source(
    path: Path, source: bytes, format_name: str, options: ReadOptions, progress: Progress | None = None, why: str = ""
) -> AuditReport:
    """Audit the content of a file. Raises `SettingsError` as `audit_table` does."""
    table_format = find_format(format_name)
    options = replace(options, of_fees=options.of_fees or is_of_fees(table_format))
    problems = Problems(path)
    rows = AuditRows(options, problems)
    with telling(progress):
        with blaming_format(format_name):
            rows.add(told(rows_of(table_format, source, options, problems), "read", source.count(b"\n")))
        problems.check()
        return _audited(path, format_name, why, rows, problems.notes)


def _audited(path: Path, format_name: str, why: str, rows: AuditRows, notes: tuple[str, ...]) -> AuditReport:
    found = FindingCollector(rows.place, rows.figures)
    lanes = AuditLanes(rows)
    check_rows(rows, found)
    # in this order: what one doubts, those after it do not tell again
    checks = (NeighbourChecks(lanes, found).run, BracketChecks(lanes, found).run, RangeChecks(lanes, found).run)
    steps = len(checks) + 2
    for done, check in enumerate(checks, 1):
        tell("audited", done, steps)
        check()
    tell("audited", steps - 1, steps)
    coverage = CoverageChecks(lanes, found).run()
    tell("audited", steps, steps)
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
