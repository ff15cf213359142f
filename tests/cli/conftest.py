"""The command line as a user runs it, with stage props among the installed plugins."""

import sys
from pathlib import Path

import pytest
from terminal import Portes, run

PROPS = Path(__file__).parents[1] / "web" / "props"


@pytest.fixture(autouse=True)
def props(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the stage props for this process."""
    monkeypatch.syspath_prepend(PROPS)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)


@pytest.fixture
def portes() -> Portes:
    """Runs `portes` with the arguments it is given."""
    return run
