"""Checks that each scenario ends as it must: a rate, a refusal of the right kind, nothing by chance."""

from collections.abc import Iterator

from portes.contract import Answer, Parcel, RefusalKind
from portes_testing.case import RATE, Absent, Scenario
from portes_testing.harness.calls import Said, ask, outcome, outcomes
from portes_testing.harness.carrier_under_test import Bench
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import staged


def ends_as_declared(bench: Bench, scenario: Scenario) -> None:
    """In this scenario every service comes to what the case says."""
    with staged(bench, scenario.moods) as stage:
        said = ask(stage.birth(), scenario.asked)
    require_none(differences(said, scenario), f"{scenario.name} does not end as the case declares")


def differences(said: Said, scenario: Scenario) -> Iterator[str]:
    """Where an answer is not what a scenario expects."""
    for answer, expected in zip(said.answers, scenario.expected, strict=False):
        found = outcomes(answer)
        for code, wanted in expected.items():
            if found.get(code) != [wanted]:
                came = " and ".join(found.get(code, ["nothing"]))
                yield f"{answer.shipment_id}, {code}: {wanted} expected, {came} came{_why(answer, code)}"


def _why(answer: Answer, code: str) -> str:
    hints = [failure.hint for failure in answer.failures if failure.service == code and failure.hint]
    return f" ({hints[0]})" if hints else ""


def served_is_rated(bench: Bench) -> None:
    """An ordinary parcel to an ordinary place gets a rate from every active service."""
    require(
        set(*[set(each.values()) for each in bench.case.served.expected]) == {RATE}, "the case's served is not served"
    )
    ends_as_declared(bench, bench.case.served)


def unserved_is_refused(bench: Bench) -> None:
    """A place where nobody goes is a refusal, which may be kept, and no failure, which would ask again and again."""
    _refused(bench, bench.case.unserved, {RefusalKind.NOT_SERVED})
    if isinstance(bench.case.unserved, Absent):
        _goes_abroad(bench)


def too_heavy_is_refused(bench: Bench) -> None:
    """A parcel beyond the limits is a refusal with its kind."""
    _refused(bench, bench.case.too_heavy, {RefusalKind.TOO_HEAVY, RefusalKind.TOO_LARGE})
    if isinstance(bench.case.too_heavy, Absent):
        _carries_anything(bench)


def _refused(bench: Bench, scenario: Scenario | Absent, kinds: set[RefusalKind]) -> None:
    if isinstance(scenario, Absent):
        return
    wanted = {kind for each in scenario.expected for kind in each.values()}
    require(wanted <= kinds, f"{scenario.name} expects {', '.join(sorted(wanted - kinds))}, which is another story")
    ends_as_declared(bench, scenario)


def _goes_abroad(bench: Bench) -> None:
    """Without an unserved place, a country that the carrier does not name is where it must refuse."""
    with staged(bench) as stage:
        carrier = stage.birth()
        countries = carrier.abilities.countries
        require(countries is None, f"it names its countries ({countries}), so there is an unserved place: declare one")


def _carries_anything(bench: Bench) -> None:
    """Without a heaviest parcel, a hundred tonnes must not be refused as too heavy either."""
    monster = bench.case.served.asked[0].model_copy(update={"parcels": (_hundred_tonnes(bench),)})
    with staged(bench) as stage:
        said = ask(stage.birth(), [monster])
    found = {outcome(part) for part in said.parts()}
    require(RefusalKind.TOO_HEAVY not in found, "a hundred tonnes are refused as too heavy: declare the scenario")


def _hundred_tonnes(bench: Bench) -> Parcel:
    return bench.case.served.asked[0].parcels[0].model_copy(update={"weight": 100_000_000})


__all__ = ["differences", "ends_as_declared", "served_is_rated", "too_heavy_is_refused", "unserved_is_refused"]
