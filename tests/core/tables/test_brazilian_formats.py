"""The formats of Brazilian platforms and importers: what their rules say, and what shops make of their templates."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from found_rows import cents, percent_of_value
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import Fee, FoundRow, NoRow, PricedLoad, RateTable, Tariff, TariffPricer

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
NOVA_OITO = (
    "CepInicial;CepFinal;PesoInicial;PesoFinal;ValorFrete;PercentualAdicionalValorProduto;PrecoAdicionalPesoProduto;"
    "PercentualAdicionalValorFrete;ValorAdicionalMinimo;PrazoEntrega\n"
)
TOPLOJAS = (
    "Nome,FaixaCepDe,FaixaCepAte,PesoDe,PesoAte,Valor,PrazoEntrega,Seguro,Kg Excedente-Peso De,"
    "Kg Excedente-Valor por Kg\n"
)
VIA_VAREJO = (
    "Contrato Logístico;Faixa de CEP;Peso Inicial;Peso Final;Tempo transporte;Custo Assessorial;Volume Máximo;"
    "Valor Mínimo\n"
)
CORREIOS = (
    "DESCRIÇÃO DA REGIÃO;CEP INICIAL;CEP FINAL;TRANSPORTADORA;TIPO DE SERVIÇO;PESO INICIAL;PESO FINAL;VALOR;PRAZO\n"
)
FULL = (
    "CepInicial;CepFinal;PesoInicial;PesoFinal;Valor;Prazo Máximo;AdValorem;KgAdicional;ICMS;Frete Mínimo;"
    "Taxa Fixa por Envio;Atende\n"
)
MINIMAL = "Tabela;CEP inicial;CEP final;Valor;Prazo\n"


def found(table: RateTable, postal_code: str = "01310100", weight: int = 900, service: str = "") -> FoundRow:
    row = table.find(service, postal_code, weight)
    assert isinstance(row, FoundRow), row
    return row


def cost(table: RateTable, weight: int, value: int | None = 0, service: str = "") -> int:
    """What a shipment to São Paulo comes to, in cents."""
    row = found(table, weight=weight, service=service)
    return TariffPricer(Tariff()).charge(row, PricedLoad(weight * 1000, value)).cost


def test_nova_oito_adds_a_percentage_of_the_goods_and_one_of_the_freight(opened: Opened) -> None:
    table = opened(NOVA_OITO + "01000000;05999999;0;1000;20,00;1,5;0;10;0;2\n", "nova-oito")

    # 20.00 + 1.5 % of 100.00, and 10 % of both
    assert cost(table, 900, value=100_00) == 2365


def test_nova_oito_takes_the_least_addition_for_that_of_the_one_percentage_of_its_row(opened: Opened) -> None:
    table = opened(
        NOVA_OITO
        + "01000000;05999999;0;1000;20,00;1;0;0;7,50;2\n01000000;05999999;1001;2000;20,00;0;0;10;7,50;2\n"
        + "01000000;05999999;2001;3000;20,00;0;0;0;7,50;2\n",
        "nova-oito",
    )

    assert [cost(table, weight, value=100_00) for weight in (900, 1900, 2900)] == [2750, 2750, 2750]
    assert cost(table, 900, value=1000_00) == 3000
    assert "ValorAdicionalMinimo is taken for the least" in table.summary.notes[0]


@pytest.mark.parametrize(
    ("additions", "where", "value"),
    [("0;0,10;0;0", "PrecoAdicionalPesoProduto", "0.1"), ("1;0;10;7,50", "ValorAdicionalMinimo", "7.5")],
)
def test_what_nova_oito_does_not_say_is_a_problem_and_no_guess(
    problems: Problems, additions: str, where: str, value: str
) -> None:
    (problem,) = problems(NOVA_OITO + f"01000000;05999999;0;1000;20,00;{additions};2\n", "nova-oito")

    assert (problem.where, problem.value, problem.line) == (where, value, 2)
    assert "the platform does not say" in problem.cause


def test_toplojas_charges_each_kg_above_the_weight_that_the_row_names(opened: Opened) -> None:
    table = opened(TOPLOJAS + "SP,01000000,05999999,0,30,12.23,12,0,30,23.12\n", "toplojas")

    assert (cost(table, 30_000), cost(table, 32_500)) == (1223, 1223 + 5780)


def test_toplojas_tells_an_excess_that_begins_above_every_bracket(problems: Problems, opened: Opened) -> None:
    lower = "SP,01000000,05999999,0,10,12.23,12,0,30,23.12\n"

    (problem,) = problems(TOPLOJAS + lower, "toplojas")

    assert (problem.where, problem.value, problem.line) == ("Kg Excedente-Peso De", "30 kg", 2)
    assert cost(opened(TOPLOJAS + lower + lower.replace(",0,10,12.23", ",10,30,45.60"), "toplojas"), 31_000) == 6872


def test_toplojas_needs_a_weight_from_which_excess_is_charged(problems: Problems) -> None:
    (problem,) = problems(TOPLOJAS + "SP,01000000,05999999,0,30,12.23,12,0,,23.12\n", "toplojas")

    assert (problem.where, problem.line) == ("Kg Excedente-Peso De", 2)


def test_toplojas_says_what_it_takes_the_insurance_for(opened: Opened) -> None:
    insured = opened(TOPLOJAS + "SP,01000000,05999999,0,30,12.23,12,10,,\n", "toplojas")

    assert found(insured).terms.fees == (Fee("ad_valorem", percent=10_000_000),)
    assert any("Seguro is taken for a percentage of the declared value" in note for note in insured.summary.notes)


def test_a_format_in_kg_closes_gaps_of_a_hundredth_and_heeds_no_declared_unit(opened: Opened) -> None:
    text = TOPLOJAS + "SP,01000000,05999999,0,10,20.00,3,0,,\nSP,01000000,05999999,10.01,30,30.00,3,0,,\n"

    for declared in ("g", "kg"):
        table = opened(text, "toplojas", weight_unit=declared)
        assert (cost(table, 10_000), cost(table, 10_001), cost(table, 30_000)) == (2000, 3000, 3000)


def test_vnda_is_known_by_its_letters_with_or_without_a_header(opened: Opened) -> None:
    rows = "SP,Capital,01000-000,05999-999,,0,30000,100.50,,,,5,,\n"

    for above in ("", "Estado,Região,De,Até,,Mín,Máx,Frete,,,,Prazo,,\n", "Tabela de frete\n\n"):
        row = found(opened(above + rows, "vnda"))
        assert (cents(row.price), row.terms.days_max) == (10_050, 5)


def test_vnda_is_read_with_semicolons_and_commas_below_a_title(opened: Opened) -> None:
    table = opened("Tabela\nSP;Capital;1000000;5999999;;0;30000;100,50;;;;5\n", "vnda")

    assert cents(found(table).price) == 10_050


def test_vnda_tells_the_title_and_the_columns_that_it_does_not_use(opened: Opened) -> None:
    table = opened("UF;Tipo\nSP;Capital;01000-000;05999-999;;0;30000;100,50;x;;;5\n", "vnda")

    assert table.summary.notes == (
        "line 1 ('UF') above the first row: not used",
        "what stands in I, not to be filled in, is not used",
    )


def test_vnda_leaves_a_sheet_of_words_out_and_reads_the_other(opened: Opened) -> None:
    book, stream = Workbook(), BytesIO()
    book.active.append(["Como preencher"])
    book.create_sheet("Frete").append(["SP", "Capital", 1000000, 5999999, None, 0, 30000, 100.5, *3 * [None], 5])
    book.save(stream)

    table = opened(stream.getvalue(), "vnda")

    assert cents(found(table).price) == 10_050
    assert "Como preencher" in table.summary.notes[0]


def test_vnda_tells_a_row_whose_columns_are_shifted(problems: Problems) -> None:
    told = problems("SP,01000-000,05999-999,,0,30000,100.50,,,,5,,\n", "vnda")

    assert {problem.line for problem in told} == {1}
    assert "D (CEP final)" in {problem.where for problem in told}


def test_via_varejo_adds_the_percentage_of_the_invoice_to_the_price_of_the_bracket(opened: Opened) -> None:
    row = "AB-1;01000000 a 05999999;0;10,00;3;0.5;9999999,99;25,90\n"
    table = opened(VIA_VAREJO + row + row.replace(";0;10,00", ";10,01;999"), "via-varejo")

    assert cost(table, 10_001, value=1000_00, service="AB-1") == 3090
    assert "Valor Mínimo is taken for the price of its bracket" in table.summary.notes[0]


def test_via_varejos_volumes_are_in_cubic_metres_and_its_word_for_none_lets_all_through(opened: Opened) -> None:
    row = "A;01000000 a 05999999;0;10,00;3;0;1,50;25,90\n"
    table = opened(VIA_VAREJO + row + row.replace("A;", "B;").replace("1,50", "9999999,99"), "via-varejo")

    assert found(table, service="A").terms.max_volume == 1_500_000_000
    assert found(table, service="B").terms.max_volume > 9_999_999 * 10**9


@pytest.mark.parametrize("codes", [";;", "01000000;;", "01000000;05999999;01000000 a 05999999"])
def test_via_varejo_needs_both_codes_once(problems: Problems, codes: str) -> None:
    header = VIA_VAREJO.replace("Faixa de CEP", "CEP Inicial;CEP Final;Faixa de CEP")
    written = codes if codes.count(";") == 2 else f"{codes};"

    (problem,) = problems(header + f"A;{written};0;10,00;3;0;1,50;25,90\n", "via-varejo")

    assert problem.cause == "a row needs a first and a last postal code, in one column or in two"


def test_the_generators_kinds_of_service_are_services_and_a_second_carrier_is_a_problem(
    opened: Opened, problems: Problems
) -> None:
    row = "CAPITAL;01000000;05999999;CORREIOS;PAC;0,000;0,300;18,40;5\n"
    both = CORREIOS + row + row.replace("PAC", "SEDEX").replace("18,40", "27,90")

    assert cost(opened(both.encode("latin-1"), "correios-generator", weight_unit="kg"), 300, service="SEDEX") == 2790
    (problem,) = problems(both + row.replace("CORREIOS", "OUTRA"), "correios-generator", weight_unit="kg")
    assert (problem.where, problem.value, problem.line) == ("TRANSPORTADORA", "OUTRA", 4)


def test_the_full_table_charges_percentage_fixed_fee_least_and_tax_in_their_order(opened: Opened) -> None:
    table = opened(FULL + "01000-000;05999-999;0;5;20,00;3;0,5;4,10;12;25,00;2,50;\n", "full")

    # (20.00 + 0.5 % of 1000.00 + 2.50) / 0.88; at least 25.00 / 0.88; and two and a half kg at 4.10 above
    assert [cost(table, 3000, value) for value in (1000_00, 0)] == [3125, 2841]
    assert cost(table, 7500, 0) == 3722


def test_above_the_last_bracket_the_full_table_has_a_price_only_with_a_price_for_each_kg(opened: Opened) -> None:
    table = opened(FULL + "01000-000;05999-999;0;5;20,00;3;;;;;;\n", "full")

    assert table.find("", "01310100", 5001) is NoRow.ABOVE


def test_rows_of_the_full_table_that_are_not_served_are_left_out_with_their_lines(opened: Opened) -> None:
    row = "01000-000;05999-999;0;5;20,00;3;;;;;;sim\n"
    away = row.replace("01000-000;05999-999", "06000-000;06999-999").replace("20,00", "")
    refused = row.replace("01000-000;05999-999", "07000-000;07999-999").replace("sim", "N")

    table = opened(FULL + row + away + refused, "full")

    assert (table.summary.rows, table.summary.left_out) == (1, 2)
    assert table.summary.notes == ("without Valor, or with Atende = no, and so not served: lines 3, 4",)
    assert table.find("", "06000000", 900) is NoRow.RANGE


def test_a_full_table_without_the_column_of_prices_is_a_problem(problems: Problems) -> None:
    (problem,) = problems(
        FULL.replace("Valor;", "", 1) + "01000-000;05999-999;0;5;3;;;;;;sim\n", "full", weight_unit="kg"
    )

    assert (problem.where, problem.cause) == ("header", "column Valor is missing")


def test_a_tax_that_leaves_nothing_is_a_problem(problems: Problems) -> None:
    (problem,) = problems(FULL + "01000-000;05999-999;0;5;20,00;3;;;100%;;;\n", "full")

    assert (problem.where, problem.value) == ("ICMS", "100%")


def test_the_minimal_table_prices_any_weight_by_table(opened: Opened, problems: Problems) -> None:
    row = "Sul;80000-000;99999-999;29,90;4\n"
    table = opened(MINIMAL + row + row.replace("Sul", "Norte").replace("29,90", "59,90"), "minimal")

    assert cents(found(table, "80000000", 1, "Sul").price) == 2990
    assert cents(found(table, "80000000", 900_000, "Norte").price) == 5990
    assert problems(MINIMAL + row + row.replace("80000", "90000"), "minimal")[0].where == "postal range"


VARIED = {
    "nova-oito": (NOVA_OITO, "01000000;05999999;0;1000;20,00;0;0;0;0;2\n"),
    "toplojas": (TOPLOJAS.replace(",", ";"), "SP;01000000;05999999;0;1;20,00;2;0;;\n"),
    "via-varejo": (VIA_VAREJO, "X;01000000 a 05999999;0;1,00;2;0;1,50;20,00\n"),
    "correios-generator": (CORREIOS, "SP;01000000;05999999;CORREIOS;X;0,000;1,000;20,00;2\n"),
    "full": (FULL, "01000000;05999999;0;1;20,00;2;;;;;;\n"),
    "minimal": (MINIMAL, "X;01000000;05999999;20,00;2\n"),
}


@pytest.mark.parametrize("name", VARIED)
@pytest.mark.parametrize("variation", ["as it is", "windows-1252", "BOM", "no zeros", "titled", "reversed", "XLSX"])
def test_what_shops_make_of_a_template_is_read(opened: Opened, name: str, variation: str) -> None:
    header, row = VARIED[name]
    if variation == "no zeros":
        row = row.replace("01000000", "1000000").replace("05999999", "5999999")
    lines = [header, row]
    if variation == "reversed":
        lines = [";".join(reversed(line.rstrip("\n").split(";"))) + "\n" for line in lines]
    text = ("Tabela de frete da loja\n\n" if variation == "titled" else "") + "\n\n".join(lines)
    source: bytes = text.encode("windows-1252" if variation == "windows-1252" else "utf-8")
    if variation == "BOM":
        source = text.encode("utf-8-sig")
    if variation == "XLSX":
        source = workbook(lines)

    table = opened(source, name, weight_unit="kg")

    (service,) = table.services
    row_found = found(table, service=service)
    assert (cents(row_found.price), row_found.terms.days_max, percent_of_value(row_found.terms)) == (2000, 2, 0)


def workbook(lines: list[str]) -> bytes:
    book, stream = Workbook(), BytesIO()
    for line in lines:
        cells = line.rstrip("\n").split(";")
        book.active.append([int(cell) if cell.isdigit() else cell for cell in cells])
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", VARIED)
def test_a_file_of_these_formats_that_is_taken_for_plain_is_told_by_its_name(problems: Problems, name: str) -> None:
    (problem,) = problems((SAMPLES / f"{name}.csv").read_bytes())

    assert problem.cause == f"is one of the format {name}"


def test_a_plain_table_that_does_not_say_its_unit_is_not_taken_for_one_in_kg(problems: Problems) -> None:
    told = problems("CEP inicial;CEP final;Peso inicial;Peso final;Valor;Prazo\n01000000;05999999;0;900;12,90;3\n")

    assert [problem.cause for problem in told] == 2 * ["does not say its unit"]
