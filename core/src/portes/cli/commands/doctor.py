"""`portes doctor`: carriers say why they do not work, each climbing from its host to a quote."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from portes.carrier import Carrier, Diagnosable, Finding
    from portes.engine.policy import Member

_LANGUAGES: Final = ("en", "pt", "es")


@click.command()
@click.argument("store_path", metavar="[STORE]", default=".", type=click.Path(path_type=Path))
@click.argument("key", metavar="[CARRIER]", required=False)
@click.option(
    "--language", default="en", show_default=True, type=click.Choice(_LANGUAGES), help="Language of the texts."
)
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="Seconds that each carrier may take.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, in every language.")
def doctor(*, store_path: Path, key: str | None, language: str, timeout: float, as_json: bool) -> None:
    """Have the carriers of a store say why they do not work.

    STORE is a store's file or folder, this folder when left out; CARRIER the NAME of its [carriers.NAME], every
    active one when left out. Each climbs from its host to a quote and stops where it breaks; what it finds is
    printed as soon as it is known.

    Exit codes: 0 all is well, 1 something to look at, 2 something to mend.
    """
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.findings import Diagnosis, findings_json, show_as_found, worst_of
    from portes.errors import escaped_json
    from portes.store import open_store

    log_to_stderr()
    diagnoses = []
    with open_store(store_path) as store:
        for member in _chosen((*store.members, *store.fallbacks), key, store.name):
            name, findings = member.settings.name, _findings(member.carrier, timeout)
            if not as_json:
                findings = show_as_found(f"{name} ({member.key})", findings, language)
            diagnoses.append(Diagnosis(member.key, name, None if findings is None else tuple(findings)))
    if as_json:
        click.echo(escaped_json(json.dumps(findings_json(diagnoses), ensure_ascii=False, indent=2)))
    sys.exit(worst_of(diagnoses))


def _chosen(members: "Sequence[Member]", key: str | None, store: str) -> "Sequence[Member]":
    chosen = [member for member in members if key in {None, member.key}]
    if not chosen:
        known = ", ".join(member.key for member in members)
        raise click.UsageError(f"{store} has no active carrier {key}; it has: {known}")
    return chosen


def _findings(carrier: "Carrier", timeout: float) -> "Iterable[Finding] | None":
    """What a carrier finds in itself, each finding when it is known; None when it cannot look into itself."""
    from portes.carrier import Diagnosable

    return _until_it_breaks_off(carrier, timeout) if isinstance(carrier, Diagnosable) else None


def _until_it_breaks_off(carrier: "Diagnosable", timeout: float) -> "Iterator[Finding]":
    from portes.carrier import Deadline
    from portes.errors import pass_interrupt

    findings: Iterator[Finding] | None = None
    while True:
        try:
            findings = findings or iter(carrier.diagnose(Deadline(timeout)))
            finding = _masked(next(findings))
        except StopIteration:
            return
        except BaseException as problem:  # noqa: BLE001 — a stranger's bug must not cost the others their diagnosis
            pass_interrupt(problem)
            yield _masked(_broken_off(problem))
            return
        yield finding


def _masked(finding: "Finding") -> "Finding":
    """A finding is shown to people and pasted into mails; whatever a plugin puts into it, no secret goes along."""
    from portes.redaction import LOGGED

    texts = {
        "check": LOGGED.text(finding.check, short=False),
        "evidence": LOGGED.text(finding.evidence),
        # language by language: the languages stay, whatever secret they look like, and so do the words of a saying
        "cause": {language: LOGGED.text(text, short=False) for language, text in finding.cause.items()},
        "remedy": {language: LOGGED.text(text, short=False) for language, text in finding.remedy.items()},
    }
    return finding.model_copy(update=texts)


def _broken_off(problem: BaseException) -> "Finding":
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
