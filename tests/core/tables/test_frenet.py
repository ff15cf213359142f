"""The format `frenet`: a column for each weight, fees beside them, and what its header leaves open."""

import csv
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem, Problems
from portes.tables import Charge, FoundRow, NoRow, PricedLoad, RateTable, ReadOptions, Tariff, TariffPricer, find_format

Opened = Callable[..., RateTable]
Told = Callable[..., tuple[Problem, ...]]

SAMPLE = (Path(__file__).parent / "samples" / "frenet.csv").read_text(encoding="utf-8")
BRAZIL = ReadOptions(country="BR", currency="BRL", above="flat")
HEADER = "CEP de;CEP até;Prazo;até 10kg;até 30kg;acima de 30kg;Pedágio;ICMS"
ROW = "01000000;05999999;2;10,00;20,00;1,50;;"


def sheet(row: str = ROW, header: str = HEADER) -> str:
    return f"{header}\n{row}\n"


def charged(table: RateTable, grams: int, value: int = 0) -> Charge:
    found = table.find("", "01310100", grams)
    assert isinstance(found, FoundRow), found
    return TariffPricer(Tariff()).charge(found, PricedLoad(grams * 1000, value))


def rows(source: bytes, **options: object) -> list[object]:
    problems = Problems()
    read = find_format("frenet").read(source, replace(BRAZIL, **options), problems)  # type: ignore[arg-type]
    found = [row._replace(line=0, sheet="") for row in read]
    assert not problems.all()
    return list(found)


def test_what_stands_above_the_last_weight_is_asked_with_both_readings(problems: Told) -> None:
    (wrong,) = problems(sheet(f"{ROW}\n{ROW.replace('01000000;05999999', '06000000;06999999')}"), "frenet")

    assert (wrong.where, wrong.line) == ("acima de 30kg", 2)
    assert "one price for whatever is heavier, or a price for each kg above" in wrong.cause
    assert 'above = "flat"' in wrong.fix
    assert 'above = "per_kg"' in wrong.fix


def test_flat_it_is_the_price_of_whatever_is_heavier(opened: Opened) -> None:
    table = opened(sheet(), "frenet", above="flat")

    assert [charged(table, grams).cost for grams in (30_000, 30_001, 40_000)] == [2000, 150, 150]


def test_per_kg_it_is_added_for_each_kg_above(opened: Opened) -> None:
    table = opened(sheet(), "frenet", above="per_kg")

    assert [charged(table, grams).cost for grams in (30_000, 30_500, 40_000)] == [2000, 2075, 3500]


def test_a_header_that_says_per_kg_leaves_nothing_to_ask(opened: Opened) -> None:
    table = opened(sheet(header=HEADER.replace("acima de 30kg", "R$/kg acima de 30kg")), "frenet")

    assert charged(table, 40_000).cost == 3500


def test_a_toll_is_asked_for_until_it_is_declared(problems: Told, opened: Opened) -> None:
    tolled = sheet(ROW.replace("1,50;;", "90,00;6,46;"))

    (wrong,) = problems(tolled, "frenet", above="flat")
    assert (wrong.where, "toll_per" in wrong.fix) == ("Pedágio", True)
    costs = [
        charged(opened(tolled, "frenet", above="flat", toll_per=per), 250_000).parts["toll"]
        for per in ("shipment", "started_100_kg", "100_kg")
    ]
    assert costs == [646, 1938, 1615]


def test_a_toll_whose_header_names_a_hundred_kg_is_for_each_begun(opened: Opened) -> None:
    tolled = sheet(ROW.replace("1,50;;", "90,00;6,46;"), HEADER.replace("Pedágio", "Pedágio por 100 kg"))
    table = opened(tolled, "frenet", above="flat")

    assert [charged(table, grams).parts["toll"] for grams in (100_000, 100_001)] == [646, 1292]


