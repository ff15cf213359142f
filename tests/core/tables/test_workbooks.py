"""Workbooks: odd cells are problems, and what would harm a process harms one of its own."""

import sys
from collections.abc import Callable, Sequence
from multiprocessing import set_executable
from pathlib import Path

import pytest
from books import HEADER, XLSX_PARTS, archive, xlsx
from found_rows import cents

from portes.errors import Problem, Problems
from portes.tables import FoundRow, RateTable
from portes.tables.reading.workbooks import BookLimits, read_workbook

Found = Callable[..., tuple[Problem, ...]]

SAMPLES = Path(__file__).parent / "samples"
ODS_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
BEGIN = '<c t="inlineStr"><is><t>01000000</t></is></c><c t="inlineStr"><is><t>05999999</t></is></c>'


def row(weight_to: str = "<v>1000</v>", price: str = "<c><v>12.9</v></c>", minimum: str = "") -> str:
    return f"{BEGIN}<c><v>0</v></c><c>{weight_to}</c>{price}{minimum or '<c/>'}<c><v>3</v></c>"


def ods(*rows: str) -> bytes:
    header = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>' for name in HEADER
    )
    told = "".join(
        one if one.startswith("<table:table-row") else f"<table:table-row>{one}</table:table-row>"
        for one in (header, *rows)
    )
    body = (
        f'<office:body><office:spreadsheet><table:table table:name="Tarifa">{told}</table:table></office:spreadsheet>'
    )
    content = f"<office:document-content {ODS_NAMES}>{body}</office:body></office:document-content>"
    kind = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return archive([kind, ("META-INF/manifest.xml", "<manifest/>"), ("content.xml", content)])


def ods_row(minimum: str, price: str = "") -> str:
    cells = [f'<table:table-cell office:value-type="float" office:value="{each}"/>' for each in (1000000, 5999999, 0)]
    cells += ['<table:table-cell office:value-type="float" office:value="1000"/>']
    cells += [price or '<table:table-cell office:value-type="float" office:value="12.9"/>', minimum]
    return "".join([*cells, '<table:table-cell office:value-type="float" office:value="3"/>'])


def told(found: Sequence[Problem]) -> list[tuple[int, str, str, str]]:
    return [(problem.line, problem.where, problem.value, problem.cause) for problem in found]


def test_odd_cells_of_an_xlsx_sheet_are_problems_and_never_blank(problems: Found) -> None:
    found = problems(
        xlsx(
            row(price='<c t="e"><f>B9</f><v>#REF!</v></c>'),
            row(weight_to="<f>2*500</f>"),
            row(minimum="<c><f>A1</f><v></v></c>"),
            row(price="<c><v>NaN</v></c>"),
            row(price="<c><v>1e400</v></c>"),
            row(minimum='<c t="e"><v>#N/A</v></c>'),
        )
    )

    assert told(found) == [
        (2, "price", "#REF!", "is an error of the spreadsheet"),
        (3, "weight_to_g", "=2*500", "is a formula without a stored value"),
        (4, "minimum", "=", "is a formula without a stored value"),
        (5, "price", "nan", "is no number that can be counted with"),
        (6, "price", "inf", "is no number that can be counted with"),
        (7, "minimum", "#N/A", "is an error of the spreadsheet"),
    ]
    assert all(problem.fix for problem in found)


def test_odd_cells_of_an_ods_sheet_are_problems_and_never_blank(problems: Found) -> None:
    error = 'table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"'
    found = problems(
        ods(
            ods_row(f"<table:table-cell {error}><text:p>#DIV/0!</text:p></table:table-cell>"),
            ods_row('<table:table-cell table:formula="of:=1+1"/>'),
            ods_row("<table:table-cell/>", '<table:table-cell office:value-type="float" office:value="inf"/>'),
            '<table:table-row table:number-rows-repeated="9"><table:table-cell/></table:table-row>',
            ods_row(f"<table:table-cell {error}/>"),
        )
    )

    assert told(found) == [
        (2, "minimum", "#DIV/0!", "is an error of the spreadsheet"),
        (3, "minimum", "of:=1+1", "is a formula without a stored value"),
        (4, "price", "inf", "is no number that can be counted with"),
        (14, "minimum", "=", "is an error of the spreadsheet"),
    ]


def test_odd_cells_of_an_xls_sheet_are_problems_and_never_blank(problems: Found) -> None:
    assert told(problems((SAMPLES / "odd-cells.xls").read_bytes())) == [
        (2, "price", "#REF!", "is an error of the spreadsheet"),
        (3, "weight_to_g", "#N/A", "is an error of the spreadsheet"),
        (4, "minimum", '""', "is an empty text or a formula without a value"),
    ]


def test_a_sound_xls_sheet_is_read_to_the_cent(opened: Callable[..., RateTable]) -> None:
    table = opened((SAMPLES / "plain.xls").read_bytes())

    (one, other) = (table.find("", place, 500) for place in ("01000000", "06000000"))
    assert isinstance(one, FoundRow)
    assert isinstance(other, FoundRow)
    assert [(cents(row.price), cents(row.terms.minimum), row.terms.days_max) for row in (one, other)] == [
        (1290, 0, 3),
        (1870, 2000, 4),
    ]


