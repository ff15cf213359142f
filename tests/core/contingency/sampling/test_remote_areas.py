"""The simulator with remote areas: what it answers as a carrier is what it answers as an oracle."""

from datetime import date

import pytest
from remote_areas import RemoteAreas

from portes.carrier import Carrier, Deadline
from portes.contingency.sampling import LanePoint, LanePrice
from portes.contract import Dimensions, Origin, Parcel, Place, Shipment

ORIGIN = Origin(id=1, place=Place(country="BR", postal_code="01001000"), calendar="BR")


def shipment(point: LanePoint) -> Shipment:
    return Shipment(
        id=f"{point.postal_code}-{point.weight}",
        parcels=(Parcel(weight=point.weight, size=Dimensions(length=200, width=150, height=100)),),
        origin=ORIGIN,
        place=Place(country="BR", postal_code=point.postal_code),
        dispatch_date=date(2026, 12, 1),
    )


@pytest.mark.parametrize("weight", [250, 10_000, 30_001])
def test_a_carrier_of_remote_areas_says_what_its_oracle_says(weight: int) -> None:
    carrier = RemoteAreas(remote=0.3)
    assert isinstance(carrier, Carrier)
    points = [LanePoint(f"{place.first:08d}", weight) for place in carrier.ranges[::200]]

    answers = carrier.quote([shipment(point) for point in points], Deadline(1))

    for answer, told in zip(answers, carrier.ask(points), strict=True):
        assert told is not None
        rates = {rate.service: LanePrice(rate.cost.minor, rate.transit.min, rate.transit.max) for rate in answer.rates}
        assert {**rates, **dict.fromkeys([refusal.service for refusal in answer.refusals])} == told
