"""Tables written for a test and opened as the product opens them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portes.errors import Problem
from portes.tables import RateTable, ReadOptions, check_table, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write text or bytes as a table file."""

    def written(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def opened(write: Callable[..., Path]) -> Callable[..., RateTable]:
    """Open a table of a format, with options other than Brazil's if need be."""

    def table(content: str | bytes, format_name: str = "plain", **options: Any) -> RateTable:
        return open_table(write(content), format_name, replace(BRAZIL, **options))

    return table


@pytest.fixture
def problems(write: Callable[..., Path]) -> Callable[..., tuple[Problem, ...]]:
    """Everything that is wrong with a table."""

    def found(content: str | bytes, format_name: str = "plain", **options: Any) -> tuple[Problem, ...]:
        return check_table(write(content), format_name, replace(BRAZIL, **options)).problems

    return found
