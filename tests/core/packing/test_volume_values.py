import pytest
from shop import brl, item

from portes.contract import Money, ParcelLimits
from portes.packing import volume
from portes.packing.protocol import PackedLine


def test_a_parcel_is_worth_all_its_units_of_all_its_lines() -> None:
    lines = [item(quantity=3, declared_value=brl(500)), item("other", declared_value=brl(700))]
    (parcel,) = volume.pack([PackedLine(position, one) for position, one in enumerate(lines)], ParcelLimits())

    assert parcel.value == brl(2200)


def test_lines_valued_in_several_currencies_are_not_packed() -> None:
    euros = Money(minor=700, currency="EUR")
    lines = [item(declared_value=brl(500)), item("other", declared_value=euros)]

    with pytest.raises(ValueError, match="valued in BRL and EUR"):
        volume.pack([PackedLine(position, one) for position, one in enumerate(lines)], ParcelLimits())
