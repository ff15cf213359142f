"""The steps from a tariff's price to what Correos bills: neutral by default, each a named part."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from portes.contract import Dimensions, Parcel, RefusalKind, Source
from portes_correos_es.calculation import billable_weight

HEADER = "version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n"


@pytest.fixture
def flat(desk: Any) -> Any:
    """A tariff of 10.00 up to 30 kg and 1.00 for each kilogram above, in zones 1, 3, 4, 5 and 6."""
    rows = "".join(
        f"flat,2026-01-01,,paq_estandar,home+office+citypaq,{zone},0,30,10.00\n"
        f"flat,2026-01-01,,paq_estandar,home+office+citypaq,{zone},30,,1.00\n"
        for zone in "13456"
    )
    name = desk.write("flat.csv", HEADER + rows)
    return lambda *services, **settings: desk.carrier(*services, tariff=name, **settings)


def test_without_settings_a_price_is_the_tariffs_and_its_tax(desk: Any, flat: Any) -> None:
    assert desk.parts(flat()) == {"base": 1000, "tax": 210, "cost": 1210}


def test_a_rate_says_where_price_and_time_come_from(desk: Any, flat: Any) -> None:
    rate = desk.outcome(flat())

    assert rate.source is Source.TABLE
    assert [(note.kind, note.text) for note in rate.notes] == [
        ("price_source", "tariff flat, line 4, not a live price of Correos"),
        ("time_source", "times of the shop's own: tests"),
        ("tax", "IVA 21 %"),
    ]


def test_every_rate_of_the_sample_says_that_it_is_one(desk: Any) -> None:
    carrier = desk.carrier(desk.service(), desk.service("OFFICE", mode="office"), sample_tariff="canarias-2023")

    for to in ("35600", "28013", "AD AD500"):
        for rate in desk.ask(carrier, origin="35001", to=to).values():
            assert ("sample_tariff", "public tariff 2023, sample, not your contract") in [
                (note.kind, note.text) for note in rate.notes
            ]


def test_the_sample_is_used_only_when_it_is_named(desk: Any) -> None:
    with pytest.raises(ValidationError, match="names no tariff, or two"):
        desk.carrier(tariff="")
    with pytest.raises(ValidationError, match="names no tariff, or two"):
        desk.carrier(tariff="mine.csv", sample_tariff="canarias-2023")
    with pytest.raises(ValidationError, match="sample_tariff"):
        desk.carrier(sample_tariff="peninsula-2024")


def test_volume_is_billed_when_it_is_more_than_the_scale_says(desk: Any, flat: Any) -> None:
    large, pillow = flat(), desk.parcel(500, 600, 600, 600)

    assert desk.parts(large, pillow)["excess_weight"] == 600
    assert desk.parts(flat(cubic_divisor=5000), pillow)["excess_weight"] == 1400
    assert "excess_weight" not in desk.parts(flat(cubic_divisor=0), pillow)


@pytest.mark.parametrize(
    ("size", "parts"),
    [
        ((1200, 450, 450), {"base": 1000, "excess_weight": 1100, "tax": 441, "cost": 2541}),
        ((1201, 449, 449), {"base": 1000, "excess_weight": 1100, "oversize": 735, "tax": 595, "cost": 3430}),
        ((1200, 451, 450), {"base": 1000, "excess_weight": 1100, "oversize": 735, "tax": 595, "cost": 3430}),
        ((1201, 450, 450), {"base": 1000, "excess_weight": 1100, "oversize": 1470, "tax": 750, "cost": 4320}),
    ],
    ids=["standard", "too long", "too much in all", "both"],
)
def test_a_large_parcel_costs_a_part_more_for_each_limit_it_passes(
    desk: Any, flat: Any, size: tuple[int, int, int], parts: dict[str, int]
) -> None:
    assert desk.parts(flat(), desk.parcel(1000, *size)) == parts


def test_the_standard_size_is_a_setting(desk: Any, flat: Any) -> None:
    long, large = desk.parcel(1000, 1210, 100, 100), desk.parcel(1000, 1100, 510, 510)
    wide = flat(standard_longest_side_mm=1210, standard_sides_sum_mm=2120)

    assert [desk.parts(flat(), piece)["oversize"] > 0 for piece in (long, large)] == [True, True]
    assert ["oversize" in desk.parts(wide, piece) for piece in (long, large)] == [False, False]


def test_the_parts_for_size_are_the_contracts(desk: Any, flat: Any) -> None:
    carrier = flat(oversize_percent=10, oversize_twice_percent="12.5")

    assert desk.parts(carrier, desk.parcel(1000, 1210, 100, 100))["oversize"] == 100
    assert desk.parts(carrier, desk.parcel(1000, 1300, 500, 400), to="28001")["oversize"] == 300


def test_a_contracts_discount_is_taken_off_and_told(desk: Any, flat: Any) -> None:
    carrier = flat(discount_percent="12.5")

    assert desk.parts(carrier) == {"base": 875, "tax": 184, "cost": 1059}
    assert ("discount", "the contract's 12.5 % are taken off") in [
        (note.kind, note.text) for note in desk.outcome(carrier).notes
    ]


def test_a_products_own_discount_replaces_the_contracts(desk: Any, flat: Any) -> None:
    carrier = flat(desk.service("A"), desk.service("B", discount_percent=0), discount_percent=50)

    rates = desk.ask(carrier)

    assert [rates[code].surcharges[0].amount.minor for code in ("A", "B")] == [500, 1000]


def test_fuel_counts_on_the_discounted_price(desk: Any, flat: Any) -> None:
    assert desk.parts(flat(discount_percent=50, fuel_percent=10)) == {"base": 500, "fuel": 50, "tax": 116, "cost": 666}


def test_only_the_running_total_is_rounded(desk: Any) -> None:
    """1.11 x 0.93 x 1.35 x 1.11 is 1.5469…; rounding each step would give 1.54."""
    name = desk.write("odd.csv", HEADER + "odd,2026-01-01,,paq_estandar,home,3,0,30,1.11\n")
    carrier = desk.carrier(tariff=name, discount_percent=7, fuel_percent=11, tax="leave_out")

    parts = desk.parts(carrier, desk.parcel(1000, 1210, 100, 100))

    assert parts == {"base": 103, "oversize": 36, "fuel": 16, "cost": 155}


@pytest.mark.parametrize(
    ("to", "customs"), [("35001", 1442), ("51001", 1442), ("52001", 1442), ("07001", 0), ("08001", 0)]
)
def test_papers_for_the_islands_and_the_african_cities_cost_once_a_shipment(
    desk: Any, flat: Any, to: str, customs: int
) -> None:
    assert desk.parts(flat(customs_handling="14.42"), to=to).get("customs", 0) == customs


def test_inside_canarias_no_papers_are_charged(desk: Any, flat: Any) -> None:
    for origin, to in (("35001", "35600"), ("35001", "38001"), ("51001", "51002")):
        assert "customs" not in desk.parts(flat(customs_handling="14.42"), origin=origin, to=to)


@pytest.mark.parametrize(
    ("origin", "to", "tax", "note"),
    [
        ("28013", "08001", 210, "IVA 21 %"),
        ("28013", "07001", 210, "IVA 21 %"),
        ("07001", "07700", 210, "IVA 21 %"),
        ("28013", "35001", 0, "no tax on this lane"),
        ("35001", "28013", 0, "no tax on this lane"),
        ("35001", "35600", 70, "IGIC 7 %"),
        ("38001", "38700", 70, "IGIC 7 %"),
        ("35001", "38001", 0, "no tax on this lane"),
        ("28013", "51001", 0, "no tax on this lane"),
        ("52001", "28013", 0, "no tax on this lane"),
        ("51001", "51002", 0, "no tax on this lane"),
        ("35001", "AD AD500", 0, "no tax on this lane"),
    ],
)
def test_tax_goes_by_territory_and_stands_apart(
    desk: Any, flat: Any, origin: str, to: str, tax: int, note: str
) -> None:
    rate = desk.outcome(flat(), origin=origin, to=to)

    assert [part.amount.minor for part in rate.surcharges if part.name == "tax"] == [tax]
    assert ("tax", note) in [(each.kind, each.text) for each in rate.notes]
    assert rate.cost.minor == 1000 + tax


def test_tax_can_be_left_out_of_the_cost(desk: Any, flat: Any) -> None:
    rate = desk.outcome(flat(tax="leave_out"))

    assert rate.cost.minor == 1000
    assert ("tax", "IVA 21 %, left out") in [(note.kind, note.text) for note in rate.notes]


def test_igic_between_the_provinces_of_canarias_is_a_setting(desk: Any, flat: Any) -> None:
    carrier = flat(igic_between_provinces=True, igic_percent="9.5")

    assert desk.parts(carrier, origin="35001", to="38001")["tax"] == 95


@pytest.mark.parametrize(
    ("tax_abroad", "portugal", "france", "norway"),
    [("eu_only", 210, 210, 0), ("always", 210, 210, 210), ("never", 0, 0, 0)],
)
def test_tax_abroad_is_a_setting(desk: Any, tax_abroad: str, portugal: int, france: int, norway: int) -> None:
    zones = desk.write("zones.csv", "origin,destination,zone,note\nany,any,1,\n")
    times = desk.write(
        "times.csv", "product,origin,destination,min_days,max_days\npaq_estandar_internacional,any,any,5,9\n"
    )
    tariff = desk.write("i.csv", HEADER + "i,2026-01-01,,paq_estandar_internacional,home,1,0,30,10.00\n")
    carrier = desk.carrier(
        desk.service(product="paq_estandar_internacional"),
        tariff=tariff,
        zones=zones,
        times=times,
        tax_abroad=tax_abroad,
    )

    taxes = [desk.parts(carrier, to=to)["tax"] for to in ("PT 1100", "FR 75001", "NO 0150")]

    assert taxes == [portugal, france, norway]


def test_several_parcels_add_up_with_one_tax(desk: Any, flat: Any) -> None:
    light, pillow = desk.parcel(1000, count=2), desk.parcel(500, 600, 600, 600)

    assert desk.parts(flat(), light, pillow) == {"base": 3000, "excess_weight": 600, "tax": 756, "cost": 4356}


@given(
    st.integers(0, 40_000),
    st.tuples(*[st.integers(1, 1200)] * 3),
    st.sampled_from([0, 4000, 5000, 6000]),
)
def test_the_billed_weight_is_the_greater_of_scale_and_volume(
    grams: int, sides: tuple[int, int, int], divisor: int
) -> None:
    parcel = Parcel(weight=grams, size=Dimensions(length=sides[0], width=sides[1], height=sides[2]))
    exact = Decimal(sides[0] * sides[1] * sides[2]) / 1000 / divisor * 1000 if divisor else Decimal(0)

    billed = billable_weight(parcel, divisor)

    assert billed >= grams
    assert exact <= billed
    assert billed == grams or billed - exact < 1


@pytest.mark.parametrize(
    ("length", "grams"), [(500, 30_000), (501, 30_060)], ids=["just 30 kg by volume", "a millimetre more"]
)
def test_the_billed_weight_at_thirty_kilograms(desk: Any, flat: Any, length: int, grams: int) -> None:
    parcel = desk.parcel(1000, length, 600, 600)

    assert billable_weight(parcel, 6000) == grams
    assert desk.parts(flat(), parcel).get("excess_weight", 0) == (0 if grams == 30_000 else 100)


@pytest.mark.parametrize(("grams", "extra"), [(30_000, 0), (30_001, 100)])
def test_the_scale_at_thirty_kilograms(desk: Any, flat: Any, grams: int, extra: int) -> None:
    assert desk.parts(flat(max_weight_kg=40), desk.parcel(grams)).get("excess_weight", 0) == extra


def test_a_gram_above_the_heaviest_parcel_is_refused(desk: Any, flat: Any) -> None:
    refusal = desk.outcome(flat(), desk.parcel(30_001))

    assert (refusal.kind, refusal.text) == (RefusalKind.TOO_HEAVY, "Paq Estándar: 30001 g; the most is 30000 g")


@given(
    discount=st.decimals(0, 100, places=3),
    fuel=st.decimals(0, 50, places=3),
    grams=st.integers(1, 30_000),
    sides=st.tuples(st.integers(1, 1700), st.integers(1, 500), st.integers(1, 500)),
    count=st.integers(1, 10),
)
def test_the_parts_add_up_to_the_cost_whatever_the_contract(
    tmp_path_factory: pytest.TempPathFactory,
    discount: Decimal,
    fuel: Decimal,
    grams: int,
    sides: tuple[int, int, int],
    count: int,
    desk_in: Any,
) -> None:
    desk = desk_in(tmp_path_factory.mktemp("shop"))
    carrier = desk.carrier(discount_percent=discount, fuel_percent=fuel, customs_handling="3.21")

    parts = desk.parts(carrier, desk.parcel(grams, *sides, count=count))

    assert min(parts.values()) >= 0
