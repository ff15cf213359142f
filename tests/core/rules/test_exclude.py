"""Carriers that are not even asked."""

from typing import Any

import pytest
from offers import made, occasion
from pydantic import ValidationError
from shop import item

from portes.rules.exclude import Exclude

FRAGILE, PLAIN = item("vase", tags=("glass", "fragile")), item("shirt")


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({"regions": ["01"]}, ""),
        ({"regions": ["69"]}, "ab"),
        ({"regions": ["01"], "carriers": ["a"]}, "b"),
        ({"tags": ["fragile"]}, ""),
        ({"tags": ["fragile"], "carriers": ["b"]}, "a"),
        ({"tags": ["Fragile", "liquid"]}, "ab"),
        ({"tags": ["liquid", "glass"], "carriers": ["b"]}, "a"),
        ({"storefronts": ["NS"], "carriers": ["a"]}, "b"),
        ({"storefronts": ["ZT"], "carriers": ["a"]}, "ab"),
        ({"tags": ["fragile"], "regions": ["01"], "carriers": ["a"]}, "b"),
        ({"tags": ["fragile"], "regions": ["69"], "carriers": ["a"]}, "ab"),
    ],
)
def test_a_carrier_is_not_asked_where_every_condition_holds(keys: dict[str, Any], asked: str) -> None:
    rule = made(Exclude, **keys)
    sent = occasion(PLAIN, FRAGILE, to="01512651", storefront="NS")

    assert list(asked) == [carrier for carrier in "ab" if rule(carrier, sent)]


def test_a_shipment_without_the_tag_is_asked_about() -> None:
    assert made(Exclude, tags=["fragile"])("a", occasion(PLAIN))


@pytest.mark.parametrize("keys", [{}, {"carriers": ["a"]}])
def test_excluding_always_is_refused_with_the_simpler_way(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="active = false"):
        made(Exclude, **keys)
