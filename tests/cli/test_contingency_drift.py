"""`portes contingency drift`: what it tells, keeps and answers a cron job."""

import json
import os
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from drifting import ALL, ENVIRON, PricedRow, ask, asked, table_text, write_shop, write_spanish_shop
from shop import item
from terminal import Portes, cells

from portes.contingency.drift.kept import kept_reports
from portes.store.state_folder import FILES, ROOMS
from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions

LIVE: list[PricedRow] = [("normal", *ALL, 0, 30_000, "20,00")]
CHEAP: list[PricedRow] = [
    ("normal", "00000000", "19999999", 0, 30_000, "20,00"),
    ("normal", "20000000", "28999999", 0, 30_000, "18,00"),
]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    write_shop(folder, LIVE)
    ask(folder, *[asked(to="01310100")] * 3, asked(to="20040002"), status=503)
    return folder


def table(shop: Path, rows: list[PricedRow] = CHEAP) -> Path:
    file = shop / "uploaded.csv"
    file.write_text(table_text(rows))
    return file


def checked(portes: Portes, shop: Path, *flags: str) -> Any:
    return portes("contingency", "drift", shop, "--file", table(shop), *flags)


def report(portes: Portes, shop: Path, *flags: str) -> Mapping[str, Any]:
    told = checked(portes, shop, "--json", *flags)
    found: Mapping[str, Any] = json.loads(told.stdout)
    return found


def test_it_says_what_is_lost_and_where_in_words(portes: Portes, shop: Path) -> None:
    told = checked(portes, shop)

    lines = told.stdout.splitlines()
    assert told.exit_code == 0
    assert lines[0] == "uploaded.csv of shop, held against 4 receipts of 7 days."
    assert lines[1:8] == [
        "By receipts: 4 lanes, 25 % too cheap, 0 % too dear, table less live: mean -0.50 BRL, median 0.00 BRL.",
        "  Where it is cheaper, a thousand orders sold by it lose 500.00 BRL.",
        "  Where it is dearer, a thousand shoppers are asked 0.00 BRL too much in all: sales at risk.",
        lines[4],
        "Goods were billed by their actual weight (--cubic-factor bills volume too).",
        "Too cheap and too dear are prices that are off by more than 1 %.",
        lines[7],
    ]
    assert lines[4].startswith("  4 receipts of these are from before the table was made, and may tell prices")
    assert lines[8].startswith("netshoes could not use 4 of 4 answers (100 %), and sold by its table there, by")
    assert lines[7].endswith("0 days before this check, by the time of its file.")
    assert lines[8:10] == [
        lines[8],
        "  A thousand questions lose 500.00 BRL by that.",
    ]
    assert cells(told.stdout) == [
        ["normal", "RJ, capital", "up to 0.5 kg", "1", "1", "0", "0", "-2.00", "-2.00", "2.00"],
    ]


def test_a_spanish_table_is_told_by_the_names_of_its_provinces(portes: Portes, tmp_path: Path) -> None:
    write_spanish_shop(tmp_path, [("normal", "01000", "52999", 0, 30_000, "20,00")])
    ask(tmp_path, *(asked(to=code, country="ES") for code in ("28001", "48980")))
    cheap = table(tmp_path, [("normal", "01000", "52999", 0, 30_000, "18,00")])

    told = portes("contingency", "drift", tmp_path, "--file", cheap).stdout

    assert [row[1] for row in cells(told)] == ["Madrid, capital", "Bizkaia, interior"]
    assert " province " in told


def test_the_report_is_json_in_minor_units_with_where_to_ask_again(portes: Portes, shop: Path) -> None:
    told = report(portes, shop)

    total = told["against_receipts"]["total"]
    assert (total["loss"], total["loss_per_thousand"], total["cheaper_percent"]) == (200, 50_000, "25.0000")
    (area,) = told["drifted"]
    assert (area["delivery"], area["state"], area["part"]) == ("normal", "RJ", "capital")
    assert area["ranges"] == [["20000000", "23799999"]]
    assert (area["weight_above"], area["weight_to"]) == (0, 500)
    assert told["taken"] == [
        {"channel": "netshoes", "answers": 4, "taken": 4, "cost_per_thousand": 50_000, "percent": "100.0000"}
    ]


