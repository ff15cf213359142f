"""A zone that the map leads to and the tariff does not price is ours to mend: never told as "not served"."""

from datetime import date
from typing import Any

import pytest
from structlog.testing import capture_logs

from portes.contract import FailureKind, Rate, RefusalKind
from portes.errors import SettingsError

HEADER = "version,valid_from,valid_to,origin,product,mode,zone,over_kg,up_to_kg,net_eur\n"
PALMA, BARCELONA = "07001", "08001"


def row(zone: str, net: str, *, origin: str = "", first: str = "2026-01-01", last: str = "", to: str = "30") -> str:
    return f"c,{first},{last},{origin},paq_estandar,home,{zone},0,{to},{net}\n"


WHOLE = "".join(row(zone, net) for zone, net in (("1", "5"), ("3", "7"), ("4", "12"), ("5", "20")))


def shop(desk: Any, *rows: str, **settings: Any) -> Any:
    return desk.carrier(tariff=desk.write("tariff.csv", HEADER + "".join(rows)), **settings)


def base(desk: Any, carrier: Any, **lane: Any) -> int:
    parts: dict[str, int] = desk.parts(carrier, **lane)
    return parts["base"]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (row("4", "9", last="2026-10-31"), "it was priced until 2026-10-31"),
        (row("4", "9", first="2027-01-01"), "it will be priced from 2027-01-01"),
        (
            row("4", "9", last="2026-10-31") + row("4", "9", first="2027-01-01"),
            "it was priced until 2026-10-31 and it will be priced from 2027-01-01",
        ),
        ("", "it has no such rows"),
        (row("4", "9", origin="baleares"), "it has no such rows"),
    ],
    ids=["lapsed", "not begun", "between two", "forgotten", "of another origin"],
)
def test_a_zone_without_a_price_on_the_day_is_a_failure_that_says_why(desk: Any, rows: str, why: str) -> None:
    carrier = shop(desk, row("3", "7"), rows)

    failure = desk.outcome(carrier, to=PALMA)

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint == f"the tariff has no price of paq_estandar home in zone 4 from 28 on 2026-11-24: {why}"
    assert base(desk, carrier, to=BARCELONA) == 700


@pytest.mark.parametrize(
    "narrow",
    [
        row("1", "4", origin="28"),
        row("4", "4", origin="28", last="2026-10-31"),
        row("4", "4", origin="28", first="2027-01-01"),
    ],
    ids=["of one zone", "expired", "not begun"],
)
def test_a_row_of_a_narrower_origin_hides_no_other_price(desk: Any, narrow: str) -> None:
    carrier = shop(desk, WHOLE, narrow)

    assert [base(desk, carrier, to=to) for to in (BARCELONA, PALMA)] == [700, 1200]


def test_a_row_of_a_narrower_origin_wins_in_its_zone_while_it_holds(desk: Any) -> None:
    carrier = shop(desk, WHOLE, row("4", "4", origin="28", last="2026-11-24"), row("4", "5", origin="peninsula"))

    days = (date(2026, 11, 24), date(2026, 11, 25))

    assert [base(desk, carrier, to=PALMA, on=day) for day in days] == [400, 500]
    assert base(desk, carrier, to="28013", origin=PALMA) == 1200


def test_a_weight_that_only_a_wider_row_prices_is_neither_refused_nor_priced_by_it(desk: Any) -> None:
    carrier = shop(desk, WHOLE, row("4", "4", origin="28", to="2"), max_weight_kg=2)

    failure = desk.outcome(carrier, desk.parcel(500, 300, 300, 300), to=PALMA)

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint == ("4500 g have no price in the rows from line 6, which hide those from line 4; complete them")


def test_rows_that_end_below_what_the_product_takes_are_a_failure_and_an_end_of_the_product_a_refusal(
    desk: Any,
) -> None:
    five = row("4", "9", to="5")

    forgotten = desk.outcome(shop(desk, five), desk.parcel(5001), to=PALMA)
    pillow = desk.outcome(shop(desk, five, max_weight_kg=5), desk.parcel(1000, 400, 400, 400), to=PALMA)

    assert forgotten.kind is FailureKind.INCOMPLETE
    assert forgotten.hint == "5001 g are billed, the tariff ends at 5000 g; add the rows up to 30000 g"
    assert (pillow.kind, pillow.text) == (RefusalKind.TOO_HEAVY, "10667 g are billed, the tariff ends at 5000 g")


