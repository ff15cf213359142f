"""What `portes tables activate` and `rollback` refuse, at the bounds of it, and what they do all the same."""

import json
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from table_shop import HEADER, STORE, Tables, keep, write

from portes.tables.versions import TableVersions

NEW = "contract@2"
EAST, WEST = "Pacific/Kiritimati", "Pacific/Niue"
"""Two clocks that never show the same day."""


@pytest.mark.parametrize(
    ("price", "rows", "told"),
    [
        ("10.00", 7, "It has 7 rows, 70 % of the 10 of contract@1; at least 80 % are expected."),
        ("10.00", 7, "It has a price for 7,000 lanes, 70 % of those of contract@1; at least 80 % are expected."),
        ("12.10", 10, "The price in the middle changes by +21.0 %; up to 20 % is expected."),
        ("7.00", 10, "The price in the middle changes by -30.0 %; up to 20 % is expected."),
    ],
)
def test_a_version_that_differs_too_much_needs_a_yes(
    tables: Tables, shop: Path, price: str, rows: int, told: str
) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    keep(tables, shop, price, rows=rows)

    refused = tables("activate", "contract@2", code=1)

    assert told in refused
    assert "contract@2 was not put in force; if it is right all the same: --yes" in refused
    assert "contract@2 is in force" in tables("activate", "contract@2", "--yes")