def test_what_is_odd_only_for_a_machine_leaves_a_good_sheet_good(opened: Callable[..., RateTable]) -> None:
    """A formula with its value, or with an empty text; a styled blank cell far out; formulas of conditions."""
    table = opened(
        xlsx(
            row(price="<c><f>10+2.9</f><v>12.9</v></c>", minimum='<c t="str"><f>""</f><v></v></c>'),
            '<row r="1048576"><c r="XFD1048576" s="0"/></row>',
            after='<extLst xmlns:xm="a"><xm:f>A1</xm:f></extLst>',
        )
    )

    assert (table.summary.rows, cents(table.summary.lowest_price)) == (1, 1290)


WIDE_ROW = (
    ods_row("<table:table-cell/>")
    + '<table:table-cell table:number-columns-repeated="99999"><text:p>a</text:p></table:table-cell>'
)
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOMB = [("a", bytes(300 << 20)), ("b", bytes(300 << 20))]


@pytest.mark.parametrize(
    ("content", "where", "line", "cause"),
    [
        (xlsx(FAR), "Tarifa!XFD1048576", 1_048_576, "makes the sheet too large: 1048576 lines by 16384 columns"),
        (xlsx('<row r="3"><c r="XFE3"><v>1</v></c></row>'), "Tarifa!XFE3", 3, "makes the sheet too large"),
        (xlsx('<row r="9"><c r="ZZZZ9"><v>1</v></c></row>'), "Tarifa!ZZZZ9", 9, "is no cell of a sheet"),
        (ods(WIDE_ROW), "Tarifa!XFK2", 2, "makes the sheet too large"),
        (xlsx(before='<!DOCTYPE a [<!ENTITY b "c">]>'), "file", 0, "declares a document type"),
        (b"\xd0\xcf\x11\xe0" + b"\xff" * 2000, "file", 0, "is no workbook that can be read"),
        (archive([("xl/workbook.bin", "")]), "file", 0, "is an archive, and neither XLSX nor ODS"),
    ],
    ids=["far", "column", "reference", "repeated", "doctype", "ole", "xlsb"],
)  # fmt: skip
def test_a_workbook_out_of_bounds_is_a_problem_of_its_cell(
    problems: Found, content: bytes, where: str, line: int, cause: str
) -> None:
    (wrong,) = problems(content)

    assert (wrong.where, wrong.line) == (where, line)
    assert cause in wrong.cause
    assert wrong.fix


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("extra", "cause"),
    [
        ([("XL/worksheets\\sheet1.xml", "<x/>")], "some of one name"),
        ([(str(number), "") for number in range(4097)], "more than 4096"),
        (BOMB, "unpacks to more than 512 MiB"),
    ],
    ids=["twins", "many", "bomb"],
)
def test_an_archive_that_no_spreadsheet_wrote_is_a_problem(
    problems: Found, extra: Sequence[tuple[str, bytes | str]], cause: str
) -> None:
    (wrong,) = problems(archive([*XLSX_PARTS.items(), ("xl/worksheets/sheet1.xml", "<a/>"), *extra]))

    assert wrong.where == "file"
    assert cause in wrong.cause


WIDE = xlsx('<row r="400000"><c r="T400000"><v>1</v></c></row>')


@pytest.mark.parametrize(
    ("content", "limits", "cause"),
    [
        (WIDE, BookLimits(memory=128), "needs more than 128 MiB of memory to be read"),
        (xlsx(row()), BookLimits(told=0), "holds more than 0 MiB of cells"),
        pytest.param(
            "slow",
            BookLimits(seconds=1),
            "takes more than 1 s of processor time to be read",
            marks=pytest.mark.exhaustive,
        ),
    ],
    ids=["memory", "told", "time"],
)
def test_a_process_that_takes_too_much_is_a_problem_and_ends_nobody_else(
    content: bytes | str, limits: BookLimits, cause: str
) -> None:
    problems = Problems("table.xlsx")
    source = xlsx(after="<x/>" * 8_000_000) if isinstance(content, str) else content

    assert read_workbook(source, problems, limits) == []

    (wrong,) = problems.all()
    assert (wrong.file, wrong.where, wrong.cause) == ("table.xlsx", "file", cause)
    assert "CSV" in wrong.fix


def test_this_process_loads_no_library_that_reads_workbooks(
    opened: Callable[..., RateTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    libraries = {"python_calamine", "xlrd"}
    for name in libraries & set(sys.modules):  # another test of this process may have made a workbook
        monkeypatch.delitem(sys.modules, name)

    opened((SAMPLES / "plain.xls").read_bytes())
    opened(xlsx(row()))

    assert not libraries & set(sys.modules)


def test_the_process_is_told_no_secret_and_one_that_does_not_start_is_a_fault_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problems: Found
) -> None:
    monkeypatch.setenv("PASSWORD", "hunter2")
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\nexport > {tmp_path}/environment\nexit 3\n")
    program.chmod(0o700)
    set_executable(str(program))
    try:
        (wrong,) = problems(xlsx(row()))
    finally:
        set_executable(sys.executable)

    assert wrong.cause == "cannot be read: the process that reads workbooks did not work (3)"
    assert "hunter2" not in (tmp_path / "environment").read_text()


@pytest.mark.parametrize("word", ["#REF!", "#N/D", "#¡VALOR!"])
def test_an_error_in_a_text_file_is_a_problem_even_where_the_line_begins_with_it(problems: Found, word: str) -> None:
    found = problems(
        "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
        f"{word},01000000,05999999,0,1000,12.90,3\n# a comment\n"
    )

    assert told(found) == [(2, "service", word, "is an error of the spreadsheet")]
