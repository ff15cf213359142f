"""Pick-up points: what an order must name, and what a carrier may leave open."""

import pytest
from pydantic import ValidationError

from portes.contract import PickupKind, PickupPoint


def test_what_the_carrier_does_not_tell_stays_empty() -> None:
    point = PickupPoint(id="2800101", kind=PickupKind.OFFICE, name="Madrid 1")

    assert (point.address, point.postal_code, point.town, point.hours, point.distance) == ("", "", "", "", None)


@pytest.mark.parametrize("field", ["id", "name"])
def test_a_point_without_its_code_or_name_is_none(field: str) -> None:
    keys = {"id": "2800101", "kind": "office", "name": "Madrid 1"}

    with pytest.raises(ValidationError, match=field):
        PickupPoint.model_validate(keys | {field: ""})


@pytest.mark.parametrize("distance", [-1, 1.5, True])
def test_a_distance_is_a_whole_number_of_metres(distance: object) -> None:
    with pytest.raises(ValidationError, match="distance"):
        PickupPoint.model_validate({"id": "1", "kind": "locker", "name": "Citypaq", "distance": distance})
