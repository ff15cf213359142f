"""Our own faults: which must be declared, and what the suite says of a carrier that gets them wrong."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from checking import broken, case_of, checks
from gallery.case import CASE, make_case
from gallery.flat import FLAT

from portes_testing import Absent, Case, OwnFault, ask, carrier_under_test, served_sandbox

OWN = [name for name in checks() if "own_fault" in name]
(ORIGIN, USER, CONTRACT, REQUEST) = make_case().known_own_faults


def case(**changes: Any) -> Case:
    return replace(make_case(), **changes)


@pytest.mark.parametrize("own_faults", [(), Absent("nobody looked")], ids=["none", "absent"])
def test_a_carrier_with_http_cannot_keep_silent_about_our_own_faults(own_faults: tuple[OwnFault, ...] | Absent) -> None:
    found = broken(lambda: case(own_faults=own_faults), OWN)

    assert {*found} == {*OWN}
    assert all(words.endswith("- origin\n  - credentials\n  - contract\n  - request") for words in found.values())


def test_the_one_thing_that_no_own_fault_is_about_is_named() -> None:
    found = broken(lambda: case(own_faults=(ORIGIN, USER, REQUEST)), ["own_faults_are_declared"])

    assert found["own_faults_are_declared"].endswith("`own_faults`:\n  - contract")


def test_a_carrier_that_cannot_find_it_wrong_says_why_instead() -> None:
    blameless = {"contract": "whoever has a login may ship"}

    silent = broken(lambda: case(own_faults=(ORIGIN, USER, REQUEST), blameless=blameless), ["own_faults_are_declared"])

    assert silent == {}


def test_a_carrier_without_http_needs_none() -> None:
    assert broken(lambda: FLAT, OWN) == {}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"own_faults": (ORIGIN, ORIGIN)}, "two own faults are named 'origin_unknown'"),
        ({"own_faults": (OwnFault("fine", "origin", "origin"),)}, "'fine' has nothing wrong"),
        ({"own_faults": (replace(CONTRACT, services=("OLD",)),)}, "'no_contract': service 'OLD' is not active"),
        ({"blameless": {"request": "it reads anything"}}, "'malformed' is about the request, which the case calls"),
        ({"own_faults": (), "blameless": {"origin": " "}}, "say why the origin is blameless"),
    ],
)
def test_own_faults_that_contradict_the_case_are_refused(changes: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        case(**changes)


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("an_own_fault_is_a_failure no_contract", "served, EXP: not_served came in place of a failure"),
        ("an_own_fault_leads_to_the_fallback origin_unknown", "border: the verdict is not_served"),
        ("an_own_fault_leads_to_the_fallback no_contract", "served: no rate of it for express"),
        ("an_own_fault_is_not_remembered no_contract", "served, EXP: not_served"),
    ],
)
def test_a_refusal_for_our_own_fault_is_found_out_by_all_that_follows(check: str, words: str) -> None:
    found = broken(lambda: case_of("blames_the_lane"), [check])

    assert words in found.get(check, "nothing")


def test_a_service_that_is_struck_and_not_declared_so_is_named() -> None:
    faults = (ORIGIN, USER, CONTRACT, replace(REQUEST, services=("EXP",)))
    check = "an_own_fault_is_a_failure malformed"

    found = broken(lambda: case(own_faults=faults), [check])

    assert "served, STD: rejected_request came, though only EXP should be struck" in found[check]


def test_a_carrier_without_a_diagnosis_names_nothing() -> None:
    own = OwnFault("far_away", "origin", "origin", shipments=FLAT.served.shipments)

    found = broken(lambda: replace(FLAT, own_faults=(own,)), ["a_diagnosis_names_an_own_fault"])

    assert [*found.values()] == ["nobody can say that it is far_away: write a diagnose()"]


def test_a_sandbox_changes_its_moods_while_it_is_served() -> None:
    with carrier_under_test(make_case()) as under_test, served_sandbox(under_test, ["pedantic"]) as sandbox:
        carrier = sandbox.new_carrier()
        before = ask(carrier, CASE.served.shipments)
        sandbox.change_moods()
        after = ask(carrier, CASE.served.shipments)

    assert (len(before.answers[0].failures), len(after.answers[0].rates)) == (2, 2)
