"""Offers that may take too long."""

from typing import Any

import pytest
from offers import made, occasion, offer
from shop import EXPRESS

from portes.rules.not_slower_than import NotSlowerThan

OFFERS = [offer(carrier="a", days=(1, 5)), offer(carrier="b", days=(2, 6)), offer(carrier="c", days=(6, 9))]


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        ({"days": 5}, "a"),
        ({"days": 6}, "ab"),
        ({"days": 0}, ""),
        ({"days": 9}, "abc"),
        ({"days": 5, "carriers": ["b"]}, "ac"),
        ({"days": 5, "delivery_types": ["express"]}, "abc"),
        ({"days": 5, "delivery_types": ["normal"]}, "a"),
        ({"days": 5, "regions": ["0"]}, "a"),
        ({"days": 5, "regions": ["69"]}, "abc"),
        ({"days": 5, "storefronts": ["ZT"]}, "abc"),
    ],
)
def test_what_may_take_longer_goes(keys: dict[str, Any], left: str) -> None:
    assert list(left) == [one.carrier for one in made(NotSlowerThan, **keys)(OFFERS, occasion())]


def test_a_limit_for_express_leaves_normal_alone() -> None:
    express = offer(carrier="a", days=(1, 5), delivery=EXPRESS)

    assert made(NotSlowerThan, days=3, delivery_types=["express"])([*OFFERS, express], occasion()) == OFFERS
