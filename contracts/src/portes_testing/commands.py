"""`portes record` and `portes cassettes`, for those who write carrier plugins."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from portes_testing.case import Case, Scenario
    from portes_testing.harness.calls import CallResult
    from portes_testing.recordings.listing import ListedCassette


@click.command()
@click.argument("plugin")
@click.option(
    "--against",
    required=True,
    type=click.Choice(["sandbox", "live", "published"]),
    help="Who answers: the plugin's sandbox, the carrier itself, or the samples that the case quotes.",
)
@click.option("--scenario", "names", multiple=True, help="Only this scenario; may be given several times.")
@click.option(
    "--case",
    "file",
    type=click.Path(path_type=Path),
    help="The test file with the case, if it is not beside the plugin.",
)
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Another folder than the case's own.")
def record(plugin: str, against: str, names: tuple[str, ...], file: Path | None, folder: Path | None) -> None:
    """Record the scenarios of the carrier PLUGIN again, one at a time.

    A live recording takes credentials from the environment: the setting `access_code` of `correios-br` is
    CORREIOS_BR_ACCESS_CODE. What is recorded holds placeholders in their place. Exit code 1 when a scenario did not
    end as the case declares, or when its recording, replayed at once, does not; it is kept, to be looked at.
    """
    from portes.errors import escaped
    from portes_testing.harness.finding import find_case
    from portes_testing.recordings.record import record as write

    case = find_case(plugin, file)
    wrong = 0
    for scenario in _chosen(case, against, names):
        path, result = write(case, scenario, _provenance(against), folder or _folder(case), os.environ)
        differences = _differences(result, scenario) or _replayed(case, scenario, path)
        wrong += bool(differences)
        told = f"{path}: {'; '.join(differences) or 'as declared'}{_change(path)}"
        click.echo("\n".join(map(escaped, told.split("\n"))))
    sys.exit(1 if wrong else 0)


def _provenance(against: str) -> Any:  # noqa: ANN401 — an `Against`, imported when needed
    from portes_testing.recordings.provenance import Against

    return Against(against)


def _chosen(case: "Case", against: str, names: Sequence[str]) -> list["Scenario"]:
    from portes.errors import Problem, SettingsError, shown

    fitting = [each for each in case.scenarios if _fits(each, against)]
    unknown = [name for name in names if name not in {each.name for each in fitting}]
    if unknown:
        fix = f"choose of {', '.join(each.name for each in fitting) or 'none'}"
        why = f"is no scenario that is recorded against {against}"
        raise SettingsError([Problem("scenario", shown(name), why, fix) for name in unknown])
    return [each for each in fitting if not names or each.name in names]


def _fits(scenario: "Scenario", against: str) -> bool:
    """A published one is built, one with a mood needs the sandbox."""
    if scenario.published is not None:
        return against == "published"
    return against == "sandbox" or (against == "live" and not scenario.moods)


def _folder(case: "Case") -> Path:
    from portes.errors import Problem, SettingsError

    if case.cassettes is None:
        problem = Problem(
            "cassettes", "", f"{case.plugin} sends nothing that could be recorded", "see docs/contract-kit.md"
        )
        raise SettingsError(problem)
    return case.cassettes


def _differences(result: "CallResult | None", scenario: "Scenario") -> list[str]:
    from portes_testing.checks.outcomes import differences

    return list(differences(result, scenario)) if result is not None else []


def _replayed(case: "Case", scenario: "Scenario", path: Path) -> list[str]:
    """How a recording differs from what the carrier asks and reads when it is replayed, as the suite will."""
    from dataclasses import replace

    from portes_testing.checks.recordings import a_recording_replays_to_its_end
    from portes_testing.harness.carrier_under_test import carrier_under_test
    from portes_testing.harness.errors import BrokenContractError

    with carrier_under_test(replace(case, cassettes=path.parent)) as under_test:
        try:
            a_recording_replays_to_its_end(under_test, scenario)
        except BrokenContractError as broken:
            return [f"does not replay: {broken}"]
    return []


def _change(path: Path) -> str:
    from portes_testing.recordings.provenance import read_provenance

    line = read_provenance(path.parent)[path.name]
    return f" (its structure is new, before it was {line.before})" if line.changed == line.date else ""


@click.command()
@click.argument("folder", default="cassettes", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def cassettes(folder: Path, *, as_json: bool) -> None:
    """List the recordings below FOLDER: who said it, when, and whether the structure changed.

    Warns of those older than a year. Exit code 1 when one has no provenance or was changed by hand.
    """
    from portes.clock import SystemClock
    from portes.errors import escaped_json
    from portes_testing.recordings.listing import listed

    found = listed(folder, SystemClock().now().date())
    if as_json:
        click.echo(escaped_json(json.dumps([_plain(each) for each in found], indent=2, ensure_ascii=False)))
    else:
        _show(found)
    sys.exit(1 if any(each.breaches for each in found) else 0)


def _plain(each: "ListedCassette") -> dict[str, object]:
    line = each.line
    return {
        "plugin": each.folder,
        "cassette": each.name,
        "provenance": line.provenance if line else None,
        "date": line.date.isoformat() if line else None,
        "age_days": each.age,
        "api_version": line.api_version if line else None,
        "fingerprint": line.fingerprint if line else None,
        "source": line.source if line else None,
        "calls": each.calls,
        "breaches": list(each.breaches),
        "warnings": list(each.warnings),
    }


def _show(found: Sequence["ListedCassette"]) -> None:
    from itertools import groupby

    from portes.cli.render.screen import folding, plain, screen

    console = screen()
    for folder, grouped in groupby(found, lambda each: each.folder):
        cassettes_in_it = list(grouped)
        console.print(folding(_table(folder, cassettes_in_it)))
        for each in cassettes_in_it:
            for remark in (*each.breaches, *each.warnings):
                style = "bold red" if remark in each.breaches else "yellow"
                console.print(plain(f"  {each.name.removesuffix('.yaml')}: {remark}", style))
    console.print(f"{len(found)} cassettes.")


def _table(folder: str, found: Iterable["ListedCassette"]) -> "Table":
    from rich.box import SIMPLE
    from rich.table import Table

    from portes.cli.render.screen import plain

    table = Table(
        "cassette", "from", "date", "age", "calls", "API", box=SIMPLE, title=plain(folder), title_justify="left"
    )
    for each in found:
        line = each.line
        origin = (line.provenance, line.date.isoformat(), f"{each.age} d") if line else ("?",) * 3
        version = line.api_version if line else "?"
        table.add_row(*map(plain, (each.name.removesuffix(".yaml"), *origin, str(each.calls), version)))
    return table


__all__ = ["cassettes", "record"]
