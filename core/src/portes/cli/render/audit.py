"""An audited table as lines for people and as JSON; it reads no file."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from portes.contract.states import state_noun
from portes.errors import Problem, escaped_json
from portes.tables.audit.auditing import AuditReport
from portes.tables.audit.coverage import CoverageSeries
from portes.tables.audit.findings import AuditCase, AuditFinding, CountedNumber
from portes.tables.audit.kinds import SEVERITIES
from portes.tables.audit.mending import MendedTable

_CASES: Final = 5
"""Cases of a finding that a terminal shows."""


def audit_lines(report: AuditReport) -> Iterator[str]:
    """What an audit found, line by line: the table, the findings with their rows and fixes, and the coverage."""
    if report.why:
        yield f"Format {report.format}: {report.why}."
    yield f"{report.file}: {summary_words(report)}."
    yield from (f"Note: {note}." for note in report.notes)
    for finding in report.findings:
        yield ""
        yield from finding_lines(finding)
    if report.coverage.series:
        yield ""
    yield from (f"Coverage: {coverage_words(series, report)}." for series in report.coverage.series)
    if report.coverage.left_out:
        yield f"Coverage: {report.coverage.left_out} more services and origins were not looked at."


def summary_words(report: AuditReport) -> str:
    """The size of a table and how many findings there are, by severity."""
    counts = Counter(finding.severity for finding in report.findings)
    nouns = {"error": "error|errors", "warning": "warning|warnings", "advice": "piece of advice|pieces of advice"}
    told = ", ".join(format(CountedNumber(counts[severity]), nouns[severity]) for severity in SEVERITIES)
    rows, ranges = CountedNumber(len(report.rows)), CountedNumber(report.ranges)
    return f"{rows:row|rows}, {ranges:postal range|postal ranges}; {told}"


def finding_lines(finding: AuditFinding) -> Iterator[str]:
    """One finding: what it is, the damage, the first rows, and what to do."""
    yield f"{finding.severity.upper()} {finding.kind.code}: {finding.kind.title}"
    yield f"  {finding.damage}"
    yield from (f"    {case_words(case)}" for case in finding.cases[:_CASES])
    if finding.count > _CASES:
        yield f"    … and {finding.count - _CASES:,} more"
    yield f"  to do: {finding.fix}"


def case_words(case: AuditCase) -> str:
    """A case, with the place of its row where it is about one."""
    place = f"{case.sheet}, line {case.line}: " if case.sheet else f"line {case.line}: "
    return f"{place if case.line else ''}{case.words}"


def coverage_words(series: CoverageSeries, report: AuditReport) -> str:
    """How far a service reaches: states with any price, and places with a price at the lightest and heaviest weight."""
    name = " from ".join(filter(None, (series.service or "all rows", series.origin)))
    states = sum(1 for one in series.states if any(one.served))
    nouns = f"{state_noun(report.rows.options.country)}s"
    places = sum(one.places for one in series.states)
    what = "towns" if report.coverage.by_town else "sampled codes"
    words, ends = report.coverage.words, dict.fromkeys((0, len(report.coverage.words) - 1))
    served = (f"{sum(one.served[at] for one in series.states):,} at {words[at]}" for at in ends)
    return f"{name}: {states} of {len(series.states)} {nouns}; of {places:,} {what} {', '.join(served)}"


def mended_lines(mended: MendedTable, target: object) -> Iterator[str]:
    """What was mended and what was left, a finding a line, and the difference in rows."""
    yield ""
    for step in mended.steps:
        if step.done:
            yield f"Mended {step.code}: {step.done:,} of {step.done + step.left:,}"
        else:
            yield f"Left {step.code}: {step.left:,}; {step.words}"
    changed = CountedNumber(mended.changed)
    yield f"Wrote {target}: {changed:row|rows} changed, {mended.dropped:,} taken out, {mended.added:,} added."
    if mended.read_with:
        yield f"Read it with {mended.read_with}."


def audit_json(report: AuditReport, mended: MendedTable | None) -> str:
    """An audit as JSON: amounts in millionths of a minor unit, measures in thousandths of the axis's unit."""
    coverage = report.coverage
    said: dict[str, Any] = {
        "file": str(report.file),
        "format": report.format,
        "detected": report.why or None,
        "rows": len(report.rows),
        "ranges": report.ranges,
        "notes": report.notes,
        "worst": report.findings[0].severity if report.findings else None,
        "findings": _findings(report.findings),
        "coverage": {
            "measures": coverage.measures,
            "places": "towns" if coverage.by_town else "codes",
            "left_out": coverage.left_out,
            "series": [
                {
                    "service": one.service,
                    "origin": one.origin or None,
                    "states": [state._asdict() for state in one.states],
                }
                for one in coverage.series
            ],
        },
        "mended": _mended(mended) if mended else None,
    }
    return escaped_json(json.dumps(said, ensure_ascii=False, indent=2))


def unread_json(file: str, problems: Sequence[Problem]) -> str:
    """What is wrong with a file that cannot be audited, as JSON."""
    said = {"file": file, "problems": [asdict(problem) for problem in problems]}
    return escaped_json(json.dumps(said, ensure_ascii=False, indent=2))


def _findings(findings: Iterable[AuditFinding]) -> list[dict[str, Any]]:
    return [
        {
            "code": finding.kind.code,
            "severity": finding.severity,
            "title": finding.kind.title,
            "mend": finding.kind.mend,
            "count": finding.count,
            "rows": len(finding.rows),
            "damage": finding.damage,
            "fix": finding.fix,
            "cases": [case._asdict() for case in finding.cases],
        }
        for finding in findings
    ]


def _mended(mended: MendedTable) -> dict[str, Any]:
    return {
        "steps": [step._asdict() for step in mended.steps],
        "changed": mended.changed,
        "dropped": mended.dropped,
        "added": mended.added,
        "read_with": mended.read_with or None,
        "findings": _findings(mended.again.findings),
    }
