"""One service for all the faults that it must outlive."""

from collections.abc import Iterator

import pytest
from scene import Scene, played


@pytest.fixture(scope="package")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Each test leaves it as well as it found it."""
    folder = tmp_path_factory.mktemp("chaos")
    with played(folder, folder / "log") as set_up:
        yield set_up
