"""MatrixRate's tables, against what its query does with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from found_rows import cents
from hypothesis import given
from hypothesis import strategies as st
from written_tables import table_of, workbook_of

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable
from portes_testing import Broken, FormatCase, FormatContract, Priced, Sample

Problems = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
DAYS = {"days_max": "5"}
BRAZIL = {"country": "BR", "currency": "BRL", "defaults": DAYS}
PLACE = "Country,Region/State,City,Zip/Postal Code From,Zip/Postal Code To,"
HEADER = f"{PLACE}Weight From >,Weight To <=,Shipping Price,Delivery Type\n"


@pytest.mark.exhaustive
class TestMatrixRate(FormatContract):
    case = FormatCase(
        name="matrixrate",
        samples=[
            Sample(
                SAMPLES / "matrixrate.csv",
                options=BRAZIL,
                prices=[
                    Priced("Econômica", "01310-100", 5000, "19.90", (5, 5)),
                    Priced("Econômica", "01310-100", 5001, "39.90", (5, 5)),
                    Priced("Expressa", "01310-100", 5001, "59.90", (5, 5)),
                    Priced("Econômica", "20040-002", 500_000, "89.90", (5, 5)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "matrixrate.csv", {"country": "BR", "currency": "BRL"}, where="header", line=1)],
        settled={"weight_unit": "the platform weighs in kg or lb, never in g"},
    )


def priced(table: RateTable, service: str, code: str, measure: int = 500) -> int | NoRow:
    row = table.find(service, code, measure)
    return cents(row.price) if isinstance(row, FoundRow) else row


def opened(rows: str) -> RateTable:
    return table_of(HEADER + rows, "matrixrate")


def test_a_bracket_holds_its_upper_end_and_not_its_lower_one() -> None:
    table = opened("BR,*,*,*,*,1,5,10,a\nBR,*,*,*,*,5,30,20,a\n")

    assert [priced(table, "a", "01310100", grams) for grams in (1000, 1001, 5000, 5001, 30_000, 30_001)] == [
        NoRow.BELOW,
        1000,
        1000,
        2000,
        2000,
        NoRow.ABOVE,
    ]


def test_an_asterisk_opens_either_end_and_so_does_minus_one_below() -> None:
    table = opened("BR,*,*,*,*,-1,5,10,a\nBR,*,*,*,*,5,*,20,a\nBR,*,*,*,*,*,*,30,b\n")

    assert [priced(table, "a", "01310100", grams) for grams in (1, 5001, 900_000)] == [1000, 2000, 2000]
    assert priced(table, "b", "01310100", 900_000) == 3000


def test_the_most_definite_place_counts() -> None:
    table = opened(
        "BR,SP,Campinas,13010-000,13010-999,*,*,1,a\nBR,SP,*,13000-000,13099-999,*,*,2,a\n"
        "BR,SP,Campinas,*,*,*,*,3,a\nBR,*,*,01000-000,19999-999,*,*,4,a\nBR,SP,*,*,*,*,*,5,a\n"
        "BR,*,*,*,*,*,*,6,a\n*,*,*,*,*,*,*,7,a\n"
    )

    codes = ("13010050", "13020000", "13105000", "01310100", "20040002")
    assert [priced(table, "a", code) for code in codes] == [100, 200, 300, 400, 600]


def test_delivery_types_of_a_less_definite_place_are_not_offered_where_a_more_definite_one_has_any() -> None:
    table = opened("BR,*,*,01310-000,01310-999,0,5,10,a\nBR,*,*,*,*,0,30,20,a\nBR,*,*,*,*,0,30,30,b\n")

    assert [priced(table, service, "01310100", 5000) for service in "ab"] == [1000, NoRow.REFUSED]
    assert [priced(table, service, "01310100", 5001) for service in "ab"] == [2000, 3000]
    assert [priced(table, service, "20040002", 5000) for service in "ab"] == [2000, 3000]
    assert table.summary.notes == ("b is not offered where more definite rows are all of other delivery types",)


def test_nothing_is_told_where_every_delivery_type_has_rows_for_the_same_weights() -> None:
    table = opened(
        "BR,*,*,01310-000,01310-999,0,5,10,a\nBR,*,*,01310-000,01310-999,5,30,11,a\n"
        "BR,*,*,01310-000,01310-999,0,30,10,b\nBR,*,*,*,*,0,30,20,a\nBR,*,*,*,*,0,30,30,b\n"
    )

    assert (table.summary.notes, table.summary.refused) == ((), 0)


def test_one_code_and_the_beginning_of_codes_are_places_too() -> None:
    table = opened("BR,*,*,01310-100,*,*,*,10,a\nBR,*,*,2004%,*,*,*,20,a\n")

    codes = ("01310100", "01310101", "20040002", "20050000")
    assert [priced(table, "a", code) for code in codes] == [1000, NoRow.RANGE, 2000, NoRow.RANGE]


@pytest.mark.parametrize(
    ("words", "axis", "measures"), [("Order Subtotal", "value", (50_00, 50_01)), ("# of Items", "units", (50, 51))]
)
def test_subtotal_and_number_may_be_the_condition(words: str, axis: str, measures: tuple[int, int]) -> None:
    header = HEADER.replace("Weight", words)

    table = table_of(f"{header}BR,*,*,*,*,0,50,10,a\nBR,*,*,*,*,50,*,5,a\n", "matrixrate")

    assert table.axis == axis
    assert [priced(table, "a", "01310100", measure) for measure in measures] == [1000, 500]


def test_rows_of_another_country_and_rows_that_no_level_looks_at_are_left_out_and_told() -> None:
    table = opened("BR,*,*,*,*,*,*,10,a\nESP,*,*,28013,*,*,*,20,a\n*,*,*,01310-100,*,*,*,30,a\n")

    assert (table.summary.rows, table.summary.left_out) == (1, 2)
    assert table.summary.notes == (
        "rows of ES are left out: the table is one of BR",
        "rows for a city or code that no level looks at are left out: MatrixRate never uses them",
    )


@pytest.mark.parametrize(
    ("row", "where", "value", "cause"),
    [
        ("BR,SP,Campinhas,*,*,0,5,1,a", "City", "Campinhas", "is no town of SP that we have a list of"),
        (
            "BR,*,Campinas,*,*,0,5,1,a",
            "City",
            "Campinas",
            "stands without its region, and the same name may be in several",
        ),
        ("BR,RJ,*,01310-000,01310-999,0,5,1,a", "Zip/Postal Code From", "01310-000", "is not in RJ"),
        ("BR,*,*,*,01310-999,0,5,1,a", "Zip/Postal Code To", "01310-999", "is the end of a range without a beginning"),
        ("BR,*,*,0131x,*,0,5,1,a", "Zip/Postal Code From", "0131x", "is no postal code of BR"),
        ("BR,*,*,01310-999,01310-000,0,5,1,a", "postal range", "01310999-01310000", ""),
        ("*,SP,*,*,*,0,5,1,a", "Region/State", "SP", "is a region without its country"),
        ("BR,*,*,*,*,0,5,1,*", "Delivery Type", "*", "is no delivery type"),
        ("BR,*,*,*,*,0,,1,a", "Weight To <=", "", "is blank"),
        ("BR,*,*,*,*,-2,5,1,a", "Weight From >", "-2", "is less than zero"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(
    problems: Problems, row: str, where: str, value: str, cause: str
) -> None:
    wrong = problems(f"{HEADER}*,*,*,*,*,0,5,10,a\n{row}\n", "matrixrate", defaults=DAYS)

    assert [(each.line, each.value) for each in wrong] == [(3, value)]
    assert cause in wrong[0].cause
    assert not cause or wrong[0].where == where


def test_what_shops_send_is_read() -> None:
    header = ["Shipping Method", *PLACE.rstrip(",").split(","), "Weight From", "Weight To", "Shipping Price"]
    row = ["Econômica", "BRA", "*", "*", 1310000, 1310999, 0, 2.5, "R$ 9,90"]
    text = ";".join(header) + "\r\n\r\n" + ";".join(map(str, row)).replace("2.5", "2,5") + "\r\n"

    for content in (workbook_of(["Fretes"], header, row), text.encode("windows-1252"), text.encode("utf-8-sig")):
        table = table_of(content, "matrixrate")
        assert [priced(table, "Econômica", "01310100", grams) for grams in (2500, 2501)] == [990, NoRow.ABOVE]


@dataclass(frozen=True)
class Rate:
    """A row as the module's database holds it."""

    country: str
    region: str
    first: str
    last: str
    above: int
    to: int
    price: int
    service: str


