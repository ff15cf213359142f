"""An audited table as one page of HTML that needs nothing else: no script, no other file, no host.

What comes from the table is escaped; the style is allowed by its hash and nothing else is allowed at all.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Final

from portes.cli.render.audit_picture import coverage_map, heat_map, map_defs
from portes.cli.render.audit_texts import TEXTS
from portes.errors import escaped
from portes.tables.audit.auditing import AuditReport
from portes.tables.audit.findings import AuditCase, AuditFinding, CountedNumber
from portes.tables.audit.kinds import SEVERITIES
from portes.tables.audit.mending import MendedTable

_MOST_SERIES: Final = 8
"""Services and origins that have pictures."""


def audit_page(report: AuditReport, mended: MendedTable | None) -> str:
    """The page: a summary, the findings with rows and fixes, what was mended, and the pictures of each service."""
    style = files(__package__).joinpath("audit_page.css").read_text(encoding="utf-8")
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    title = TEXTS["title"].format(file=text(report.file.name))
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'; "
        "base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{style}</style></head>"
    )
    parts = [_summary(report, title), _findings(report), _mended(mended), _pictures(report)]
    return f"{head}<body><main>{''.join(parts)}</main></body></html>\n"


def text(foreign: object) -> str:
    """A foreign text for a page: what cannot be printed is written as its number, and no mark-up is read in it."""
    return escape(escaped(str(foreign)))


def _summary(report: AuditReport, title: str) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    tiles = "".join(
        f'<li class="{severity}">{TEXTS[f"count-{severity}"].format(count=CountedNumber(counts[severity]))}</li>'
        for severity in SEVERITIES
    )
    facts = TEXTS["facts"].format(
        rows=CountedNumber(len(report.rows)), ranges=CountedNumber(report.ranges), format=text(report.format)
    )
    services = ", ".join(filter(None, report.rows.services))
    more = f" {TEXTS['services']} {text(services)}." if services else ""
    notes = "".join(f"<li>{text(note)}</li>" for note in report.notes)
    noted = f'<ul class="notes">{notes}</ul>' if notes else ""
    return f'<header><h1>{title}</h1><p>{facts}{more}</p><ul class="tiles">{tiles}</ul>{noted}</header>'


def _findings(report: AuditReport) -> str:
    told = "".join(map(_finding, report.findings)) or f"<p>{TEXTS['nothing']}</p>"
    return f"<section><h2>{TEXTS['findings']}</h2>{told}</section>"


def _finding(finding: AuditFinding) -> str:
    cases = "".join(map(_case, finding.cases))
    rest = finding.count - len(finding.cases)
    more = f'<p class="more">{TEXTS["more"].format(count=rest)}</p>' if rest else ""
    opened = " open" if finding.severity != "advice" else ""
    return (
        f'<article class="{finding.severity}"><h3><span class="mark">{TEXTS[finding.severity]}</span> '
        f"{text(finding.kind.title)}</h3><p>{text(finding.damage)}.</p>"
        f"<p><b>{TEXTS['fix']}</b> {text(finding.fix)}. <code>{finding.kind.code}</code></p>"
        f"<details{opened}><summary>{TEXTS['cases'].format(count=CountedNumber(finding.count))}</summary>"
        f'<ul class="cases">{cases}</ul>{more}</details></article>'
    )


def _case(case: AuditCase) -> str:
    place = TEXTS["line"].format(line=case.line) if case.line else ""
    sheet = f"{text(case.sheet)}, " if case.sheet and place else ""
    where = f'<span class="place">{sheet}{place}</span> ' if place else ""
    return f"<li>{where}<bdi>{text(case.words)}</bdi></li>"


def _mended(mended: MendedTable | None) -> str:
    if mended is None:
        return ""
    rows = "".join(
        f"<tr><td><code>{step.code}</code></td><td>{step.done:,}</td><td>{step.left:,}</td>"
        f"<td>{'' if step.done else text(step.words)}</td></tr>"
        for step in mended.steps
    )
    head = _row("th", (TEXTS[name] for name in ("finding", "mended", "left", "fix-head")))
    told = TEXTS["difference"].format(
        changed=CountedNumber(mended.changed), dropped=f"{mended.dropped:,}", added=f"{mended.added:,}"
    )
    return (
        f"<section><h2>{TEXTS['copy']}</h2><p>{told}</p>"
        f'<div class="scroll"><table class="steps"><thead>{head}</thead><tbody>{rows}</tbody></table></div></section>'
    )


def _pictures(report: AuditReport) -> str:
    series = report.coverage.series
    if not series:
        why = TEXTS["of-fees" if report.rows.options.of_fees else "no-states"]
        return f"<section><h2>{TEXTS['coverage']}</h2><p>{why}</p></section>"
    country = report.rows.options.country
    left_out = len(series) - _MOST_SERIES + report.coverage.left_out
    parts = [map_defs(country)]
    for at, one in enumerate(series[:_MOST_SERIES]):
        name = " ".join(filter(None, (one.service, one.origin and TEXTS["from"].format(origin=one.origin))))
        inside = coverage_map(country, one, report.coverage) + heat_map(one, report)
        opened = " open" if not at else ""
        summary = f"<h2>{TEXTS['coverage-of'].format(service=text(name or TEXTS['all-rows']))}</h2>"
        parts.append(f"<details{opened}><summary>{summary}</summary>{inside}</details>")
    more = f'<p class="more">{TEXTS["series-more"].format(count=left_out)}</p>' if left_out > 0 else ""
    return f'<section class="pictures">{"".join(parts)}{more}</section>'


def _row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"
