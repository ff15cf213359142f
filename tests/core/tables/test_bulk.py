"""Large tables are read by their columns: the compiled table is the one that its lines give, byte by byte."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portes.errors import Problem, Problems
from portes.tables import RateTable, ReadOptions
from portes.tables.bulk.form import BulkLimits
from portes.tables.bulk.packing import compile_in_bulk
from portes.tables.formats.finding import find_format
from portes.tables.formats.plain import Plain
from portes.tables.index.compiler import Compiled, compile_rows
from portes.tables.index.files import write_compiled
from portes.tables.opening import LARGE_TABLE

BRAZIL = ReadOptions(country="BR", currency="BRL")
SMALL = BulkLimits(piece=200)
"""Pieces of a few lines."""
HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,days_max\n"
VTEX = (
    "ZipCodeStart,ZipCodeEnd,PolygonName,WeightStart,WeightEnd,AbsoluteMoneyCost,PricePercent,"
    "PriceByExtraWeight,MaxVolume,TimeCost,Country,MinimumValueInsurance\n"
)
ORDINARY = (
    HEADER
    + "pac,01310000,01310099,0,1000,10.50,0.865,0.30,3\n"
    + "pac,01310000,01310099,1000,5000,12.75,0.865,0.45,3\n"
    + "pac,01310100,01310199,0,1000,11.00,1.5,0.30,4\n"
    + "sedex,01310000,01310099,0,1000,22.1234,2.25,1.5,1\n"
)


def from_lines(source: bytes, format_name: str, options: ReadOptions) -> tuple[bytes | None, tuple[Problem, ...]]:
    """What reading line by line gives."""
    problems = Problems()
    compiled = compile_rows(find_format(format_name).read(source, options, problems), options, problems)
    return compiled and content(compiled), problems.all()


def from_columns(source: bytes, format_name: str, options: ReadOptions, sizes: BulkLimits = SMALL) -> bytes | None:
    """What reading by columns gives."""
    kinds: dict[str, Any] = {"plain": Plain}
    table_format: Any = kinds.get(format_name, lambda: find_format(format_name))()
    compiled = compile_in_bulk(table_format, source, options, sizes)
    return compiled and content(compiled)


def content(compiled: Compiled) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        write_compiled(path, "", compiled)
        return path.read_bytes()


def agree(text: str | bytes, format_name: str = "plain", **options: Any) -> None:
    """A table is read by columns, and comes to the same."""
    source = text if isinstance(text, bytes) else text.encode()
    lines, problems = from_lines(source, format_name, replace(BRAZIL, **options))
    assert not problems
    for sizes in (SMALL, BulkLimits()):
        assert from_columns(source, format_name, replace(BRAZIL, **options), sizes) == lines


def semicolons(text: str) -> str:
    return text.replace(",", ";").replace(".", ",")


WRITTEN = {
    "as it is": ORDINARY,
    "decimal commas": semicolons(ORDINARY),
    "line ends of Windows": ORDINARY.replace("\n", "\r\n"),
    "no line end at the end": ORDINARY.rstrip(),
    "a mark of UTF-8": b"\xef\xbb\xbf" + ORDINARY.encode(),
    "UTF-16": ORDINARY.encode("utf-16"),
    "Windows-1252": ORDINARY.replace("sedex", "expresso rápido").encode("windows-1252"),
    "quotes round each cell": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in ORDINARY.splitlines()
    ),
    "separators at the end": ORDINARY.replace("\n", ",,\n"),
    "blank lines": ORDINARY.replace("sedex", "\n \n,,,,,,,,\nsedex"),
    "short lines": "price,days_max,postal_from,postal_to,weight_from_g,weight_to_g,percent_of_value\n"
    "1.50,3,01000000,01000000,0,10\n2.50,3,01000001,01000001,0,20,0.3\n",
    "comments above the header": "# ours\n" + ORDINARY,
    "a declared separator": "sep=,\n" + ORDINARY,
    "hyphens and dots in codes": ORDINARY.replace("01310000", "01310-000").replace("01310099", "01.310-099"),
    "lost zeros": ORDINARY.replace(",0131", ",131"),
    "lost zeros and hyphens": ORDINARY.replace(",01310", ",1310-"),
    "codes with noughts of a spreadsheet": ORDINARY.replace("01310000,01310099", "1310000.0,1310099.0"),
    "percent signs": ORDINARY.replace("0.30,", "0.30%,").replace("0.45,", "0.45%,").replace(",1.5,1", ",1.5%,1"),
    "thousands": ORDINARY.replace("22.1234", '"1,022.12"'),
    "thousands without quotes": semicolons(ORDINARY).replace("22,1234", "1.022,12"),
    "symbols": ORDINARY.replace("22.1234", "R$ 22.12"),
    "on request": ORDINARY.replace("22.1234", "sob consulta"),
    "spaces": ORDINARY.replace("22.1234", " 22.12 ").replace("01310100", " 01310100"),
    "noise of floats": ORDINARY.replace("22.1234", "18.700000000000003"),
    "the largest numbers": ORDINARY.replace("22.1234", "40000000.00").replace("2.25", "39999999.123456"),
    "no end of a bracket": ORDINARY.replace("1000,22.1234", ",22.1234"),
    "numbers of more than eight signs": ORDINARY.replace("22.1234", "1234567.89").replace(",5000,", ",0000005000,"),
    "as many decimals as are kept": ORDINARY.replace("22.1234", "0.123456")
    .replace("11.00", "9.9")
    .replace("2.25", "7"),
    "percent signs before a space": ORDINARY.replace("0.30,", "0.30% ,")
    .replace("0.45,", "1%,")
    .replace(",1.5,1", ",2%,1"),
    "a line of blanks that are not ASCII": ORDINARY.replace("sedex", "\u00a0,\u2003\nsedex"),
    "a blank cell at the file's end": ORDINARY.replace("service,", "max_volume_cm3,service,")
    .replace("\npac", "\n,pac")
    .replace("\nsedex", "\n9000,sedex")
    + ",pac,01310200,01310299,0,1000,12.00,,,4",
    "words of one beginning": ORDINARY.replace("sedex", "expresso rápido 2").replace(
        "pac,01310000", "expresso rápido 1,01310000"
    ),
    "words of one end": ORDINARY.replace("sedex", "a slow service").replace("pac,01310000", "b slow service,01310000"),
    "blank fees": ORDINARY.replace("0.865,0.30", ",").replace("1.5,0.30", "1.5,"),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_table_comes_to_the_same_however_its_cells_are_written(text: str | bytes) -> None:
    if text == WRITTEN["thousands"]:
        source = text.encode() if isinstance(text, str) else text
        assert from_columns(source, "plain", BRAZIL) is None, "a separator in quotes cannot be split by separators"
        return
    agree(text)


@pytest.mark.parametrize("overlap", ["narrowest", "dearest"])
def test_ranges_that_overlap_come_to_the_same(overlap: str) -> None:
    agree(ORDINARY + "pac,01310050,01310059,0,1000,9.50,0,0,3\n", overlap=overlap)


def test_holes_that_are_allowed_come_to_the_same() -> None:
    agree(ORDINARY + "sedex,01310000,01310099,3000,5000,9.50,0,0,3\n", hole="fail")


def test_a_header_in_kg_comes_to_the_same() -> None:
    text = ORDINARY.replace("_g", "_kg").replace(",1000,5000,", ",1000.01,5000,")
    agree(text)


@pytest.mark.parametrize("zero_price", ["free", "refuse"])
def test_prices_of_zero_come_to_the_same(zero_price: str) -> None:
    agree(ORDINARY + "pac,02000000,02000001,0,1000,0,0,0,3\n", zero_price=zero_price)


@pytest.mark.parametrize(("country", "codes"), [("ES", "28001,28080"), ("PT", "1100,1199148"), ("GB", "PH2,PH16")])
def test_codes_of_other_countries_come_to_the_same(country: str, codes: str) -> None:
    agree(f"postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n{codes},0,10,1.50,3\n", country=country)


@pytest.mark.parametrize("axis", ["value_{}", "units_{}", "volume_{}_cm3"])
def test_brackets_of_other_axes_come_to_the_same(axis: str) -> None:
    borders = f"{axis.format('from')},{axis.format('to')}"
    agree(f"postal_from,postal_to,{borders},price,days_max\n01000000,01000001,0,10,1.50,3\n")


@pytest.mark.parametrize("weight_unit", ["g", "kg"])
def test_a_template_comes_to_the_same(weight_unit: str) -> None:
    rows = [
        f"0131{at:04d},0131{at:04d},,0,{at + 1}.5,{at}.9,0.3,0.0{at + 1},1000000,{at}.12:00:00,BRA,1.5"
        for at in range(9)
    ]
    agree(VTEX + "\n".join(rows), "vtex", weight_unit=weight_unit)


BROKEN = {
    "a bad price": ORDINARY.replace("22.1234", "dear"),
    "a price that is too large": ORDINARY.replace("22.1234", "40000000.01"),
    "a price with too many decimals": ORDINARY.replace("22.1234", "22.123456789"),
    "an ambiguous price": HEADER + "pac,01310000,01310099,0,1000,1.234,,,3\n",
    "a fraction among percentages": ORDINARY.replace("0.45", "0.45%"),
    "a fraction among percentages with spaces": ORDINARY.replace("0.45", "0.45% "),
    "a line of words that are not ASCII": ORDINARY + "é" + 8 * ",é" + "\n",
    "a bad code": ORDINARY.replace("01310100", "0131010"),
    "codes that do not compare": ORDINARY.replace("01310100", "1310100"),
    "a range that runs backwards": ORDINARY.replace("01310100,01310199", "01310199,01310100"),
    "a bracket without a gram": ORDINARY.replace("1000,5000", "5000,5000"),
    "a bracket that overlaps": ORDINARY.replace("1000,5000", "500,5000"),
    "a hole": ORDINARY.replace("1000,5000", "2000,5000"),
    "a row that is repeated": ORDINARY + ORDINARY.splitlines()[-1],
    "ranges that overlap": ORDINARY.replace("01310100,", "01310099,"),
    "a blank cell": ORDINARY.replace("22.1234", ""),
    "a blank service": ORDINARY.replace("sedex", ""),
    "an error of a spreadsheet": ORDINARY.replace("22.1234", "#REF!"),
    "an error at a line's beginning": ORDINARY.replace("sedex", "#REF!"),
    "too many cells": ORDINARY.replace("22.1234", "22,1234"),
    "an open quote": ORDINARY.replace("22.1234", '"22.1234'),
    "no rows": HEADER,
    "no header": "",
    "an unknown column": ORDINARY.replace("service", "serbice"),
    "a price of nothing": ORDINARY.replace("22.1234,2.25,1.5", "0,0,0"),
    "days too many": ORDINARY.replace(",4\n", ",1000\n"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_table_with_a_problem_is_left_to_the_reader_of_lines(text: str) -> None:
    lines, problems = from_lines(text.encode(), "plain", BRAZIL)
    assert lines is None
    assert problems
    assert from_columns(text.encode(), "plain", BRAZIL) is None
    assert from_columns(text.encode(), "plain", BRAZIL, BulkLimits()) is None


@pytest.mark.parametrize(
    "text",
    [
        ORDINARY + "#pac,01310200,01310299,0,1000,12.00,,,4\n",
        ORDINARY.replace("sedex", '"sedex ""10"""'),
        ORDINARY.replace("22.1234", '"22\n"'),
    ],
    ids=["a row that is a comment", "quotes inside quotes", "a line's end inside quotes"],
)
def test_a_sound_table_that_no_separators_split_is_left_to_the_reader_of_lines(text: str) -> None:
    lines, problems = from_lines(text.encode(), "plain", BRAZIL)
    assert lines
    assert not problems
    assert from_columns(text.encode(), "plain", BRAZIL) is None