def test_a_version_that_differs_as_prices_do_needs_none_and_the_bounds_can_be_set(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    keep(tables, shop, "11.90", rows=8)

    tables("activate", "contract@2", "--most-change", "18", code=1)
    tables("activate", "contract@2", "--least-rows", "81", code=1)
    tables("activate", "contract@2", "--least-lanes", "81", code=1)
    assert "contract@2 is in force" in tables("activate", "contract@2")


def test_a_version_whose_validity_is_over_needs_a_yes(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", "--valid-to", "2020-12-31")

    assert "Its validity is over: contract@1 prices dispatch days to 2020-12-31" in tables(
        "activate", "contract@1", code=1
    )


@pytest.mark.parametrize(("zones", "code"), [((EAST,), 1), ((WEST,), 0), ((EAST, WEST), 0)])
def test_validity_is_over_by_the_stores_own_day(tables: Tables, shop: Path, zones: tuple[str, ...], code: int) -> None:
    """Stores that share a state folder are not kept from a version that one of them still sells by today."""
    today = datetime.now(ZoneInfo(WEST)).date()
    keep(tables, shop, "10.00", "--valid-to", f"{today}")
    (shop / "portes.toml").unlink()
    for at, zone in enumerate(zones):
        text = STORE.replace("America/Sao_Paulo", zone).replace('"shop"', f'"shop-{at}"')
        (shop / f"shop-{at}.toml").write_text(text)

    assert ("Its validity is over" in tables("activate", "contract@1", code=code)) == bool(code)


def test_a_rollback_to_a_version_whose_validity_is_over_needs_a_yes(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00", "--valid-to", "2020-12-31")
    keep(tables, shop, "10.50")
    tables("activate", "contract@1", "--yes")
    tables("activate", "contract@2")

    refused = tables("rollback", "contract", code=1).splitlines()
    assert refused[0].startswith("Its validity is over: contract@1 prices dispatch days to 2020-12-31, and today is 2")
    assert refused[1] == "Nothing was rolled back; if it is right all the same: --yes"
    assert "contract: contract@2 prices every day" in tables("list")
    assert tables("rollback", "contract", "--yes").splitlines()[:2] == [
        "contract@1 is in force, in place of contract@2, valid to 2020-12-31.",
        "By dispatch day: nothing any more, where carriers fail.",
    ]


@pytest.mark.parametrize(
    ("price", "refused"),
    [
        ("1200.00", ""),
        ("1200.01", "changes by +20.01 %; up to 20 % is expected."),
        ("1200.10", "changes by +20.01 %; up to 20 % is expected."),
        ("800.00", ""),
        ("799.99", "changes by -20.01 %; up to 20 % is expected."),
        ("799.90", "changes by -20.01 %; up to 20 % is expected."),
    ],
)
def test_a_fifth_more_or_less_is_expected_and_what_is_beyond_it_is_told_exactly(
    tables: Tables, shop: Path, price: str, refused: str
) -> None:
    keep(tables, shop, "1000.00")
    tables("activate", "contract@1")
    keep(tables, shop, price)

    assert refused in tables("activate", NEW, code=1 if refused else 0)


def test_a_bound_beyond_the_double_holds_to_the_cent(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "1000.00")
    tables("activate", "contract@1")
    keep(tables, shop, "2500.01")
    keep(tables, shop, "2500.00")

    refused = tables("activate", NEW, "--most-change", "150", code=1)
    tables("activate", "contract@3", "--most-change", "150")

    assert "up to 150 % is expected" in refused


@pytest.mark.parametrize(
    ("rows", "price", "told"),
    [
        (3, "1.00", "Of the lanes of both 30 % have a price that differs by more than 20 %; up to 20 % are expected."),
        (
            3,
            "100.00",
            "Of the lanes of both 30 % have a price that differs by more than 20 %; up to 20 % are expected.",
        ),
        (3, "8.00", ""),
        (3, "12.00", ""),
        (3, "12.01", "Of the lanes of both 30 % have a price that differs by more than 20 %"),
        (2, "1.00", ""),
    ],
)
def test_a_part_of_the_table_with_far_other_prices_needs_a_yes_though_the_middle_stays(
    tables: Tables, shop: Path, rows: int, price: str, told: str
) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    file = write(shop, "10.00")
    header, *lines = file.read_text().splitlines(keepends=True)
    file.write_text(header + "".join([line.replace("10.00", price) for line in lines[:rows]] + lines[rows:]))
    tables("import", file, "--as", "contract")

    said = tables("activate", NEW, code=1 if told else 0)

    assert told in said
    assert not told or f"{NEW} is in force" in tables("activate", NEW, "--yes")


_PLACES = (1000, 11000, 20000, 30000)
"""Postal prefixes in the capital and the interior of São Paulo, in Rio de Janeiro and in Belo Horizonte."""


def write_regions(shop: Path, far: dict[int, str], usual: str = "10.00") -> Path:
    """A file of four regions, each with one place in three brackets and sixteen rows more elsewhere."""
    lines = []
    for first in _PLACES:
        for at, (low, high) in enumerate(((0, 1000), (1000, 5000), (5000, 30000))):
            lines.append(f"{first:05d}000,{first:05d}999,{low},{high},{far.get(first + at, usual)},3\n")
    lines += [f"{at:05d}000,{at:05d}999,0,30000,{usual},3\n" for at in range(80000, 80016)]
    (shop / "regions.csv").write_text(HEADER + "".join(lines))
    return shop / "regions.csv"


@pytest.mark.parametrize(
    ("far", "usual", "told"),
    [
        ({1000: "1.00", 1001: "1.00", 1002: "1.00"}, "10.00", "Of the lanes of SP capital 100 % have a price that"),
        ({1000: "1.00", 1001: "1.00"}, "10.00", "Of the lanes of SP capital 67 % have a price that differs by more"),
        ({11000: "12.01", 11002: "99.00"}, "10.00", "Of the lanes of SP interior 67 % have a price that differs by"),
        (
            {1000: "1.00", 1001: "1.00", 20000: "1.00", 20001: "1.00", 20002: "1.00"},
            "10.00",
            "Of the lanes of RJ capital (and likewise in 1 more) 100 % have a price that differs by more than 20 %",
        ),
        ({1000: "1.00", 11001: "1.00", 20002: "1.00", 30000: "99.00"}, "10.00", ""),
        ({1000: "12.00", 1001: "12.00", 1002: "8.00"}, "10.00", ""),
        ({}, "11.50", ""),
    ],
)
def test_a_region_with_far_other_prices_needs_a_yes_and_a_few_rows_or_a_yearly_rise_do_not(
    tables: Tables, shop: Path, far: dict[int, str], usual: str, told: str
) -> None:
    tables("import", write_regions(shop, {}), "--as", "contract")
    tables("activate", "contract@1")
    tables("import", write_regions(shop, far, usual), "--as", "contract")

    said = tables("activate", NEW, code=1 if told else 0)

    assert told in said
    if told:
        assert "up to 50 % of a region are expected. To see them: portes tables diff contract@1 contract@2." in said
        assert f"{NEW} is in force" in tables("activate", NEW, "--yes")


def test_a_lane_more_than_a_fifth_with_far_other_prices_is_told_as_more_than_is_expected(
    tables: Tables, shop: Path
) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    file = write(shop, "10.00")
    header, *lines = file.read_text().splitlines(keepends=True)
    cheap = [line.replace("10.00", "1.00") for line in (*lines[:2], "01002000,01002000,0,30000,10.00,3\n")]
    file.write_text(header + "".join([*cheap, lines[2].replace("01002000", "01002001"), *lines[3:]]))
    tables("import", file, "--as", "contract")

    (told, _) = tables("activate", NEW, code=1).splitlines()

    assert told.startswith("Of the lanes of both 21 % have a price that differs by more than 20 %; up to 20 % are")


def test_a_lane_too_few_is_told_as_less_than_is_expected(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    file = write(shop, "10.00", rows=8)
    file.write_text(file.read_text().replace("01007999", "01007998"))
    tables("import", file, "--as", "contract")

    (told, _) = tables("activate", NEW, code=1).splitlines()

    assert told.startswith("It has a price for 7,999 lanes, 79 % of those of contract@1; at least 80 % are expected.")


def test_lanes_that_came_make_up_for_lanes_that_went(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    keep(tables, shop, "10.00", first=1005)

    assert f"{NEW} is in force" in tables("activate", NEW)


def test_a_version_that_does_not_compare_with_the_one_in_force_needs_a_yes(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    (shop / "portes.toml").write_text(STORE.replace("BRL", "USD"))
    keep(tables, shop, "10.00")

    refused = tables("activate", NEW, code=1)
    assert "It does not compare with contract@1: tables: is the currency of one table, and USD that of" in refused
    assert f"{NEW} is in force, in place of contract@1" in tables("activate", NEW, "--yes")


def test_every_reason_to_refuse_a_version_is_told_at_once(tables: Tables, shop: Path) -> None:
    keep(tables, shop, "10.00")
    tables("activate", "contract@1")
    keep(tables, shop, "15.00", "--valid-to", "2020-12-31", rows=7)

    assert [line.split(":")[0][:24] for line in tables("activate", NEW, code=1).splitlines()] == [
        "Its validity is over",
        "It has 7 rows, 70 % of t",
        "It has a price for 7,000",
        "The price in the middle ",
        "contract@2 was not put i",
    ]


def test_the_log_has_who_put_a_version_in_force_and_who_took_it_back(tables: Tables, shop: Path) -> None:
    for number, who in ((1, "ana"), (2, "rui")):
        keep(tables, shop, f"10.0{number}")
        tables("activate", f"contract@{number}", "--who", who)
    tables("rollback", "contract", "--who", "bea")

    with closing(TableVersions(shop / "state")) as versions:
        log = versions.log("contract")
    listed = json.loads(tables("list", "--json"))["versions"]
    assert [(line.number, line.who, line.back) for line in log] == [
        (1, "ana", False),
        (2, "rui", False),
        (1, "bea", True),
    ]
    assert [one["in_force_since"] for one in listed] == [log[-1].at.isoformat(), None]
