"""Versions of tables in a state folder: kept whole, priced by on their days, opened again."""

import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from version_tables import BRAZIL, HEADER, NOON, new, price_in_force, table, traces

from portes.errors import DatabaseError, SettingsError
from portes.tables import ReadOptions, open_version
from portes.tables.versions import NewVersion, TableVersion, TableVersions, open_in_force
from portes.tables.versions.kept import priced_days


def test_a_version_is_kept_with_who_when_where_from_and_what_it_holds(versions: TableVersions) -> None:
    at = NOON + timedelta(milliseconds=250)
    kept = versions.keep(new(at=at, valid_from=date(2027, 1, 1), report={"note": "new year"}))

    assert versions.version("contract", 1) == kept
    assert (str(kept), kept.who, kept.at, kept.origin) == ("contract@1", "ana", at, "table.csv")
    assert (kept.summary.rows, kept.valid_from, kept.valid_to, kept.report) == (
        1,
        date(2027, 1, 1),
        None,
        {"note": "new year"},
    )
    assert versions.source(kept) == table("12.90")


def test_numbers_begin_at_one_for_each_name(versions: TableVersions) -> None:
    kept = [versions.keep(new(price, name)) for price, name in (("1", "a"), ("1", "b"), ("2", "a"))]

    assert [*map(str, kept)] == ["a@1", "b@1", "a@2"]
    assert [*map(str, versions.versions())] == ["a@1", "a@2", "b@1"]


def test_what_is_imported_is_not_in_force(versions: TableVersions) -> None:
    versions.keep(new())
    versions.keep(new("9.90"))

    assert versions.active("contract") is None
    with pytest.raises(SettingsError, match=r"has no version in force .*portes tables activate contract@2"):
        open_version(versions.state, "contract")


def test_the_same_content_under_the_same_options_is_no_new_version(versions: TableVersions) -> None:
    first = versions.keep(new())
    again = versions.keep(new(who="rui", at=NOON + timedelta(days=1), origin="copy.csv"))
    other_days = versions.keep(new(valid_to=date(2027, 1, 1)))
    later_first_day = versions.keep(new(valid_from=date(2027, 1, 1)))
    other_options = versions.keep(new(options=ReadOptions(country="BR", currency="BRL", hole="fail")))

    assert again == first
    assert [other_days.number, later_first_day.number, other_options.number] == [2, 3, 4]


def test_a_table_with_a_problem_is_refused_and_leaves_no_trace(versions: TableVersions) -> None:
    wrong = NewVersion(
        "contract", HEADER.encode() + b"01000000,01000999,0,30000,twelve,3\n", "plain", BRAZIL, "ana", NOON
    )

    with pytest.raises(SettingsError, match="contract:2: price"):
        versions.keep(wrong)
    assert traces(versions.state) == []


@pytest.mark.parametrize("name", ["", "a b", "a@1", "../a", "ü", "a" * 65])
def test_a_name_that_is_none_is_refused(versions: TableVersions, name: str) -> None:
    with pytest.raises(SettingsError, match="is no name of a table"):
        versions.keep(new(name=name))


def test_the_version_activated_last_is_in_force_and_a_rollback_returns_to_the_one_before(
    versions: TableVersions,
) -> None:
    for price in ("1", "2", "3"):
        versions.keep(new(price))
    prices = []
    for number in (1, 2, 3):
        versions.activate("contract", number, "ana", NOON)
        prices.append(price_in_force(versions))
    for _ in range(2):
        versions.rollback("contract", "rui", NOON)
        prices.append(price_in_force(versions))

    assert prices == [100, 200, 300, 200, 100]
    with pytest.raises(SettingsError, match="has no version that was in force before"):
        versions.rollback("contract", "rui", NOON)
    assert [(line.number, line.who, line.back) for line in versions.log("contract")] == [
        (1, "ana", False),
        (2, "ana", False),
        (3, "ana", False),
        (2, "rui", True),
        (1, "rui", True),
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (
            {"valid_from": date(2027, 1, 2), "valid_to": date(2027, 1, 1)},
            "is after its last day, 2027-01-01 .got '2027-01-02'.",
        ),
        ({"who": "a" * 201}, "who: is too long to be kept"),
        ({"origin": "a" * 201}, "origin: is too long to be kept"),
    ],
)
def test_what_cannot_be_kept_of_a_version_is_told(versions: TableVersions, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        versions.keep(new(**wrong))
    assert traces(versions.state) == []
    assert versions.keep(new(valid_from=date(2027, 1, 1), valid_to=date(2027, 1, 1), who="a" * 200)).number == 1


def test_each_day_is_priced_by_the_newest_activated_version_that_is_valid_on_it(versions: TableVersions) -> None:
    versions.keep(new("1"))
    versions.keep(new("2", valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31)))
    versions.activate("contract", 1, "ana", NOON)
    versions.activate("contract", 2, "ana", NOON)

    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    assert [price_in_force(versions, day) for day in days] == [100, 200, 200, 100]


