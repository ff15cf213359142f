"""Brackets of something else than weight, and prices that hold from some origins only."""

from collections.abc import Callable

import pytest
from found_rows import cents

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable

Opened = Callable[..., RateTable]
Found = Callable[..., tuple[Problem, ...]]

PLACES = "postal_from,postal_to"
AXES = [
    ("value", "value_from,value_to", "0,100.00", "100.01,2000", [10_000, 10_001, 200_001]),
    ("units", "units_from,units_to", "1,10", "11,20", [10, 11, 21]),
    ("volume", "volume_from_cm3,volume_to_cm3", "0,1000", "1000,8000", [1000, 1001, 8001]),
]
FROM = f"{PLACES},origin_from,origin_to,weight_from_g,weight_to_g,price,days_max\n"
TO = "20000000,28999999"
SAO_PAULO, CURITIBA = "01000000,05999999", "80000000,82999999"


def said(row: FoundRow | NoRow) -> int | NoRow:
    return cents(row.price) if isinstance(row, FoundRow) else row


@pytest.mark.parametrize(("axis", "columns", "lower", "upper", "asked"), AXES)
def test_brackets_may_be_of_value_units_or_volume(
    opened: Opened, axis: str, columns: str, lower: str, upper: str, asked: list[int]
) -> None:
    header = f"{PLACES},{columns},price,days_max\n"
    table = opened(f"{header}{SAO_PAULO},{lower},10.00,3\n{SAO_PAULO},{upper},20.00,3\n")

    assert table.axis == table.summary.axis == axis
    assert [said(table.find("", "01512651", number)) for number in asked] == [1000, 2000, NoRow.ABOVE]


def test_two_kinds_of_brackets_in_one_header_are_a_problem(problems: Found) -> None:
    header = f"{PLACES},weight_from_g,weight_to_g,value_from,value_to,price,days_max\n"
    (wrong,) = problems(f"{header}{SAO_PAULO},0,1000,0,100,10.00,3\n")

    assert (wrong.where, wrong.value, wrong.line) == ("header", "value_from", 1)
    assert "of weight" in wrong.cause


def test_a_hole_between_values_is_told_in_money(problems: Found) -> None:
    header = f"{PLACES},value_from,value_to,price,days_max\n"
    (wrong,) = problems(f"{header}{SAO_PAULO},0,100,10.00,3\n{SAO_PAULO},150.50,200,20.00,3\n")

    assert (wrong.where, wrong.value) == ("value bracket", "150.5-200 BRL")
    assert wrong.cause == "leaves 50.5 BRL without a price above the bracket of line 2"


def test_a_price_for_each_kg_above_a_bracket_of_value_is_a_problem(problems: Found) -> None:
    header = f"{PLACES},value_from,value_to,price,days_max,price_per_extra_kg\n"
    (wrong,) = problems(f"{header}{SAO_PAULO},0,100,10.00,3,2.00\n")

    assert wrong.cause == "charges for each kg above a bracket of value"


def test_a_row_prices_from_its_origins_only(opened: Opened) -> None:
    table = opened(f"{FROM}{TO},{SAO_PAULO},0,1000,10.00,3\n{TO},{CURITIBA},0,1000,20.00,3\n")

    asked = ("01001000", "80010000", "90010000", "00999999", "")
    assert [said(table.find("", "20010000", 500, origin)) for origin in asked] == [
        1000, 2000, NoRow.ORIGIN, NoRow.ORIGIN, NoRow.ORIGIN,
    ]  # fmt: skip
    assert table.find("", "30000000", 500, "01001000") is NoRow.RANGE
    assert table.find("x", "20010000", 500, "01001000") is NoRow.SERVICE


def test_origins_that_overlap_are_a_problem_or_follow_the_policy(opened: Opened, problems: Found) -> None:
    text = f"{FROM}{TO},,,0,1000,10.00,3\n{TO},{CURITIBA},0,1000,20.00,3\n"

    (wrong,) = problems(text)
    assert wrong.value == "20000000-28999999 from 80000000-82999999"
    table = opened(text, overlap="narrowest")
    assert [said(table.find("", "20010000", 500, one)) for one in ("80010000", "01001000", "")] == [2000, 1000, 1000]


@pytest.mark.parametrize(
    ("origin", "cause"),
    [
        ("80000000,", "an origin needs a first and a last postal code"),
        ("82999999,80000000", "the origin range runs backwards"),
    ],
)
def test_an_origin_that_is_no_range_is_a_problem(problems: Found, origin: str, cause: str) -> None:
    (wrong,) = problems(f"{FROM}{TO},{origin},0,1000,10.00,3\n")

    assert (wrong.line, wrong.where, wrong.cause) == (2, "origin range", cause)
