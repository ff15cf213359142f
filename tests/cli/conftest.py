"""The command line as a user runs it, with stage props among the installed plugins."""

import sys
from pathlib import Path

import pytest
from table_shop import STORE, Tables
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


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of a shop whose carrier prices by a stored table."""
    (tmp_path / "portes.toml").write_text(STORE)
    return tmp_path


@pytest.fixture
def tables(portes: Portes, shop: Path) -> Tables:
    """Run a command about the shop's tables; what it prints, when its exit code is the expected one."""

    def ran(command: str, *arguments: str | Path, code: int = 0) -> str:
        result = portes("tables", command, *arguments, "--store", shop)
        assert result.exit_code == code, result.output
        return result.output

    return ran
