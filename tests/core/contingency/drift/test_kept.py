"""The last report on each table, as it is kept in the state folder and read again."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from drifting import report_of

from portes.contingency.drift.kept import keep_report, kept_reports
from portes.contingency.drift.refresh import drifted_lanes
from portes.files import RefusedFileError


def test_each_table_of_a_store_keeps_its_own_last_report(tmp_path: Path) -> None:
    now = report_of().checked
    earlier = now - timedelta(hours=1)
    for table, at in (("one", earlier), ("two", earlier), ("two", now)):
        keep_report(tmp_path, report_of(table=table, at=at), now)
    keep_report(tmp_path, report_of(table="one").model_copy(update={"store": "elsewhere"}), now)

    assert sorted(report.table for report in kept_reports(tmp_path, "shop")) == ["one", "two"]
    since = [drifted_lanes(tmp_path, "shop", table, (1000,)).since for table in ("one", "two")]
    assert since == [int(earlier.timestamp()), int(now.timestamp())]


def test_a_report_on_a_later_version_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    now = report_of().checked
    for version in (1, 2):
        keep_report(tmp_path, report_of().model_copy(update={"version": version}), now)

    assert [report.version for report in kept_reports(tmp_path, "shop")] == [2]


def test_stores_and_tables_whose_names_run_together_alike_keep_a_report_each(tmp_path: Path) -> None:
    now = report_of().checked
    for store, table in (("shop", "a"), ("sho", "pa")):
        keep_report(tmp_path, report_of(table=table).model_copy(update={"store": store}), now)

    assert [report.table for store in ("shop", "sho") for report in kept_reports(tmp_path, store)] == ["a", "pa"]


@pytest.mark.parametrize("in_place", [True, False])
def test_a_report_that_was_renewed_is_read_anew(tmp_path: Path, *, in_place: bool) -> None:
    now, later = (report_of().model_copy(update={"version": version}) for version in (1, 2))
    file = keep_report(tmp_path, now, now.checked)
    before, written = [report.version for report in kept_reports(tmp_path, "shop")], file.stat().st_mtime_ns
    if in_place:
        file.write_text(later.model_dump_json())
        os.utime(file, ns=(written, written + 1_000_000))
    else:
        keep_report(tmp_path, later, now.checked)
        os.utime(file, ns=(written, written))

    assert (before, [report.version for report in kept_reports(tmp_path, "shop")]) == ([1], [2])


def test_what_lies_beside_a_report_is_none_and_hides_none(tmp_path: Path) -> None:
    file = keep_report(tmp_path, report_of(), report_of().checked)
    shutil.copy(file, file.with_suffix(".json.killed.new"))
    file.with_name(f"{'0' * 32}.json").mkdir()

    assert len([*kept_reports(tmp_path, "shop")]) == 1


def test_a_folder_or_a_report_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    file = keep_report(theirs, report_of(), report_of().checked)
    ours.mkdir()
    (ours / "drift").symlink_to(theirs / "drift")
    before = file.read_bytes()
    with pytest.raises(RefusedFileError):
        keep_report(ours, report_of(table="other"), report_of().checked)
    (ours / "drift").unlink()
    keep_report(ours, report_of(table="other"), report_of().checked)
    (ours / "drift" / file.name).symlink_to(file)

    assert [path.read_bytes() for path in file.parent.iterdir()] == [before]
    assert [report.table for report in kept_reports(ours, "shop")] == ["other"]


def test_old_files_of_others_beside_the_reports_stay(tmp_path: Path) -> None:
    keep_report(tmp_path, report_of(), report_of().checked)
    theirs = tmp_path / "drift" / "notes.json"
    theirs.write_text("theirs")
    os.utime(theirs, (0, 0))

    keep_report(tmp_path, report_of(), datetime.now(UTC))

    assert theirs.read_text() == "theirs"


def test_a_report_that_nobody_renews_goes_after_a_season(tmp_path: Path) -> None:
    now = report_of().checked
    file = keep_report(tmp_path, report_of(table="old"), now)
    keep_report(tmp_path, report_of(table="new"), datetime.now(now.tzinfo) + timedelta(days=89))
    assert file.exists()

    keep_report(tmp_path, report_of(table="new"), datetime.now(now.tzinfo) + timedelta(days=91))

    assert not file.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\x00"])
def test_a_report_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    file = keep_report(tmp_path, report_of(), report_of().checked)
    file.write_bytes(content)

    assert list(kept_reports(tmp_path, "shop")) == []
