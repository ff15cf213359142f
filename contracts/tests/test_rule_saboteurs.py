"""The suite of rules under test: each saboteur is caught by the check meant for it, and by none without cause."""

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from portes_testing import BrokenContractError, RuleCase, RuleContract
from portes_testing.rules.rule_under_test import RuleUnderTest

GALLERY = Path(__file__).parent / "gallery" / "rule_saboteurs"
CHECKS = [
    name.removeprefix("test_")
    for name, _ in inspect.getmembers(RuleContract, inspect.isfunction)
    if name.startswith("test_")
]


UNPLAYED = {"found_by_its_entry_point", "its_keys_say_what_they_mean"}
"""Checks that look at the class alone."""


class RuleSabotage(NamedTuple):
    check: str
    """The check meant for it."""
    words: str
    """What it says."""
    also: tuple[str, ...] = ()
    """Checks that the same sabotage breaks as well, and must."""


SABOTAGES = {
    "changes_a_rates_cost": RuleSabotage("rates_stay_as_they_were", "changed rate of an offer"),
    "changes_offers_in_place": RuleSabotage("nothing_is_changed_in_place", "changed in place"),
    "counts_its_questions": RuleSabotage("the_same_question_gets_the_same_answer", "another answer the second time"),
    "does_nothing": RuleSabotage("it_does_something", "changes nothing in any scene"),
    "has_a_when_of_its_own": RuleSabotage(
        "its_keys_say_what_they_mean", "without a description", ("what_conditions_do_not_cover_stays_as_it_is",)
    ),
    "loses_a_lines_type": RuleSabotage("a_type_stays_on_every_line_or_goes_from_every_line", "left some lines without"),
    "negative_price": RuleSabotage("prices_are_whole_and_not_below_zero", "below zero"),
    "phase_of_nothing": RuleSabotage("found_by_its_entry_point", "its phase is none of", tuple(set(CHECKS) - UNPLAYED)),
    "promises_sooner": RuleSabotage("promises_only_grow", "it may only grow"),
    "reads_the_clock": RuleSabotage("it_reads_no_clock", "datetime.now"),
    "reads_the_environment": RuleSabotage("it_asks_nobody", "os.environ"),
    "widens_by_a_condition": RuleSabotage("what_conditions_do_not_cover_stays_as_it_is", "conditions are not met"),
}
EACH = pytest.mark.parametrize("saboteur", SABOTAGES)


def broken(rule: str, wanted: Iterable[str]) -> dict[str, str]:
    """The checks that a rule breaks, of those wanted, and the words."""
    case, found = RuleCase(rule, [{}]), {}
    for check in wanted:
        try:
            getattr(RuleContract(), f"test_{check}")(RuleUnderTest(case))
        except BrokenContractError as verdict:
            found[check] = str(verdict)
    return found


@EACH
def test_a_rule_saboteur_is_caught_by_the_check_meant_for_it(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    found = broken(saboteur, [sabotage.check])

    assert sabotage.words in found.get(sabotage.check, f"{sabotage.check} is not broken")


@pytest.mark.exhaustive
@EACH
def test_a_rule_saboteur_breaks_no_other_check_without_cause(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]
    found = set(broken(saboteur, CHECKS))

    assert found == {sabotage.check, *sabotage.also}


def test_every_check_of_rules_has_a_saboteur_that_it_is_meant_for() -> None:
    assert {sabotage.check for sabotage in SABOTAGES.values()} == set(CHECKS)


def test_every_rule_saboteur_of_the_gallery_is_tried() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(SABOTAGES)


def test_a_rule_that_nobody_installed_is_told_by_its_name() -> None:
    found = broken("surcharges", ["found_by_its_entry_point"])

    assert "no store can use the rule" in found["found_by_its_entry_point"]


class TestSurcharge(RuleContract):
    """The gallery's sound rule passes the whole suite, as anybody's would."""

    case = RuleCase("surcharge", [{}])
