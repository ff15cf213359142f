"""The versions in a state folder of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portes.tables.versions import TableVersions


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[TableVersions]:
    kept = TableVersions(tmp_path / "state")
    yield kept
    kept.close()
