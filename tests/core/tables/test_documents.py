"""docs/tables.md says what the readers do: its columns are theirs, and its examples work."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from found_rows import cents

from portes.errors import Problems
from portes.tables import FoundRow, RateTable, ReadOptions
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


def test_the_example_of_a_format_reads_a_row() -> None:
    names: dict[str, type] = {}
    exec(compile(block("python", "from collections"), "docs/tables.md", "exec"), names)  # noqa: S102 — our own page
    options, problems = ReadOptions(country="BR", currency="BRL"), Problems("line.txt")

    (row,) = names["OneLine"]().read(b"01512651 500 1290", options, problems)

    assert (row.postal_from, row.weight_to, cents(row.price)) == ("01512651", 500_000, 1290)
    assert problems.count == 0
