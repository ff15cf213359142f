"""Text files as people save them: encodings, separators, decimal signs, quotes."""

from collections.abc import Callable

import pytest
from found_rows import cents, percent_of_value

from portes.errors import Problem
from portes.tables import FoundRow, RateTable, text_encoding

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

HEADER = "service;postal_from;postal_to;weight_from_g;weight_to_g;price;days_max\n"
ROW = "econômica;01000-000;05999-999;0;1000;12,90;3\n"


def price(table: RateTable, service: str = "econômica", postal_code: str = "01512651") -> int:
    row = table.find(service, postal_code, 500)
    assert isinstance(row, FoundRow)
    return cents(row.price)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "latin-1", "utf-16"])
def test_the_usual_encodings_are_found_out(opened: Opened, encoding: str) -> None:
    assert price(opened((HEADER + ROW).encode(encoding))) == 1290


def test_a_declared_encoding_is_used(opened: Opened) -> None:
    assert price(opened((HEADER + ROW).encode("cp850"), encoding="cp850")) == 1290


@pytest.mark.parametrize("name", ["zlib", "hex", "rot13", "undefined", "idna", "punycode", "no\0where", "klingon"])
def test_what_encodes_no_text_files_is_no_encoding(name: str) -> None:
    with pytest.raises(ValueError, match="write utf-8 or windows-1252"):
        text_encoding(name)


def test_text_that_breaks_the_declared_encoding_is_told_with_its_line(problems: Problems) -> None:
    (wrong,) = problems((HEADER + ROW).encode("windows-1252"), encoding="utf-8")

    assert (wrong.where, wrong.line) == ("encoding", 2)


@pytest.mark.parametrize(("encoding", "content"), [("utf-16", b"a"), ("utf-16", b"ab"), ("punycode", b"\\x")])
def test_an_encoding_that_the_file_does_not_have_is_told_whatever_way_it_fails(
    problems: Problems, encoding: str, content: bytes
) -> None:
    (wrong,) = problems(content, encoding=encoding)

    assert (wrong.where, wrong.value) in {("encoding", encoding), ("encoding", "b'a'")}
    assert "encoding" in wrong.fix or "utf-8" in wrong.fix


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_a_mark_at_the_beginning_is_stronger_than_a_declared_encoding(opened: Opened, encoding: str) -> None:
    text = ("# our tariff\n" + HEADER + ROW).encode("utf-8-sig")

    assert price(opened(text, encoding=encoding)) == 1290


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;", "sep=;;;;"])
def test_a_first_line_that_names_the_separator_is_no_header(opened: Opened, first: str) -> None:
    assert price(opened(f"{first}\r\n{HEADER}{ROW}")) == 1290


def test_lines_are_counted_with_the_one_that_names_the_separator(problems: Problems) -> None:
    (wrong,) = problems("sep=|\n" + (HEADER + ROW).replace(";", "|").replace("12,90", "dear"))

    assert (wrong.line, wrong.where) == (3, "price")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_in_the_header(opened: Opened, separator: str) -> None:
    text = (HEADER + ROW.replace("12,90", "12.90")).replace(";", separator)

    assert price(opened(text)) == 1290


def test_a_declared_separator_is_used(problems: Problems) -> None:
    assert problems((HEADER + ROW), separator=",")[0].where == "header"


def test_a_semicolon_alone_does_not_make_a_decimal_comma(opened: Opened) -> None:
    assert price(opened(HEADER + ROW.replace("12,90", "12.90"))) == 1290


@pytest.mark.parametrize(
    ("telling", "price_text", "expected"),
    [
        ("8,49", "1.234", 123_400),
        ("1.234,56", "1.234", 123_400),
        ("8.49", "1,234", 123_400),
        ("0,703", "1.234", 123_400),
    ],
)
def test_one_telling_number_decides_for_the_whole_file(
    opened: Opened, telling: str, price_text: str, expected: int
) -> None:
    header, row = HEADER.replace("days_max", "days_max;price_per_extra_kg"), ROW.replace("\n", f";{telling}\n")

    assert price(opened(header + row.replace("12,90", price_text))) == expected


@pytest.mark.parametrize("ambiguous", ["1.234", "1,234"])
def test_a_file_that_never_tells_its_decimal_sign_must_declare_it(
    problems: Problems, opened: Opened, ambiguous: str
) -> None:
    text = HEADER + ROW.replace("12,90", ambiguous)

    (wrong,) = problems(text)
    assert (wrong.line, wrong.where, wrong.value) == (2, "price", ambiguous)
    assert wrong.cause == "may mean thousands or three decimals"
    assert wrong.fix == (
        "write 1234 or 1.234, or declare the decimal sign: "
        + (
            'decimal = "," (--decimal comma) reads 1234, decimal = "." (--decimal dot) reads 1.234',
            'decimal = "," (--decimal comma) reads 1.234, decimal = "." (--decimal dot) reads 1234',
        )[ambiguous == "1,234"]
    )
    group = ambiguous[1]
    assert price(opened(text, decimal="," if group == "." else ".")) == 123_400


