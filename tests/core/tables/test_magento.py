"""Magento's table rates, against what its query does with them."""

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

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
DAYS = {"days_max": "5"}
BRAZIL = {"country": "BR", "currency": "BRL", "defaults": DAYS}
SPAIN = {"country": "ES", "currency": "EUR", "defaults": DAYS}
PLACE = "Country,Region/State,Zip/Postal Code,"
HEADER = f"{PLACE}Weight (and above),Shipping Price\n"


@pytest.mark.exhaustive
class TestMagento(FormatContract):
    case = FormatCase(
        name="magento",
        samples=[
            Sample(
                SAMPLES / "magento-weight.csv",
                options=BRAZIL,
                prices=[
                    Priced("", "01310-100", 9499, "19.90", (5, 5)),
                    Priced("", "01310-100", 9500, "25.50", (5, 5)),
                    Priced("", "20040-002", 9500, "9.90", (5, 5)),
                    Priced("", "88010-000", 9500, "39.90", (5, 5)),
                ],
            ),
            Sample(
                SAMPLES / "magento-subtotal.csv",
                options=SPAIN,
                prices=[
                    Priced("", "28013", 900, "15.00", (5, 5), measure=49_99),
                    Priced("", "28013", 900, "10.00", (5, 5), measure=50_00),
                    Priced("", "28013", 900, "5.00", (5, 5), measure=100_00),
                    Priced("", "08001", 900, "20.00", (5, 5), measure=100_00),
                ],
            ),
        ],
        broken=[Broken(SAMPLES / "magento-weight.csv", {"country": "BR", "currency": "BRL"}, where="header", line=1)],
        settled={"weight_unit": "the platform weighs in kg or lb, never in g"},
    )


def priced(table: RateTable, code: str, measure: int) -> int | NoRow:
    row = table.find("", code, measure)
    return cents(row.price) if isinstance(row, FoundRow) else row


