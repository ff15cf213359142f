"""A run of one door: inputs by number from a seed, until a count or a time is reached."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count, takewhile
from pathlib import Path
from random import Random
from traceback import extract_tb

from fuzzing.door import Door

_STEPS = 300
"""Tries of making a surprising input shorter."""


@dataclass
class Tally:
    """What came of a run."""

    door: str
    seed: int
    tried: int = 0
    accepted: int = 0
    surprises: int = 0
    firsts: dict[str, tuple[int, bytes, str]] = field(default_factory=dict)
    """Of each kind of surprise the number and the bytes of its first input, and what was raised."""

    def __str__(self) -> str:
        return (
            f"{self.door:10} tried {self.tried:7}  accepted {self.accepted:7}  surprises {self.surprises:4}"
            f" ({len(self.firsts)} kinds)  seed {self.seed}"
        )


def drawn(door: Door, seed: int, number: int) -> bytes:
    """The input of a number: each has draws of its own, so that one is made again without those before it."""
    return door.draw(Random(f"{door.name} {seed} {number}"))  # noqa: S311 — the same inputs each time are the point


def run(door: Door, seed: int, most: int | None = None, seconds: float | None = None) -> Tally:
    """Try inputs from the first on; time decides only when to stop."""
    tally = Tally(door.name, seed)
    end = None if seconds is None else time.monotonic() + seconds
    for number in takewhile(lambda _: end is None or time.monotonic() < end, count() if most is None else range(most)):
        given = drawn(door, seed, number)
        tally.tried += 1
        try:
            tally.accepted += door.take(given)
        except Exception as surprise:  # noqa: BLE001 — whatever it is, its input is worth keeping
            tally.surprises += 1
            tally.firsts.setdefault(kind_of(surprise), (number, given, f"{surprise!r:.500}"))
    return tally


def kind_of(surprise: Exception) -> str:
    """The class of a surprise and the lines of code that it came from."""
    frames = [each for each in extract_tb(surprise.__traceback__) if each.filename != __file__]
    return " ".join([type(surprise).__name__, *(f"{Path(each.filename).name}:{each.lineno}" for each in frames[-2:])])


def shortened(door: Door, given: bytes, kind: str) -> bytes:
    """A shorter input with the same kind of surprise, where one is found in a bounded number of steps."""
    steps = iter(range(_STEPS))
    size = len(given) // 2
    while size:
        at = 0
        while at < len(given) and next(steps, None) is not None:
            shorter = given[:at] + given[at + size :]
            if _surprises(door, shorter, kind):
                given = shorter
            else:
                at += size
        size //= 2
    return given


def _surprises(door: Door, given: bytes, kind: str) -> bool:
    try:
        door.take(given)
    except Exception as surprise:  # noqa: BLE001 — its kind decides
        return kind_of(surprise) == kind
    return False


def keep(door: Door, tally: Tally, folder: Path) -> Iterator[str]:
    """Write the first input of each kind of surprise where the tests find it; a sentence for each."""
    for kind, (number, given, raised) in tally.firsts.items():
        short = shortened(door, given, kind)
        path = folder / door.name / f"found-{sha256(short).hexdigest()[:8]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(short)
        yield f"{kind}: {json.dumps(raised)} at input {number}, kept as {path}"
