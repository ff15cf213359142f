"""Opening and checking: formats by name, reports, files that are not there."""

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import ClassVar

import pytest

from portes.errors import SettingsError
from portes.tables import Found, Problems, ReadOptions, Row, Summary, Terms, check_table, find_format, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")
TEXT = (
    "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max\n"
    "economy,01000000,05999999,0,1000,12.90,2,3\n"
    "economy,01000000,05999999,1000,5000,19.90,2,3\n"
    "express,20000000,28999999,0,1000,25.90,1,5\n"
)
Write = Callable[..., Path]


class OneLine:
    """A stranger's format: code, grams and cents in one line."""

    version: ClassVar[int] = 1

    def read(self, source: bytes, options: ReadOptions, problems: Problems) -> Iterable[Row]:
        code, grams, cents = source.decode().split()
        if len(code) != 8:
            problems.add("code", code, f"is no postal code of {options.country}", line=1)
        yield Row(1, "", code, code, 0, int(grams) * 1000, int(cents), int(grams) * 1000, Terms(1, 1))


class Unmade:
    def __init__(self) -> None:
        msg = "no licence"
        raise RuntimeError(msg)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Offer formats as installed distributions would: entry points are the seam."""

    def offer(**values: str) -> None:
        points = EntryPoints(
            EntryPoint(name.rstrip("_"), value, "portes.table_formats") for name, value in values.items()
        )
        monkeypatch.setattr("portes.tables.formats.entry_points", lambda group: points.select(group=group))

    return offer


def test_a_report_says_what_a_table_holds(write: Write) -> None:
    report = check_table(write(TEXT), "plain", BRAZIL)

    assert report.problems == ()
    assert report.fingerprint == open_table(report.file, "plain", BRAZIL).fingerprint
    assert report.summary == Summary(
        rows=3,
        services=("economy", "express"),
        ranges=2,
        ladders=2,
        lowest_price=1290,
        highest_price=2590,
        days_min=1,
        days_max=5,
        refused=0,
        left_out=0,
    )


def test_a_report_of_a_broken_table_has_problems_and_no_summary(write: Write) -> None:
    report = check_table(write(TEXT.replace("19.90", "free")), "plain", BRAZIL)

    assert [(problem.line, problem.where) for problem in report.problems] == [(3, "price")]
    assert report.summary is None
    assert report.fingerprint


@pytest.mark.parametrize(("name", "cause"), [("missing.csv", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, cause: str) -> None:
    report = check_table(tmp_path / name, "plain", BRAZIL)

    assert [problem.where for problem in report.problems] == ["file"]
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
    (problem,) = check_table(write(TEXT), "frenet", BRAZIL).problems

    assert (problem.where, problem.value, problem.cause) == ("format", "frenet", "is no installed table format")
    assert "plain" in problem.fix


def test_a_strangers_format_is_read_and_checked_like_ours(write: Write, offered: Callable[..., None]) -> None:
    offered(oneline=f"{__name__}:OneLine")

    row = open_table(write("01512651 500 1290"), "oneline", BRAZIL).find("", "01512651", 500)

    assert isinstance(row, Found)
    assert row.price == 1290
    assert [problem.where for problem in check_table(write("1512651 500 1290"), "oneline", BRAZIL).problems] == ["code"]


@pytest.mark.parametrize("value", ["no.such.module:Format", f"{__name__}:Unmade", f"{__name__}:Missing"])
def test_a_format_that_cannot_be_loaded_is_told(write: Write, offered: Callable[..., None], value: str) -> None:
    offered(broken=value)

    (problem,) = check_table(write(TEXT), "broken", BRAZIL).problems

    assert f"the table format of {value} cannot be loaded" in problem.cause


def test_a_format_that_two_offer_is_refused(write: Write, offered: Callable[..., None]) -> None:
    offered(twin=f"{__name__}:OneLine", twin_=f"{__name__}:Unmade")

    (problem,) = check_table(write(TEXT), "twin", BRAZIL).problems

    assert problem.cause == f"is offered by {__name__}:OneLine and {__name__}:Unmade"
