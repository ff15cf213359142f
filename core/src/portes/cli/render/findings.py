"""What carriers found when they looked into themselves, as lines for people and as JSON; it asks no carrier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from portes.carrier import Finding
from portes.cli.render.screen import plain
from portes.errors import escaped

_ORDER: Final = ("ok", "warning", "error")
"""The severities from good to bad."""
_MARKS: Final = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}
_WORDS: Final = {
    "seen": {"en": "seen", "pt": "visto", "es": "visto"},
    "remedy": {"en": "to do", "pt": "fazer", "es": "hacer"},
    "none": {
        "en": "has no diagnosis of its own.",
        "pt": "não tem diagnóstico próprio.",
        "es": "no tiene diagnóstico propio.",
    },
}


@dataclass(frozen=True)
class Diagnosis:
    """A carrier and what it found."""

    key: str
    name: str
    findings: Sequence[Finding] | None
    """None for a carrier that cannot look into itself."""

    @property
    def worst(self) -> int:
        """The severity of its worst finding: 0 when all is well, 1 for a warning, 2 for an error."""
        return max((_ORDER.index(finding.severity) for finding in self.findings or ()), default=0)


def worst_of(diagnoses: Iterable[Diagnosis]) -> int:
    """The worst severity of all: 0 when all is well, 1 for a warning, 2 for an error."""
    return max((each.worst for each in diagnoses), default=0)


def findings_json(diagnoses: Sequence[Diagnosis]) -> dict[str, Any]:
    """Every finding in every language, as JSON."""
    carriers = [
        {
            "carrier": each.key,
            "name": each.name,
            "diagnosable": each.findings is not None,
            "worst": _ORDER[each.worst],
            "findings": [finding.model_dump(mode="json") for finding in each.findings or ()],
        }
        for each in diagnoses
    ]
    return {"worst": _ORDER[worst_of(diagnoses)], "carriers": carriers}


def show_as_found(heading: str, findings: Iterable[Finding] | None, language: str) -> tuple[Finding, ...] | None:
    """Print the heading of a carrier, and each finding in this language as soon as it is known.

    Each line is out before the next finding is waited for, in a pipe too. Returns what it was given.
    """
    console = Console(highlight=False)
    console.print(plain(heading, "bold"))
    if findings is None:
        console.print(Text(f"  {_WORDS['none'][language]}"))
        return None
    found = []
    for finding in findings:
        _show_finding(console, finding, language)
        found.append(finding)
    return tuple(found)


def _show_finding(console: Console, finding: Finding, language: str) -> None:
    mark, colour = _MARKS[finding.severity]
    remedy = _text_in(language, finding.remedy)
    cause = f"{finding.check}: {_text_in(language, finding.cause)}"
    console.print(Text.assemble((f"  {mark} ", colour), _wrapped(cause, console.width)))
    if finding.evidence:
        seen = f"{_WORDS['seen'][language]}: {finding.evidence}"
        console.print(Text(f"    {_wrapped(seen, console.width)}", "dim"))
    if remedy:
        do = f"{_WORDS['remedy'][language]}: {remedy}"
        console.print(Text(f"    {_wrapped(do, console.width)}"))


def _wrapped(text: str, width: int) -> str:
    """The text, escaped, in lines under its own beginning, four columns in."""
    return fill(escaped(text), max(20, width - 4), subsequent_indent=" " * 4, break_on_hyphens=False)


def _text_in(language: str, texts: Mapping[str, str]) -> str:
    """The text in this language, else in English, else in whichever there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
