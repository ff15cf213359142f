"""`portes doctor`: carriers say why they do not work, each climbing from its host to a quote; it knows no carrier."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from rich.console import Console

    from portes.carrier import Finding
    from portes.engine.policy import Member

_ORDER: Final = ("ok", "warning", "error")
"""From good to bad; the position of the worst finding is the exit code."""
_MARKS: Final = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}
_LANGUAGES: Final = ("en", "pt", "es")
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
class _Examined:
    """A carrier and what it found."""

    key: str
    name: str
    findings: "Sequence[Finding] | None"
    """None for a carrier that cannot look into itself."""

    @property
    def worst(self) -> int:
        """0 when all is well, 1 for a warning, 2 for an error."""
        return max((_ORDER.index(finding.severity) for finding in self.findings or ()), default=0)


@click.command()
@click.argument("store_path", metavar="[STORE]", default=".", type=click.Path(path_type=Path))
@click.argument("key", metavar="[CARRIER]", required=False)
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(_LANGUAGES), help="Language of the texts."
)
@click.option(
    "--timeout",
    default=30.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Seconds that each carrier may take.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, in every language.")
def doctor(*, store_path: Path, key: str | None, language: str, timeout: float, as_json: bool) -> None:
    """Have the carriers of a store say why they do not work.

    STORE is a store's file or folder, this folder when left out; CARRIER the NAME of its [carriers.NAME], every
    active one when left out. Each climbs from its host to a quote and stops where it breaks.

    Exit codes: 0 all is well, 1 something to look at, 2 something to mend.
    """
    from portes.cli.logs import log_to_stderr
    from portes.store import open_store

    log_to_stderr()
    with open_store(store_path) as store:
        members = _chosen((*store.members, *store.fallbacks), key, store.name)
        examined = [_examine(member, timeout) for member in members]
    if as_json:
        click.echo(json.dumps(_plain(examined), ensure_ascii=False, indent=2))
    else:
        _show(examined, language)
    sys.exit(_worst(examined))


def _worst(examined: Iterable[_Examined]) -> int:
    return max((each.worst for each in examined), default=0)


def _chosen(members: "Sequence[Member]", key: str | None, store: str) -> "Sequence[Member]":
    chosen = [member for member in members if key in {None, member.key}]
    if not chosen:
        known = ", ".join(member.key for member in members)
        raise click.UsageError(f"{store} has no active carrier {key}; it has: {known}")
    return chosen


def _examine(member: "Member", timeout: float) -> _Examined:
    from portes.carrier import Deadline, Diagnosable

    carrier = member.carrier
    if not isinstance(carrier, Diagnosable):
        return _Examined(member.key, member.settings.name, None)
    try:
        found: Sequence[Finding] = tuple(carrier.diagnose(Deadline(timeout)))
    except Exception as problem:  # noqa: BLE001 — a stranger's bug must not cost the other carriers their diagnosis
        found = (_broken_off(problem),)
    return _Examined(member.key, member.settings.name, tuple(map(_masked, found)))


def _masked(finding: "Finding") -> "Finding":
    """A finding is shown to people and pasted into mails; whatever a plugin puts into it, no secret goes along."""
    from portes.redaction import LOGGED

    return type(finding).model_validate(LOGGED.clean(finding.model_dump()))


def _broken_off(problem: Exception) -> "Finding":
    from portes.carrier import Finding, Severity
    from portes.errors import CarrierError

    return Finding(
        check="diagnosis",
        severity=Severity.ERROR,
        cause={
            "en": "The diagnosis itself broke off.",
            "pt": "O próprio diagnóstico foi interrompido.",
            "es": "El propio diagnóstico se interrumpió.",
        },
        evidence=problem.hint if isinstance(problem, CarrierError) else type(problem).__name__,
        remedy={
            "en": "Report it to whoever wrote the carrier's plugin.",
            "pt": "Relate isso a quem escreveu o plugin da transportadora.",
            "es": "Comuníquelo a quien escribió el plugin del transportista.",
        },
    )


def _plain(examined: Sequence[_Examined]) -> dict[str, Any]:
    carriers = [
        {
            "carrier": each.key,
            "name": each.name,
            "diagnosable": each.findings is not None,
            "worst": _ORDER[each.worst],
            "findings": [finding.model_dump(mode="json") for finding in each.findings or ()],
        }
        for each in examined
    ]
    return {"worst": _ORDER[_worst(examined)], "carriers": carriers}


def _show(examined: Sequence[_Examined], language: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for each in examined:
        console.print(Text(f"{each.name} ({each.key})", "bold"))
        if each.findings is None:
            console.print(Text(f"  {_WORDS['none'][language]}"))
        for finding in each.findings or ():
            _show_finding(console, finding, language)


def _show_finding(console: "Console", finding: "Finding", language: str) -> None:
    from rich.text import Text

    mark, colour = _MARKS[finding.severity]
    remedy = _told(finding.remedy, language)
    cause = f"{finding.check}: {_told(finding.cause, language)}"
    console.print(Text.assemble((f"  {mark} ", colour), _wrapped(cause, console.width)))
    if finding.evidence:
        seen = f"{_WORDS['seen'][language]}: {finding.evidence}"
        console.print(Text(f"    {_wrapped(seen, console.width)}", "dim"))
    if remedy:
        do = f"{_WORDS['remedy'][language]}: {remedy}"
        console.print(Text(f"    {_wrapped(do, console.width)}"))


def _wrapped(text: str, width: int) -> str:
    """The text in lines under its own beginning, four columns in."""
    return fill(text, max(20, width - 4), subsequent_indent=" " * 4, break_on_hyphens=False)


def _told(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in English, else in whichever there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
