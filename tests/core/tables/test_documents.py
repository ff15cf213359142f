"""docs/tables.md says what the readers do: its columns are theirs, and its examples work."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from found_rows import cents

from portes.tables import FoundRow, RateTable
from portes.tables.formats.plain import COLUMNS as PLAIN
from portes.tables.formats.vtex import COLUMNS as VTEX
from portes.tables.reading.columns import Column

PAGE = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")


def block(language: str, beginning: str) -> str:
    """The code block of the page that begins like this."""
    (found,) = (text for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL) if text.startswith(beginning))
    return str(found)


@pytest.mark.parametrize("column", [*PLAIN, *VTEX], ids=lambda column: column.name)
def test_every_column_has_a_row_in_its_table(column: Column) -> None:
    assert re.search(rf"^\|[^|\n]*`{column.name}`", PAGE, re.MULTILINE)


def test_the_example_of_the_plain_format_is_a_table(opened: Callable[..., RateTable]) -> None:
    row = opened(block("text", "service,")).find("economy", "01512651", 6000)

    assert isinstance(row, FoundRow)
    assert (cents(row.price), row.extra_from) == (1990, 5_000_000)


@pytest.mark.exhaustive  # by day the kit tries its suite of formats on a sound one of its own
def test_the_example_of_a_format_passes_the_suite_of_formats(tmp_path: Path) -> None:
    shown = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    about = tmp_path / "shortlist-1.0.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: shortlist\nVersion: 1.0\n", encoding="utf-8")
    points = "[portes.table_formats]\nshortlist = shortlist:ShortList\n"
    about.joinpath("entry_points.txt").write_text(points, encoding="utf-8")
    for name, text in shown:
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_contract.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert {name for name, _ in shown} == {"shortlist.py", "good.csv", "test_contract.py"}
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\d\d passed", done.stdout, re.MULTILINE)
