import pytest
from packing_tasks import task
from shop import brl, item

from portes.contract import Money
from portes.packing import boxes, single, stack, totals
from portes.packing.protocol import Packer

PACKERS = pytest.mark.parametrize("pack", [boxes.pack, single.pack, stack.pack, totals.pack])


@pytest.mark.parametrize("pack", [boxes.pack, stack.pack, totals.pack])
def test_a_parcel_is_worth_all_its_units_of_all_its_lines(pack: Packer) -> None:
    (packed,) = pack(task(item(quantity=3, declared_value=brl(500)), item("other", declared_value=brl(700))))

    assert packed.parcel.value == brl(2200)


@pytest.mark.parametrize("pack", [boxes.pack, stack.pack, totals.pack])
def test_a_value_missing_on_one_line_leaves_the_parcel_without_a_value(pack: Packer) -> None:
    (packed,) = pack(task(item(declared_value=brl(500)), item()))

    assert packed.parcel.value is None


@PACKERS
def test_lines_valued_in_several_currencies_are_not_packed(pack: Packer) -> None:
    euros = Money(minor=700, currency="EUR")

    with pytest.raises(ValueError, match="valued in BRL and EUR"):
        pack(task(item(declared_value=brl(500)), item("other", declared_value=euros)))
