"""What the tests of all rooms share: Hypothesis without a stopwatch, and each plugin's helpers.

A busy machine is no bug, so no example has a deadline. `--hypothesis-profile=thorough` tries twenty times as many.
A plugin's tests import the modules in their `support` folder by bare name, as those of the core do.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from portes.redaction import LOGGED

settings.register_profile("house", max_examples=25, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("house")

sys.path[:0] = [str(folder) for folder in Path(__file__).parent.glob("plugins/*/tests/support")]


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
