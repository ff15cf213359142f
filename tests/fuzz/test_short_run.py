"""A short run of every door, from the seed of `make fuzz`; and runs that can be told to surprise."""

from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from fuzzing.door import Door
from fuzzing.doors import DOORS
from fuzzing.running import drawn, keep, run

SEED = 12
MOST = {"plain": 600, "vtex": 600, "wires": 60, "workbooks": 15, "settings": 60, "calls": 60, "answers": 150}
"""Inputs of the doors that take milliseconds and more for each."""


class Trap(Door):
    """A door that cannot stand the letter x."""

    name: ClassVar[str] = "trap"

    def draw(self, draws: Random) -> bytes:
        return bytes(draws.choices(b"abcdefghijklmnopqrstuvwxyz", k=20))

    def take(self, given: bytes) -> bool:
        assert b"x" not in given
        return b"a" in given


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", DOORS)
def test_a_short_run_surprises_nobody(tmp_path: Path, name: str) -> None:
    door = DOORS[name](tmp_path)
    try:
        tally = run(door, SEED, MOST.get(name, 1500))
    finally:
        door.close()

    assert tally.firsts == {}
    assert tally.accepted


@pytest.mark.parametrize("name", DOORS)
def test_a_seed_makes_the_same_inputs_each_time(tmp_path: Path, name: str) -> None:
    door = DOORS[name](tmp_path)

    assert [drawn(door, SEED, number) for number in range(3)] == [drawn(door, SEED, number) for number in range(3)]
    assert drawn(door, SEED, 0) != drawn(door, SEED + 1, 0)
    door.close()


def test_what_surprises_is_counted_shortened_and_kept(tmp_path: Path) -> None:
    door = Trap(tmp_path)
    tally = run(door, SEED, 50)
    (told,) = keep(door, tally, tmp_path)
    (kept,) = (tmp_path / "trap").iterdir()

    wanted = [drawn(door, SEED, number) for number in range(50)]
    assert (tally.tried, tally.surprises) == (50, sum(b"x" in each for each in wanted))
    assert tally.accepted == sum(b"x" not in each and b"a" in each for each in wanted)
    assert kept.read_bytes() == b"x"
    assert str(kept) in told
