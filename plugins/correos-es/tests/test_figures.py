"""Every printed figure that is publicly known, to the cent, with its zone and tax."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from portes.contract import FailureKind

GRAN_CANARIA, MADRID, BARCELONA = "35001", "28013", "08001"

SAMPLE = (
    # over kg, up to kg, zone 1: net, IGIC, total; zone 5: total without tax
    (0, 1, 1054, 74, 1128, 1985),
    (1, 5, 1318, 92, 1410, 2865),
    (5, 10, 1769, 124, 1893, 3585),
    (10, 15, 2145, 150, 2295, 4580),
    (15, 20, 2595, 182, 2777, 6230),
    (20, 25, 3008, 211, 3219, 8105),
    (25, 30, 3413, 239, 3652, 9982),
)
ZONE_5 = (MADRID, "07001", "51001", "52001", "AD AD500")
MODES = ("home", "office")


@pytest.fixture
def sample(desk: Any) -> Any:
    """A carrier of the 2023 sample tariff, one service a mode."""
    return {
        mode: desk.carrier(desk.service(mode=mode), sample_tariff="canarias-2023", pickup_points=False)
        for mode in MODES
    }


@pytest.mark.parametrize(("row", "mode"), list(product(SAMPLE, MODES)))
def test_zone_1_of_2023_is_net_plus_seven_per_cent(desk: Any, sample: Any, row: tuple[int, ...], mode: str) -> None:
    over, up_to, net, tax, total, _ = row

    for grams in (over * 1000 + 1, up_to * 1000):
        parts = desk.parts(sample[mode], desk.parcel(grams), origin=GRAN_CANARIA, to="35600")
        assert parts == {"base": net, "tax": tax, "cost": total}


@pytest.mark.parametrize(("row", "mode", "to"), list(product(SAMPLE, MODES, ZONE_5)))
def test_zone_5_of_2023_has_no_tax(desk: Any, sample: Any, row: tuple[int, ...], mode: str, to: str) -> None:
    over, up_to, *_, total = row

    for grams in (over * 1000 + 1, up_to * 1000):
        parts = desk.parts(sample[mode], desk.parcel(grams), origin=GRAN_CANARIA, to=to)
        assert parts == {"base": total, "tax": 0, "cost": total}


@pytest.mark.parametrize(
    ("grams", "to", "parts"),
    [
        (30_001, "35600", {"base": 3413, "excess_weight": 103, "tax": 246, "cost": 3762}),
        (31_000, "35600", {"base": 3413, "excess_weight": 103, "tax": 246, "cost": 3762}),
        (31_001, "35600", {"base": 3413, "excess_weight": 206, "tax": 253, "cost": 3872}),
        (30_001, MADRID, {"base": 9982, "excess_weight": 390, "tax": 0, "cost": 10372}),
        (40_000, MADRID, {"base": 9982, "excess_weight": 3900, "tax": 0, "cost": 13882}),
    ],
)
def test_each_started_kilogram_above_thirty_costs_extra(desk: Any, grams: int, to: str, parts: dict[str, int]) -> None:
    heavy = desk.carrier(sample_tariff="canarias-2023", max_weight_kg=40)

    assert desk.parts(heavy, desk.parcel(grams), origin=GRAN_CANARIA, to=to) == parts


def test_the_tax_of_one_extra_kilogram_is_the_printed_one(desk: Any) -> None:
    """1.03 net, 0.07 IGIC, 1.10 in all."""
    heavy = desk.carrier(sample_tariff="canarias-2023", max_weight_kg=40)
    costs = [
        desk.parts(heavy, desk.parcel(grams), origin=GRAN_CANARIA, to="35600")["cost"] for grams in (30_000, 31_000)
    ]

    assert costs[1] - costs[0] == 110


def test_the_sample_knows_no_other_zone_of_canarias(desk: Any, sample: Any) -> None:
    """From Las Palmas to Tenerife is zone 6, which the booklet's page does not show: Correos goes there."""
    failure = desk.outcome(sample["home"], origin=GRAN_CANARIA, to="38001")

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint.endswith("in zone 6 from gran_canaria on 2026-11-24: it has no such rows")


def test_the_sample_has_no_prices_from_elsewhere(desk: Any, sample: Any) -> None:
    failure = desk.outcome(sample["home"], origin=MADRID, to=GRAN_CANARIA)

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint.endswith("in zone 5 from 28 on 2026-11-24: it has no such rows")


@pytest.fixture
def fragments(desk: Any) -> Any:
    tariff = desk.write("fragments.csv", (desk.tariffs / "fragments.csv").read_text())
    return lambda service: desk.carrier(service, tariff=tariff, pickup_points=False)


