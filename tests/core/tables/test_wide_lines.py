"""Tables with one column for each weight bracket: every line gives the price below each bracket."""

from pathlib import Path

import pytest

from portes.errors import Problems
from portes.tables import ReadOptions
from portes.tables.formats.wide_prices import WidePrices
from portes.tables.protocol import NO_LIMIT, ON_REQUEST
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column, WideLine, read_wide_lines
from portes.tables.reading.sheets import open_sheets
from portes.tables.reading.vocabulary import SYNONYMS, is_decoration

COLUMNS = (
    Column("postal_from", Cells.postal_code, also=SYNONYMS["postal_from"]),
    Column("postal_to", Cells.postal_code, also=SYNONYMS["postal_to"]),
    Column("days_max", Cells.days, blank=0, also=SYNONYMS["days_max"]),
)
OPTIONS = ReadOptions(country="BR", currency="BRL")
KG = 1_000_000
GRAM = 1000
CENTS = 10**6
TWO = (
    ";;;Valor - Coleta e Entrega;;\nFilial;Cep Inicial;Cep Final;até 60kgs;acima 60kgs;\n"
    "505;90000000;91999999;4,54;11,36\n;;;;;\n"
    "Filial;Cep Inicial;Cep Final;Cidade;até 100kgs;até 200kgs;exc./kg\n607;5307900;5307900;São Paulo;66,1024;-;0,703\n"
)


def read(text: str) -> tuple[list[WideLine], Problems]:
    problems = Problems()
    sheets = open_sheets(text.encode(), OPTIONS, problems)
    return list(read_wide_lines(sheets, COLUMNS, OPTIONS, problems, is_decoration)), problems


def test_each_line_gives_the_price_below_each_bracket_of_its_own_table() -> None:
    lines, problems = read(TWO)

    assert [(line.line, line.values) for line in lines] == [
        (3, ("90000000", "91999999", 0)),
        (6, ("05307900", "05307900", 0)),
    ]
    assert lines[0].prices == (((None, 60 * KG, False), 454 * CENTS), ((60 * KG, NO_LIMIT, False), 1136 * CENTS))
    assert lines[1].prices == (
        ((None, 100 * KG, False), 6_610_240_000),
        ((None, 200 * KG, False), None),
        ((None, NO_LIMIT, True), 70_300_000),
    )
    assert problems.count == 0
    assert any("above the header" in note for note in problems.notes)


def test_words_in_place_of_a_price_are_a_price_on_request() -> None:
    lines, _ = read(TWO.replace("11,36", "sob consulta"))

    assert lines[0].prices[1][1] == ON_REQUEST


def test_a_problem_below_a_bracket_names_the_bracket() -> None:
    _, problems = read(TWO.replace("11,36", "caro"))

    (wrong,) = problems.all()
    assert (wrong.where, wrong.line, wrong.value) == ("acima 60kgs", 3, "caro")


def test_a_bracket_that_stands_there_twice_is_a_problem() -> None:
    _, problems = read("Cep Inicial;Cep Final;até 1kg;até 1000 g\n01000000;05999999;1;2\n")

    assert [problem.cause for problem in problems.all()] == ["stands there more than once"]


def test_a_bracket_that_may_mean_two_weights_is_a_problem() -> None:
    _, problems = read("Cep Inicial;Cep Final;até 1kg;até 1.000 kg\n01000000;05999999;1;2\n")

    assert [(problem.value, problem.cause) for problem in problems.all()] == [
        ("até 1.000 kg", "may mean thousands or three decimals")
    ]


def test_a_table_without_a_bracket_in_its_header_is_a_problem() -> None:
    _, problems = read("Cep Inicial;Cep Final;Prazo\n01000000;05999999;1\n")

    assert [problem.cause for problem in problems.all()] == ["no column is for a weight bracket"]


def test_the_published_wide_extract_is_read_whole() -> None:
    sample = (Path(__file__).parent / "samples" / "southern-zones.csv").read_text(encoding="utf-8")

    lines, problems = read(sample)

    assert problems.all() == ()
    assert {len(line.prices) for line in lines} == {7}
    assert lines[0].prices[0] == ((None, 100 * KG, False), 6610 * CENTS)
    assert lines[0].prices[-1] == ((1500 * KG, NO_LIMIT, False), 70_506 * CENTS)


@pytest.mark.parametrize(
    ("header", "grams"), [("até 10kg;acima de 10kg", 1), ("0 a 10;10 a 20", 1), ("0 a 10;10,01 a 20", 10)]
)
def test_a_border_belongs_to_the_column_below_it_though_that_has_no_price(header: str, grams: int) -> None:
    problems = Problems()
    text = f"Cep Inicial;Cep Final;{header}\n01000000;05999999;-;7\n06000000;06999999;5;7\n"
    lines = read_wide_lines(open_sheets(text.encode(), OPTIONS, problems), COLUMNS, OPTIONS, problems, is_decoration)

    begins = [[one.weight_from for one in WidePrices("flat", problems).brackets(line)] for line in lines]

    assert begins == [[10 * KG + grams * GRAM], [0, 10 * KG]]
