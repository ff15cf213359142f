"""Headers as people write them: in other words, below titles, twice in a sheet, beside columns that say no price."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import FoundRow, RateTable, ReadOptions, check_table

Opened = Callable[..., RateTable]
Found = Callable[..., tuple[Problem, ...]]

BRAZIL = ReadOptions(country="BR", currency="BRL")
HEADER = "postal_from;postal_to;weight_from_g;weight_to_g;price;days_max\n"
ROW = "01000000;05999999;0;1000;12,90;3\n"
OTHER = "06000000;06999999;0;1000;15,90;4\n"
MICROS = 10**6


def price(table: RateTable, postal_code: str = "01512651", weight: int = 500) -> int:
    row = table.find("", postal_code, weight)
    assert isinstance(row, FoundRow)
    return row.price // MICROS


def notes(table: RateTable) -> Sequence[str]:
    return table.summary.notes


def workbook(*sheets: tuple[str, Sequence[list[Any]]], hidden: str = "") -> bytes:
    book, stream = Workbook(), BytesIO()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def cells(text: str) -> list[list[Any]]:
    return [list(line.split(";")) for line in text.splitlines()]


@pytest.mark.parametrize(
    "header",
    [
        "CEP Inicial;CEP Final;Peso Inicial (g);Peso Final (g);Valor do Frete;Prazo de Entrega",
        "CepInicial;CepFinal;PesoInicial (g);PesoFinal (g);Valor;Prazo (dias úteis)",
        "CEP de;CEP até;Peso de (g);Peso até (g);Preço R$;Prazo em dias",
        "FAIXA CEP DE;FAIXA CEP ATÉ;PESO_INICIAL_G;PESO_FINAL_G;FRETE (R$);PRAZO MÁXIMO",
        "código postal desde;código postal hasta;peso desde (g);peso hasta (g);precio;plazo de entrega",
        "Zip From;Zip To;Weight From (g);Weight To (g);Shipping Price;Transit Time",
        '"CEP\ninicial";"CEP\nfinal";"Peso inicial\n(g)";"Peso final\n(g)";Custo;Dias',
    ],
)
def test_columns_are_known_by_what_people_call_them(opened: Opened, header: str) -> None:
    assert price(opened(f"{header}\n{ROW}")) == 1290


def test_a_synonym_that_stands_beside_the_column_itself_is_a_doubled_column(problems: Found) -> None:
    (wrong,) = problems(HEADER.replace("days_max", "price;Valor") + ROW + "days_max")[:1]

    assert (wrong.where, wrong.cause) == ("header", "stands there more than once")


def test_the_words_of_the_header_name_a_problem_of_its_cells(problems: Found) -> None:
    (wrong,) = problems((HEADER + ROW).replace("postal_from", "CEP Inicial").replace("01000000", "centro"))

    assert (wrong.where, wrong.value) == ("CEP Inicial", "centro")


def test_a_currency_in_the_header_that_is_not_the_tables_is_a_problem(problems: Found) -> None:
    (wrong,) = problems((HEADER + ROW).replace("price", "Preço (US$)"))

    assert (wrong.value, wrong.cause) == ("Preço (US$)", "is in USD")


@pytest.mark.parametrize("unit", ["dias corridos", "horas"])
def test_days_that_are_no_business_days_are_a_problem_of_the_header(problems: Found, unit: str) -> None:
    (wrong,) = problems((HEADER + ROW).replace("days_max", f"Prazo ({unit})"))

    assert wrong.value == f"Prazo ({unit})"


def test_weights_in_two_units_are_a_problem(problems: Found) -> None:
    (wrong,) = problems((HEADER + ROW).replace("weight_to_g", "weight_to_kg"))

    assert wrong.cause == "states weights in g and in kg"


def test_titles_and_blank_lines_above_the_header_are_told(opened: Opened) -> None:
    table = opened("Tabela 2026, válida até 31/12; a, b, c\n\n;;Região Sudeste\n" + HEADER + ROW)

    assert price(table) == 1290
    assert notes(table) == ("lines 1 to 3 ('Tabela 2026, válida até 31/12') above the header: not used",)


def test_a_header_is_looked_for_in_the_first_sixty_lines_only(opened: Opened, problems: Found) -> None:
    assert price(opened("title\n\n" * 59 + HEADER + ROW)) == 1290
    (wrong,) = problems("title\n" * 60 + HEADER + ROW)
    assert (wrong.where, wrong.line) == ("header", 1)


def test_a_header_of_no_column_at_all_is_told_in_one_sentence(problems: Found) -> None:
    (wrong,) = problems("praça;custo fixo;obs\nSP;12;x\n")

    assert wrong.cause == (
        "no line names the columns of this format: "
        "columns postal_from, postal_to, weight_from_g, price and days_max are missing"
    )
    assert wrong.fix == "write these names above the columns, or declare the format that the file is in"


def test_tables_below_each_other_may_have_columns_of_their_own(opened: Opened) -> None:
    second = "Valor;Prazo;CEP de;CEP até;Peso de (kg);Peso até (kg);Observação\n15,90;4;6000000;6999999;0;1;x\n"

    table = opened(HEADER + ROW + "\n\n" + second)

    assert (price(table), price(table, "06512651")) == (1290, 1590)
    assert "column Observação is not used" in notes(table)


def test_the_decimal_sign_of_one_table_does_not_come_from_other_columns_of_the_next(opened: Opened) -> None:
    """The second table has its weights where the first one has its prices."""
    first = HEADER + ROW.replace("12,90", "1.234") + OTHER.replace("15,90", "99,5")
    second = "postal_from;postal_to;price;days_max;weight_from_kg;weight_to_kg\n07000000;07999999;7,5;3;0.5;1.25\n"

    assert price(opened(first + second)) == 123_400


def test_a_header_that_is_repeated_on_every_page_is_read_once(opened: Opened) -> None:
    table = opened(HEADER + ROW + (HEADER + "\n") * 120 + OTHER)

    assert price(table, "06512651") == 1590


def test_a_second_header_without_a_column_that_is_needed_is_a_problem_of_its_line(problems: Found) -> None:
    (wrong,) = problems(HEADER + ROW + HEADER.replace(";days_max", "") + OTHER)

    assert (wrong.where, wrong.line, wrong.cause) == ("header", 3, "column days_max is missing")


def test_a_sheet_of_endlessly_many_tables_is_a_problem(problems: Found) -> None:
    turned = "days_max;price;weight_to_g;weight_from_g;postal_to;postal_from\n"

    wrong = problems((HEADER + turned) * 40)

    assert [problem.cause for problem in wrong][:1] == ["is one of more than 50 in its sheet"]


def test_a_group_above_the_header_gives_its_columns_their_words(opened: Opened) -> None:
    groups = "CEP;;Peso;;Frete;Prazo\n;;;;;\n".replace(";;;;;\n", "")

    assert price(opened(groups + "de;até;de (g);até (g);;\n" + ROW)) == 1290


def test_a_title_above_the_header_is_no_group(problems: Found) -> None:
    (wrong, *_) = problems("CEP;;;;;\nde;até;weight_from_g;weight_to_g;price;days_max\n" + ROW)

    assert wrong.value == "de"


@pytest.mark.parametrize(
    "name",
    ["Região", "Bairro", "OBSERVAÇÃO", "Obs.", "Status", "Filial", "Unidade", "Cidade/UF", "UF", "Cód. IBGE", ""],
)
def test_decoration_is_left_out_and_told(opened: Opened, name: str) -> None:
    text = f"{name};{HEADER}" + f"qualquer 1,5 coisa;{ROW}" + f"#N/D;{OTHER}"

    table = opened(text)

    assert (price(table), price(table, "06512651")) == (1290, 1590)
    assert notes(table) == ((f"column {name} is not used" if name else "a column without a name is not used"),)


@pytest.mark.parametrize(
    "name",
    ["Taxa por cidade", "Observação valor", "UF kg", "Status %", "Valor bairro", "Nome", "Código", "Cidade de origem"],
)
def test_what_may_change_a_price_is_never_decoration(problems: Found, name: str) -> None:
    (wrong,) = problems(f"{name};{HEADER}1;{ROW}")

    assert (wrong.where, wrong.value, wrong.cause) == ("header", name, "is no column of this format")


@pytest.mark.parametrize(
    "line",
    [
        "Total;;;;;\n",
        "Total;;;;99,90;\n",
        "Subtotal SP;;;30000;99,90;\n",
        "Observações:;preço sem ICMS;;;;\n",
        "* válido até 31/12/2026\n",
        ";;Região Sul;;;\n",
        "Tabela sujeita a alteração sem aviso prévio, 30 dias\n",
    ],
)
def test_remarks_and_totals_are_no_rows_and_are_told(opened: Opened, line: str) -> None:
    table = opened(HEADER + ROW + line + OTHER + line)

    assert table.summary.rows == 2
    (note,) = notes(table)
    assert note.startswith("line 3 ('")
    assert "line 5" in note


def test_a_groups_unit_holds_for_the_columns_below_it(opened: Opened) -> None:
    table = opened("CEP;;Peso (kg);;Valor;Prazo\nDe;Até;De;Até;;\n01000-000;05999-999;0;10;12,90;3\n")

    assert (table.summary.weight_unit, table.summary.heaviest) == ("kg", 10_000_000)


def test_many_remarks_are_counted_in_one_note(opened: Opened) -> None:
    table = opened(HEADER + ROW + "".join(f"Nota {number}: frete\n" for number in range(30)))

    (note,) = notes(table)
    assert note.endswith("and 27 more below the header: no row, not used")


@pytest.mark.parametrize(
    "line",
    [
        "Total;07999999;;;;\n",
        "Total;;0;1000;9,90;3\n",
        "Validade;;;;99,90;\n",
        "07000000;;;;;\n",
        "norte;07999999;0;1000;9,90;3\n",
        "07000000;07999999;0;1000;sem;3\n",
    ],
)
def test_a_line_that_may_be_a_broken_row_stays_a_problem(problems: Found, line: str) -> None:
    assert {problem.line for problem in problems(HEADER + ROW + line)} == {3}


def test_a_cover_sheet_is_told_and_not_used(opened: Opened) -> None:
    cover: list[list[Any]] = [["Proposta comercial"], ["Validade", "31/12/2026"]]

    table = opened(workbook(("Capa", cover), ("Preços", cells(HEADER + ROW))))

    assert price(table) == 1290
    assert notes(table) == ("sheet Capa has no table and is not used",)


def test_a_sheet_whose_table_is_not_understood_is_a_problem_beside_a_sound_one(problems: Found) -> None:
    other: list[list[Any]] = [["de", "ate", "kg", "kg2", "reais", "d"], ["06000000", "06999999", 0, 1, 5, 3]]

    (wrong,) = problems(workbook(("A", cells(HEADER + ROW)), ("B", other)))

    assert wrong.where == "B!header"


@pytest.mark.parametrize("hidden", ["Velha", "Preços"])
def test_a_hidden_sheet_is_told_and_not_used(opened: Opened, hidden: str) -> None:
    other = HEADER + OTHER.replace("15,90", "1,00").replace("06", "01").replace("01999999", "05999999")
    sheets = [("Velha", cells(HEADER + ROW)), ("Preços", cells(other))]

    table = opened(workbook(*sheets, hidden=hidden))

    assert price(table) == {"Velha": 100, "Preços": 1290}[hidden]
    assert notes(table) == (f"sheet {hidden} is hidden and is not used",)


def test_the_separator_is_the_one_under_which_the_header_is_understood(opened: Opened) -> None:
    assert price(opened("a, b, c, d, e, f, g, h, i, j\n" + HEADER + ROW)) == 1290


def test_a_file_of_another_format_is_still_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    header = "ZipCodeStart;ZipCodeEnd;WeightStart;WeightEnd;AbsoluteMoneyCost;TimeCost\n"
    path.write_text(f"Tabela da loja\n{header}01000000;05999999;0;1000;12,90;3\n")

    (wrong,) = check_table(path, "plain", BRAZIL).problems

    assert wrong.fix == 'declare format = "vtex" (--format vtex)'


@pytest.mark.parametrize("header", ["WeightStart (kg);WeightEnd (kg)", "Weight Start kg;WeightEnd"])
def test_a_unit_in_the_header_counts_for_all_weights_of_the_table(opened: Opened, header: str) -> None:
    text = f"ZipCodeStart;ZipCodeEnd;{header};AbsoluteMoneyCost;TimeCost;PriceByExtraWeight\n"

    row = opened(f"{text}01000000;05999999;0,5;10;12,90;3;2,10\n", "vtex").find("", "01512651", 1500)

    assert isinstance(row, FoundRow)
    assert (row.extra_from, row.terms.extra_per_kg) == (500_000, 210 * MICROS)