@pytest.mark.parametrize(("telling", "expected"), [("8,49", 123_400_000_000), ("8.49", 123_400_000)])
def test_another_cell_of_the_column_decides_before_those_of_other_columns(
    opened: Opened, telling: str, expected: int
) -> None:
    header, row = HEADER.replace("days_max", "days_max;price_per_extra_kg"), ROW.replace("\n", ";0.25\n")
    other = row.replace("12,90", telling).replace("01000-000;05", "06000-000;06")
    text = header + row.replace("12,90", "1.234") + other

    found = opened(text).find("econômica", "01512651", 500)
    assert isinstance(found, FoundRow)
    assert found.price == expected


def test_columns_that_disagree_decide_nothing_for_a_third(problems: Problems) -> None:
    header = HEADER.replace("days_max", "days_max;price_per_extra_kg;minimum")

    (wrong,) = problems(header + ROW.replace("12,90", "1.234").replace("\n", ";0,25;0.5\n"))

    assert (wrong.where, wrong.cause) == ("price", "may mean thousands or three decimals")


@pytest.mark.parametrize("noise", ["18.700000000000003", "18,700000000000003", "18.699999999999999"])
def test_the_noise_of_a_float_is_left_out_as_in_a_workbook(opened: Opened, noise: str) -> None:
    assert price(opened(HEADER + ROW.replace("12,90", noise))) == 1870


def test_digits_that_no_float_would_have_are_a_problem(problems: Problems) -> None:
    (wrong,) = problems(HEADER + ROW.replace("12,90", "18,70000000000000312"))

    assert wrong.cause == "has more decimals than can be kept"


def test_a_number_in_the_other_style_is_a_problem_of_its_line(problems: Problems) -> None:
    (wrong,) = problems(
        HEADER + ROW + ROW.replace("01000-000;05999-999", "06000-000;06999-999").replace("12,90", "8.49")
    )

    assert (wrong.line, wrong.where, wrong.value) == (3, "price", "8.49")
    assert wrong.cause == "is not a number with ',' as its decimal sign"


@pytest.mark.parametrize("text", ["R$ 12,90", "R$12,90", "12,90 BRL", '"12,90"', " 12,90 "])
def test_prices_may_carry_their_currency_and_quotes(opened: Opened, text: str) -> None:
    assert price(opened(HEADER + ROW.replace("12,90", text))) == 1290


@pytest.mark.parametrize("text", ["€ 12,90", "-12,90", "12,9,0", "50000000,00"])
def test_what_is_no_price_here_is_a_problem(problems: Problems, text: str) -> None:
    (wrong,) = problems(HEADER + ROW.replace("12,90", text))

    assert (wrong.where, wrong.value) == ("price", text)


@pytest.mark.parametrize("percent", ["0,30", "0,30%", "0,3 %", "0,300000"])
def test_percent_columns_mean_percent(opened: Opened, percent: str) -> None:
    header, row = HEADER.replace("days_max", "days_max;percent_of_value"), ROW.replace("\n", f";{percent}\n")

    found = opened(header + row).find("econômica", "01512651", 500)

    assert isinstance(found, FoundRow)
    assert percent_of_value(found.terms) == 300_000


def test_more_decimals_than_can_be_kept_are_a_problem(problems: Problems) -> None:
    header, row = HEADER.replace("days_max", "days_max;percent_of_value"), ROW.replace("\n", ";0,3000001\n")

    (wrong,) = problems(header + row)

    assert wrong.cause == "has more decimals than can be kept"


@pytest.mark.parametrize("price_text", ["12,90", "12"])
def test_broken_quotes_are_told_once_with_their_line(problems: Problems, price_text: str) -> None:
    wrong = problems(HEADER + ROW.replace("12,90", price_text) + 'econômica;"06000-000"x;06999-999;0;1000;12;3\n')

    assert [(problem.line, problem.where) for problem in wrong] == [(3, "row")]


def test_a_file_that_is_no_workbook_inside_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(b"PK\x03\x04 and nothing more")

    assert wrong.cause.startswith("is no workbook that can be read")


@pytest.mark.parametrize(
    ("content", "line", "cause"),
    [
        (HEADER + ROW + ";" * 1_000_001, 3, "is longer than 1000000 characters"),
        ("," * 1_000_001, 1, "is longer than 1000000 characters"),
        (HEADER + ROW + "x" * 200_000, 3, "cannot be split into cells: field larger than field limit (131072)"),
        pytest.param(
            HEADER + "\n" * 5_000_000, 5_000_000, "is one of more than 5000000 lines", marks=pytest.mark.exhaustive
        ),
    ],
    ids=["long", "long header", "long cell", "lines"],
)
def test_a_text_file_out_of_bounds_is_a_problem_of_its_line(
    problems: Problems, content: str, line: int, cause: str
) -> None:
    wrong = problems(content)[0]

    assert (wrong.where, wrong.line, wrong.cause) == ("row", line, cause)
    assert wrong.fix


def test_a_file_that_is_read_in_pieces_is_told_by_its_line_all_the_same(problems: Problems) -> None:
    (wrong,) = problems((HEADER + ROW + "#é\n" * 400_000).encode() + b"\xe9\n", encoding="utf-8")

    assert (wrong.where, wrong.line, wrong.value) == ("encoding", 400_003, "b'\\xe9'")
