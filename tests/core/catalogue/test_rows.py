"""Rows of a database: what their cells mean, and what becomes of a row with one that means nothing."""

from decimal import Decimal

import pytest

from portes.catalogue import CatalogueEntry, Row
from portes.catalogue.rows import ReadRows, RowReader
from portes.contract import Dimensions, Money
from portes.errors import CatalogueError


def read(*rows: Row, **more: str) -> dict[str, CatalogueEntry]:
    return dict(RowReader("BRL", [1, 2], **more).read(rows, ReadRows()))  # type: ignore[arg-type]  # a decimal sign


def brl(minor: int) -> Money:
    return Money(minor=minor, currency="BRL")


def test_a_database_keeps_measures_as_whole_numbers_and_amounts_as_exact_ones() -> None:
    row = {
        "sku": "a",
        "weight_g": 500,
        "length_mm": 100,
        "width_mm": Decimal(100),
        "height_mm": 250.0,
        "price": Decimal("129.9000"),
        "list_price": 130,
        "declared_value": 99.9,
        "handling_days": 2,
        "origins": "1:10 2",
        "tags": ["fragile", "heavy"],
        "seller": "shop-2",
    }

    assert read(row)["a"] == CatalogueEntry(
        brl(9990),
        (1, 2),
        2,
        ("fragile", "heavy"),
        500,
        Dimensions(length=100, width=100, height=250),
        (10, None),
        brl(12_990),
        brl(13_000),
        "shop-2",
    )


def test_measures_may_be_words_as_in_a_file() -> None:
    row = {"sku": "a", "weight": "0.5kg", "size": "10x10x25cm", "origins": 2, "price": "129.90"}

    assert read(row)["a"] == CatalogueEntry(
        None, (2,), weight=500, size=Dimensions(length=100, width=100, height=250), price=brl(12_990)
    )


def test_what_is_null_or_blank_is_not_said() -> None:
    row = {"sku": "a", "weight_g": None, "size": None, "price": "", "tags": " ", "origins": None}

    assert read(row)["a"] == CatalogueEntry()


def test_an_amount_in_a_text_has_the_decimal_sign_that_is_declared() -> None:
    assert read({"sku": "a", "price": "1.290,50"}, decimal=",")["a"].price == brl(129_050)
    assert read({"sku": "a", "price": Decimal("1290.50")}, decimal=",")["a"].price == brl(129_050)
    assert "is" in read({"sku": "a", "price": "1.290,50"})["a"].problem


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"weight_g": 0}, "weight_g"),
        ({"weight_g": Decimal("0.5")}, "weight_g"),
        ({"weight_g": float("nan")}, "weight_g"),
        ({"weight_g": "500"}, "weight_g"),
        ({"weight_g": 500, "weight": "500g"}, "weight_g"),
        ({"length_mm": 100, "width_mm": 100}, "height_mm"),
        ({"length_mm": 100, "size": "1x1x1cm"}, "length_mm"),
        ({"weight": "500"}, "weight"),
        ({"price": Decimal("1.999")}, "price"),
        ({"price": Decimal(-1)}, "price"),
        ({"price": True}, "price"),
        ({"origins": "3"}, "origins"),
        ({"origins": "1:many"}, "origins"),
        ({"handling_days": -1}, "handling_days"),
        ({"tags": "a\x00b"}, "tags"),
        ({"seller": b"shop"}, "seller"),
    ],
)
def test_a_row_with_a_wrong_cell_says_nothing_but_what_is_wrong_with_it(cells: Row, column: str) -> None:
    entry = read({"sku": "a", "weight_g": 400, **cells} if "weight" not in cells else {"sku": "a", **cells})["a"]

    assert entry == CatalogueEntry(problem=entry.problem)
    assert f"{column}: " in entry.problem
    assert ";" in entry.problem


def test_a_row_without_a_sku_is_counted_and_left_out() -> None:
    into = ReadRows()
    found = dict(RowReader("BRL").read([{"sku": None, "weight_g": 1}, {"sku": "b", "weight_g": 1}], into))

    assert list(found) == ["b"]
    assert (into.left_out, [problem.column for problem in into.problems]) == (1, ["sku"])


def test_what_is_wrong_is_told_once_for_each_column() -> None:
    into = ReadRows()
    rows = [{"sku": str(number), "weight_g": -number, "price": "x" * (number % 2)} for number in range(10)]
    list(RowReader("BRL").read(rows, into))

    assert sorted(problem.column for problem in into.problems) == ["price", "weight_g"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"sku": "a", "wieght": "1kg"}, "did you mean weight"),
        ({"weight_g": 5}, "has no column sku"),
        ({"sku": "a", "colour": "red"}, "means nothing"),
    ],
)
def test_a_column_that_nobody_knows_is_an_error_of_the_whole(row: Row, words: str) -> None:
    with pytest.raises(CatalogueError, match=words) as raised:
        read(row)

    assert raised.value.kind == "garbled"
