"""Rows of a compiled table listed back: they do not overlap, and a table of them says what the first one says."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from overlapping_groups import CODES, ORIGINS, Bracket, Group, compiled, overlapping_groups
from written_tables import table_of

from portes.errors import Problems, SettingsError
from portes.tables import FoundRow, Hole, NoRow, Overlap, RateTable, ReadOptions, Row
from portes.tables.index.compiler import compile_rows

EQUAL_BUT_FOR_THE_EXCESS = [
    Group(rank=0, first=0, last=1, origin=None, brackets=(Bracket(0, 1, 1),), per_kg=True),
    Group(rank=0, first=0, last=0, origin=None, brackets=(Bracket(0, 1, -3), Bracket(1, 2, 1)), per_kg=False),
]
UNHELD = {NoRow.BELOW, NoRow.HOLE, NoRow.ABOVE}
HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"


def table_again(rows: Sequence[Row], country: str = "BR") -> RateTable:
    """The table that listed rows make, under the strictest rule of overlaps; holes stay holes."""
    options, problems = ReadOptions(country, "BRL", hole="fail", zero_price="free"), Problems()
    made = compile_rows(rows, options, problems)
    assert made is not None, problems.all()
    return RateTable("again", options, made)


def said(found: FoundRow | NoRow) -> object:
    """What a look-up comes to; of a weight without a bracket it is the same whichever bracket is missed."""
    if isinstance(found, NoRow):
        return NoRow.HOLE if found in UNHELD else found
    return found.price, found.terms


def dearest_said(table: RateTable, asked: tuple[str, str, int, str]) -> list[object]:
    """What a look-up may come to: of rows with equal prices before any excess, the one with the excess is dearer."""
    found = table.find_all(*asked)
    if isinstance(found, NoRow):
        return [said(found)]
    price = max(row.price for row in found)
    return [said(row) for row in found if row.price == price]


def is_beyond_rows(groups: Sequence[Group], overlap: Overlap, why: str) -> bool:
    """Whether rows alone cannot say what the groups do, for the reason that is told."""
    if "from anywhere beside" in why:
        return len({group.origin is None for group in groups}) == 2
    return "above a hole" in why or (overlap == "dearest" and "hangs on the shipment" in why)


def listed(table: RateTable) -> tuple[list[Row], str]:
    """The rows of a table, or why it cannot be listed."""
    try:
        return [*table.rows()], ""
    except SettingsError as error:
        return [], str(error)


@given(
    overlapping_groups(),
    st.sampled_from(["narrowest", "dearest"]),
    st.sampled_from(["fail", "next_bracket"]),
    st.booleans(),
)
@example(EQUAL_BUT_FOR_THE_EXCESS, "dearest", "fail", False)  # noqa: FBT003
def test_listed_rows_say_what_the_table_said(
    groups: list[Group], overlap: Overlap, hole: Hole, mapped: bool  # noqa: FBT001
) -> None:  # fmt: skip
    table = compiled(groups, ReadOptions("BR", "BRL", overlap=overlap, hole=hole), mapped=mapped)
    if table is None:
        return
    rows, why = listed(table)
    if not rows:
        assert is_beyond_rows(groups, overlap, why)
        return
    again = table_again(rows)

    for code in CODES:
        for origin in (*ORIGINS, None):
            for weight in range(1, 20):
                asked = ("a", f"{code:08d}", weight, "" if origin is None else f"{origin:08d}")
                assert said(again.find(*asked)) in dearest_said(table, asked), asked


@given(overlapping_groups())
def test_listed_rows_stand_in_the_order_of_their_codes_and_brackets(groups: list[Group]) -> None:
    table = compiled(groups, ReadOptions("BR", "BRL", overlap="narrowest", hole="fail"), mapped=False)
    if table is None or len({group.origin is None for group in groups}) == 2:
        return
    rows, why = listed(table)
    assert rows or is_beyond_rows(groups, "narrowest", why)
    for one, other in pairwise(rows):
        if one.origin_from == other.origin_from and one.postal_from == other.postal_from:
            assert one.weight_to <= other.weight_from
        else:
            assert (one.origin_from, one.postal_to) < (other.origin_from, other.postal_from)


def test_rows_come_service_by_service_in_the_order_of_the_file() -> None:
    lines = ["express,01000000,01999999,0,1000,9.00,2", "economy,01000000,01999999,0,1000,5.00,5"]
    table = table_of(f"service,{HEADER}" + "\n".join(lines), "plain")

    assert [(row.service, row.price) for row in table.rows()] == [("express", 900 * 10**6), ("economy", 500 * 10**6)]


def test_the_dearest_of_overlapping_rows_is_listed_where_the_weight_alone_decides() -> None:
    lines = "01000000,05999999,0,1000,10.00,3\n01300000,01399999,0,5000,20.00,3\n"
    table = table_of(HEADER + lines, "plain", overlap="dearest")

    assert [(row.postal_from, row.weight_from, row.price // 10**6) for row in table.rows()] == [
        ("01000000", 0, 1000),
        ("01300000", 0, 2000),
        ("01400000", 0, 1000),
    ]


def test_what_is_not_served_goes_before_what_is_on_request_where_both_hold_a_code() -> None:
    lines = "01000000,05999999,0,1000,on request,3\n01300000,01399999,0,1000,0,3\n01300000,01309999,0,1000,9.00,3\n"
    table = table_of(HEADER + lines, "plain", overlap="dearest", zero_price="refuse")
    again = table_again([*table.rows()])

    assert [again.find("", code, 500) for code in ("01000000", "01305000")] == [NoRow.ON_REQUEST, NoRow.REFUSED]


@pytest.mark.parametrize(
    "two",
    [
        "01000000,05999999,0,1000,10.00,9,0\n01300000,01399999,0,1000,10.50,3,0\n",
        "01000000,05999999,0,1000,10.00,3,1.5\n01300000,01399999,0,1000,20.00,3,0\n",
    ],
    ids=["slower, and a cent may round away", "a percentage of a value that nobody knows yet"],
)
def test_overlapping_rows_whose_dearest_hangs_on_the_shipment_are_a_problem(two: str) -> None:
    header = HEADER.replace("\n", ",percent_of_value\n")
    table = table_of(header + two.replace("10.50", "10.005"), "plain", overlap="dearest")

    with pytest.raises(SettingsError, match="hangs on the shipment"):
        list(table.rows())


def test_rows_from_anywhere_beside_rows_from_some_origins_are_a_problem() -> None:
    lines = ["01000000,01999999,0,1000,9.00,2,,", "01000000,01999999,0,1000,5.00,2,80000000,82999999"]
    header = HEADER.replace("\n", ",origin_from,origin_to\n")
    table = table_of(header + "\n".join(lines), "plain", overlap="narrowest")

    with pytest.raises(SettingsError, match="from anywhere beside rows from some origins"):
        list(table.rows())


def test_a_hole_stays_a_hole_and_one_that_the_next_bracket_fills_is_filled() -> None:
    text = HEADER + "01000000,01999999,0,1000,5.00,2\n01000000,01999999,5000,9000,9.00,2\n"
    open_ = [(row.weight_from, row.weight_to) for row in table_of(text, "plain", hole="fail").rows()]
    filled = [(row.weight_from, row.weight_to) for row in table_of(text, "plain", hole="next_bracket").rows()]

    assert open_ == [(0, 1_000_000), (5_000_000, 9_000_000)]
    assert filled == [(0, 1_000_000), (1_000_000, 9_000_000)]


def test_an_endless_top_and_a_price_for_each_kg_above_it_come_back() -> None:
    header = HEADER.replace("\n", ",price_per_extra_kg\n")
    table = table_of(header + "01000000,01999999,0,1000,5.00,2,1.20\n02000000,02999999,0,,5.00,2,\n", "plain")
    again = table_again([*table.rows()])

    for code in ("01500000", "02500000"):
        assert again.find("", code, 700_000) == table.find("", code, 700_000)


@pytest.mark.parametrize(
    ("country", "first", "last"),
    [
        ("ES", "28001", "28080"),
        ("PT", "1100", "1199"),
        ("AD", "AD500", "AD600"),
        ("FR", "75001", "75020"),
        ("GB", "PH2", "PH16"),
    ],
)
def test_codes_of_other_countries_are_listed_as_they_are_written(country: str, first: str, last: str) -> None:
    table = table_of(f"{HEADER}{first},{last},0,1000,5.00,2\n", "plain", country=country)
    again = table_again([*table.rows()], country)

    assert again.find("", last, 500) == table.find("", last, 500)


def test_codes_that_cannot_be_written_back_are_a_problem() -> None:
    table = table_of(f"{HEADER}PH21AA,PH21AB,0,1000,5.00,2\n", "plain", country="GB")

    with pytest.raises(SettingsError, match="no code of the country"):
        list(table.rows())
