"""What is too much about a parcel: the first limit that it exceeds, with its measure."""

import pytest

from portes.contract import Dimensions, Excess, Parcel, ParcelLimits, RefusalKind

LIMITS = ParcelLimits(weight=30_000, longest_side=1000, sides_sum=2000, volume=200_000_000)


def parcel(weight: int, length: int, width: int, height: int, volume: int | None = None) -> Parcel:
    size = Dimensions(length=length, width=width, height=height)
    return Parcel(weight=weight, size=size, volume=size.volume if volume is None else volume)


@pytest.mark.parametrize(
    ("too_much", "kind", "reason"),
    [
        (parcel(30_001, 2000, 10, 10), RefusalKind.TOO_HEAVY, "30001 g; the most is 30000 g"),
        (parcel(1, 10, 1001, 10), RefusalKind.TOO_LARGE, "1001 x 10 x 10 mm; the longest side may be 1000 mm"),
        (parcel(1, 700, 701, 600), RefusalKind.TOO_LARGE, "701 x 700 x 600 mm; the sides may add up to 2000 mm"),
        (parcel(1, 600, 600, 600), RefusalKind.TOO_LARGE, "600 x 600 x 600 mm; the volume may be 200000000 mm³"),
    ],
)
def test_the_first_limit_a_parcel_exceeds_is_told_with_its_measure(
    too_much: Parcel, kind: RefusalKind, reason: str
) -> None:
    assert LIMITS.exceeded_by(too_much) == Excess(kind, reason)
    assert ParcelLimits().exceeded_by(too_much) is None


def test_a_parcel_at_every_limit_keeps_to_them() -> None:
    assert LIMITS.exceeded_by(parcel(30_000, 1000, 500, 500, volume=200_000_000)) is None


def test_a_volume_is_that_of_the_goods_as_the_packer_fills_a_parcel() -> None:
    limits = ParcelLimits(volume=1000)

    assert limits.exceeded_by(parcel(1, 20, 20, 20, volume=1000)) is None
    assert limits.exceeded_by(parcel(1, 20, 20, 20, volume=1001)) is not None
