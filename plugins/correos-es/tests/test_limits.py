"""What a parcel and a shipment may be: published limits of single sources, and the settings that change each."""

from typing import Any

import pytest
from pydantic import ValidationError

from portes.contract import ParcelLimits, Rate, Refusal, RefusalKind


@pytest.mark.parametrize(
    ("product", "mode", "heaviest"),
    [
        ("paq_estandar", "home", 30_000),
        ("paq_premium", "citypaq", 30_000),
        ("paq_ligero", "letterbox", 2000),
        ("paq_light_internacional", "letterbox", 2000),
        ("paq_today", "home", 5000),
    ],
)
def test_a_product_takes_its_heaviest_parcel_and_no_gram_more(
    desk: Any, everything: Any, product: str, mode: str, heaviest: int
) -> None:
    carrier = everything(desk.service(product=product, mode=mode))
    to = "FR 75001" if "internacional" in product else "28001"

    assert isinstance(desk.outcome(carrier, desk.parcel(heaviest), to=to), Rate)
    assert desk.outcome(carrier, desk.parcel(heaviest + 1), to=to).kind is RefusalKind.TOO_HEAVY


def test_the_heaviest_parcel_is_a_setting_of_the_carrier_and_of_each_service(desk: Any, everything: Any) -> None:
    carrier = everything(desk.service("A"), desk.service("B", max_weight_kg="12.5"), max_weight_kg=40)

    said = desk.ask(carrier, desk.parcel(13_000))

    assert isinstance(said["A"], Rate)
    assert said["B"].text == "Paq Estándar: 13000 g; the most is 12500 g"
    assert [carrier.abilities.limits_of(code) for code in "AB"] == [
        ParcelLimits(weight=grams, longest_side=1700, sides_sum=2700) for grams in (40_000, 12_500)
    ]


@pytest.mark.parametrize("sides", [(1701, 500, 499), (1700, 501, 500)], ids=["too long", "too much in all"])
def test_a_parcel_beyond_the_extra_size_is_refused(desk: Any, everything: Any, sides: tuple[int, int, int]) -> None:
    assert isinstance(desk.outcome(everything(), desk.parcel(1000, 1700, 500, 500)), Rate)
    assert desk.outcome(everything(), desk.parcel(1000, *sides)).kind is RefusalKind.TOO_LARGE


def test_paq_today_has_a_size_and_a_billed_weight_of_its_own(desk: Any, everything: Any) -> None:
    today = everything(desk.service(product="paq_today"), cubic_divisor=5000)

    assert isinstance(desk.outcome(today, desk.parcel(1000, 290, 390, 350), to="28001"), Rate)
    assert desk.outcome(today, desk.parcel(1000, 391, 100, 100), to="28001").kind is RefusalKind.TOO_LARGE
    assert desk.outcome(today, desk.parcel(1000, 390, 390, 290), to="28001").kind is RefusalKind.TOO_HEAVY


def test_a_shipment_has_at_most_ten_parcels(desk: Any, everything: Any) -> None:
    assert isinstance(desk.outcome(everything(), desk.parcel(1000, count=10)), Rate)

    refusal = desk.outcome(everything(), desk.parcel(1000, count=10), desk.parcel(500))

    assert (refusal.kind, refusal.text) == (RefusalKind.OTHER, "Paq Estándar takes 10 parcels at most")


def test_where_customs_apply_one_parcel_goes(desk: Any, everything: Any) -> None:
    assert isinstance(desk.outcome(everything(), desk.parcel(1000), to="35001"), Rate)

    refusal = desk.outcome(everything(), desk.parcel(1000, count=2), to="35001")

    assert refusal.kind is RefusalKind.OTHER
    assert refusal.text == "customs papers cover 1 parcel(s), these are 2; send them as one"