REGIONS = {"01310100": "SP", "01310200": "SP", "05001000": "SP", "20040002": "RJ", "88010000": "SC"}
RANGES = {"01310-000": ("01310-999", "SP"), "20040-000": ("20040-999", "RJ"), "*": ("*", "")}
BORDERS = [0, 500, 1000, 5000, 30_000, 10_000_000_000]
PLACES = [
    ("BR", region, first, last)
    for first, (last, where) in RANGES.items()
    for region in ("*", "SP", "RJ")
    if not where or region in ("*", where)
] + [("*", "*", "*", "*")]


@st.composite
def rates(draw: st.DrawFn) -> Sequence[Rate]:
    """Rows that the module would import, the brackets of a delivery type in a place side by side."""
    kinds = draw(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from("abc")), unique=True, min_size=1))
    found: list[Rate] = []
    for where, service in kinds:
        begin = draw(st.integers(0, len(BORDERS) - 2))
        for at in range(begin, draw(st.integers(begin + 1, len(BORDERS) - 1))):
            found.append(Rate(*where, BORDERS[at], BORDERS[at + 1], len(found) + 1, service))
    return found


def queried(all_rates: Sequence[Rate], code: str, grams: int) -> dict[str, int]:
    """The module's query, level by level: every delivery type of the first one that has any."""

    def zipped(rate: Rate) -> bool:
        return rate.first != "*" and rate.first.replace("-", "") <= code <= rate.last.replace("-", "")

    levels: list[Callable[[Rate], bool]] = [
        lambda rate: rate.country == "BR" and rate.region == REGIONS[code] and zipped(rate),
        lambda rate: rate.country == "BR" and rate.region == "*" and zipped(rate),
        lambda rate: rate.country == "BR" and rate.region == REGIONS[code] and rate.first == "*",
        lambda rate: rate.country == "BR" and rate.region == "*" and rate.first == "*",
        lambda rate: rate.country == "*",
    ]
    for level in levels:
        if results := {rate.service: rate.price for rate in all_rates if level(rate) and rate.above < grams <= rate.to}:
            return results
    return {}


@given(rates(), st.sampled_from([1, 500, 501, 1000, 1001, 5001, 30_000, 30_001, 900_000]))
def test_any_table_offers_what_the_modules_query_does(all_rates: Sequence[Rate], grams: int) -> None:
    lines = [
        f"{rate.country},{rate.region},*,{rate.first},{rate.last},{rate.above / 1000},{rate.to / 1000:.1f},"
        f"{rate.price / 100},{rate.service}\n"
        for rate in all_rates
    ]

    table = opened("".join(lines))

    for code in REGIONS:
        offers = {service: priced(table, service, code, grams) for service in table.services}
        assert {service: price for service, price in offers.items() if isinstance(price, int)} == queried(
            all_rates, code, grams
        )