def test_a_blank_between_prices_is_a_hole_and_no_refusal(problems: Told, opened: Opened) -> None:
    holed = sheet("01000000;05999999;2;10,00;;30,00", "CEP de;CEP até;Prazo;até 10kg;até 20kg;até 30kg")

    (wrong,) = problems(holed, "frenet")
    assert "leaves 10001 g without a price" in wrong.cause
    table = opened(holed, "frenet", hole="fail")
    assert table.find("", "01310100", 20_000) is NoRow.HOLE
    assert charged(table, 20_001).cost == 3000


def test_where_the_last_weights_are_blank_prices_end_and_a_note_says_so(opened: Opened) -> None:
    table = opened(sheet(ROW.replace("20,00;1,50", ";")), "frenet")

    assert table.find("", "01310100", 10_001) is NoRow.ABOVE
    assert "where até 30kg and what follows is blank, prices end below it" in table.summary.notes


def test_a_price_for_each_kg_above_a_blank_weight_is_a_problem(problems: Told) -> None:
    (wrong,) = problems(sheet(ROW.replace("20,00", "")), "frenet", above="per_kg")

    assert (wrong.where, wrong.cause) == ("acima de 30kg", "counts from 30 kg, and the prices end at 10 kg")


def test_a_row_without_any_price_is_a_problem(problems: Told) -> None:
    (wrong,) = problems(sheet("01000000;05999999;2;;;;;"), "frenet")

    assert wrong.cause == "has no price in any bracket"


def test_the_tax_of_a_row_is_inside_its_price(opened: Opened, problems: Told) -> None:
    taxed = sheet(ROW + "12%")

    assert charged(opened(taxed, "frenet", above="flat"), 30_000).parts == {"base": 2000, "tax": 273}
    (wrong,) = problems(taxed.replace("12%", "100%"), "frenet", above="flat")
    assert (wrong.value, wrong.cause) == ("100%", "the tax leaves nothing of the price")


def test_a_blank_tax_leaves_it_to_the_tariff(opened: Opened) -> None:
    table = opened(sheet(f"{ROW}0\n{ROW.replace('01000000;05999999', '06000000;06999999')}"), "frenet", above="flat")

    stated, silent = (table.find("", code, 1000) for code in ("01310100", "06000000"))
    assert isinstance(stated, FoundRow)
    assert isinstance(silent, FoundRow)
    assert (stated.terms.tax, silent.terms.tax) == (0, -1)


@pytest.mark.parametrize("name", ["Pedágio", "ICMS", "acima de 30kg"])
def test_a_column_that_may_be_left_out_means_what_its_blank_cells_mean(name: str) -> None:
    at = HEADER.split(";").index(name)
    whole = [["01000000", "05999999", "2", "10,00", "20,00", "", "", ""], HEADER.split(";")]
    blank, without = (";".join(cells) for cells in whole), (";".join(c[:at] + c[at + 1 :]) for c in whole)

    row, header = blank
    row_without, header_without = without
    assert rows(sheet(row, header).encode()) == rows(sheet(row_without, header_without).encode())


def test_a_sheet_is_the_same_however_a_shop_sends_it() -> None:
    sound = rows(SAMPLE.encode())
    cells = list(csv.reader(SAMPLE.splitlines()))
    semicolons = "\n".join(";".join(row) for row in cells)
    moved = "\n".join(";".join(row[::-1]) for row in cells)
    book, stream = Workbook(), BytesIO()
    for row in [["Tabela 2025"], [], *cells]:
        book.active.append(row)
    book.save(stream)
    ways = {
        "semicolons, a title and blank rows": f"Tabela 2025\n\n{semicolons}\n;;;\n\n".encode(),
        "Windows-1252": semicolons.encode("windows-1252"),
        "a mark": semicolons.encode("utf-8-sig"),
        "a dropped zero": semicolons.replace(";01000000;05999999", ";1000000;5999999")
        .replace(";06000000;06999999", ";6000000;6999999")
        .encode(),
        "another order": moved.encode(),
        "a workbook": stream.getvalue(),
    }

    assert [way for way, source in ways.items() if rows(source) != sound] == []