@pytest.mark.parametrize(
    ("settings", "parcels", "to"),
    [
        ({"max_parcels": 11}, (1000, 100, 100, 100, 11), "08001"),
        ({"customs_parcels": 2}, (1000, 100, 100, 100, 2), "35001"),
        ({"max_longest_side_mm": 1750}, (1000, 1750, 100, 100, 1), "08001"),
        ({"max_sides_sum_mm": 2800}, (1000, 1700, 550, 550, 1), "08001"),
    ],
    ids=["parcels", "parcels with papers", "longest side", "sides in all"],
)
def test_each_published_limit_is_a_setting(
    desk: Any, everything: Any, settings: dict[str, int], parcels: tuple[int, ...], to: str
) -> None:
    carrier, piece = everything(**settings), desk.parcel(*parcels)

    assert isinstance(desk.outcome(everything(), piece, to=to), Refusal)
    assert isinstance(desk.outcome(carrier, piece, to=to), Rate)


def test_packers_split_by_the_size_that_is_set(everything: Any) -> None:
    limits = everything(max_longest_side_mm=1200, max_sides_sum_mm=2100).abilities.limits_of("HOME")

    assert (limits.longest_side, limits.sides_sum) == (1200, 2100)


def test_each_service_is_packed_within_limits_of_its_own(desk: Any, everything: Any) -> None:
    letterbox = desk.service("L", product="paq_ligero", mode="letterbox")
    carrier = everything(desk.service("H"), letterbox, desk.service("T", product="paq_today"))
    limits = {code: carrier.abilities.limits_of(code) for code in "HLT"}

    assert {code: (own.weight, own.sides) for code, own in limits.items()} == {
        "H": (30_000, None),
        "L": (2_000, None),
        "T": (5_000, (390, 390, 290)),
    }


@pytest.mark.parametrize(
    ("keys", "parcel"),
    [
        ({"max_parcels": 2}, (1000, 100, 100, 100, 2)),
        ({"max_sides_mm": (100, 400, 400)}, (1000, 400, 100, 400, 1)),
        ({"max_billable_kg": 10}, (1000, 390, 390, 290, 1)),
    ],
    ids=["parcels", "sides", "billed weight"],
)
def test_a_products_own_limits_are_settings_of_its_service(
    desk: Any, everything: Any, keys: dict[str, Any], parcel: tuple[int, ...]
) -> None:
    """Those of Paq Today stand in one leaflet of 2017."""
    today = everything(desk.service(product="paq_today"), cubic_divisor=5000)
    other = everything(desk.service(product="paq_today", **keys), cubic_divisor=5000)

    assert isinstance(desk.outcome(today, desk.parcel(*parcel), to="28001"), Refusal)
    assert isinstance(desk.outcome(other, desk.parcel(*parcel), to="28001"), Rate)


def test_a_heavier_limit_of_the_carrier_raises_none_that_a_product_has_of_its_own(desk: Any, everything: Any) -> None:
    carrier = everything(desk.service(product="paq_ligero", mode="letterbox"), max_weight_kg=40)

    assert desk.outcome(carrier, desk.parcel(2001)).text == "Paq Ligero: 2001 g; the most is 2000 g"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"standard_longest_side_mm": 1701}, "standard_longest_side_mm = 1701 is more than max_longest_side_mm = 1700"),
        ({"standard_sides_sum_mm": 2701}, "standard_sides_sum_mm = 2701 is more than max_sides_sum_mm = 2700"),
        ({"max_longest_side_mm": 2701}, "max_longest_side_mm = 2701 is more than max_sides_sum_mm = 2700"),
        ({"standard_sides_sum_mm": 1199}, "standard_longest_side_mm = 1200 is more than standard_sides_sum_mm = 1199"),
        ({"customs_parcels": 11}, "customs_parcels = 11 is more than max_parcels = 10"),
    ],
)
def test_limits_that_contradict_each_other_are_refused(everything: Any, settings: dict[str, int], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        everything(**settings)


def test_customs_papers_for_every_other_country_are_a_setting(desk: Any, everything: Any) -> None:
    two = desk.parcel(1000, count=2)

    assert isinstance(desk.outcome(everything(), two, to="PT 1100"), Rate)
    assert desk.outcome(everything(customs_abroad="always"), two, to="PT 1100").kind is RefusalKind.OTHER
