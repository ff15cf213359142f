"""Goods that a store is asked about again are not packed again; those that differ in anything are."""

from collections.abc import Sequence
from typing import Any

import pytest
from shop import brl, item, member, open_quoter, origin, policy, request

from portes.contract import Dimensions, Item, Verdict
from portes.engine.policy import MOST_REMEMBERED
from portes.packing import totals
from portes.packing.protocol import Carton, PackedParcel, PackingTask


class CountingPacker:
    """Adds up, and counts how often it is called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, task: PackingTask) -> Sequence[PackedParcel]:
        self.calls += 1
        return totals.pack(task)


def test_goods_that_are_asked_about_again_are_packed_once() -> None:
    packer = CountingPacker()
    with open_quoter(policy(member("a", None, packer=packer))) as quoter:
        first, again = [quoter.quote(request(item(quantity=3))) for _ in range(2)]

    assert packer.calls == 1
    assert again.lines == first.lines
    assert first.verdict is Verdict.SERVED


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"quantity": 4}, id="quantity"),
        pytest.param({"weight": 501}, id="weight"),
        pytest.param({"size": Dimensions(length=250, width=100, height=101)}, id="size"),
        pytest.param({"declared_value": brl(100)}, id="value"),
        pytest.param({"tags": ("own_box",)}, id="tags"),
    ],
)
def test_goods_that_differ_in_anything_are_packed_by_themselves(other: dict[str, Any]) -> None:
    one = member("a", None, packer=totals.pack)
    fresh = member("a", None, packer=totals.pack)
    goods: Item = item(**{"quantity": 3, **other})
    with open_quoter(policy(one)) as quoter:
        quoter.quote(request(item(quantity=3)))
        quoter.quote(request(goods))
    with open_quoter(policy(fresh)) as quoter:
        quoter.quote(request(goods))

    assert one.carrier.asked[1:] == fresh.carrier.asked  # type: ignore[attr-defined]


def test_a_store_remembers_no_more_packings_than_a_bound() -> None:
    store = policy(member("a", None, packer=totals.pack))
    with open_quoter(store) as quoter:
        for number in range(MOST_REMEMBERED + 2):
            quoter.quote(request(item(weight=1 + number)))

    assert len(store.remembered) == 2


def test_what_one_origin_packed_into_its_cartons_is_packed_anew_at_an_origin_without_them() -> None:
    size = Dimensions(length=400, width=300, height=200)
    one = member("a", None, packer=totals.pack)
    store = policy(
        one, origins=(origin(1), origin(2)), cartons=(Carton("C", size, size, origins=(1,)),), origins_tried="all"
    )
    with open_quoter(store) as quoter:
        quoter.quote(request(item()))

    assert sorted(each.parcels[0].size.length for each in one.carrier.asked) == [250, 400]  # type: ignore[attr-defined]