@pytest.mark.parametrize(
    ("flags", "code", "over"),
    [
        (("--most-loss", "500.00"), 0, []),
        (("--most-loss", "499.99"), 1, ["by receipts, a thousand orders lose 500.00 BRL, above 499.99 BRL"]),
        (("--most-cheaper", "25"), 0, []),
        (("--most-cheaper", "24.9"), 1, ["by receipts, 25 % of the lanes are too cheap, above 24.9 %"]),
        (("--most-age", "41d"), 0, []),
        (("--most-age", "39d"), 1, ["the oldest price is 40.0 days old, above 39d"]),
    ],
)
def test_the_exit_code_tells_a_cron_job_which_threshold_was_passed(
    portes: Portes, shop: Path, flags: tuple[str, ...], code: int, over: list[str]
) -> None:
    file = table(shop)
    os.utime(file, (file.stat().st_mtime - 40 * 86_400,) * 2)

    told = portes("contingency", "drift", shop, "--file", file, *flags)

    assert told.exit_code == code
    assert [line for line in told.stdout.splitlines() if line.startswith("Above")] == [
        f"Above a threshold: {one}." for one in over
    ]


def test_a_table_that_nothing_can_be_held_against_cannot_be_told(portes: Portes, tmp_path: Path) -> None:
    write_shop(tmp_path, LIVE)

    told = checked(portes, tmp_path)

    assert told.exit_code == 2
    assert "receipts: tell no price to hold the table against: 0 receipts were read" in told.stderr


def test_a_table_that_prices_nothing_cannot_be_told(portes: Portes, shop: Path) -> None:
    file = table(shop, [("normal", "99999998", "99999999", 0, 30_000, "20,00")])

    told = portes("contingency", "drift", shop, "--file", file)

    assert told.exit_code == 2
    assert "table: has no price for any of 4 lanes that were offered live (got 'uploaded.csv')" in told.stderr


def test_receipts_of_which_none_counts_are_told_with_the_reason(portes: Portes, tmp_path: Path) -> None:
    write_shop(tmp_path, LIVE)
    portes("quote", "--store", tmp_path, "--to", "01310100", "--item", "sku:1:0.5kg:10x10x10cm")

    told = checked(portes, tmp_path)

    assert told.exit_code == 2
    assert "1 receipts were read, 1 not compared: asked by hand, by no marketplace; look further" in told.stderr


def test_a_store_that_keeps_no_receipts_is_told_how_to(portes: Portes, shop: Path) -> None:
    file = shop / "portes.toml"
    file.write_text(file.read_text().replace('state = "state"', ""))

    told = checked(portes, shop)

    assert told.exit_code == 2
    assert 'add state = "state" to [service]' in told.stderr


@pytest.mark.parametrize(
    "flags",
    [
        ("--most-loss", "much"),
        ("--most-cheaper", "101"),
        ("--most-age", "30"),
        ("--cubic-factor", "-1"),
        ("--service", "pac"),
        ("--service", "=slow"),
        ("--service", "sedex=normal"),
        ("--channel", "nobody"),
        ("--format", "none"),
    ],
)
def test_a_flag_that_means_nothing_is_named(portes: Portes, shop: Path, flags: tuple[str, str]) -> None:
    told = checked(portes, shop, *flags)

    assert told.exit_code == 2
    assert flags[0] in told.stderr or flags[0].strip("-") in told.stderr


def test_the_report_is_kept_for_its_owner_only_and_replaces_the_last(portes: Portes, shop: Path) -> None:
    checked(portes, shop)
    told = checked(portes, shop, "--most-loss", "1.00")

    (kept,) = kept_reports(shop / "state", "shop")
    (file,) = (shop / "state" / "drift").iterdir()
    assert (kept.table, len(kept.over)) == ("uploaded.csv", 1)
    assert file.stat().st_mode & 0o777 == 0o600
    assert f"Kept in {file}" in told.stdout.replace("\n", "")
    assert {path.name for path in (shop / "state").iterdir()} <= {*ROOMS, *FILES}


def test_a_fresh_sample_tells_what_changed_since_the_receipts(portes: Portes, shop: Path) -> None:
    write_shop(shop, [("normal", *ALL, 0, 30_000, "30,00")])

    told = report(portes, shop, "--fresh", "4")

    assert told["against_receipts"]["total"]["loss"] == 200
    assert told["against_fresh"]["total"]["loss"] == 4200
    assert {area["state"] for area in told["drifted"]} == {"SP", "RJ"}


