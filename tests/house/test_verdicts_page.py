"""The table of verdicts is what the channels reply, and no marketplace takes trouble for an answer."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from docs.verdicts_page import verdicts_page

ROOT = Path(__file__).parents[2]
NAMES = tomllib.loads((ROOT / "core/pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
CHANNELS = sorted(NAMES["portes.channels"])
UNCERTAIN = ("not known", "held back", "bad call", "wrong credentials", "too much", "too busy")


@cache
def table() -> dict[str, dict[str, str]]:
    """The cells of each channel's row, by the head of their column."""
    lines = [line.strip("| ").split(" | ") for line in verdicts_page().splitlines() if line.startswith("| ")]
    (at,) = [place for place, cells in enumerate(lines) if cells[0] == "channel"]
    rows = (dict(zip(lines[at], cells, strict=True)) for cells in lines[at + 1 :])
    return {re.sub(r"\[?`(.*?)`.*", r"\1", row["channel"]): row for row in rows}


def test_the_page_of_verdicts_is_what_the_channels_say() -> None:
    page = (ROOT / "docs" / "channels" / "verdicts.md").read_text(encoding="utf-8")

    assert page == verdicts_page()


def test_every_built_in_channel_has_a_row_of_verdicts() -> None:
    assert sorted(table()) == CHANNELS


@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_not_certain_is_neither_a_price_nor_a_no(name: str) -> None:
    row = table()[name]

    assert row["served"].endswith(" prices")
    for head in UNCERTAIN:
        assert "prices" not in row[head], head
        assert "not delivered" not in row[head], head
        assert re.fullmatch(r"none|\d+( `[^`]+`)* (own fallback|no freight|message)", row[head]), head
