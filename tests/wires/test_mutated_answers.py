"""No answer, however odd, makes a carrier crash: recorded ones with something changed, from fixed seeds."""

from pathlib import Path
from random import Random

import pytest
from fuzzing.wires import PLUGINS, WiresDoor, drawn_for


def faults(folder: Path, plugin: str, seeds: range) -> list[str]:
    """What went wrong, with the seed that leads there again."""
    door, found = WiresDoor(folder), []
    for seed in seeds:
        given = drawn_for(plugin, Random(seed))  # noqa: S311 — the same answers each time are the point
        try:
            door.take(given)
        except Exception as escaped:  # noqa: BLE001 — whatever it is, its seed is worth knowing
            found.append(f"seed {seed}: {escaped!r:.300} at {given[:200]!r}")
    return found


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_mutated_answer_makes_no_carrier_crash(tmp_path: Path, plugin: str) -> None:
    assert faults(tmp_path, plugin, range(8)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("plugin", PLUGINS)
def test_thousands_of_mutated_answers_make_no_carrier_crash(tmp_path: Path, plugin: str) -> None:
    assert faults(tmp_path, plugin, range(8, 1000)) == []
