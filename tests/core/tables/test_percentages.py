"""Percentages: text, numbers that a workbook shows as percentages, and bare ones that could be either."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from found_rows import percent_of_value
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import FoundRow, RateTable

Opened = Callable[..., RateTable]
Problems = Callable[..., tuple[Problem, ...]]

HEADER = ("postal_from", "postal_to", "weight_from_g", "weight_to_g", "price", "percent_of_value", "days_max")
SAMPLES = Path(__file__).parent / "samples"


def row(number: int, percent: object) -> tuple[object, ...]:
    return (f"0{number}000000", f"0{number}999999", 0, 1000, 12.9, percent, 3)


def workbook(percents: Sequence[tuple[object, str]], *, second_sheet: bool = False) -> bytes:
    """One row for each percentage, its cell in a number format."""
    book, stream = Workbook(), BytesIO()
    if second_sheet:
        book.active.append(HEADER)
        book.active.append(row(9, 0))
        book.create_sheet("More & <more>")
    sheet = book.worksheets[-1]
    sheet.append(HEADER)
    for number, (percent, shown) in enumerate(percents, start=1):
        sheet.append(row(number, percent))
        sheet.cell(number + 1, 6).number_format = shown
    book.save(stream)
    return stream.getvalue()


def text(*percents: str) -> str:
    lines = [HEADER, *(row(number, percent) for number, percent in enumerate(percents, start=1))]
    return "".join(";".join(map(str, line)) + "\n" for line in lines).replace("12.9", "12,9")


def percents(table: RateTable, count: int) -> list[int]:
    """In millionths of a percent, in the order of the rows."""
    found = [table.find("", f"0{number}000000", 500) for number in range(1, count + 1)]
    return [percent_of_value(one.terms) for one in found if isinstance(one, FoundRow)]


SHOWN = (
    (0.003, "0.00%", 300_000),
    (0.00316, "0%", 316_000),
    (0.1 + 0.2, "0.0%", 30_000_000),
    (1, "0%", 100_000_000),
    (0.003, "[Red]0.00%;-0.00%", 300_000),
)
NOT_SHOWN = (
    (0.66, "General", 660_000),
    (0.66, '0.00"%"', 660_000),
    (0.66, "0.00\\%", 660_000),
    (10, "0.00", 10_000_000),
)


@pytest.mark.parametrize("cells", [SHOWN, NOT_SHOWN], ids=["shown", "not shown"])
def test_a_number_shown_as_a_percentage_is_a_fraction_with_all_its_digits(
    opened: Opened, cells: Sequence[tuple[object, str, int]]
) -> None:
    table = opened(workbook([(percent, shown) for percent, shown, _ in cells]))

    assert percents(table, len(cells)) == [kept for _, _, kept in cells]


def test_a_formatted_cell_agrees_with_the_text_beside_it(opened: Opened) -> None:
    table = opened(workbook([(0.003, "0.00%"), ("0,30%", "General"), ("0,3 %", "@"), (0, "General")]))

    assert percents(table, 4) == [300_000, 300_000, 300_000, 0]


def test_formats_are_found_in_the_sheet_that_they_stand_in(opened: Opened) -> None:
    assert percents(opened(workbook([(0.003, "0.00%"), (0.25, "0%")], second_sheet=True)), 2) == [300_000, 25_000_000]


@pytest.mark.parametrize("content", [workbook([("0,30%", "General"), (0.003, "General")]), text("0,30%", "0,003")])
def test_a_bare_number_among_percentages_that_could_be_either_is_a_doubt(
    problems: Problems, content: str | bytes
) -> None:
    (wrong,) = problems(content)

    assert (wrong.line, wrong.where) == (3, "percent_of_value")
    assert wrong.cause == "may mean 0.003% or, as a fraction, 0.3%"
    assert wrong.fix == "write 0.003% or 0.3% with its sign"


@pytest.mark.parametrize("content", [workbook([("0,30%", "General"), (1.5, "General")]), text("0,30%", "1,5")])
def test_a_bare_number_above_one_is_a_percentage_beside_any_other(opened: Opened, content: str | bytes) -> None:
    assert percents(opened(content), 2) == [300_000, 1_500_000]


def ods(percent: str) -> bytes:
    """A workbook of OpenDocument with one row."""
    texts = [
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>' for name in HEADER
    ]
    cells = [
        f'<table:table-cell office:value-type="{"percentage" if at == 5 else "float"}" office:value="{value}"/>'
        for at, value in enumerate((1000000, 5999999, 0, 1000, 12.9, percent, 3))
    ]
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    rows = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in (texts, cells))
    sheet = f'<table:table table:name="a">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return stream.getvalue()


def test_an_xls_workbook_tells_a_number_that_is_shown_as_a_percentage(opened: Opened) -> None:
    assert percents(opened((SAMPLES / "percent.xls").read_bytes()), 1) == [300_000]


def test_a_workbook_that_does_not_tell_its_formats_is_refused_with_the_fix(problems: Problems) -> None:
    (wrong,) = problems(ods("0.003"))

    assert (wrong.line, wrong.where, wrong.value) == (2, "percent_of_value", "0.003")
    assert wrong.fix == "write 0.003% or 0.3% with its sign, or save it as XLSX"


@pytest.mark.parametrize(("percent", "kept"), [("1.5", 1_500_000), ("0", 0)])
def test_such_a_workbook_is_read_where_a_number_can_mean_one_thing(opened: Opened, percent: str, kept: int) -> None:
    assert percents(opened(ods(percent)), 1) == [kept]
