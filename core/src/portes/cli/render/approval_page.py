"""The report of an approval as one page of HTML that needs nothing else: no script, no other file, no host."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Final

from portes.approval.report import ApprovalReport, ApprovalStep, PaceFigures, StepEvidence, StepOutcome
from portes.errors import escaped

_CLASSES: Final = {StepOutcome.PASSED: "advice", StepOutcome.FAILED: "error", StepOutcome.SKIPPED: "warning"}


def approval_page(report: ApprovalReport) -> str:
    """The page: the verdict, the terms, each step with its calls, the figures of the pace, and what statuses mean."""
    style = files(__package__).joinpath("audit_page.css").read_text(encoding="utf-8")
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    title = f"Approval of {text(report.channel)} for {text(report.store)}"
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'; "
        "base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
        f"<title>{title}</title><style>{style}</style></head>"
    )
    parts = [_summary(report, title), *_pace(report.pace), _steps(report.steps), _statuses(report)]
    return f"{head}<body><main>{''.join(parts)}</main></body></html>\n"


def text(foreign: object) -> str:
    """A foreign text for a page: what cannot be printed is written as its number, and no mark-up is read in it."""
    return escape(escaped(str(foreign)))


def _summary(report: ApprovalReport, title: str) -> str:
    verdict = "The marketplace would be content." if report.passed else "The marketplace would not be content."
    tiles = "".join(
        f'<li class="{_CLASSES[outcome]}">{report.count(outcome)} {outcome.value}</li>' for outcome in StepOutcome
    )
    facts = (
        f"{text(report.address)}, {report.began:%Y-%m-%d %H:%M} UTC, Portes {text(report.version)}. "
        f"Limit {report.limit * 1000:g} ms, of which {report.distance * 1000:g} ms for the distance."
    )
    return f'<header><h1>{title}</h1><p><b>{verdict}</b></p><p>{facts}</p><ul class="tiles">{tiles}</ul></header>'


def _pace(figures: PaceFigures | None) -> Iterable[str]:
    if figures is None:
        return
    names = ("calls", "calls a second", "late", "without an answer", "p50 ms", "p95 ms", "p99 ms", "slowest ms")
    times = (figures.p50, figures.p95, figures.p99, figures.slowest)
    values = (figures.calls, figures.rate, figures.late, figures.wrong, *times)
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    cells = "".join(f"<td>{value:g}</td>" for value in values)
    yield (
        '<section><h2>At the pace of the contract</h2><div class="scroll"><table>'
        f"<thead><tr>{head}</tr></thead><tbody><tr>{cells}</tr></tbody></table></div></section>"
    )


def _steps(steps: Iterable[ApprovalStep]) -> str:
    return f"<section><h2>What was tried</h2>{''.join(map(_step, steps))}</section>"


def _step(step: ApprovalStep) -> str:
    fix = f"<p><b>To do</b> {text(step.fix)}.</p>" if step.fix else ""
    calls = "".join(map(_evidence, step.evidence))
    opened = " open" if step.outcome is StepOutcome.FAILED else ""
    shown = f"<details{opened}><summary>Calls and answers</summary>{calls}</details>" if calls else ""
    return (
        f'<article class="{_CLASSES[step.outcome]}"><h3><span class="mark">{step.outcome.value}</span> '
        f"{text(step.title)}</h3><p>{text(step.told)}</p>{fix}{shown}</article>"
    )


def _evidence(one: StepEvidence) -> str:
    question = f"<p><code>{text(one.question)}</code></p>" if one.question else ""
    return (
        f"<p><b>{text(one.call)}</b></p>{question}"
        f"<p>{one.status or 'no answer'} in {one.milliseconds:g} ms</p><p><code>{text(one.answer)}</code></p>"
    )


def _statuses(report: ApprovalReport) -> str:
    rows = "".join(
        f'<tr><th scope="row">{status}</th><td class="words">{text(words)}</td></tr>'
        for status, words in sorted(report.statuses.items())
    )
    return (
        '<section><h2>What each status means to the marketplace</h2><div class="scroll steps"><table>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )
