"""Intelipost's workbook: sections by their published names, prices in one of two modes, and nothing that is guessed."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import (
    FoundRow,
    NoRow,
    PricedLoad,
    RateTable,
    ReadOptions,
    Tariff,
    TariffPricer,
    check_table,
    detect_table,
    find_format,
)

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = ReadOptions(country="BR", currency="BRL")
WEIGHED = (SAMPLES / "intelipost.csv").read_text(encoding="utf-8")
COMPARED = (SAMPLES / "intelipost-compared.csv").read_text(encoding="utf-8")
CENTRES = "2. Especificações de Centro de Distribuição (CD) e Métodos"

Open = Callable[..., RateTable]
Tell = Callable[..., tuple[Problem, ...]]


def cost(table: RateTable, code: str, kilograms: str, value: int = 0) -> int:
    """Cents of a load, before tax."""
    milligrams = int(Decimal(kilograms) * 10**6)
    row = table.find("", code, milligrams // 1000)
    assert isinstance(row, FoundRow), row
    return TariffPricer(Tariff()).charge(row, PricedLoad(milligrams, value)).cost


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """A text with parts of it in other words; each part stands there."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def expect_weighed(table: RateTable) -> None:
    """The prices of `intelipost.csv`, worked out by hand."""
    assert cost(table, "01310100", "10") == 2000
    assert cost(table, "01310100", "10.5", 1000_00) == 3000 + 300 + 100  # 0.30 % and GRIS 0.10 % of 1000.00
    assert cost(table, "13010000", "32") == 4000 + 2 * 200
    assert [table.find("", code, 1000).terms.days_max for code in ("01310100", "13010000", "13500000")] == [2, 3, 4]  # type: ignore[union-attr]
    assert table.find("", "14000000", 1000) is NoRow.RANGE


def book(text: str, *, titles: bool) -> bytes:
    """The sections as sheets of a workbook, by names that a spreadsheet cuts; or as one sheet with title lines."""
    workbook = Workbook()
    sheet = workbook.active
    for line in text.splitlines():
        cells = line.split(";")
        if len([cell for cell in cells if cell]) == 1 and not titles:
            sheet = workbook.create_sheet(cells[0][:31])
        else:
            sheet.append([float(cell) if cell.isdigit() else cell for cell in cells])
    if not titles:
        del workbook["Sheet"]
    workbook.save(stream := BytesIO())
    return stream.getvalue()


def test_brackets_and_shares_price_the_places_that_the_coverage_has(opened: Open) -> None:
    expect_weighed(opened(WEIGHED, "intelipost"))


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8-sig", "utf-16"])
def test_every_encoding_of_a_spreadsheet_is_read(opened: Open, encoding: str) -> None:
    expect_weighed(opened(WEIGHED.encode(encoding), "intelipost"))


@pytest.mark.parametrize("titles", [True, False])
def test_sections_are_sheets_of_a_workbook_or_parts_of_one(opened: Open, titles: bool) -> None:  # noqa: FBT001
    expect_weighed(opened(book(WEIGHED, titles=titles), "intelipost"))


def test_quoted_cells_are_told_apart(opened: Open) -> None:
    lines = [";".join(f'"{cell}"' for cell in line.split(";")) for line in WEIGHED.splitlines()]

    expect_weighed(opened("\n".join(lines), "intelipost"))


def test_a_sheets_name_that_is_cut_is_the_section_that_it_begins(write: Callable[..., Path]) -> None:
    text = WEIGHED.replace("3. Abran", f"{CENTRES};;\nCD;CEP\nSul;88010-000\n3. Abran")

    report = check_table(write(book(text, titles=False), "t.xlsx"), "intelipost", BRAZIL)

    assert [problem.where for problem in report.problems] == ["2. Especificações de Centro de !section"]


def test_sections_may_be_files_of_an_archive(opened: Open) -> None:
    parts = WEIGHED.split("\n3. Abrangência;;;;;;\n")
    parts = [parts[0].partition("\n")[2], *parts[1].split("\n4. Tarifas;;;;;;\n")]
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, part in zip(("Generalidades", "Abrangência", "Tarifa"), parts, strict=True):
            archive.writestr(f"{name}.csv", part)

    expect_weighed(opened(stream.getvalue(), "intelipost"))


