"""Samples as cells: what is changed is changed, the rest stays to the byte, and decorations are left alone."""

from io import BytesIO
from pathlib import Path

import pytest
from gallery.leaflet.case import DECLARED, leaflet_case
from gallery.leaflet.reader import Leaflet
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes_testing import BrokenContractError, FormatCase, FormatContract, Sample
from portes_testing.formats.book_grid import BookGrid, ods_of, xlsx_of
from portes_testing.formats.cells import Spot, headers_of, is_number, numbers_of
from portes_testing.formats.grids import grid_of
from portes_testing.formats.reading import FormatUnderTest, options

TEXT = 'sep=;\r\n# Made up; "by hand"\r\nCEP;Região;Frete\r\n01310-100;"a;\r\nb";12,90\r\n20040-002;2;19,90'


def sample(tmp_path: Path, content: bytes, name: str = "sample.csv") -> Sample:
    path = tmp_path / name
    path.write_bytes(content)
    return Sample(path, options=DECLARED)


def case(one: Sample, *decorations: str) -> FormatCase:
    return FormatCase(name="leaflet", samples=[one], decorations=decorations, comment="#")


def book() -> bytes:
    workbook, stream = Workbook(), BytesIO()
    workbook.active.title = "Capa"
    workbook.active.append([1, 2])
    sheet = workbook.create_sheet("Tarifa")
    for line in (["CEP", "Nota", "Frete"], ["01310100", 7, 12.9], ["20040002", 8, 19.9]):
        sheet.append(line)
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_a_cell_is_replaced_and_every_other_byte_stays(tmp_path: Path, encoding: str) -> None:
    one = sample(tmp_path, TEXT.encode(encoding))

    changed = grid_of(one, case(one)).with_cells({Spot("", 6, 2): "x"})

    assert changed == TEXT.replace("19,90", "x").encode(encoding)


def test_a_column_is_taken_out_of_every_line_but_comments(tmp_path: Path) -> None:
    one = sample(tmp_path, TEXT.encode())

    without = grid_of(one, case(one)).without_column(Spot("", 3, 1))

    left = 'sep=;\r\n# Made up; "by hand"\r\nCEP;Frete\r\n01310-100;12,90\r\n20040-002;19,90'
    assert without == left.encode()


def test_a_line_stands_there_twice_after_itself(tmp_path: Path) -> None:
    one = sample(tmp_path, b"a;1\nb;2\nc;3")

    assert grid_of(one, case(one)).with_line_twice(Spot("", 2, 0)) == b"a;1\nb;2\nb;2\nc;3\n"


@pytest.mark.parametrize("text", ["0", "12,90", "1.234,56", "-3", "0,30 %", "R$ 8,49", "01310-100", "02.12:00:00"])
def test_what_people_write_for_numbers_is_a_number(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "x", "#REF!", "7?", "10 kg", "SP1", "R$"])
def test_words_are_no_numbers(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize(
    ("decorations", "left"),
    [
        ([], ["Capa!A1", "Capa!B1", "Tarifa!A2", "Tarifa!A3", "Tarifa!B2", "Tarifa!B3", "Tarifa!C2", "Tarifa!C3"]),
        (["Capa!", "Nota"], ["Tarifa!A2", "Tarifa!A3", "Tarifa!C2", "Tarifa!C3"]),
        (["Capa!1:1", "Tarifa!B:C"], ["Tarifa!A2", "Tarifa!A3"]),
        (["A1:B2", "Tarifa!C3:C3"], ["Tarifa!A3", "Tarifa!B3", "Tarifa!C2"]),
    ],
)
def test_numbers_in_decorations_are_left_alone(tmp_path: Path, decorations: list[str], left: list[str]) -> None:
    one = case(sample(tmp_path, book(), "book.xlsx"), *decorations)

    assert sorted(map(str, numbers_of(grid_of(one.samples[0], one), one))) == left


def test_of_a_large_sample_every_column_is_tried(tmp_path: Path) -> None:
    lines = "".join(f"{line};{line}0;{line if line > 400 else ''}\n" for line in range(1, 500))
    one = case(sample(tmp_path, f"a;b;c\n{lines}".encode()))

    tried = numbers_of(grid_of(one.samples[0], one), one)

    assert len(tried) == 300
    assert {spot.column for spot in tried} == {0, 1, 2}


@pytest.mark.parametrize("made", [xlsx_of, ods_of])
def test_a_workbook_of_cells_holds_these_cells(tmp_path: Path, made: object) -> None:
    cells = {Spot("Tarifa", 1, 0): "CEP", Spot("Tarifa", 3, 1): 12.9, Spot("Tarifa", 3, 2): "<&>"}

    written = xlsx_of(cells) if made is xlsx_of else ods_of(cells)

    grid = BookGrid(written)
    assert grid.filled == cells
    assert headers_of(grid) == {Spot("Tarifa", 1, 0): "CEP"}


def test_a_cell_of_a_workbook_is_replaced(tmp_path: Path) -> None:
    changed = BookGrid(BookGrid(book()).with_cells({Spot("Tarifa", 2, 2): "#REF!"}))

    assert changed.filled[Spot("Tarifa", 2, 2)] == "#REF!"
    assert {**BookGrid(book()).filled, Spot("Tarifa", 2, 2): "#REF!"} == changed.filled


class Sleepless(Leaflet):
    def sheets(self, *_given: object) -> list[object]:  # type: ignore[override]  # it never returns any
        while True:
            try:
                while True:
                    len("")
            except Exception:  # noqa: S112, BLE001 — what it stops is the point
                continue


def test_a_format_that_stops_every_exception_comes_to_an_end_all_the_same() -> None:
    one = leaflet_case("leaflet")
    source, declared = one.samples[0].path.read_bytes(), options(one.samples[0])

    with pytest.raises(
        BrokenContractError, match=r"comes to no end on itself: after millions of steps it is at sheets"
    ):
        FormatUnderTest(one).read(source, declared, "itself", Sleepless())


def test_files_beside_a_sample_come_with_its_options(tmp_path: Path) -> None:
    one = sample(tmp_path, b"places", "places.csv")

    assert options(Sample(one.path, DECLARED, beside={"places": one.path})).beside == {"places": b"places"}


def test_a_test_of_the_suite_of_formats_is_replaced_openly_or_not_at_all() -> None:
    with pytest.raises(TypeError, match="test_rows_are_sane replaces a test of the suite"):
        type("TestMine", (FormatContract,), {"test_rows_are_sane": lambda _self: None})
    with pytest.raises(TypeError, match="test_rows is exempt, and the suite has no such test"):
        type("TestMine", (FormatContract,), {"exempt": {"test_rows": "no idea"}})


def test_a_case_says_why_an_option_means_nothing_and_has_a_sample() -> None:
    with pytest.raises(ValueError, match="settled: 'decimal' must be one of"):
        FormatCase(name="leaflet", samples=leaflet_case("leaflet").samples, settled={"decimal": " "})
    with pytest.raises(ValueError, match="give the case a sample"):
        FormatCase(name="leaflet", samples=[])
