"""The suite that every source of a catalogue passes, as tests: checks of `portes_testing.catalogues.checks`."""

from typing import ClassVar

from portes_testing.catalogues import checks
from portes_testing.catalogues.case import CatalogueCase
from portes_testing.catalogues.source_under_test import SourceUnderTest
from portes_testing.overrides import Suite


class CatalogueContract(Suite):
    """Derive a test class, give it a `case`, and the suite runs on your source. See docs/contract-kit.md."""

    case: ClassVar[CatalogueCase]
    """The source under test."""

    def test_found_by_its_entry_point(self, source_under_test: SourceUnderTest) -> None:
        """A store that names the source finds it, whole as a store needs it."""
        checks.found_by_its_entry_point(source_under_test)

    def test_every_setting_is_described(self, source_under_test: SourceUnderTest) -> None:
        """Each key has a sentence for the reference page."""
        checks.every_setting_is_described(source_under_test)

    def test_settings_are_strict(self, source_under_test: SourceUnderTest) -> None:
        """A key that nobody knows is an error, and settings never change under a source."""
        checks.settings_are_strict(source_under_test)

    def test_secrets_are_discreet(self, source_under_test: SourceUnderTest) -> None:
        """What is secret is a `SecretStr`, and shows neither in settings nor in the source nor in what it raises."""
        checks.secrets_are_discreet(source_under_test)

    def test_it_is_made_without_asking(self, source_under_test: SourceUnderTest) -> None:
        """A store starts while its source is down: making one neither connects nor reads."""
        checks.it_is_made_without_asking(source_under_test)

    def test_rows_say_what_is_known(self, source_under_test: SourceUnderTest) -> None:
        """Weights, sizes, amounts, origins, units, days and words are the case's, in their units and to the cent."""
        checks.rows_say_what_is_known(source_under_test)

    def test_what_is_not_there_is_absent(self, source_under_test: SourceUnderTest) -> None:
        """A SKU that it does not have is left out: neither an empty row nor a guess stands for it."""
        checks.what_is_not_there_is_absent(source_under_test)

    def test_only_what_is_asked_for_comes(self, source_under_test: SourceUnderTest) -> None:
        """One asked by key gives the rows of those SKUs and no others; a whole one gives each SKU once."""
        checks.only_what_is_asked_for_comes(source_under_test)

    def test_the_same_question_gets_the_same_answer(self, source_under_test: SourceUnderTest) -> None:
        """Nothing about the shop changed between two carts, so that nothing may change for them."""
        checks.the_same_question_gets_the_same_answer(source_under_test)

    def test_a_source_that_is_down_says_so(self, source_under_test: SourceUnderTest) -> None:
        """It raises `CatalogueError`: nothing found would mean that the shop sells none of it."""
        checks.a_source_that_is_down_says_so(source_under_test)

    def test_the_deadline_is_kept(self, source_under_test: SourceUnderTest) -> None:
        """It gives up when its time is over, and asks nobody where there is none: a thread that hangs is lost."""
        checks.the_deadline_is_kept(source_under_test)

    def test_threads_share_it(self, source_under_test: SourceUnderTest) -> None:
        """Carts come side by side: each gets what it asked for."""
        checks.threads_share_it(source_under_test)

    def test_closing_it_twice_is_harmless(self, source_under_test: SourceUnderTest) -> None:
        """A store that is exchanged closes its source, and one that ends closes it again."""
        checks.closing_it_twice_is_harmless(source_under_test)

    def test_it_reads_no_clock(self, source_under_test: SourceUnderTest) -> None:
        """When rows are read and for how long they count is the store's affair; time left is told by the deadline."""
        checks.it_reads_no_clock(source_under_test)

    def test_it_reads_no_environment(self, source_under_test: SourceUnderTest) -> None:
        """Everything comes from the settings: two stores in one process have a source each."""
        checks.it_reads_no_environment(source_under_test)


__all__ = ["CatalogueContract"]