def test_columns_stand_in_any_order_below_titles_and_between_blank_rows(opened: Open) -> None:
    lines = WEIGHED.splitlines()
    turned = [";".join(reversed(line.split(";"))) if at >= 10 else line for at, line in enumerate(lines)]

    expect_weighed(opened("\n".join(["Tabela 2026", "", *turned[:11], "", *turned[11:]]), "intelipost"))


@pytest.mark.parametrize(
    ("code", "kilograms", "value", "cents"),
    [
        ("01310100", "10", 100_00, 3500 + 400),  # the minimum; 8.00 by weight, 0.50 by value
        ("01310100", "100", 100_00, 8000 + 400),  # 0.80 x 100 kg
        ("01310100", "101", 100_00, 8080 + 800),  # and two started 100 kg of toll
        ("01310100", "10", 20_000_00, 10_000 + 400),  # 0.50 % of 20000.00
        ("13010000", "10", 100_00, 4500 + 400),
    ],
)
def test_freight_by_comparison_is_the_largest_of_three_and_fees_come_on_top(
    opened: Open, code: str, kilograms: str, value: int, cents: int
) -> None:
    assert cost(opened(COMPARED, "intelipost"), code, kilograms, value) == cents


def test_what_is_compared_is_the_base_of_a_rate(opened: Open) -> None:
    row = opened(COMPARED, "intelipost").find("", "01310100", 1000)
    assert isinstance(row, FoundRow)

    parts = TariffPricer(Tariff()).charge(row, PricedLoad(100 * 10**6, 100_00)).parts
    assert parts == {"base": 8000, "toll": 400}


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        (WEIGHED.replace("GRIS", "Frete mínimo").replace("0,10%", "35,00"), 12, "Frete mínimo is of Frete Comparação"),
        (WEIGHED.replace("GRIS", "Valor por quilo").replace("0,10%", "1,00"), 12, "Valor por quilo is of Frete Comp"),
        (
            WEIGHED.replace("Frete valor", "Valor por quilo").replace(";0,30%", ";1,00").replace(";0,50%", ";1,00"),
            12,
            "Valor por quilo is of Frete Comparação, até 10kg of Frete Peso",
        ),
        (WEIGHED.replace("GRIS", "% NF"), 12, "% sobre a nota fiscal is of Frete Comparação"),
        (COMPARED.replace("Pedágio por 100 kg", "Ad valorem %").replace("4,00", "0,10%"), 9, "Frete mínimo is of"),
        (
            COMPARED.replace("Pedágio por 100 kg", "Frete Peso").replace("35,00;0,80;0,50%;4,00", ";;;12,00")
            .replace("0,60%;4,00", "0,60%;"),
            10,
            "Frete mínimo is of Frete Comparação, Frete Peso in rows above of Frete Peso",
        ),
    ],
)  # fmt: skip
def test_both_modes_in_a_file_are_refused(problems: Tell, text: str, line: int, cause: str) -> None:
    told = problems(text, "intelipost", weight_unit="kg")

    assert told[0].line == line
    assert told[0].cause.startswith(cause)
    assert told[0].fix.startswith("the platform allows one of both in a file")


def test_a_row_by_brackets_below_rows_by_comparison_is_refused(problems: Tell) -> None:
    text = replaced(
        COMPARED,
        ("Pedágio por 100 kg", "Frete Peso"),
        ("0,50%;4,00", "0,50%;"),
        ("45,00;1,00;0,60%;4,00", ";;;9,00"),
    )

    (told,) = problems(text, "intelipost", weight_unit="kg")
    assert (told.line, told.cause) == (10, "Frete Peso is of Frete Peso, and rows above are of Frete Comparação")


def test_brackets_may_stand_in_rows_where_the_unit_is_said(opened: Open, problems: Tell) -> None:
    text = replaced(
        COMPARED,
        ("Frete mínimo;Valor por quilo;% sobre a nota fiscal;Pedágio por 100 kg", "De;Até;Frete Peso;Excedente"),
        ("De;Até", "Peso inicial;Peso final"),
        ("35,00;0,80;0,50%;4,00", "0;10;20,00;1,50"),
        ("45,00;1,00;0,60%;4,00", "0;10;25,00;"),
    )

    assert {problem.cause for problem in problems(text, "intelipost")} == {"does not say its unit"}
    table = opened(text.replace("Peso inicial;Peso final", "Peso inicial (kg);Peso final (kg)"), "intelipost")
    assert cost(table, "01310100", "12") == 2000 + 300
    assert table.find("", "13010000", 10_001) is NoRow.ABOVE


@pytest.mark.parametrize(
    ("old", "new", "where", "cause"),
    [
        ("ICMS;N", "ICMS;talvez", "1. Generalidades e Restrições!ICMS", "is neither S nor N"),
        ("Cubagem;300", "Cubagem;sim", "1. Generalidades e Restrições!Cubagem", "is not a number"),
        ("Cubagem;300", "Cubagem;-1", "1. Generalidades e Restrições!Cubagem", "is less than zero"),
        ("Cubagem;300", "ICMS;S", "1. Generalidades e Restrições!ICMS", "says ICMS a second time"),
        ("Cubagem;300", "Franquia;300", "1. Generalidades e Restrições!cell 1", "is not understood"),
        ("SP;Interior;25", "SP;Polo;25", "4. Tarifas!Região", "is no place of the coverage"),
        ("SP;Interior;25", "RJ;;25", "4. Tarifas!UF", "is no place of the coverage"),
        ("SP;Interior;25", ";;25", "4. Tarifas!row", "names no place"),
        ("UF;Região;até", "UF;Praça;até", "4. Tarifas!header", "is no column of this format"),
        ("Região;Prazo", "Região;Entrega", "3. Abrangência!header", "is no column of this format"),
        ("3. Abrangência", "Notas", "sheet", "no such section is in the file"),
        ("SP;Capital;20,00;30,00", "SP;Capital;;", "4. Tarifas!row", "has no price in any bracket"),
    ],
)
def test_what_is_not_known_is_told_with_its_section_and_cell(
    problems: Tell, old: str, new: str, where: str, cause: str
) -> None:
    told = problems(WEIGHED.replace(old, new), "intelipost")

    assert (where, cause) in [(problem.where, problem.cause) for problem in told]
    assert all(problem.fix for problem in told)


@pytest.mark.parametrize(
    ("section", "rows", "cause"),
    [
        (CENTRES, "CD;CEP\nSul;88010-000", "may hold several origins and methods"),
        ("5. Taxas", "Taxa;UF;Valor\nTRT;SP;10,00", "has fees, and how the platform lays them out"),
    ],
)
def test_a_section_whose_layout_nobody_documents_is_a_problem_until_it_is_ignored(
    problems: Tell, opened: Open, section: str, rows: str, cause: str
) -> None:
    text = WEIGHED + f"{section};;;;;;\n{rows}\n"

    (told,) = problems(text, "intelipost")
    assert told.cause.startswith(cause)
    assert told.where == f"{section}!section"
    assert told.fix.endswith('= "ignore" in the mapping')
    ignored = told.value
    table = opened(text, "intelipost", beside={"mapping": f'[columns]\n"{ignored}" = "ignore"\n'.encode()})
    assert f"section {ignored} is not used, as the mapping says" in table.summary.notes
    expect_weighed(table)


def test_a_section_of_headings_alone_is_told_and_not_used(opened: Open) -> None:
    table = opened(WEIGHED + "5. Taxas;;;;;;\nTaxa;UF;Valor;;;;\n", "intelipost")

    assert "section Taxas has no number and is not used" in table.summary.notes


def test_a_mapping_names_headings_that_nobody_documents(opened: Open) -> None:
    text = (
        WEIGHED.replace("UF;Região;até", "UF;Praça;até").replace("Região;Prazo", "Praça;Dias de viagem")
        .replace(";GRIS", ";Código").replace("Isenção de Cubagem;5", "Versão;7")
    )  # fmt: skip
    mapping = (
        '[columns]\n"Praça" = "region"\n"Dias de viagem" = "days_max"\n"Código" = "ignore"\n'
        '"Versão" = "ignore"\n"7" = "ignore"\n'
    )

    table = opened(text, "intelipost", beside={"mapping": mapping.encode()})
    assert cost(table, "13010000", "10") == 2500


@pytest.mark.parametrize(
    ("mapping", "where", "cause"),
    [
        ('[columns]\n"X" = "value_from"\n', "columns.X", "is no field of this format"),
        ('[columns]\n"X" = { fee = "toll" }\n', "columns.X", "is no field of this format"),
        ('decimal = ","\n[columns]\n', "decimal", "is not used here"),
    ],
)
def test_a_mapping_that_says_more_than_the_format_can_use_is_a_problem(
    problems: Tell, mapping: str, where: str, cause: str
) -> None:
    (told,) = problems(WEIGHED, "intelipost", beside={"mapping": mapping.encode()})

    assert (told.file, told.where, told.cause) == ("mapping", where, cause)


