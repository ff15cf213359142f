"""Every input that ever surprised somebody, tried again at its door."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fuzzing.door import Door
from fuzzing.doors import DOORS

KEPT = Path(__file__).parent / "kept"
FOLDERS = sorted(path.name for path in KEPT.iterdir())


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Door]]:
    """Open a door, once for all of its inputs."""
    doors: dict[str, Door] = {}

    def door(name: str) -> Door:
        if name not in doors:
            doors[name] = DOORS[name](tmp_path_factory.mktemp(name))
        return doors[name]

    yield door
    for each in doors.values():
        each.close()


@pytest.mark.parametrize("name", FOLDERS)
def test_no_input_that_ever_surprised_surprises_again(opened: Callable[[str], Door], name: str) -> None:
    door = opened(name)
    surprises = {}
    for path in sorted((KEPT / name).iterdir()):
        try:
            door.take(path.read_bytes())
        except Exception as surprise:  # noqa: BLE001 — all of a door's inputs are told at once
            surprises[path.name] = repr(surprise)

    assert surprises == {}
