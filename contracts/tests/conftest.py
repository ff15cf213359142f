"""Installs the gallery's sound carrier for the tests of the kit: entry points are found beside `sys.path`."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _parcelpost_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "installed"))