def test_a_row_with_codes_prices_what_it_and_the_coverage_have_in_common(opened: Open) -> None:
    text = replaced(
        WEIGHED,
        ("UF;Região;até", "CEP inicial;CEP final;até"),
        ("SP;Capital;20", "01000-000;01999-999;20"),
        ("SP;Interior;25", "13050-000;13999-999;25"),
    )
    table = opened(text, "intelipost")

    assert [isinstance(table.find("", code, 1000), FoundRow) for code in (
        "01999999", "02000000", "13049999", "13050000", "13139999", "13200000", "13500000", "13600000",
    )] == [True, False, False, True, True, False, True, False]  # fmt: skip


def test_days_come_from_the_coverage_with_their_least(opened: Open) -> None:
    text = WEIGHED.replace("Região;Prazo;", "Região;Prazo;Prazo mínimo").replace("Capital;2;", "Capital;2 a 5;1")
    table = opened(text, "intelipost")

    rows = [table.find("", code, 1000) for code in ("01310100", "13010000")]
    assert [(row.terms.days_min, row.terms.days_max) for row in rows if isinstance(row, FoundRow)] == [(1, 5), (3, 3)]


def test_places_that_no_row_prices_are_told(opened: Open) -> None:
    table = opened(WEIGHED.replace("SP;Interior;25,00;40,00;2,00;0,50%;0,10%\n", ""), "intelipost")

    assert "3. Abrangência!2 places have no price, the first in line 8" in table.summary.notes


def test_labels_may_stand_side_by_side_with_their_values_below(problems: Tell) -> None:
    text = WEIGHED.replace(
        "ICMS;N;;;;;\nCubagem;300;;;;;\nIsenção de Cubagem;5;", "ICMS;Cubagem;Isenção de Cubagem\nS;166,67;"
    )
    terms = find_format("intelipost").stated_terms(text.encode(), BRAZIL)  # type: ignore[attr-defined]

    assert (terms.tax_is_added, terms.cubic_factor, terms.cubic_exempt_kg) == (False, Decimal("166.67"), None)
    assert problems(text, "intelipost") == ()


def test_what_the_file_says_of_the_whole_table_is_noted(opened: Open) -> None:
    notes = opened(WEIGHED.replace("Isenção", "Limite de Altura;1,05\nIsenção"), "intelipost").summary.notes

    for words in ("ICMS is N", "Cubagem is 300", "Isenção de Cubagem is 5 kg", "only the longest is checked"):
        assert any(words in note for note in notes), words


def test_without_generalities_the_file_says_nothing_of_tax_and_cubage(opened: Open) -> None:
    table = opened(WEIGHED.partition("3. Abr")[1] + WEIGHED.partition("3. Abr")[2], "intelipost")

    assert any("there is no section Generalidades & Restrições" in note for note in table.summary.notes)
    expect_weighed(table)


def test_a_file_is_known_by_the_titles_of_its_sections(write: Callable[..., Path]) -> None:
    found = detect_table(write(WEIGHED), BRAZIL)

    assert (found.format, found.doubts) == ("intelipost", ())
    assert found.why == "it has the sections 1. Generalidades e Restrições, 3. Abrangência, 4. Tarifas"
    sheets = detect_table(write(book(COMPARED, titles=False), "t.xlsx"), BRAZIL)
    assert sheets.why == "it has the sections Generalidades & Restrições, Abrangência, Tarifa"


def test_two_titles_are_too_few_to_know_a_file_by(write: Callable[..., Path]) -> None:
    assert detect_table(write(WEIGHED.partition("3. Abr")[1] + WEIGHED.partition("3. Abr")[2]), BRAZIL).format == ""


def test_an_unknown_sheet_is_a_problem_until_it_is_ignored(write: Callable[..., Path]) -> None:
    source = book(WEIGHED + "Instruções;;;;;;\nPreencha;tudo\n", titles=False)
    options = replace(BRAZIL, beside={"mapping": '[columns]\n"Instruções" = "ignore"\n'.encode()})

    (told,) = check_table(write(source, "t.xlsx"), "intelipost", BRAZIL).problems
    assert (told.where, told.cause) == ("Instruções!sheet", "is none of the platform's sections")
    assert check_table(write(source, "t.xlsx"), "intelipost", options).problems == ()
