"""Checks that each scenario ends as it must: a rate, a refusal of the right kind, nothing by chance."""

from collections.abc import Iterator

from portes.contract import Answer, Parcel, RefusalKind
from portes_testing.case import RATE, Absent, Scenario
from portes_testing.harness.calls import CallResult, ask, kind_of, kinds_by_service
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import served_sandbox


def ends_as_declared(under_test: CarrierUnderTest, scenario: Scenario) -> None:
    """In this scenario every service comes to what the case says."""
    with served_sandbox(under_test, scenario.moods) as sandbox:
        result = ask(sandbox.new_carrier(), scenario.shipments)
    require_none(differences(result, scenario), f"{scenario.name} does not end as the case declares")


def differences(result: CallResult, scenario: Scenario) -> Iterator[str]:
    """Where an answer is not what a scenario expects."""
    for answer, expected in zip(result.answers, scenario.expected, strict=False):
        found = kinds_by_service(answer)
        for code, wanted in expected.items():
            if found.get(code) != [wanted]:
                came = " and ".join(found.get(code, ["nothing"]))
                yield f"{answer.shipment_id}, {code}: {wanted} expected, {came} came{_why(answer, code)}"


def _why(answer: Answer, code: str) -> str:
    hints = [failure.hint for failure in answer.failures if failure.service == code and failure.hint]
    return f" ({hints[0]})" if hints else ""


def served_is_rated(under_test: CarrierUnderTest) -> None:
    """An ordinary parcel to an ordinary place gets a rate from every active service."""
    require(
        set(*[set(each.values()) for each in under_test.case.served.expected]) == {RATE},
        "the case's served is not served",
    )
    ends_as_declared(under_test, under_test.case.served)


def unserved_is_refused(under_test: CarrierUnderTest) -> None:
    """A place where nobody goes is a refusal, which may be kept, and no failure, which would ask again and again."""
    _refused(under_test, under_test.case.unserved, {RefusalKind.NOT_SERVED})
    if isinstance(under_test.case.unserved, Absent):
        _goes_abroad(under_test)


def too_heavy_is_refused(under_test: CarrierUnderTest) -> None:
    """A parcel beyond the limits is a refusal with its kind."""
    _refused(under_test, under_test.case.too_heavy, {RefusalKind.TOO_HEAVY, RefusalKind.TOO_LARGE})
    if isinstance(under_test.case.too_heavy, Absent):
        _carries_anything(under_test)


def _refused(under_test: CarrierUnderTest, scenario: Scenario | Absent, kinds: set[RefusalKind]) -> None:
    if isinstance(scenario, Absent):
        return
    wanted = {kind for each in scenario.expected for kind in each.values()}
    require(wanted <= kinds, f"{scenario.name} expects {', '.join(sorted(wanted - kinds))}, which is another story")
    ends_as_declared(under_test, scenario)


def _goes_abroad(under_test: CarrierUnderTest) -> None:
    """Without an unserved place, a country that the carrier does not name is where it must refuse."""
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        countries = carrier.abilities.countries
        require(countries is None, f"it names its countries ({countries}), so there is an unserved place: declare one")


def _carries_anything(under_test: CarrierUnderTest) -> None:
    """Without a heaviest parcel, a hundred tonnes must not be refused as too heavy either."""
    monster = under_test.case.served.shipments[0].model_copy(update={"parcels": (_hundred_tonnes(under_test),)})
    with served_sandbox(under_test) as sandbox:
        result = ask(sandbox.new_carrier(), [monster])
    found = {kind_of(each) for each in result.outcomes()}
    require(RefusalKind.TOO_HEAVY not in found, "a hundred tonnes are refused as too heavy: declare the scenario")


def _hundred_tonnes(under_test: CarrierUnderTest) -> Parcel:
    return under_test.case.served.shipments[0].parcels[0].model_copy(update={"weight": 100_000_000})


__all__ = ["differences", "ends_as_declared", "served_is_rated", "too_heavy_is_refused", "unserved_is_refused"]