def test_without_receipts_a_fresh_sample_is_drawn_from_the_table_s_rows(portes: Portes, tmp_path: Path) -> None:
    write_shop(tmp_path, LIVE)

    told = report(portes, tmp_path, "--fresh", "5")

    assert told["against_fresh"]["total"]["compared"] == 5
    assert told["against_fresh"]["total"]["loss"] == 400


def test_the_factor_of_the_portal_decides_about_the_weight(portes: Portes, shop: Path) -> None:
    ask(shop, asked(item(weight=400), to="01310100"))

    def spans(*flags: str) -> set[int]:
        return {area["weight_to"] for area in report(portes, shop, *flags)["against_receipts"]["areas"]}

    assert spans() == {500}
    assert spans("--cubic-factor", "300") == {1000}


def test_what_keeps_the_report_from_being_kept_is_told(portes: Portes, shop: Path, tmp_path: Path) -> None:
    (shop / "state" / "drift").symlink_to(tmp_path)

    told = checked(portes, shop)

    assert told.exit_code == 2
    assert "is a link" in told.stderr


def test_a_stored_table_is_checked_by_its_name_and_its_number(portes: Portes, shop: Path) -> None:
    with closing(TableVersions(shop / "state")) as versions:
        for rows in (LIVE, CHEAP):
            source = table_text(rows).encode()
            options = ReadOptions("BR", "BRL")
            versions.keep(NewVersion("contingency-vtex", source, "plain", options, "me", datetime.now(UTC)))

    newest = portes("contingency", "drift", shop)
    first = portes("contingency", "drift", shop, "--table", "contingency-vtex@1")

    assert newest.stdout.splitlines()[0].startswith("contingency-vtex@2 of shop, held against 4 receipts")
    assert "as its version says" in newest.stdout
    assert "25 % too cheap" in newest.stdout
    assert "By receipts: 4 lanes, 0 % too cheap" in first.stdout


def test_the_table_of_another_store_in_the_same_state_folder_is_passed_over(portes: Portes, shop: Path) -> None:
    def keep(rows: list[PricedRow], store: str) -> None:
        options, source = ReadOptions("BR", "BRL"), table_text(rows).encode()
        new = NewVersion("contingency-vtex", source, "plain", options, "me", datetime.now(UTC), report={"store": store})
        with closing(TableVersions(shop / "state")) as versions:
            versions.keep(new)

    keep(CHEAP, "other")
    nothing = portes("contingency", "drift", shop)
    keep(LIVE, "shop")
    keep(CHEAP, "other")

    by_name = portes("contingency", "drift", shop, "--table", "contingency-vtex")
    by_number = portes("contingency", "drift", shop, "--table", "contingency-vtex@1")

    assert nothing.exit_code == 2
    assert "no table is kept whose name begins with contingency- but those of other" in nothing.stderr
    assert by_name.stdout.startswith("contingency-vtex@2 of shop")
    assert by_number.stdout.startswith("contingency-vtex@1 of shop")


@pytest.mark.parametrize(("rules", "compared"), [(["free_shipping"], (5, 0)), ([], (5, 5))])
def test_what_a_table_gives_free_is_no_loss_where_its_version_was_built_with_that_rule(
    portes: Portes, tmp_path: Path, rules: list[str], compared: tuple[int, int]
) -> None:
    write_shop(tmp_path, LIVE, more='[[rules]]\nuse = "free_shipping"\nthreshold = "50.00"\n')
    source = table_text([("normal", *ALL, 0, 30_000, "0,00")]).encode()
    told: dict[str, object] = {"rules_asked_for": rules, "goods": {"value": 100_00}}
    options = ReadOptions("BR", "BRL", zero_price="free")
    with closing(TableVersions(tmp_path / "state")) as versions:
        versions.keep(NewVersion("contingency-a", source, "plain", options, "me", datetime.now(UTC), report=told))

    found = json.loads(portes("contingency", "drift", tmp_path, "--fresh", "5", "--json").stdout)

    total = found["against_fresh"]["total"]
    assert (total["compared"], total["cheaper"]) == compared


def test_a_table_and_a_file_at_once_are_refused(portes: Portes, shop: Path) -> None:
    told = checked(portes, shop, "--table", "contingency-vtex")

    assert told.exit_code == 2
    assert "give either --table or --file" in told.stderr


def test_a_store_without_any_table_is_told_how_to_get_one(portes: Portes, shop: Path) -> None:
    told = portes("contingency", "drift", shop)

    assert told.exit_code == 2
    assert "no table is kept whose name begins with contingency-" in told.stderr
    assert "portes contingency build" in told.stderr
