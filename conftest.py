"""What the tests of all rooms share: Hypothesis without a stopwatch, their order, and each plugin's helpers.

A busy machine is no bug, so no example has a deadline. `--hypothesis-profile=thorough` tries twenty times as many.
A plugin's tests import the modules in their `support` folder by bare name, as those of the core do.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import settings

from portes.redaction import LOGGED

settings.register_profile("house", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("house")

sys.path[:0] = [str(folder) for folder in Path(__file__).parent.glob("plugins/*/tests/support")]


FIRST: Final = ("tests/chaos/", "tests/web/", "tests/end_to_end/", "tests/house/", "contracts/", "plugins/")
"""The rooms whose tests take long one by one, most of it waiting for processes.

They come first, so that no worker begins with a long module when the others have nothing left to do.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of those rooms first."""
    places = {room: place for place, room in enumerate(FIRST)}
    items.sort(key=lambda item: next((places[room] for room in FIRST if item.nodeid.startswith(room)), len(FIRST)))


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """A log that a test configured, such as a command that ran in this process, is no other test's."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def own_secrets() -> Iterator[None]:
    """What the log of this process masks since a test opened a store is masked in no other test."""
    before = dict(vars(LOGGED))
    yield
    vars(LOGGED).update(before)
