"""Tables that come as a zip archive of several files, as VTEX takes them."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from found_rows import cents
from written_tables import table_of, workbook_of

from portes.errors import Problem
from portes.tables import FoundRow, RateTable

Problems = Callable[..., tuple[Problem, ...]]

HEADER = "ZipCodeStart,ZipCodeEnd,WeightStart,WeightEnd,AbsoluteMoneyCost,TimeCost"
NORTH = f"{HEADER}\n01000000,05999999,0,1000,10.50,2\n".encode()
SOUTH = workbook_of(HEADER.split(","), [80000000, 87999999, 0, 1000, 20.25, 4])


def packed(**files: bytes) -> bytes:
    """A zip archive of some files; an underscore in a name stands for its dot."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


def price(table: RateTable, code: str) -> int:
    row = table.find("", code, 500)
    assert isinstance(row, FoundRow)
    return cents(row.price)


def test_all_files_of_an_archive_are_one_table() -> None:
    table = table_of(packed(north_csv=NORTH, south_xlsx=SOUTH), "vtex", defaults={})

    assert (price(table, "01310100"), price(table, "80010000"), table.summary.rows) == (1050, 2025, 2)


def test_a_problem_names_the_file_in_the_archive(problems: Problems) -> None:
    broken = packed(north_csv=NORTH.replace(b"10.50", b"dear"), south_xlsx=SOUTH, west_csv=NORTH + b'"')

    assert [(each.where, each.line) for each in problems(broken, "vtex")][:2] == [
        ("north.csv!AbsoluteMoneyCost", 2),
        ("west.csv!row", 3),
    ]


def test_what_else_is_in_an_archive_is_told_and_not_used() -> None:
    table = table_of(
        packed(north_csv=NORTH, contract_pdf=b"%PDF-1.7", inner_zip=packed(a_csv=NORTH)), "vtex", defaults={}
    )

    assert table.summary.notes == (
        "contract.pdf in the archive is no table and is not used",
        "inner.zip in the archive is no table and is not used",
    )


def test_an_archive_without_a_table_is_a_problem(problems: Problems) -> None:
    assert problems(packed(contract_pdf=b"%PDF-1.7"), "vtex")[0].cause == "it is an archive, and neither XLSX nor ODS"


def test_a_workbook_that_cannot_be_read_is_told_with_its_name(problems: Problems) -> None:
    assert problems(packed(north_csv=NORTH, south_xlsx=SOUTH[:500]), "vtex")[0].where == "south.xlsx!file"


def test_a_file_with_a_password_is_told(problems: Problems) -> None:
    source = bytearray(packed(north_csv=NORTH))
    for begin, flags in ((source.index(b"PK\x03\x04"), 6), (source.index(b"PK\x01\x02"), 8)):
        source[begin + flags] |= 1

    (wrong,) = (each for each in problems(bytes(source), "vtex") if each.where == "file")
    assert (wrong.value, wrong.cause) == ("north.csv", "is packed with a password")


def test_a_damaged_archive_is_told(problems: Problems) -> None:
    source = packed(north_csv=NORTH * 50)
    middle = len(source) // 4

    wrong = problems(source[:middle] + bytes(8) + source[middle + 8 :], "vtex")

    assert wrong
    assert wrong[0].where == "file"


@pytest.mark.exhaustive
def test_an_archive_that_unpacks_to_more_than_a_table_can_hold_is_refused(problems: Problems) -> None:
    (wrong, *_) = problems(packed(bomb_csv=bytes((256 << 20) + 1)), "vtex")

    assert wrong.cause == "the archive unpacks to more than 256 MiB"
