"""Pick-up points on their way from a carrier's rate to the shopper's offer."""

import pytest
from shop import member, policy, rate, request, service

from portes.contract import PickupKind, PickupPoint
from portes.engine.quoter import Quoter

OFFICE = PickupPoint(id="2800101", kind=PickupKind.OFFICE, name="Madrid 1", hours="9-21", distance=350)


@pytest.mark.parametrize("points", [(), (OFFICE,)])
def test_an_offer_shows_the_pickup_points_of_its_rate(points: tuple[PickupPoint, ...]) -> None:
    carrier = member("a", lambda _: [rate(pickup_points=points)], service())

    (line,) = Quoter(policy(carrier)).quote(request()).lines

    assert [offer.pickup_points for offer in line.offers] == [points]
