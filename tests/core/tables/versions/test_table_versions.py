"""Versions of tables in a state folder: kept whole or not at all, put in force, rolled back, opened by a day."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from found_rows import cents

from portes.errors import DatabaseError, SettingsError
from portes.tables import FoundRow, RateTable, ReadOptions, open_version
from portes.tables.versions import Activation, NewVersion, TableVersion, TableVersions, open_in_force
from portes.tables.versions.database import VersionDatabase

BRAZIL = ReadOptions(country="BR", currency="BRL")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"


def table(price: str, rows: int = 1) -> bytes:
    lines = (f"{at:05d}000,{at:05d}999,0,30000,{price},3\n" for at in range(1000, 1000 + rows))
    return (HEADER + "".join(lines)).encode()


def new(price: str = "12.90", name: str = "contract", **more: object) -> NewVersion:
    fields: dict[str, object] = {"options": BRAZIL, "who": "ana", "at": NOON, "origin": "table.csv"}
    return NewVersion(name=name, source=table(price), format="plain", **(fields | more))  # type: ignore[arg-type]


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[TableVersions]:
    kept = TableVersions(tmp_path / "state")
    yield kept
    kept.close()


def price_of(rates: RateTable) -> int:
    row = rates.find("", "01000500", 100)
    assert isinstance(row, FoundRow)
    return cents(row.price)


def price_in_force(versions: TableVersions, on: date | None = None) -> int:
    return price_of(open_version(versions.state, "contract", on))


def traces(state: Path) -> list[str]:
    """What an import left behind: rows of the database, and files beside it."""
    left = [path.name for path in state.rglob("*") if path.is_file() and path.name not in {"tables.sqlite", "lock"}]
    if (state / "tables.sqlite").exists():
        with sqlite3.connect(state / "tables.sqlite") as connection:
            for name in ("versions", "contents"):
                left += [f"{name} {row}" for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 — ours
        left = [name for name in left if name != "tables.sqlite-journal"]
    return left


def test_a_version_is_kept_with_who_when_where_from_and_what_it_holds(versions: TableVersions) -> None:
    kept = versions.keep(new(valid_from=date(2027, 1, 1), report={"note": "new year"}))

    assert versions.version("contract", 1) == kept
    assert (str(kept), kept.who, kept.at, kept.origin) == ("contract@1", "ana", NOON, "table.csv")
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

    assert versions.active("contract") is None
    with pytest.raises(SettingsError, match=r"has no version in force .*portes tables activate contract@1"):
        open_version(versions.state, "contract")


def test_the_same_content_under_the_same_options_is_no_new_version(versions: TableVersions) -> None:
    first = versions.keep(new())
    again = versions.keep(new(who="rui", at=NOON + timedelta(days=1), origin="copy.csv"))
    other_days = versions.keep(new(valid_to=date(2027, 1, 1)))
    other_options = versions.keep(new(options=ReadOptions(country="BR", currency="BRL", hole="fail")))

    assert again == first
    assert [other_days.number, other_options.number] == [2, 3]


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


def test_activating_what_is_in_force_already_changes_nothing(versions: TableVersions) -> None:
    versions.keep(new("1"))
    versions.keep(new("2"))
    for number in (1, 2, 2):
        versions.activate("contract", number, "ana", NOON)

    assert len(versions.log("contract")) == 2
    assert versions.rollback("contract", "ana", NOON).number == 1


def test_each_day_is_priced_by_the_newest_activated_version_that_is_valid_on_it(versions: TableVersions) -> None:
    versions.keep(new("1"))
    versions.keep(new("2", valid_from=date(2027, 1, 1), valid_to=date(2027, 12, 31)))
    versions.activate("contract", 1, "ana", NOON)
    versions.activate("contract", 2, "ana", NOON)

    days = (date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    assert [price_in_force(versions, day) for day in days] == [100, 200, 200, 100]


def test_a_version_that_was_rolled_back_prices_no_day(versions: TableVersions) -> None:
    versions.keep(new("1"))
    versions.keep(new("2", valid_from=date(2027, 1, 1)))
    versions.activate("contract", 1, "ana", NOON)
    versions.activate("contract", 2, "ana", NOON)
    versions.rollback("contract", "ana", NOON)

    assert price_in_force(versions, date(2027, 6, 1)) == 100


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


def test_two_who_activate_at_once_are_not_both_believed(versions: TableVersions) -> None:
    """The log that somebody decided by must be the log that is written to."""
    for price in ("1", "2"):
        versions.activate("contract", versions.keep(new(price)).number, "ana", NOON)
    before = versions.log("contract")
    other = TableVersions(versions.state)
    other.activate("contract", 1, "rui", NOON)
    other.close()
    database = VersionDatabase(versions.state)
    assert not database.activate(Activation("contract", 1, "ana", NOON, back=True), before)
    database.close()


IMPORT = """
import os, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions
state, source, when = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3]
def progress(phase, done, total):
    if phase == when.partition(":")[0] and done >= int(when.partition(":")[2] or 0):
        os.kill(os.getpid(), signal.SIGKILL)
