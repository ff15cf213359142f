"""The last report on each table of a store, kept in the state folder: one file a table."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from portes.contingency.drift.report import DriftReport
from portes.files import claim_folder, read_own, remove_old, replace_atomically

FOLDER: Final = "drift"
"""The room for reports in the state folder."""

_NAME: Final = re.compile(r"[0-9a-f]{32}\.json")
_FORGOTTEN: Final = 90 * 86_400.0
"""Seconds after which a report that nobody renewed is removed: its table is no longer checked."""


def keep_report(state: Path, report: DriftReport, now: datetime) -> Path:
    """Keep a report in place of the last one on its table; the file that holds it.

    Old reports of tables that are no longer checked go. Raises `OSError` where the folder does not take it, and
    `RefusedFileError` where it is not ours.
    """
    folder = state / FOLDER
    claim_folder(folder)
    name = sha256(f"{report.store}\0{report.table}".encode()).hexdigest()[:32]
    file = folder / f"{name}.json"
    replace_atomically(file, report.model_dump_json().encode())
    remove_old(folder, _NAME, now.timestamp(), _FORGOTTEN)
    return file


def kept_reports(state: Path, store: str) -> Iterator[DriftReport]:
    """The reports of a store that are kept; what cannot be read, or is of another version of the product, is none."""
    folder = state / FOLDER
    with suppress(OSError):
        files = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
        for file in files:
            with suppress(OSError, ValueError):
                found = file.lstat()
                report = _read(file, found.st_mtime_ns, found.st_ino)
                if report.store == store:
                    yield report


@lru_cache(maxsize=256)
def _read(file: Path, _changed: int, _number: int) -> DriftReport:
    """A report, read once for each time that its file was written."""
    return DriftReport.model_validate_json(read_own(file))
