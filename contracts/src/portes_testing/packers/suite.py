"""The suite that every packer passes, as tests; each is one check of `portes_testing.packers.checks`."""

from typing import ClassVar

from portes_testing.overrides import Suite
from portes_testing.packers import checks
from portes_testing.packers.case import PackerCase
from portes_testing.packers.packer_under_test import PackerUnderTest


class PackerContract(Suite):
    """Derive a test class, give it a `case`, and the suite runs on your packer. See docs/contract-kit.md."""

    case: ClassVar[PackerCase]
    """The packer under test."""

    def test_found_by_its_entry_point(self, packer_under_test: PackerUnderTest) -> None:
        """A store that names the packer finds it, and gets packed parcels from it."""
        checks.found_by_its_entry_point(packer_under_test)

    def test_every_unit_is_placed_once(self, packer_under_test: PackerUnderTest) -> None:
        """Each unit lies in one parcel, and nothing else does; a packer that places none has no layouts."""
        checks.every_unit_is_placed_once(packer_under_test)

    def test_nothing_sticks_out(self, packer_under_test: PackerUnderTest) -> None:
        """All goods lie within the inside of the carton, or the box that is told."""
        checks.nothing_sticks_out(packer_under_test)

    def test_nothing_overlaps(self, packer_under_test: PackerUnderTest) -> None:
        """No two goods take the same room."""
        checks.nothing_overlaps(packer_under_test)

    def test_units_lie_as_they_can(self, packer_under_test: PackerUnderTest) -> None:
        """Goods keep their sizes, upright ones stand, and only what nests lies in one another."""
        checks.units_lie_as_they_can(packer_under_test)

    def test_what_ships_alone_shares_no_parcel(self, packer_under_test: PackerUnderTest) -> None:
        """`ships_alone` keeps other lines out of a parcel, `own_box` other units and cartons; sums know of neither."""
        checks.what_ships_alone_shares_no_parcel(packer_under_test)

    def test_limits_are_kept(self, packer_under_test: PackerUnderTest) -> None:
        """A parcel of several units keeps to the carrier's limits; only a single unit may be beyond them."""
        checks.limits_are_kept(packer_under_test)

    def test_cartons_are_the_stores(self, packer_under_test: PackerUnderTest) -> None:
        """A carton is one of the task's, it is told by its outside, and its goods are no heavier than it bears."""
        checks.cartons_are_the_stores(packer_under_test)

    def test_weights_values_and_units_are_conserved(self, packer_under_test: PackerUnderTest) -> None:
        """What the parcels tell adds up to the goods, and to the cartons that they go in."""
        checks.weights_values_and_units_are_conserved(packer_under_test)

    def test_equal_parcels_are_counted(self, packer_under_test: PackerUnderTest) -> None:
        """Equal parcels come once, with their count: what a carrier charges for each is asked once."""
        checks.equal_parcels_are_counted(packer_under_test)

    def test_work_is_bounded(self, packer_under_test: PackerUnderTest) -> None:
        """No cart, however mixed, takes more than so many steps: packing comes to an end while a shopper waits."""
        checks.work_is_bounded(packer_under_test)

    def test_equal_units_are_not_gone_through(self, packer_under_test: PackerUnderTest) -> None:
        """A million equal units take far fewer steps than there are units: they are counted."""
        checks.equal_units_are_not_gone_through(packer_under_test)

    def test_the_same_task_is_packed_the_same(self, packer_under_test: PackerUnderTest) -> None:
        """A picture of a packing shows the parcels that the carrier was told, whenever it is drawn."""
        checks.the_same_task_is_packed_the_same(packer_under_test)

    def test_the_task_is_left_as_it_was(self, packer_under_test: PackerUnderTest) -> None:
        """Other carriers are packed for with the same lines."""
        checks.the_task_is_left_as_it_was(packer_under_test)

    def test_it_reads_no_clock(self, packer_under_test: PackerUnderTest) -> None:
        """Work is bounded by steps: a busy machine packs as an idle one does."""
        checks.it_reads_no_clock(packer_under_test)

    def test_it_asks_nobody(self, packer_under_test: PackerUnderTest) -> None:
        """A packer is called for every question, and decides on its task."""
        checks.it_asks_nobody(packer_under_test)


__all__ = ["PackerContract"]