versions = TableVersions(state)
if when == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
options = ReadOptions(country="BR", currency="BRL")
versions.keep(NewVersion("contract", source, "plain", options, "ana", datetime.now(UTC)), progress)
"""


def incompressible(folder: Path, rows: int = 90_000) -> Path:
    """A table that needs several pieces even when it is compressed."""
    path = folder / "large.csv"
    lines = (
        f"{at:05d}000,{at:05d}999,0,30000,{int.from_bytes(os.urandom(4)) % 10**8 / 100 + 1:.2f},3\n"
        for at in range(rows)
    )
    path.write_text(HEADER + "".join(lines))
    return path


def run_import(state: Path, source: Path, when: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", IMPORT, str(state), str(source), when]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("when", ["read:1", "checked:0", "kept:1"])
@pytest.mark.parametrize("earlier", [False, True])
def test_an_import_that_is_killed_leaves_no_trace(tmp_path: Path, when: str, *, earlier: bool) -> None:
    state, versions = tmp_path / "state", TableVersions(tmp_path / "state")
    if earlier:
        versions.activate("contract", versions.keep(new()).number, "ana", NOON)
        versions.close()

    done = run_import(state, incompressible(tmp_path), when)

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [*map(str, versions.versions())] == (["contract@1"] if earlier else [])
    if earlier:
        assert price_in_force(versions) == 1290
    assert len(traces(state)) == (3 if earlier else 0) + (1 if earlier else 0), traces(state)
    assert versions.keep(new("7")).number == (2 if earlier else 1)
    versions.close()


def test_an_import_without_room_on_the_disk_fails_and_leaves_no_trace(tmp_path: Path) -> None:
    state, versions = tmp_path / "state", TableVersions(tmp_path / "state")
    versions.keep(new())
    versions.close()
    size = (state / "tables.sqlite").stat().st_size

    done = run_import(state, incompressible(tmp_path), "full")

    assert "there is no room for" in done.stderr or "cannot be used" in done.stderr
    assert done.returncode == 1
    assert [*map(str, versions.versions())] == ["contract@1"]
    assert (state / "tables.sqlite").stat().st_size <= size + (1 << 20)
    versions.close()


def test_what_watches_is_told_what_is_in_force(versions: TableVersions) -> None:
    versions.keep(new())
    assert not (versions.state / "tables.active").exists()

    versions.activate("contract", 1, "ana", NOON)

    assert json.loads((versions.state / "tables.active").read_text()) == {"contract": 1}


def test_the_database_library_is_loaded_only_when_it_is_used(tmp_path: Path) -> None:
    code = "import sys; from portes.tables.versions import TableVersions; import pathlib;"
    code += f" TableVersions(pathlib.Path({str(tmp_path)!r})); print('sqlalchemy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout == b"False\n"


def test_versions_of_one_name_are_told_in_the_order_of_their_numbers(versions: TableVersions) -> None:
    kept: list[TableVersion] = [versions.keep(new(str(price))) for price in range(1, 12)]

    assert versions.versions("contract") == kept