def test_a_row_counts_from_its_condition_on_and_has_no_end(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,*,*,2,10\nBR,*,*,9,20\n", "magento", defaults=DAYS)

    assert [priced(table, "01310100", grams) for grams in (1999, 2000, 8999, 9000, 900_000)] == [
        NoRow.BELOW,
        1000,
        1000,
        2000,
        2000,
    ]


def test_rows_may_stand_in_any_order(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,*,*,9,20\nBR,*,*,0,5\nBR,*,*,2,10\n", "magento", defaults=DAYS)

    assert [priced(table, "01310100", grams) for grams in (1, 2000, 9000)] == [500, 1000, 2000]


def test_a_region_goes_before_a_postal_code(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,SP,*,0,10\nBR,*,01310-100,0,1\n", "magento", defaults=DAYS)

    assert priced(table, "01310100", 500) == 1000


def test_where_the_region_has_no_row_for_the_condition_a_less_definite_one_counts(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,SP,*,5,10\nBR,*,01310-100,0,1\nBR,*,*,0,30\n*,*,*,0,40\n", "magento", defaults=DAYS)

    assert priced(table, "01310100", 5000) == 1000
    assert priced(table, "01310100", 4999) == 100
    assert priced(table, "01310200", 4999) == 3000


def test_below_its_first_condition_a_row_has_no_say_however_little_that_is(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,SP,*,0.002,10\nBR,*,*,0,30\n", "magento", defaults=DAYS)

    assert [priced(table, "01310100", grams) for grams in (1, 2)] == [3000, 1000]


def test_a_postal_code_also_matches_by_the_part_before_its_hyphen(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,*,01310,0,1\nBR,*,01310-100,0,2\n", "magento", defaults=DAYS)

    assert [priced(table, code, 500) for code in ("01310000", "01310100", "01310999", "01311000")] == [
        100,
        200,
        100,
        NoRow.RANGE,
    ]


@pytest.mark.parametrize(("country", "code", "asked"), [("PT", "1100", "1100148"), ("US", "90210", "902101234")])
def test_so_it_does_in_other_countries(opened: Opened, country: str, code: str, asked: str) -> None:
    table = opened(f"{HEADER}{country},*,{code},0,1\n{country},*,*,0,2\n", "magento", country=country, defaults=DAYS)

    assert priced(table, asked, 500) == 100
    assert priced(table, "4000001", 500) == 200


def test_a_blank_cell_is_any_as_an_asterisk_is(opened: Opened) -> None:
    table = opened(f"{HEADER}BR,,,0,10\n,,,0,20\n", "magento", defaults=DAYS)

    assert priced(table, "01310100", 500) == 1000


@pytest.mark.parametrize("country", ["GB", "US", "PT", "ES", "AD", "BR"])
def test_a_row_for_any_place_holds_all_codes_of_any_country(opened: Opened, country: str) -> None:
    code = {"GB": "ZE39XP", "US": "99950", "PT": "1000001", "ES": "52006", "AD": "AD700", "BR": "99999999"}[country]

    assert priced(opened(f"{HEADER}*,*,*,0,10\n", "magento", country=country, defaults=DAYS), code, 500) == 1000


def test_the_number_of_items_may_be_the_condition(opened: Opened) -> None:
    text = f"{PLACE}# of Items (and above),Shipping Price\nBR,*,*,1,10\nBR,*,*,2,15\nBR,*,*,3,20\n"

    table = opened(text, "magento", defaults=DAYS)

    assert table.axis == "units"
    assert [priced(table, "01310100", items) for items in (1, 2, 3, 90)] == [1000, 1500, 2000, 2000]


def test_rows_of_another_country_are_left_out_and_told(opened: Opened) -> None:
    summary = opened(
        f"{HEADER}BRA,*,*,0,10\nGBR,*,SW1A 1AA,0,20\nMAR,*,*,0,20\nus,HI,*,0,20\n", "magento", defaults=DAYS
    ).summary

    assert (summary.rows, summary.left_out) == (1, 3)
    assert summary.notes == tuple(f"rows of {code} are left out: the table is one of BR" for code in ("GB", "MA", "US"))


def test_a_postal_code_without_a_country_is_left_out_as_the_platform_never_uses_it(opened: Opened) -> None:
    summary = opened(f"{HEADER}*,*,01310-100,0,10\n*,*,*,0,20\n", "magento", defaults=DAYS).summary

    assert (summary.rows, summary.left_out) == (1, 1)
    assert "without a country" in summary.notes[0]


@pytest.mark.parametrize(
    ("row", "where", "value", "cause"),
    [
        ("Brasilia,*,*,0,10", "Country", "Brasilia", "is no country"),
        ("*,SP,*,0,10", "Region/State", "SP", "is a region without its country"),
        ("BR,XX,*,0,10", "Region/State", "XX", "is no state of BR"),
        ("BR,*,1310,0,10", "Zip/Postal Code", "1310", "is no postal code of BR"),
        ("BR,*,013%,0,10", "Zip/Postal Code", "013%", "is no postal code of BR"),
        ("BR,RJ,01310-100,0,10", "Zip/Postal Code", "01310-100", "is not in RJ"),
        ("BR,*,*,-1,10", "Weight (and above)", "-1", "is less than zero"),
        ("BR,*,*,0,", "Shipping Price", "", "is blank"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(
    problems: Problems, row: str, where: str, value: str, cause: str
) -> None:
    (wrong,) = problems(f"{HEADER}BR,*,*,5,10\n{row}\n", "magento", defaults=DAYS)

    assert (wrong.line, wrong.where, wrong.value, wrong.cause) == (3, where, value, cause)


def test_regions_of_a_country_whose_regions_we_do_not_know_are_told(problems: Problems) -> None:
    (wrong,) = problems(f"{HEADER}AUS,NT,*,9,39.95\nAUS,*,*,0,9.95\n", "magento", country="AU", defaults=DAYS)

    assert (wrong.where, wrong.value) == ("Region/State", "NT")
    assert "states are not known here" in wrong.cause


def test_place_and_condition_that_stand_there_twice_are_told_with_both_lines(problems: Problems) -> None:
    (wrong,) = problems(f"{HEADER}BR,*,*,0,10\nBRA,,,0.000,11\n", "magento", defaults=DAYS)

    assert (wrong.line, wrong.cause) == (3, "repeats place and condition of line 2")


def test_two_conditions_in_one_header_are_told(problems: Problems) -> None:
    wrong = problems(f"{PLACE}Weight (and above),# of Items (and above),Shipping Price\nBR,*,*,0,1,10\n", "magento")

    assert any("its brackets are of units, and those of Weight (and above) of weight" in each.cause for each in wrong)


def test_free_carriage_is_declared(opened: Opened, problems: Problems) -> None:
    text = f"{HEADER}BR,*,*,0,10\nBR,*,*,5,0.0000\n"

    assert problems(text, "magento", defaults=DAYS)[0].cause == "charges nothing"
    assert priced(opened(text, "magento", defaults=DAYS, zero_price="free"), "01310100", 5000) == 0


BOOK = workbook_of(
    ["Fretes da loja"],
    [],
    ["Shipping Price", "Zip/Postal Code", "Region/State", "Country", "Weight (and above)"],
    [12.5, 1310100, "*", "BRA", 0],
    [],
    ["R$ 9,90", None, "São Paulo", "BR", 2.5],
)
TEXT = (
    "Shipping Price;Zip/Postal Code;Region/State;Country;Weight (and above)\r\n"
    "12,5;1310100;*;BRA;0\r\n;;;;\r\n9,90;;São Paulo;BR;2,5\r\n"
)


@pytest.mark.parametrize("content", [BOOK, TEXT.encode("windows-1252"), TEXT.encode("utf-8-sig")])
def test_what_shops_send_is_read(content: bytes) -> None:
    table = table_of(content, "magento")

    assert [priced(table, "01310100", 2499), priced(table, "01310100", 2500)] == [1250, 990]
    assert priced(table, "05001000", 2500) == 990


@dataclass(frozen=True)
class Rate:
    """A row as the platform's database holds it."""

    country: str
    region: str
    code: str
    least: int
    price: int


REGIONS = {"01310100": "SP", "01310200": "SP", "20040002": "RJ", "88010000": "SC"}
CODES = {"01310-100": "SP", "01310": "SP", "20040-002": "RJ", "20040": "RJ"}


def sensible(key: tuple[str, str, str, int]) -> bool:
    """Whether the platform would ever use a row: a code stands in its region, and neither without a country."""
    country, region, code, _ = key
    return (region, code) == ("*", "*") if country == "*" else region == "*" or CODES.get(code, region) == region


@st.composite
def rates(draw: st.DrawFn) -> Sequence[Rate]:
    """Rows that the platform would import: each place and condition once, codes in their regions."""
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["BR", "*"]),
                st.sampled_from(["*", "SP", "RJ"]),
                st.sampled_from(["*", *CODES]),
                st.sampled_from([0, 2, 500, 1000, 2500, 30_000]),
            ).filter(sensible),
            unique=True,
            min_size=1,
            max_size=25,
        )
    )
    return [Rate(*key, price=at + 1) for at, key in enumerate(keys)]


def queried(all_rates: Sequence[Rate], code: str, grams: int) -> int | None:
    """The platform's query, word by word: what matches, ordered by country, region, code and condition, descending."""
    hyphened = f"{code[:5]}-{code[5:]}"
    matches = [
        rate
        for rate in all_rates
        if rate.country in ("BR", "*")
        and rate.region in (REGIONS[code], "*")
        and rate.code in (hyphened, hyphened.partition("-")[0], "*")
        and rate.least <= grams
    ]
    ordered = sorted(
        matches,
        key=lambda rate: (rate.country != "*", rate.region != "*", rate.code.replace("*", ""), rate.least),
        reverse=True,
    )
    return ordered[0].price if ordered else None


@given(rates(), st.sampled_from([1, 2, 499, 500, 501, 999, 1000, 2500, 29_999, 30_000, 90_000]))
def test_any_table_prices_as_the_platforms_query_does(all_rates: Sequence[Rate], grams: int) -> None:
    lines = [f"{rate.country},{rate.region},{rate.code},{rate.least / 1000},{rate.price / 100}\n" for rate in all_rates]

    table = table_of(HEADER + "".join(lines), "magento")

    for code in REGIONS:
        found = priced(table, code, grams)
        assert (found if isinstance(found, int) else None) == queried(all_rates, code, grams)
