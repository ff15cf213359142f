"""The suite of catalogues' sources under test: each saboteur is caught by the check meant for it, and by no other."""

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from gallery.ledger.case import make_case

from portes_testing import BrokenContractError, CatalogueCase, CatalogueContract
from portes_testing.catalogues import checks
from portes_testing.catalogues.source_under_test import SourceUnderTest

GALLERY = Path(__file__).parent / "gallery" / "catalogue_saboteurs"
CHECKS = {
    name.removeprefix("test_")
    for name, _ in inspect.getmembers(CatalogueContract, inspect.isfunction)
    if name.startswith("test_")
}


class SourceSabotage(NamedTuple):
    check: str
    """The check meant for it."""
    words: str
    """What it says."""
    also: Iterable[str] = ()
    """Checks that the same sabotage breaks as well, and must."""


SABOTAGES = {
    "answers_in_turns": SourceSabotage("the_same_question_gets_the_same_answer", "another answer the second time"),
    "breaks_when_closed_twice": SourceSabotage("closing_it_twice_is_harmless", "escaped when it was closed"),
    "gives_all_rows": SourceSabotage("only_what_is_asked_for_comes", "it gives ['a', 'b']", {"threads_share_it"}),
    "invents_goods": SourceSabotage("what_is_not_there_is_absent", "of a SKU that it does not have"),
    "is_empty_when_down": SourceSabotage("a_source_that_is_down_says_so", "gives 0 rows as if it were not"),
    "is_no_source": SourceSabotage("found_by_its_entry_point", "it has no Settings", CHECKS),
    "loose_settings": SourceSabotage("settings_are_strict", "takes a misspelled key in silence"),
    "mixes_carts_up": SourceSabotage("threads_share_it", "got what another asked for"),
    "reads_the_clock": SourceSabotage("it_reads_no_clock", "time.monotonic"),
    "reads_the_environment": SourceSabotage("it_reads_no_environment", "os.environ"),
    "reads_when_made": SourceSabotage(
        "it_is_made_without_asking",
        "FileNotFoundError escaped when it was made",
        {"a_source_that_is_down_says_so", "secrets_are_discreet"},
    ),
    "secret_as_plain_text": SourceSabotage("secrets_are_discreet", "make them SecretStr"),
    "secret_in_an_error": SourceSabotage("secrets_are_discreet", "can be read"),
    "takes_its_time": SourceSabotage("the_deadline_is_kept", "it has not given up"),
    "undescribed_setting": SourceSabotage("every_setting_is_described", "mode"),
    "weighs_in_kilograms": SourceSabotage("rows_say_what_is_known", "a is CatalogueEntry"),
}
EACH = pytest.mark.parametrize("saboteur", SABOTAGES)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who hangs hangs for an hour; the suite's own ten seconds show no more than one."""
    monkeypatch.setattr(checks, "GIVE_UP", 1.0)


def broken(case: CatalogueCase, wanted: Iterable[str]) -> dict[str, str]:
    """The checks that a source breaks, of those wanted, and the words."""
    found = {}
    for check in wanted:
        try:
            getattr(CatalogueContract(), f"test_{check}")(SourceUnderTest(case))
        except BrokenContractError as verdict:
            found[check] = str(verdict)
    return found


@EACH
def test_a_source_saboteur_is_caught_by_the_check_meant_for_it(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]
    found = broken(make_case(saboteur), [sabotage.check])

    assert sabotage.words in found.get(sabotage.check, f"{sabotage.check} is not broken")


@pytest.mark.exhaustive
@EACH
def test_a_source_saboteur_breaks_no_other_check_without_cause(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]
    found = set(broken(make_case(saboteur), sorted(CHECKS)))

    assert found == {sabotage.check, *sabotage.also}


def test_every_check_of_sources_has_a_saboteur_that_it_is_meant_for() -> None:
    assert {sabotage.check for sabotage in SABOTAGES.values()} == CHECKS


def test_every_source_saboteur_of_the_gallery_is_tried() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(SABOTAGES)


def test_a_source_that_nobody_installed_is_told_by_its_name() -> None:
    found = broken(make_case("ledgers"), ["found_by_its_entry_point"])

    assert "no store can use the source" in found["found_by_its_entry_point"]


def test_a_case_that_would_prove_nothing_is_refused() -> None:
    sound = make_case()
    with pytest.raises(ValueError, match="two SKUs"):
        CatalogueCase("ledger", sound.settings, {"b": sound.known["b"]}, sound.down)


class TestLedger(CatalogueContract):
    """The gallery's sound source passes the whole suite by key, as anybody's would."""

    case = make_case()


class TestWholeLedger(CatalogueContract):
    """And as a whole."""

    case = make_case(keyed=False)
