"""The suite that every rule passes, as tests; each is one check of `portes_testing.rules.checks`."""

from typing import ClassVar

from portes_testing.overrides import Suite
from portes_testing.rules import checks
from portes_testing.rules.case import RuleCase
from portes_testing.rules.rule_under_test import RuleUnderTest


class RuleContract(Suite):
    """Derive a test class, give it a `case`, and the suite runs on your rule. See docs/contract-kit.md."""

    case: ClassVar[RuleCase]
    """The rule under test."""

    def test_found_by_its_entry_point(self, rule_under_test: RuleUnderTest) -> None:
        """A store that names the rule finds it, and knows when it has its say."""
        checks.found_by_its_entry_point(rule_under_test)

    def test_its_keys_say_what_they_mean(self, rule_under_test: RuleUnderTest) -> None:
        """Every key has a sentence, and `when` is the table that all rules take."""
        checks.its_keys_say_what_they_mean(rule_under_test)

    def test_it_does_something(self, rule_under_test: RuleUnderTest) -> None:
        """Each table of the case changes something in some scene, or it would prove nothing."""
        checks.it_does_something(rule_under_test)

    def test_rates_stay_as_they_were(self, rule_under_test: RuleUnderTest) -> None:
        """What the carrier said is a fact; a rule decides about the shopper's side of it alone."""
        checks.rates_stay_as_they_were(rule_under_test)

    def test_prices_are_whole_and_not_below_zero(self, rule_under_test: RuleUnderTest) -> None:
        """A price is whole minor units of the store's currency, from zero on."""
        checks.prices_are_whole_and_not_below_zero(rule_under_test)

    def test_promises_only_grow(self, rule_under_test: RuleUnderTest) -> None:
        """A promise is never sooner than the carrier's, and its days and dates say the same."""
        checks.promises_only_grow(rule_under_test)

    def test_a_type_stays_on_every_line_or_goes_from_every_line(self, rule_under_test: RuleUnderTest) -> None:
        """A marketplace is offered types that all lines have; one that a line lost would be sold all the same."""
        checks.a_type_stays_on_every_line_or_goes_from_every_line(rule_under_test)

    def test_nothing_is_changed_in_place(self, rule_under_test: RuleUnderTest) -> None:
        """Offers and occasions belong to whoever asked; another rule sees them too."""
        checks.nothing_is_changed_in_place(rule_under_test)

    def test_the_same_question_gets_the_same_answer(self, rule_under_test: RuleUnderTest) -> None:
        """A receipt is decided again, and must come to the same."""
        checks.the_same_question_gets_the_same_answer(rule_under_test)

    def test_what_conditions_do_not_cover_stays_as_it_is(self, rule_under_test: RuleUnderTest) -> None:
        """A condition more never widens a rule: where one is not met, nothing happens."""
        checks.what_conditions_do_not_cover_stays_as_it_is(rule_under_test)

    def test_it_reads_no_clock(self, rule_under_test: RuleUnderTest) -> None:
        """The moment is the occasion's; a receipt that is decided again has the moment of then."""
        checks.it_reads_no_clock(rule_under_test)

    def test_it_asks_nobody(self, rule_under_test: RuleUnderTest) -> None:
        """A rule is called for every question, and decides on what it is given."""
        checks.it_asks_nobody(rule_under_test)


__all__ = ["RuleContract"]
