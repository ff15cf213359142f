"""Opening and checking: formats by name, reports, files that are not there."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from found_rows import cents

from portes.errors import SettingsError
from portes.tables import FoundRow, ReadOptions, Summary, check_table, find_format, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")
TEXT = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
    "economy,01000000,05999999,0,1000,12.90,2,3\n"
    "economy,01000000,05999999,1000,5000,19.90,2,3\n"
    "express,20000000,28999999,0,1000,25.90,1,5\n"
)
Write = Callable[..., Path]


STRANGE = """
from portes.tables import Row, Terms

class OneLine:
    version = 1

    def read(self, source, options, problems):
        code, grams, money = source.decode().split()
        if len(code) != 8:
            problems.add("code", code, f"is no postal code of {options.country}", line=1)
        limit = int(grams) * 1000
        yield Row(1, "", code, code, 0, limit, int(money) * 10**6, limit, Terms(days_min=1, days_max=1))

class Unlicensed:
    def __init__(self):
        raise RuntimeError("no licence")
"""
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a distribution on the path that offers a table format."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "strange_formats.py").write_text(STRANGE)
    monkeypatch.syspath_prepend(site)

    def installed(distribution: str, entry_point: str) -> None:
        folder = site / f"{distribution}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[portes.table_formats]\n{entry_point}\n")
        monkeypatch.delitem(sys.modules, "strange_formats", raising=False)

    return installed


def test_a_report_says_what_a_table_holds(write: Write) -> None:
    report = check_table(write(TEXT), "plain", BRAZIL)

    assert report.problems == ()
    assert report.fingerprint == open_table(report.file, "plain", BRAZIL).fingerprint
    assert report.summary == Summary(
        rows=3,
        services=("economy", "express"),
        ranges=2,
        ladders=2,
        lowest_price=1290 * 10**6,
        highest_price=2590 * 10**6,
        lightest=0,
        heaviest=5_000_000,
        endless=False,
        lowest_percent=0,
        highest_percent=0,
        days_min=1,
        days_max=5,
        refused=0,
        on_request=0,
        left_out=0,
        axis="weight",
        weight_unit="g",
        notes=(),
    )


def test_a_report_of_a_broken_table_has_problems_and_no_summary(write: Write) -> None:
    report = check_table(write(TEXT.replace("19.90", "free")), "plain", BRAZIL)

    assert [(problem.line, problem.where) for problem in report.problems] == [(3, "price")]
    assert report.summary is None
    assert report.fingerprint


@pytest.mark.parametrize(
    ("name", "cause"),
    [("missing.csv", "No such file"), (f"{100 * 'm'}.csv", "No such file"), (".", "is a folder, not a file")],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, cause: str) -> None:
    report = check_table(tmp_path / name, "plain", BRAZIL)

    assert [(problem.where, problem.value) for problem in report.problems] == [("file", str(tmp_path / name))]
    assert cause in report.problems[0].cause
    with pytest.raises(SettingsError, match=cause):
        open_table(tmp_path / name, "plain", BRAZIL)


def test_opening_raises_every_problem_at_once(write: Write) -> None:
    with pytest.raises(SettingsError) as raised:
        open_table(write(TEXT.replace("12.90", "free").replace("25.90", "dear")), "plain", BRAZIL)

    assert [problem.line for problem in raised.value.problems] == [2, 4]


def test_the_built_in_formats_come_through_the_front_door() -> None:
    assert [type(find_format(name)).__name__ for name in ("plain", "vtex")] == ["Plain", "Vtex"]


def test_an_unknown_format_is_told_with_those_that_are_known(write: Write) -> None:
    (problem,) = check_table(write(TEXT), "excel", BRAZIL).problems

    assert (problem.where, problem.value, problem.cause) == ("format", "excel", "is no installed table format")
    assert "plain" in problem.fix


def test_a_strangers_format_is_read_and_checked_like_ours(write: Write, install: Install) -> None:
    install("oneline", "oneline = strange_formats:OneLine")

    row = open_table(write("01512651 500 1290"), "oneline", BRAZIL).find("", "01512651", 500)

    assert isinstance(row, FoundRow)
    assert cents(row.price) == 1290
    assert [problem.where for problem in check_table(write("1512651 500 1290"), "oneline", BRAZIL).problems] == ["code"]


@pytest.mark.parametrize("value", ["no_such_module:Format", "strange_formats:Missing", "strange_formats:Unlicensed"])
def test_a_format_that_cannot_be_loaded_is_told_with_its_distribution(
    write: Write, install: Install, value: str
) -> None:
    install("strange", f"broken = {value}")

    (problem,) = check_table(write(TEXT), "broken", BRAZIL).problems

    assert "the table format of strange 1.0 crashed: " in problem.cause


def test_a_name_that_two_distributions_claim_is_refused(write: Write, install: Install) -> None:
    install("one", "twin = strange_formats:OneLine")
    install("other", "twin = strange_formats:OneLine")

    (problem,) = check_table(write(TEXT), "twin", BRAZIL).problems

    assert sorted(problem.cause.removeprefix("is offered by ").split(" and ")) == ["one 1.0", "other 1.0"]
