"""The format `fees`: fees by place, in every layout of a carrier's workbook."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import FoundRow, NoRow, RateTable

Opened = Callable[..., RateTable]
Told = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"


def fee(table: RateTable, postal_code: str, grams: int = 1000) -> int | NoRow:
    row = table.find("", postal_code, grams)
    return row.price // 10**6 if isinstance(row, FoundRow) else row


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_two_tables_in_one_sheet_keep_their_own_weights(opened: Opened) -> None:
    table = opened(sample("fees-two-tables.csv"), "fees")

    assert [fee(table, "90000000", grams) for grams in (60_000, 60_001, 900_000)] == [454, 1136, 1136]
    assert [fee(table, "75345000", grams) for grams in (60_001, 100_000, 100_001)] == [1400, 1400, 3304]


def test_seven_tiers_below_a_group_row_are_read_and_codes_get_their_zero_back(opened: Opened) -> None:
    table = opened(sample("fees-seven-tiers.csv"), "fees")

    tiers = [fee(table, "05307900", kg * 1000) for kg in (100, 200, 300, 500, 1000, 1500, 1501)]
    assert tiers == [6610, 8519, 11_456, 15_422, 25_705, 50_677, 70_506]
    assert fee(table, "01255000") == 6610


def test_one_value_for_each_place_holds_whatever_it_weighs(opened: Opened) -> None:
    header = "Filial;Cep Inicial;Cep Final;TARIFA;Bairro;Valor  - Coleta e Entrega"
    zone = f"{header}\n607/207;01.526-000;01.526-060;TX;X;64,7\n"
    table = opened(zone, "fees")

    assert [fee(table, "01526030", grams) for grams in (1, 10**7)] == [6470, 6470]
    assert fee(table, "01527000") is NoRow.RANGE


def test_a_town_without_codes_is_found_by_name_and_a_row_without_a_place_is_counted(opened: Opened) -> None:
    table = opened(sample("fees-by-town.csv"), "fees")

    assert fee(table, "35620000") == 5085
    assert fee(table, "20040002") is NoRow.RANGE  # the row names RJ alone, which is no place of a fee
    assert "1 row names neither postal codes nor a town: in no price" in table.summary.notes


def test_a_town_that_nobody_knows_is_a_problem_of_its_column(problems: Told) -> None:
    (wrong,) = problems("CIDADE;UF;VALOR\nAbuna;RO;21,58\n", "fees")

    assert (wrong.where, wrong.line, wrong.value) == ("Cidade", 2, "Abuna")


def test_a_fee_for_pickup_is_told_and_never_charged(opened: Opened) -> None:
    table = opened(sample("fees-two-tables.csv"), "fees")

    assert fee(table, "74950000") == 1400
    assert "1 row names a pickup (COLETA), and goods are delivered: in no price" in table.summary.notes


def test_a_fee_on_request_is_no_refusal(opened: Opened) -> None:
    table = opened("CEP Inicial;CEP Final;Valor\n01000000;01099999;sob consulta\n", "fees")

    assert fee(table, "01000000") is NoRow.ON_REQUEST


@pytest.mark.parametrize("way", ["windows-1252", "utf-8-sig", "commas", "moved", "workbook"])
def test_fees_are_the_same_however_they_are_saved(opened: Opened, way: str) -> None:
    text = sample("fees-by-town.csv").decode()
    cells = [line.split(";") for line in text.splitlines()]
    book, stream = Workbook(), BytesIO()
    for row in [["Taxas 2025"], [], *cells]:
        book.active.append(row)
    book.save(stream)
    sent = {
        "windows-1252": text.encode("windows-1252"),
        "utf-8-sig": f"{text};;;;;;;;;;\n".encode("utf-8-sig"),
        "commas": "\n".join(",".join(f'"{cell}"' for cell in row) for row in cells).encode(),
        "moved": "\n".join(";".join(row[::-1]) for row in cells).encode(),
        "workbook": stream.getvalue(),
    }

    table = opened(sent[way], "fees")
    assert [fee(table, code) for code in ("72940000", "35620000", "20040002")] == [3206, 5085, NoRow.RANGE]
