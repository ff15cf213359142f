"""Checks of cassettes: each one's origin is known, none holds a secret, all replay to their end."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from portes.contract import Shipment
from portes_testing.case import Case, Scenario
from portes_testing.checks.outcomes import differences
from portes_testing.checks.purity import ForbiddenTool
from portes_testing.harness.calls import CallResult, ask
from portes_testing.harness.carrier_under_test import CarrierUnderTest, KitClock, carrier_under_test
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import served_sandbox
from portes_testing.recordings.echo import renumbered
from portes_testing.recordings.exchange import Exchange, read_cassette
from portes_testing.recordings.provenance import Against, Provenance, read_provenance
from portes_testing.recordings.record import from_sandbox
from portes_testing.recordings.scrubbing import leaks
from portes_testing.recordings.structure import fingerprint, structure
from portes_testing.recordings.tapes import replayed


def cassette_of(case: Case, scenario: Scenario) -> Path:
    """Where a scenario's recording stands. Raises `BrokenContractError` when there is none."""
    require(case.cassettes, f"{case.plugin} names no folder of cassettes")
    path = Path(case.cassettes or "") / f"{scenario.name}.yaml"
    command = f"portes record {case.plugin} --against sandbox --scenario {scenario.name}"
    require(path.exists(), f"{path} is missing: record it with `{command}`")
    return path


def exchanges_of(case: Case, scenario: Scenario) -> tuple[Exchange, ...]:
    """What a scenario's recording holds, its numbers as the kit's tools give them."""
    return renumbered(read_cassette(cassette_of(case, scenario)), case.echo)


def recorded_scenarios(case: Case) -> list[Scenario]:
    """The scenarios whose cassette exists."""
    folder = case.cassettes
    return [each for each in case.scenarios if folder is not None and (folder / f"{each.name}.yaml").exists()]


def line_of(case: Case, scenario: Scenario) -> Provenance:
    """Where a scenario's recording came from."""
    path = cassette_of(case, scenario)
    lines = read_provenance(path.parent)
    require(path.name in lines, f"{path.name} has no line in {path.parent / 'PROVENANCE.toml'}")
    return lines[path.name]


def every_cassette_has_its_provenance(under_test: CarrierUnderTest) -> None:
    """Each file has its line and each line its file, and the line's fingerprint is the file's."""
    folder = under_test.case.cassettes
    if folder is not None:
        require_none(unproven(folder), "nobody knows who said this, or when")


def unproven(folder: Path) -> Iterator[str]:
    """Cassettes and lines that do not fit each other."""
    lines = read_provenance(folder)
    files = {path.name for path in folder.glob("*.yaml")}
    yield from (f"{name} has no line in PROVENANCE.toml" for name in sorted(files - set(lines)))
    yield from (f"{name} stands in PROVENANCE.toml and is no file" for name in sorted(set(lines) - files))
    for name in sorted(files & set(lines)):
        found = fingerprint(read_cassette(folder / name))
        if found != lines[name].fingerprint:
            yield f"{name} has the structure {found}, its line says {lines[name].fingerprint}"


def cassettes_hold_no_secret(under_test: CarrierUnderTest) -> None:
    """No canary stands in a recording, plain or encoded: recordings are published with the plugin."""
    names = under_test.secrets()
    files = sorted(under_test.case.cassettes.glob("*.yaml")) if under_test.case.cassettes else []
    found = [
        f"{path.name}: {names[secret]}" for path in files for secret in leaks(path.read_text(encoding="utf-8"), names)
    ]
    require_none(found, "these secrets can be read in recordings")


def a_recording_replays_to_its_end(under_test: CarrierUnderTest, scenario: Scenario | None) -> None:
    """Asked as when it was recorded, the carrier sends the same calls, all of them, and reads the same answers."""
    if scenario is None:
        it_sends_nothing(under_test)
    else:
        require_none(differences(replay(under_test, scenario), scenario), f"{scenario.name}, replayed")


def it_sends_nothing(under_test: CarrierUnderTest) -> None:
    """A carrier without recordings has nothing to record: it never touches `tools.http`."""
    require(not under_test.case.base_urls, "nothing is recorded yet: see `portes record`")
    under_test.tool_overrides = {"open_http": ForbiddenTool("http")}
    for scenario in under_test.case.scenarios:
        with served_sandbox(under_test) as sandbox:
            result = ask(sandbox.new_carrier(), scenario.shipments)
        require_none(differences(result, scenario), f"{scenario.name}, without HTTP")


def replay(under_test: CarrierUnderTest, scenario: Scenario) -> CallResult:
    """What a carrier at its public addresses says to a recording; see `tapes.replayed` for what breaks."""
    path, line = cassette_of(under_test.case, scenario), line_of(under_test.case, scenario)
    with carrier_under_test(
        under_test.case, clock=KitClock(line.moment, stands_still=True), sent=under_test.sent
    ) as again:
        carrier = again.new_carrier(again.public())
        with replayed(path, again.scrubber(), under_test.case.echo):
            return ask(carrier, shipments_of(under_test.case, scenario, line))


def shipments_of(case: Case, scenario: Scenario, line: Provenance) -> tuple[Shipment, ...]:
    """The scenario's shipments, as late as the recording was made."""
    return scenario.shifted(line.moment.date() - case.moment.astimezone(line.moment.tzinfo).date())


def simulated_scenarios(case: Case) -> list[Scenario]:
    """The scenarios that were recorded from the sandbox, or not yet."""
    lines = read_provenance(case.cassettes) if case.cassettes else {}
    found = [(each, lines.get(f"{each.name}.yaml")) for each in case.scenarios if case.cassettes]
    return [each for each, line in found if line is None or line.provenance is Against.SANDBOX]


def the_sandbox_answers_as_it_was_recorded(under_test: CarrierUnderTest, scenario: Scenario | None) -> None:
    """A sandbox that changed since its recordings were made proves nothing about them."""
    if scenario is None:
        require_none((each.name for each in simulated_scenarios(under_test.case)), "the sandbox was recorded after all")
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{scenario.name}.yaml"
        from_sandbox(under_test.case, scenario, path)
        now = structure(read_cassette(path))
    then = structure(read_cassette(cassette_of(under_test.case, scenario)))
    changes = [f"new: {each}" for each in sorted(now - then)] + [f"gone: {each}" for each in sorted(then - now)]
    require_none(changes, f"{scenario.name}: the sandbox says something else now; record it again")


__all__ = [
    "a_recording_replays_to_its_end",
    "cassette_of",
    "cassettes_hold_no_secret",
    "every_cassette_has_its_provenance",
    "exchanges_of",
    "it_sends_nothing",
    "line_of",
    "recorded_scenarios",
    "replay",
    "shipments_of",
    "simulated_scenarios",
    "the_sandbox_answers_as_it_was_recorded",
    "unproven",
]
