"""The suite of packers under test: each saboteur is caught by the check meant for it, and by none without cause."""

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from portes_testing import BrokenContractError, PackerCase, PackerContract
from portes_testing.packers.packer_under_test import PackerUnderTest

GALLERY = Path(__file__).parent / "gallery" / "packer_saboteurs"
CHECKS = {
    name.removeprefix("test_")
    for name, _ in inspect.getmembers(PackerContract, inspect.isfunction)
    if name.startswith("test_")
}
PLAIN = {"found_by_its_entry_point", "equal_units_are_not_gone_through"}
"""Checks that try no cart of many kinds."""


class PackerSabotage(NamedTuple):
    check: str
    """The check meant for it."""
    words: str
    """What it says."""
    also: Iterable[str] = ()
    """Checks that the same sabotage breaks as well, and must."""


SABOTAGES = {
    "comes_to_no_end": PackerSabotage("work_is_bounded", "after millions of steps it is at __call__", CHECKS - PLAIN),
    "fills_own_boxes": PackerSabotage("what_ships_alone_shares_no_parcel", "has its own box, and goes in another"),
    "forgets_the_cardboard": PackerSabotage("weights_values_and_units_are_conserved", " g are told, and there are "),
    "goes_through_the_units": PackerSabotage("equal_units_are_not_gone_through", "they are to be counted"),
    "ignores_the_limits": PackerSabotage("limits_are_kept", "units in a parcel of"),
    "is_no_packer": PackerSabotage("found_by_its_entry_point", "is no function of a task", CHECKS),
    "lays_upright_goods_down": PackerSabotage("units_lie_as_they_can", "is to stand"),
    "loses_a_unit": PackerSabotage("every_unit_is_placed_once", "9 units of line 0 are placed, and there are 10"),
    "overlaps": PackerSabotage("nothing_overlaps", "overlaps"),
    "overloads_cartons": PackerSabotage("cartons_are_the_stores", "bears 1500 g"),
    "packs_all_together": PackerSabotage("what_ships_alone_shares_no_parcel", "300x200x100 ships alone"),
    "packs_in_turns": PackerSabotage("the_same_task_is_packed_the_same", "packed otherwise another time"),
    "reads_the_clock": PackerSabotage("it_reads_no_clock", "time.monotonic"),
    "reads_the_environment": PackerSabotage("it_asks_nobody", "os.environ"),
    "repeats_equal_parcels": PackerSabotage("equal_parcels_are_counted", "1 kinds of them"),
    "sorts_lines_in_place": PackerSabotage("the_task_is_left_as_it_was", "changed in place"),
    "sticks_out": PackerSabotage("nothing_sticks_out", "sticks out of"),
}
EACH = pytest.mark.parametrize("saboteur", SABOTAGES)


def broken(case: PackerCase, wanted: Iterable[str]) -> dict[str, str]:
    """The checks that a packer breaks, of those wanted, and the words."""
    found, under_test = {}, PackerUnderTest(case)
    for check in wanted:
        try:
            getattr(PackerContract(), f"test_{check}")(under_test)
        except BrokenContractError as verdict:
            found[check] = str(verdict)
    return found


@EACH
def test_a_packer_saboteur_is_caught_by_the_check_meant_for_it(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]

    found = broken(PackerCase(saboteur), [sabotage.check])

    assert sabotage.words in found.get(sabotage.check, f"{sabotage.check} is not broken")


@pytest.mark.exhaustive
@EACH
def test_a_packer_saboteur_breaks_no_other_check_without_cause(saboteur: str) -> None:
    sabotage = SABOTAGES[saboteur]
    found = set(broken(PackerCase(saboteur), sorted(CHECKS)))

    assert found == {sabotage.check, *sabotage.also}


def test_every_check_of_packers_has_a_saboteur_that_it_is_meant_for() -> None:
    assert {sabotage.check for sabotage in SABOTAGES.values()} == CHECKS


def test_every_packer_saboteur_of_the_gallery_is_tried() -> None:
    assert {path.stem for path in GALLERY.glob("*.py")} == set(SABOTAGES)


def test_a_packer_that_nobody_installed_is_told_by_its_name() -> None:
    found = broken(PackerCase("rows"), ["found_by_its_entry_point"])

    assert "no store can use the packer" in found["found_by_its_entry_point"]


def test_a_packer_that_says_it_places_nothing_has_no_layouts() -> None:
    found = broken(PackerCase("row", places=False), ["every_unit_is_placed_once"])

    assert "it places nothing, and it has layouts" in found["every_unit_is_placed_once"]


def test_a_packer_that_places_nothing_and_does_not_say_so_has_lost_every_unit() -> None:
    found = broken(PackerCase("totals"), ["every_unit_is_placed_once"])

    assert "0 units of line 0 are placed, and there are 1" in found["every_unit_is_placed_once"]


class TestRow(PackerContract):
    """The gallery's sound packer passes the whole suite, as anybody's would."""

    case = PackerCase("row")