def test_an_origin_that_correos_does_not_carry_from_is_a_failure(desk: Any) -> None:
    failure = desk.outcome(shop(desk, WHOLE), origin="FR 75001")

    assert failure.kind is FailureKind.INCOMPLETE
    assert failure.hint == "Correos does not carry from FR; ship from there with another"


def test_where_the_product_is_not_offered_stays_a_refusal_whatever_the_tariff_lacks(desk: Any) -> None:
    refusal = desk.outcome(shop(desk, row("3", "7")), to="FR 75001")

    assert refusal.kind is RefusalKind.NOT_SERVED


UNPRICED = [
    (WHOLE, ()),
    (WHOLE.replace("c,2026-01-01,,,paq_estandar,home,4", "c,2026-01-01,2026-10-31,,paq_estandar,home,4"), ("4",)),
    (row("3", "7"), ("1", "4", "5")),
    (WHOLE + row("6", "9", origin="35"), ()),
    (row("1", "5") + row("3", "7") + row("4", "9", to="5") + row("5", "20"), ("4",)),
]


@pytest.mark.parametrize(("rows", "zones"), UNPRICED, ids=["whole", "lapsed", "forgotten", "one more", "too short"])
def test_the_start_tells_each_zone_that_the_map_reaches_and_the_tariff_lacks(
    desk: Any, rows: str, zones: tuple[str, ...]
) -> None:
    with capture_logs() as logs:
        shop(desk, rows)
    told = [line["doubt"] for line in logs if "is reached from" in line["doubt"]]

    assert sorted(doubt.partition("(got '")[2][0] for doubt in told) == [*zones]
    assert all("from origin 1 (28013) to " in doubt and "on 2026-11-23" in doubt for doubt in told)


@pytest.mark.parametrize(("rows", "zones"), UNPRICED, ids=["whole", "lapsed", "forgotten", "one more", "too short"])
def test_strict_tariff_does_not_start_while_a_reached_zone_has_no_price(
    desk: Any, rows: str, zones: tuple[str, ...]
) -> None:
    try:
        shop(desk, rows, strict_tariff=True)
        problems = []
    except SettingsError as error:
        problems = [*error.problems]

    assert sorted(problem.value for problem in problems) == [*zones]
    assert {problem.where for problem in problems} <= {"zone"}


def test_strict_tariff_tells_what_is_odd_in_the_file_and_what_it_lacks_at_once(desk: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        shop(desk, WHOLE.replace(row("4", "12"), ""), row("2", "7"), strict_tariff=True)

    assert [(problem.where, problem.value) for problem in caught.value.problems] == [("zone", "2"), ("zone", "4")]


def test_only_zones_that_the_stores_own_origins_reach_need_a_price(desk: Any) -> None:
    rows = row("3", "7", origin="peninsula")
    home = "origin,destination,zone,note\nany,any,3,\n"
    keys = {"strict_tariff": True, "zones": desk.write("zones.csv", home)}

    shop(desk, rows, tools=desk.tools(origins=("28013", "08001")), **keys)

    for origins in (("28013", "07001"), ()):
        with pytest.raises(
            SettingsError, match="paq_estandar home is not wholly priced there on 2026-11-23: it has no such"
        ):
            shop(desk, rows, tools=desk.tools(origins=origins), **keys)


def test_a_lane_that_the_product_is_not_offered_on_needs_no_price(desk: Any) -> None:
    service = desk.service(product="paq_today")
    rows = row("1", "5", to="8").replace("paq_estandar", "paq_today")
    times = desk.write("times.csv", "product,origin,destination,min_days,max_days\n")

    carrier = desk.carrier(service, tariff=desk.write("t.csv", HEADER + rows), times=times, strict_tariff=True)

    assert isinstance(desk.outcome(carrier, to="28001"), Rate)