@pytest.mark.parametrize(("up_to", "total"), [(1, 1985), (5, 2865), (10, 3585), (15, 4580)])
def test_andorra_to_canarias_in_2023(desk: Any, fragments: Any, up_to: int, total: int) -> None:
    lane = {"origin": "AD AD500", "to": GRAN_CANARIA, "on": date(2023, 6, 1)}

    for mode in MODES:
        parts = desk.parts(fragments(desk.service(mode=mode)), desk.parcel(up_to * 1000), **lane)
        assert parts == {"base": total, "tax": 0, "cost": total}


@pytest.mark.parametrize(
    ("up_to", "total"), [(1, 2205), (5, 3529), (10, 4200), (15, 5355), (20, 8050), (25, 9975), (30, 12390)]
)
def test_canarias_to_mainland_portugal_in_2022(desk: Any, fragments: Any, up_to: int, total: int) -> None:
    lane = {"origin": GRAN_CANARIA, "to": "PT 1100148", "on": date(2022, 6, 1)}

    parts = desk.parts(fragments(desk.service()), desk.parcel(up_to * 1000), **lane)

    assert parts == {"base": total, "tax": 0, "cost": total}


def test_two_figures_of_zone_5_in_2022_and_the_holes_between_them(desk: Any, fragments: Any) -> None:
    """A third-party copy has only these two that differ from 2023; what it lacks is not filled in."""
    carrier, lane = fragments(desk.service()), {"origin": GRAN_CANARIA, "to": MADRID, "on": date(2022, 6, 1)}

    assert [desk.parts(carrier, desk.parcel(kg * 1000), **lane)["cost"] for kg in (20, 30)] == [6030, 9980]
    assert [desk.outcome(carrier, desk.parcel(kg * 1000), **lane).kind for kg in (10, 25)] == ["incomplete"] * 2


@pytest.mark.parametrize(("up_to", "total"), [(1, 1500), (2, 1685), (5, 2125), (10, 2530), (15, 3685), (20, 4435)])
def test_paquete_azul_from_canarias_in_2022(desk: Any, fragments: Any, up_to: int, total: int) -> None:
    azul = fragments(desk.service(product="paquete_azul"))

    parts = desk.parts(azul, desk.parcel(up_to * 1000), origin=GRAN_CANARIA, to=MADRID, on=date(2022, 6, 1))

    assert parts["cost"] == total


@pytest.mark.parametrize(
    ("up_to", "net", "tax", "total"),
    [(1, 1280, 269, 1549), (2, 1415, 297, 1712), (3, 1568, 329, 1897), (4, 1703, 358, 2061)],
)
def test_paq_today_of_2017_is_net_plus_iva(
    desk: Any, fragments: Any, up_to: int, net: int, tax: int, total: int
) -> None:
    today = fragments(desk.service(product="paq_today"))

    parts = desk.parts(today, desk.parcel(up_to * 1000), origin=MADRID, to="28001", on=date(2017, 6, 1))

    assert parts == {"base": net, "tax": tax, "cost": total}


@pytest.mark.parametrize(("zone", "to", "extra"), [("3", BARCELONA, 57), ("4", "07001", 169), ("5", "35001", 399)])
def test_the_extra_kilogram_of_a_contract_of_2026(desk: Any, zone: str, to: str, extra: int) -> None:
    """Net figures of one merchant; the price of 30 kg is not known and is made up here."""
    rows = (
        f"c,2026-01-01,,paq_estandar,home,{zone},0,30,50.00\nc,2026-01-01,,paq_estandar,home,{zone},30,,{extra / 100}\n"
    )
    tariff = desk.write("c.csv", f"version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n{rows}")
    contract = desk.carrier(tariff=tariff, max_weight_kg=40, tax="leave_out")

    parts = desk.parts(contract, desk.parcel(32_500), to=to)

    assert parts == {"base": 5000, "excess_weight": 3 * extra, "cost": 5000 + 3 * extra}


def test_the_steps_of_one_merchant_of_2026(desk: Any) -> None:
    """A fuel surcharge of a tenth on the discounted price, 14.42 EUR for customs papers, no tax to Canarias."""
    tariff = desk.write(
        "c.csv",
        "version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n"
        "c,2026-01-01,,paq_estandar,home,5,0,30,100.00\n",
    )
    contract = desk.carrier(tariff=tariff, discount_percent=20, fuel_percent=10, customs_handling="14.42")

    parts = desk.parts(contract, to="38001")

    assert parts == {"base": 8000, "fuel": 800, "customs": 1442, "tax": 0, "cost": 10242}
