"""The maps in ARCHITECTURE.md and README.md show the land as it is."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SEVEN = re.findall(r"^\| \[([^\]]+)\]\(\1\) \| (\d+) \|", ARCHITECTURE, re.MULTILINE)


def block_with(first_line: str) -> list[str]:
    """The lines of the block that opens with this line."""
    blocks: list[str] = re.findall(r"^```text\n(.*?)^```", ARCHITECTURE, re.MULTILINE | re.DOTALL)
    (found,) = [block for block in blocks if block.startswith(f"{first_line}\n")]
    return found.splitlines()


def test_seven_files_are_named_to_begin_with() -> None:
    assert len({path for path, _ in SEVEN}) == 7


@pytest.mark.parametrize(("path", "lines"), SEVEN)
def test_a_file_in_the_reading_order_is_as_long_as_the_map_says(path: str, lines: str) -> None:
    """Within a fifth, so that a small change need not touch the map."""
    length = len((ROOT / path).read_text(encoding="utf-8").splitlines())

    assert abs(length - int(lines)) <= length / 5


def test_the_floors_drawn_are_the_floors_checked() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [each["layers"] for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]

    assert block_with("cli") == [floor.replace("(", "").replace(")", "") for floor in layers]


def test_every_decision_is_listed_and_says_situation_choice_and_price() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [page.name for page in pages if f"docs/decisions/{page.name}" not in ARCHITECTURE] == []
    for page in pages:
        assert re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE) == [
            "Situation",
            "Choice",
            "Price",
        ]


def test_every_room_of_the_repository_is_on_the_map() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rooms = {name.split("/")[0] for name in tracked.splitlines() if "/" in name and not name.startswith(".")}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {room for room in rooms if not re.search(rf"^\| \[`{room}/`\]", readme, re.MULTILINE)} == set()
