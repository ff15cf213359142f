"""Cells in people's words, read through the same door as every format's: days, dashes, yes and no, postal ranges."""

from typing import Any

import pytest

from portes.errors import Problems
from portes.tables import ReadOptions
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, read_lines
from portes.tables.reading.sheets import open_sheets

SKU = Column("key", Cells.text)


def read(cell: str, column: Column, country: str = "BR", currency: str = "BRL") -> tuple[list[Any], Problems]:
    """What one cell of a column is read as, and what is wrong with it."""
    options, problems = ReadOptions(country=country, currency=currency), Problems()
    sheets = open_sheets(f"key;{column.name}\nx;{cell}\n".encode(), options, problems)
    return [values[1] for _, _, values in read_lines(sheets, (SKU, column), options, problems)], problems


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("3", (3, 3)),
        ("3 dias", (3, 3)),
        ("3 dias úteis", (3, 3)),
        ("5 d.u.", (5, 5)),
        ("5 DU", (5, 5)),
        ("3 a 5 dias", (3, 5)),
        ("2-4", (2, 4)),
        ("2 \u2013 4 dias", (2, 4)),
        ("de 3", None),
        ("3 días hábiles", (3, 3)),
        ("2 to 4 business days", (2, 4)),
        ("1 até 2 dias", (1, 2)),
        ("5 a 3", None),
        ("3 dias corridos", None),
        ("48 horas", None),
        ("2026-03-02", None),
        ("-1", None),
    ],
)
def test_days_are_read_as_carriers_write_them_and_only_business_days(cell: str, days: tuple[int, int] | None) -> None:
    found, problems = read(cell, Column("prazo", Cells.day_span))

    assert found == ([days] if days else [])
    assert problems.count == (0 if days else 1)


@pytest.mark.parametrize("cell", ["-", "--", "n/a", "N/A", "—"])
def test_a_dash_is_a_blank_where_a_column_may_be_blank_and_a_problem_where_it_may_not(cell: str) -> None:
    assert read(cell, Column("gris", Cells.percent, blank=0))[0] == [0]
    assert read(cell, Column("gris", Cells.percent))[1].count == 1


def test_a_dash_keeps_its_meaning_where_a_format_reads_the_cell_itself() -> None:
    assert read("-", Column("tags", lambda cells, cell: [cells.text(cell)], blank=[]))[0] == [["-"]]


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        ("S", True),
        ("sim", True),
        ("sí", True),
        ("TRUE", True),
        ("N", False),
        ("não", False),
        ("No", False),
        ("?", None),
    ],
)
def test_yes_and_no_are_read_in_three_languages(cell: str, truth: bool | None) -> None:  # noqa: FBT001 — a case
    found, problems = read(cell, Column("atende", Cells.yes))

    assert found == ([] if truth is None else [truth])
    assert problems.count == (truth is None)


@pytest.mark.parametrize(
    ("country", "cell", "ends"),
    [
        ("BR", "01000-000 a 05999-999", ("01000000", "05999999")),
        ("BR", "01000-000 até 05999-999", ("01000000", "05999999")),
        ("BR", "01000000-05999999", ("01000000", "05999999")),
        ("BR", "01000-000 - 05999-999", ("01000000", "05999999")),
        ("BR", "01000-000-05999-999", ("01000000", "05999999")),
        ("BR", "1000000 a 5999999", ("01000000", "05999999")),
        ("BR", "01310-100", ("01310100", "01310100")),
        ("BR", "013*", ("01300000", "01399999")),
        ("ES", "28001..28080", ("28001", "28080")),
        ("ES", "28001 hasta 28080", ("28001", "28080")),
        ("ES", "28*", ("28000", "28999")),
        ("ES", "28", ("28000", "28999")),
        ("ES", "07", ("07000", "07999")),
        ("ES", "7", ("07000", "07999")),
        ("ES", "28013", ("28013", "28013")),
        ("PT", "1000 a 1999", ("1000", "1999")),
        ("ES", "53", None),
        ("BR", "28", None),
        ("BR", "01000-000 a São Paulo", None),
        ("BR", "01000-000 05999-999", None),
    ],
)
def test_one_cell_may_hold_both_codes_of_a_range(country: str, cell: str, ends: tuple[str, str] | None) -> None:
    found, problems = read(cell, Column("cep", Cells.postal_range), country)

    assert found == ([ends] if ends else [])
    assert problems.count == (0 if ends else 1)


@pytest.mark.parametrize(
    ("currency", "cell", "price"),
    [("BRL", "R$ 1.234,56", 123_456), ("BRL", "R$\u00a08,49", 849), ("EUR", "12,90 €", 1290), ("EUR", "€12.90", 1290)],
)
def test_prices_carry_their_signs_on_either_side(currency: str, cell: str, price: int) -> None:
    assert read(cell, Column("preco", Cells.price), currency=currency)[0] == [price * 10**6]