def large(*lines: str) -> str:
    """A table that is large enough to be read by columns, with some lines of its own at the end."""
    blank = " " * 400  # bytes make a table large, and rows take the time
    rows = [
        f"pac,0{at:07d},0{at:07d},0,1000,{at % 900}.{at % 89 + 10},0,0,3{blank}" for at in range(1, LARGE_TABLE // 400)
    ]
    return HEADER + "\n".join([*rows, *lines])


def test_a_problem_on_the_last_line_of_a_large_table_is_told_with_its_place(
    problems: Callable[..., tuple[Problem, ...]],
) -> None:
    text = large("pac,99000000,99000001,0,1000,dear,0,0,3")
    (problem,) = problems(text)
    assert (problem.where, problem.value, problem.line) == ("price", "dear", text.count("\n") + 1)


def test_a_large_table_prices_what_its_lines_say(opened: Callable[..., RateTable]) -> None:
    table = opened(large("pac,99000000,99000001,0,1000,12.34,0,0,3"))
    found = table.find("pac", "99000001", 500)
    assert isinstance(found, tuple)
    assert found.price == 1234 * 10**6


class Doubling(Plain):
    """A format of somebody's that reads the lines of ours in a way of its own."""

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Any:
        return (row._replace(price=2 * row.price) for row in super().read(source, options, problems))


def test_a_format_that_only_inherits_its_columns_is_read_by_its_lines(
    opened: Callable[..., RateTable], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portes.tables.opening.find_format", lambda name: Doubling())
    found = opened(large("pac,99000000,99000001,0,1000,12.34,0,0,3")).find("pac", "99000001", 500)
    assert isinstance(found, tuple)
    assert found.price == 2 * 1234 * 10**6


CELLS = {
    "service": ["", "pac", " pac", "sedex"],
    "postal_from": ["01000000", "01000-000", "1000000", "02000000", "02.000-000", "2000000", "3000000.0", "0100", ""],
    "postal_to": ["01000009", "01000-009", "1000009", "02999999", "09.999-999", "9999999", "9000000.0", "x"],
    "weight_from_g": ["0", "500", "500.5", "1.000", "1000", "-1", "1,5"],
    "weight_to_g": ["1000", "1001", "1001.001", "5000", "1e3", "", "30.000,5"],
    "price": ["10.50", "0", "0.00", "1.234", "8,49", "R$ 20", "12.3456789", "a consultar", "-1", "10%", "#N/A", "007"],
    "price_per_extra_kg": ["", "0", "0.865", "2", "1.500", "0,5"],
    "percent_of_value": ["", "0", "0.3", "0.30%", "1", "10", "1,5 %", "1000.1"],
    "days_max": ["3", "3.0", "0", "999", "1000", "3.5", "", "03"],
}


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A table of a few rows, some of them broken, with cells as people and spreadsheets write them."""
    odd = draw(st.sets(st.sampled_from(sorted(CELLS)), max_size=4))
    rows = []
    for at in range(draw(st.integers(1, 12))):
        usual = {
            "service": "pac",
            "postal_from": f"01{at:03d}000",
            "postal_to": f"01{at:03d}999",
            "weight_from_g": "0",
            "weight_to_g": "1000",
            "price": f"{10 + at}.50",
            "price_per_extra_kg": "0.865",
            "percent_of_value": "0.3",
            "days_max": "3",
        }
        rows.append(";".join(draw(st.sampled_from(CELLS[name])) if name in odd else usual[name] for name in CELLS))
    ends = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n", ";\n", "\n#\n"]))
    return ends.join([";".join(CELLS), *draw(st.permutations(rows))]) + draw(st.sampled_from(["", ends]))


NO_END_AT_LAST = """\
service;postal_from;postal_to;weight_from_g;weight_to_g;price;price_per_extra_kg;percent_of_value;days_max
pac;01000000;01000999;0;1000;10.50;;0.3;3
pac;01001000;01001999;0;1000;11.50;;0.3;3
pac;01002000;01002999;0;1000;12.50;;0.3;3
pac;01003000;01003999;0;;13.50;;0.3;3"""
"""A piece with large numbers alone comes after pieces with equal small ones."""


@example(text=NO_END_AT_LAST, piece=42, overlap="reject_table", hole="reject_table", zero_price="report", decimal=None)
@given(
    text=tables(),
    overlap=st.sampled_from(["reject_table", "narrowest", "dearest"]),
    hole=st.sampled_from(["reject_table", "fail", "next_bracket"]),
    zero_price=st.sampled_from(["report", "free", "refuse"]),
    decimal=st.sampled_from([None, ".", ","]),
    piece=st.integers(1, 300),
)
def test_columns_and_lines_give_the_same_table_or_the_same_problems(text: str, piece: int, **options: Any) -> None:
    source, declared = text.encode(), replace(BRAZIL, **options)
    lines, problems = from_lines(source, "plain", declared)
    columns = from_columns(source, "plain", declared, BulkLimits(piece))
    assert columns is None or (columns == lines and not problems)


def test_a_forked_child_waits_for_no_thread_of_its_parent() -> None:
    agree(ORDINARY)
    child = os.fork()
    if not child:
        signal.alarm(30)  # what it would be waiting for never comes
        os._exit(from_columns(ORDINARY.encode(), "plain", BRAZIL) is None)
    assert os.waitpid(child, 0)[1] == 0
