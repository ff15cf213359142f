"""The minimal table of Spanish shops: provinces by two digits, codes by five."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from found_rows import cents
from written_tables import table_of, workbook_of

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable
from portes_testing import Broken, FormatCase, FormatContract, Priced, Sample

Problems = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
DAYS = {"days_max": "2"}
SPAIN: dict[str, Any] = {"country": "ES", "currency": "EUR", "weight_unit": "kg", "defaults": DAYS}
HEADER = "postal;country;weight_from;weight_to;price\n"


@pytest.mark.exhaustive
class TestSpanish(FormatContract):
    case = FormatCase(
        name="spanish",
        samples=[
            Sample(
                SAMPLES / "spanish-postal.csv",
                options=SPAIN,
                prices=[
                    Priced("", "28013", 1000, "4.50", (2, 2)),
                    Priced("", "28999", 1001, "5.90", (2, 2)),
                    Priced("", "07001", 1000, "9.90", (2, 2)),
                    Priced("", "51001", 1000, "14.90", (2, 2)),
                ],
            )
        ],
        broken=[Broken(SAMPLES / "spanish-postal.csv", {**SPAIN, "defaults": {}}, where="header", line=1)],
        decorations=["A6:A6"],  # a row of another country
    )


def opened(content: str | bytes, **options: Any) -> RateTable:
    return table_of(content, "spanish", **{**SPAIN, **options})


def priced(table: RateTable, code: str, grams: int = 500) -> int | NoRow:
    row = table.find("", code, grams)
    return cents(row.price) if isinstance(row, FoundRow) else row


def test_two_digits_are_a_province_and_five_a_code() -> None:
    table = opened(f"{HEADER}28;ES;0;1;4.50\n08001;ES;0;1;5.50\n")

    assert [priced(table, code) for code in ("28000", "28999", "29000", "08001", "08002")] == [
        450,
        450,
        NoRow.RANGE,
        550,
        NoRow.RANGE,
    ]


def test_a_zero_that_a_spreadsheet_dropped_is_put_back() -> None:
    table = opened(workbook_of(HEADER.strip().split(";"), [7, "ES", 0, 1, 9.9], [8001, "ES", 0, 1, 5.5]))

    assert [priced(table, "07500"), priced(table, "08001")] == [990, 550]


def test_rows_of_another_country_are_left_out_and_told() -> None:
    summary = opened(f"{HEADER}28;ESP;0;1;4.50\n1100-148;PT;0;1;9.90\nSW1A;GB;0;1;30\n08;;0;1;4.50\n").summary

    assert (summary.rows, summary.left_out) == (2, 2)
    assert summary.notes[0] == "rows of PT are left out: the table is one of ES"


def test_a_table_of_another_country_alone_is_told_to_declare_it(problems: Problems) -> None:
    (wrong,) = problems(f"{HEADER}1100-148;PT;0;1;9.90\n", "spanish", **SPAIN)

    assert wrong.cause == "there is no row to quote from: rows of PT are left out: the table is one of ES"
    assert "(country, --country)" in wrong.fix


def test_a_code_in_a_province_of_the_table_is_an_overlap_until_one_of_them_is_to_count(problems: Problems) -> None:
    text = f"{HEADER}28;ES;0;1;4.50\n28013;ES;0;1;3.50\n"

    assert "overlaps" in problems(text, "spanish", **SPAIN)[0].cause
    table = opened(text, overlap="narrowest")
    assert [priced(table, "28013"), priced(table, "28014")] == [350, 450]


@pytest.mark.parametrize("postal", ["99", "53", "280133", "Madrid", "28013 28014"])
def test_what_is_no_postal_code_of_spain_is_told(problems: Problems, postal: str) -> None:
    wrong = problems(f"{HEADER}08;ES;0;1;1\n{postal};ES;0;1;4.50\n", "spanish", **SPAIN)

    assert [(each.line, each.where, each.value) for each in wrong] == [(3, "postal", postal)]


def test_the_unit_of_the_weights_is_declared() -> None:
    table = opened(f"{HEADER}28;ES;0;1000;4.50\n", weight_unit="g")

    assert [priced(table, "28013", 1000), priced(table, "28013", 1001)] == [450, NoRow.ABOVE]


def test_what_shops_send_is_read() -> None:
    text = "Tarifas de la península\r\n\r\nPrice;Weight_To;Weight_From;Country;Postal\r\n4,50 €;1;0;es;28\r\n;;;;\r\n"

    for content in (text.encode("windows-1252"), text.encode("utf-8-sig")):
        assert priced(opened(content), "28013") == 450
