"""What the tests of all rooms share: Hypothesis without a stopwatch, their order, and each plugin's helpers.

A busy machine is no bug, so no example has a deadline. `--hypothesis-profile=thorough` tries twenty times as many.
A plugin's tests import the modules in their `support` folder by bare name, as those of the core do.
"""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import structlog
from hypothesis import settings

from portes.redaction import LOGGED

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

settings.register_profile("house", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("house")

os.environ.pop("PYTEST_ADDOPTS", None)  # it is for this run, not for those that tests start and read

sys.path[:0] = [str(folder) for folder in Path(__file__).parent.glob("plugins/*/tests/support")]


FIRST: Final = ("tests/chaos/", "tests/web/", "tests/end_to_end/", "tests/house/", "contracts/", "plugins/")
"""The rooms whose tests take long one by one, most of it waiting for processes.

They come first, so that no worker begins with a long module when the others have nothing left to do.
"""


SHARING: Final = ("tests/chaos/",)
"""The rooms whose modules share one service, so that they stay with one worker as the tests of a module do."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadScopeScheduling | None":
    """The scheduler of `--dist loadscope`, for which such a room is one module; None leaves it to xdist."""
    from xdist.scheduler import LoadScopeScheduling

    class RoomScheduling(LoadScopeScheduling):  # type: ignore[misc] # it says no types
        def _split_scope(self, nodeid: str) -> str:
            return next((room for room in SHARING if nodeid.startswith(room)), None) or super()._split_scope(nodeid)

    return RoomScheduling(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of those rooms first."""
    places = {room: place for place, room in enumerate(FIRST)}
    items.sort(key=lambda item: next((places[room] for room in FIRST if item.nodeid.startswith(room)), len(FIRST)))


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later garbage collection: nine thousand tests stay to the end."""
    gc.collect()
    gc.freeze()


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
