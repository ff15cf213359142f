"""The format `proposal`: tariffs by zone or by part of a state, and the list of places that belongs to one."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem, Problems
from portes.tables import (
    Component,
    FoundRow,
    NoRow,
    PricedLoad,
    RateTable,
    ReadOptions,
    Row,
    Tariff,
    TariffPricer,
    Tax,
    Tier,
    find_format,
)

Opened = Callable[..., RateTable]
Told = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = ReadOptions(country="BR", currency="BRL")
HEADER = "UF;Região;0 a 10;10,01 a 20;exc./kg;Prazo"
CENT, PERCENT = 10**6, 10**6


def sheet(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def listed(*rows: str, header: str = "sigla;UF;Região;Cidade;CEP inicial;CEP final;Prazo;TDA") -> dict[str, bytes]:
    return {"places": sheet(*rows, header=header).encode()}


def found(table: RateTable, postal_code: str, grams: int = 1000) -> FoundRow:
    row = table.find("", postal_code, grams)
    assert isinstance(row, FoundRow), row
    return row


def rows(source: bytes, **options: object) -> tuple[list[Row], Problems]:
    problems = Problems()
    read = find_format("proposal").read(source, replace(BRAZIL, **options), problems)  # type: ignore[arg-type]
    return [row._replace(line=0, sheet="") for row in read], problems


def test_a_transport_document_of_2025_comes_out_to_the_cent(opened: Opened) -> None:
    """From Santa Catarina to Paraná: 357.5088 kg taxable, invoice of 8990.00, as printed on the document."""
    places = {"places": (SAMPLES / "proposal-places.csv").read_bytes()}
    table = opened((SAMPLES / "proposal.csv").read_bytes(), "proposal", beside=places)
    tariff = Tariff(
        components=(
            Component("ad_valorem", tiers=(Tier(138_323, amount=437 * CENT), Tier())),
            Component("risk_management", percent=PERCENT // 10, least=155 * CENT),
            Component("toll", amount=646 * CENT),
        ),
        tax=Tax("inside", {("*", "*"): 12 * PERCENT}),
        component_rounding="down",
        rounding="down",
    )

    charge = TariffPricer(tariff).charge(found(table, "86010000", 357_509), PricedLoad(357_508_800, 899_000))

    assert charge.cost == 40_135
    assert charge.parts == {
        "base": 8660, "excess_weight": 22_274, "ad_valorem": 2840, "risk_management": 899, "toll": 646, "tax": 4816,
    }  # fmt: skip


def test_borders_printed_a_hundredth_apart_touch(opened: Opened) -> None:
    table = opened(sheet("SC;CAPITAL;10,00;20,00;;2"), "proposal")

    assert [found(table, "88010000", grams).price // CENT for grams in (10_000, 10_001, 10_010)] == [1000, 2000, 2000]


def test_capital_interior_and_all_are_found_by_our_own_lists(opened: Opened) -> None:
    table = opened(sheet("SC;CAPITAL;1;2;;2", "SC;INTERIOR;3;4;;3", "GO;TODOS;5;6;;4"), "proposal")

    prices = [found(table, code).price // CENT for code in ("88010000", "89201000", "74000000")]
    assert prices == [100, 300, 500]


def test_a_numbered_part_needs_the_carriers_list_and_one_sentence_says_so(problems: Told) -> None:
    (wrong,) = problems(sheet("SC;INTERIOR 2;1;2;;2"), "proposal")

    assert (wrong.where, wrong.line, wrong.value) == ("Região", 2, "INTERIOR 2")
    assert wrong.fix == "give the carrier's list of places, beside = { places = FILE } (--beside places=FILE)"


def test_a_part_that_the_carriers_list_lacks_is_told_of_the_list(problems: Told) -> None:
    beside = listed(";SC;INTERIOR 1;Joinville;;;;")

    (wrong,) = problems(sheet("SC;INTERIOR 2;1;2;;2"), "proposal", beside=beside)
    assert wrong.cause == "is a region of SC without any place in the list of places"


def test_days_and_the_fee_of_a_place_stand_in_the_list(opened: Opened) -> None:
    beside = listed("A;;;;01000-000;01099-999;3;", "A;;;;02000-000;02099-999;;12,50")
    table = opened(sheet("A;1;2;;5", header="sigla;0 a 10;10,01 a 20;exc./kg;Prazo"), "proposal", beside=beside)

    near, far = found(table, "01000000").terms, found(table, "02000000").terms
    assert (near.days_max, near.fees) == (3, ())
    assert (far.days_max, [(fee.name, fee.amount) for fee in far.fees]) == (5, [("hard_access", 1250 * CENT)])


def test_a_row_whose_days_nobody_states_is_a_problem(problems: Told) -> None:
    (wrong,) = problems(sheet("SC;INTERIOR;1;2;;5", "SC;CAPITAL;1;2;;"), "proposal")

    assert (wrong.cause, wrong.line) == ("states no days", 3)
    assert wrong.fix == (
        "add a column Prazo to the tariff or to the list of places, "
        'or declare those of all rows: defaults = { Prazo = "5" } (--default Prazo=5)'
    )


def test_rows_that_all_lack_days_are_one_problem(problems: Told) -> None:
    (wrong,) = problems(sheet("SC;CAPITAL;1;2;;", "SC;INTERIOR;1;2;;"), "proposal")

    assert (wrong.where, wrong.cause) == ("header", "no row states days")
    assert "--default Prazo=5" in wrong.fix
    assert problems(sheet("SC;CAPITAL;1;2;;"), "proposal", defaults={"Prazo": "5"}) == ()


def test_a_zone_without_a_list_or_without_a_place_is_a_problem(problems: Told) -> None:
    zones = sheet("A;1;2;;5", header="sigla;0 a 10;10,01 a 20;exc./kg;Prazo")

    (alone,) = problems(zones, "proposal")
    (strange,) = problems(zones, "proposal", beside=listed("B;;;;01000-000;01099-999;3;"))
    assert (alone.cause, strange.cause) == (
        "is a zone, and the table has no list of places",
        "is a zone without any place in the list of places",
    )


def test_a_zone_of_two_states_is_parted_by_the_rows_state(opened: Opened) -> None:
    beside = listed("INT;SP;;Campinas;;;;", "INT;PR;;Londrina;;;;")
    header = "sigla;UF;0 a 10;10,01 a 20;exc./kg;Prazo"
    table = opened(sheet("INT;SP;1;2;;5", "INT;PR;3;4;;5", header=header), "proposal", beside=beside)

    assert [found(table, code).price // CENT for code in ("13010000", "86010000")] == [100, 300]


def test_zones_of_the_list_that_nothing_prices_are_told_in_a_note(opened: Opened) -> None:
    beside = listed("A;;;;01000-000;01099-999;3;", "B;;;;02000-000;02099-999;3;")
    table = opened(sheet("A;1;2;;5", header="sigla;0 a 10;10,01 a 20;exc./kg;Prazo"), "proposal", beside=beside)

    assert "zones of the list of places without a price: B" in table.summary.notes


def test_a_price_on_request_is_no_refusal(opened: Opened) -> None:
    table = opened(sheet("SC;CAPITAL;10,00;sob consulta;;2"), "proposal")

    assert table.find("", "88010000", 15_000) is NoRow.ON_REQUEST


def test_a_problem_of_the_list_comes_under_its_own_name(problems: Told) -> None:
    beside = listed("A;;;;01000-000;nowhere;3;")

    wrong = problems(sheet("A;1;2;;5", header="sigla;0 a 10;10,01 a 20;exc./kg;Prazo"), "proposal", beside=beside)
    assert [(str(one.file), one.where, one.line) for one in wrong if one.file and "places" in str(one.file)] == [
        ("places", "CEP final", 2)
    ]


def test_the_list_may_be_another_sheet_of_the_workbook() -> None:
    zones, places = (
        (SAMPLES / name).read_text(encoding="utf-8") for name in ("proposal-zones.csv", "proposal-zone-places.csv")
    )
    book, stream = Workbook(), BytesIO()
    book.active.title = "Tarifas"
    for title, text in (("Tarifas", zones), ("Praças", places)):
        page = book[title] if title in book.sheetnames else book.create_sheet(title)
        for line in text.splitlines():
            page.append(line.split(";"))
    book.save(stream)

    together, told = rows(stream.getvalue())
    apart, _ = rows(zones.encode(), beside={"places": places.encode()})
    assert (together, told.all()) == (apart, ())


@pytest.mark.parametrize("name", ["10,01 a 20", "exc./kg", "Prazo", "Região", "F. valor"])
def test_a_column_that_may_be_left_out_means_what_its_blank_cells_mean(name: str) -> None:
    cells = ["SC", "CAPITAL", "29,87", "35,14", "43,95", "0,703", "0,316%", "2"]
    header = ["UF", "Região", "0 a 10", "10,01 a 20", "20,01 a 40", "exc./kg", "F. valor", "Prazo"]
    at = header.index(name)
    blank, without = [*cells[:at], "", *cells[at + 1 :]], [*cells[:at], *cells[at + 1 :]]

    read, told = rows(sheet(";".join(blank), header=";".join(header)).encode())
    again, told_again = rows(sheet(";".join(without), header=";".join([*header[:at], *header[at + 1 :]])).encode())
    assert (read, [one.cause for one in told.all()]) == (again, [one.cause for one in told_again.all()])


@pytest.mark.parametrize("way", ["windows-1252", "utf-8-sig", "commas", "title", "moved"])
def test_a_tariff_is_the_same_however_a_shop_sends_it(way: str) -> None:
    text = sheet("SC;CAPITAL;29,87;35,14;0,703;2", "SP;INTERIOR;57,74;61,58;1,155;3")
    sound, _ = rows(text.encode())
    cells = [line.split(";") for line in text.splitlines()]
    sent = {
        "windows-1252": text.encode("windows-1252"),
        "utf-8-sig": text.encode("utf-8-sig"),
        "commas": "\n".join(",".join(f'"{cell}"' for cell in row) for row in cells).encode(),
        "title": f"Proposta comercial\n\n{text};;;;;\n\n".encode(),
        "moved": "\n".join(";".join(row[::-1]) for row in cells).encode(),
    }

    assert rows(sent[way])[0] == sound