def test_a_day_that_no_version_is_valid_on_has_no_table(versions: TableVersions) -> None:
    versions.keep(new("1", valid_to=date(2026, 12, 31)))
    versions.activate("contract", 1, "ana", NOON)

    with pytest.raises(SettingsError, match="has no version in force that is valid on 2027-01-01"):
        open_version(versions.state, "contract", date(2027, 1, 1))
    assert price_in_force(versions) == 100


def test_only_versions_that_may_still_price_a_day_are_opened(versions: TableVersions) -> None:
    for price, days in (("1", None), ("2", None), ("3", date(2027, 1, 1))):
        versions.activate("contract", versions.keep(new(price, valid_from=days)).number, "ana", NOON)

    assert [one.version.number for one in open_in_force(versions.state, "contract")] == [3, 2]


def test_a_compiled_file_that_is_gone_is_made_again_from_what_is_kept(versions: TableVersions) -> None:
    versions.keep(new())
    versions.activate("contract", 1, "ana", NOON)
    (file,) = (versions.state / "tables").glob("*.rates")
    file.unlink()

    assert price_in_force(versions) == 1290
    assert file.exists()


def test_an_import_compiles_the_table_for_those_who_open_it(versions: TableVersions) -> None:
    kept = versions.keep(new())
    (file,) = (versions.state / "tables").glob("*.rates")
    written = file.stat().st_mtime_ns
    versions.activate("contract", kept.number, "ana", NOON)
    price_in_force(versions)

    assert [path.stat().st_mtime_ns for path in (versions.state / "tables").glob("*.rates")] == [written]


def test_files_beside_a_table_are_kept_with_it(versions: TableVersions) -> None:
    mapping = b'format = "mapping"\n'
    kept = versions.keep(new(options=ReadOptions(country="BR", currency="BRL", beside={"other": mapping * 300_000})))

    assert versions.options(kept).beside == {"other": mapping * 300_000}
    assert versions.source(kept) == table("12.90")


def test_bytes_that_are_not_those_that_were_kept_are_refused(versions: TableVersions) -> None:
    kept = versions.keep(new())
    with sqlite3.connect(versions.state / "tables.sqlite") as connection:
        connection.execute("UPDATE contents SET body = x'00'")

    with pytest.raises(DatabaseError, match="has other bytes of contract@1 than were kept; import it again"):
        versions.source(kept)


def test_the_database_is_for_its_owner_alone_and_another_release_is_told(versions: TableVersions) -> None:
    versions.keep(new())

    assert (versions.state / "tables.sqlite").stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(versions.state / "tables.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseError, match="was made by another version of portes"):
        TableVersions(versions.state).versions()


def test_an_unknown_name_and_number_are_told_with_those_that_there_are(versions: TableVersions) -> None:
    versions.keep(new())

    with pytest.raises(SettingsError, match=r"is no table that is kept .*write one of contract"):
        versions.version("contrct", 1)
    with pytest.raises(SettingsError, match=r"is no version of the table .*write one of contract@1"):
        versions.activate("contract", 2, "ana", NOON)
    with pytest.raises(SettingsError, match=r"is no table of the state folder .*write one of contract"):
        open_version(versions.state, "contrct")


def test_progress_is_told_of_each_phase_up_to_its_end(versions: TableVersions) -> None:
    told: dict[str, tuple[int, int]] = {}
    rising = []

    def progress(phase: str, done: int, total: int) -> None:
        rising.append(done >= told.get(phase, (0, 0))[0])
        told[phase] = (done, total)

    versions.keep(NewVersion("contract", table("1", 60_000), "plain", BRAZIL, "ana", NOON), progress)

    assert list(told) == ["read", "checked", "kept"]
    assert all(done == total for done, total in told.values())
    assert all(rising)


def test_days_are_told_with_what_prices_them(versions: TableVersions) -> None:
    kept = [versions.keep(new("1", valid_to=date(2027, 6, 30))), versions.keep(new("2", valid_from=date(2027, 1, 1)))]
    first, second = kept

    assert priced_days([second, first], date(2026, 12, 1)) == [(date(2026, 12, 1), first), (date(2027, 1, 1), second)]
    assert priced_days([first, second], date(2026, 12, 1)) == [(date(2026, 12, 1), first), (date(2027, 7, 1), second)]
    assert priced_days([first], date(2027, 6, 30)) == [(date(2027, 6, 30), first), (date(2027, 7, 1), None)]
    assert priced_days([second], date(2026, 12, 31)) == [(date(2026, 12, 31), None), (date(2027, 1, 1), second)]
    endless = versions.keep(new("3", valid_to=date.max))
    assert priced_days([endless], date(2027, 1, 1)) == [(date(2027, 1, 1), endless)]
    assert priced_days([], date(2027, 1, 1)) == [(date(2027, 1, 1), None)]


def test_the_database_library_is_loaded_only_when_it_is_used(tmp_path: Path) -> None:
    code = "import sys; from portes.tables.versions import TableVersions; import pathlib;"
    code += f" TableVersions(pathlib.Path({str(tmp_path)!r})); print('sqlalchemy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout == b"False\n"


def test_versions_of_one_name_are_told_in_the_order_of_their_numbers(versions: TableVersions) -> None:
    kept: list[TableVersion] = [versions.keep(new(str(price))) for price in range(1, 12)]

    assert versions.versions("contract") == kept
