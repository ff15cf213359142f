"""The suite of formats under test: each saboteur is caught by the check meant for it, and by none without cause."""

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from gallery.leaflet.case import leaflet_case

from portes_testing import BrokenContractError, FormatContract
from portes_testing.formats.reading import FormatUnderTest

GALLERY = Path(__file__).parent / "gallery" / "format_saboteurs"
CHECKS = [
    name.removeprefix("test_")
    for name, _ in inspect.getmembers(FormatContract, inspect.isfunction)
    if name.startswith("test_")
]


class FormatSabotage(NamedTuple):
    check: str
    """The check meant for it."""
    words: str
    """What it says."""
    also: tuple[str, ...] = ()
    """Checks that the same sabotage breaks as well, and must."""


SABOTAGES = {
    "a_cent_too_much": FormatSabotage(
        "promised_prices_come_out", "12.91 in (3, 3) days came", ("what_it_writes_it_reads_the_same",)
    ),
    "another_countrys_codes": FormatSabotage("codes_are_of_the_declared_country", "declared to be of ES"),
    "crashes_on_cut_files": FormatSabotage("a_cut_file_is_no_crash", "IndexError escaped from read()"),
    "different_rows_on_the_second_read": FormatSabotage("the_same_bytes_give_the_same_rows", "gives other rows"),
    "drops_rows_in_silence": FormatSabotage(
        "what_cannot_be_read_is_told",
        "rows are gone",
        ("a_broken_file_is_told_as_declared", "a_column_has_one_decimal_sign", "the_decimal_sign_is_honoured"),
    ),
    "finds_rows_in_anything": FormatSabotage("bytes_that_are_no_table_are_no_crash", "rows come of the bytes"),
    "forgets_the_leading_zero": FormatSabotage("a_lost_zero_is_put_back_or_told", "postal_from is '1000000'"),
    "guesses_decimals_by_the_cell": FormatSabotage("a_column_has_one_decimal_sign", "'19,90' as '19.90'"),
    "ignores_the_decimal_sign": FormatSabotage("the_decimal_sign_is_honoured", "declared the other way"),
    "ignores_the_weight_unit": FormatSabotage("the_weight_unit_is_honoured", "not a thousandfold"),
    "ignores_zero_price": FormatSabotage("zero_prices_are_honoured", "no number of any sample can be 0"),
    "is_not_what_it_is_called": FormatSabotage("it_is_found_by_its_entry_point", "another class each time"),
    "keeps_a_broken_price_to_itself": FormatSabotage("a_broken_file_is_told_as_declared", "rate: is not a number"),
    "loops_for_ever_on_a_blank_line": FormatSabotage("blank_lines_say_nothing", "comes to no end"),
    "loses_the_last_line_of_windows": FormatSabotage(
        "line_ends_and_encodings_change_nothing", "lines that end in CRLF"
    ),
    "loses_a_cent_on_writing": FormatSabotage("what_it_writes_it_reads_the_same", "(1289, 3) in place of (1290, 3)"),
    "opens_a_connection": FormatSabotage("it_opens_no_connection", "socket.create_connection"),
    "problem_without_a_line": FormatSabotage("a_problem_names_its_place", "no problem has the line 2"),
    "reads_a_file_beside_it": FormatSabotage("it_reads_no_file_of_its_own", "calls Path.read_text"),
    "reads_the_clock": FormatSabotage("it_reads_no_clock_of_its_own", "datetime.now"),
    "reads_the_environment": FormatSabotage("it_reads_no_environment", "os.environ"),
    "reads_what_overlaps": FormatSabotage(
        "a_sound_sample_is_read_without_a_problem",
        "overlaps the bracket",
        ("promised_prices_come_out", "zero_prices_are_honoured"),
    ),
    "starts_a_thread": FormatSabotage("it_starts_no_thread_or_process_of_its_own", "threading.Thread"),
    "swaps_postal_borders": FormatSabotage(
        "rows_are_sane",
        "postal codes from 05999999 to 01000000",
        ("a_sound_sample_is_read_without_a_problem", "promised_prices_come_out", "zero_prices_are_honoured"),
    ),
    "takes_a_minus_for_a_hyphen": FormatSabotage("strange_numbers_are_told_or_make_sense", "less than nothing"),
    "takes_a_missing_column_for_zero": FormatSabotage("a_missing_column_is_told_or_means_the_same", "without Prazo"),
    "takes_memory_by_the_gram": FormatSabotage("memory_is_in_proportion_to_the_file", "MiB of memory"),
    "takes_rubbish_for_zero": FormatSabotage(
        "what_cannot_be_read_is_never_taken_for_a_value",
        "line 2 is price 0",
        ("a_broken_file_is_told_as_declared", "a_column_has_one_decimal_sign"),
    ),
    "trips_over_a_copied_line": FormatSabotage("a_line_that_stands_there_twice_is_no_crash", "KeyError escaped"),
    "version_of_nothing": FormatSabotage("its_version_is_a_whole_number", "its version is 0"),
    "whole_numbers_of_a_workbook": FormatSabotage(
        "a_workbook_of_the_same_cells_gives_the_same_rows", "numbers as numbers"
    ),
    "yields_floats": FormatSabotage(
        "rows_are_sane",
        "of the type float",
        (
            "a_broken_file_is_told_as_declared",
            "a_cut_file_is_no_crash",
            "a_lost_zero_is_put_back_or_told",
            "a_sound_sample_is_read_without_a_problem",
            "promised_prices_come_out",
            "strange_numbers_are_told_or_make_sense",
            "zero_prices_are_honoured",
        ),
    ),
}

EACH = pytest.mark.parametrize("saboteur", SABOTAGES)


def broken(saboteur: str, wanted: Iterable[str]) -> dict[str, str]:
    """The checks that a format breaks, of those wanted, and the words."""
    case, found = leaflet_case(saboteur), {}
    for check in wanted:
        try:
            getattr(FormatContract(), f"test_{check}")(FormatUnderTest(case))
        except BrokenContractError as verdict:
            found[check] = str(verdict)
    return found


@EACH
def test_a_format_saboteur_is_caught_by_the_check_meant_for_it(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    found = broken(saboteur, [sabotage.check])

    assert sabotage.words in found.get(sabotage.check, f"{sabotage.check} is not broken")


@pytest.mark.exhaustive
@EACH
def test_a_format_saboteur_breaks_no_other_check_without_cause(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    assert set(broken(saboteur, CHECKS)) == {sabotage.check, *sabotage.also}


def test_every_check_of_formats_has_a_saboteur_that_it_is_meant_for() -> None:
    assert {sabotage.check for sabotage in SABOTAGES.values()} == set(CHECKS)


def test_every_format_saboteur_of_the_gallery_is_tried() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(SABOTAGES)


def test_a_format_that_nobody_installed_is_told_by_its_name() -> None:
    found = broken("leaflets", ["it_is_found_by_its_entry_point"])

    assert "no store can use the format" in found["it_is_found_by_its_entry_point"]
